import { hashTagged } from '../crypto/hash.ts'
import type { Point } from '../curve/point.ts'
import { coordinates, generator, multiplyPublic, multiplySecret, order, pointFromCoordinates } from '../curve/point.ts'
import { randomScalar, reduceScalar } from '../curve/scalar.ts'
import type { Flaw } from '../crypto/flaw.ts'
import { firstFlaw } from '../crypto/flaw.ts'
import type { Tools } from './proof.ts'

/** "I know x with X = x·G" (WIRE 4.12, ZK). No exponentiations: nothing here waits. */
export interface SchnorrStatement {
  readonly point: Point
  /** ctx(prover) */
  readonly context: Uint8Array
}

export interface SchnorrWitness {
  /** in [1, q) */
  readonly x: bigint
}

export interface SchnorrProof {
  readonly α: Point
  readonly τ: bigint
}

export interface SchnorrNonces {
  readonly a: bigint
}

export function proveSchnorr(
  statement: SchnorrStatement,
  witness: SchnorrWitness,
  { random }: Pick<Tools, 'random'>,
): SchnorrProof {
  return proveSchnorrWith(statement, witness, { a: randomScalar(random) })
}

export function proveSchnorrWith(
  statement: SchnorrStatement,
  { x }: SchnorrWitness,
  { a }: SchnorrNonces,
): SchnorrProof {
  const α = multiplySecret(generator, a) // α = a·G
  const c = challenge(statement, α)
  return { α, τ: reduceScalar(a + c * x) } // τ = a + c·x
}

export function verifySchnorr(statement: SchnorrStatement, { α, τ }: SchnorrProof): Flaw {
  const outOfRange = firstFlaw({
    'Schnorr: 0 < τ < q': τ > 0n && τ < order,
    'Schnorr: X and α are not infinity': !statement.point.is0() && !α.is0(),
  })
  if (outOfRange !== undefined) return outOfRange
  const c = challenge(statement, α)
  const right = α.add(multiplyPublic(statement.point, c))
  return firstFlaw({ 'Schnorr: τ·G = α + c·X': multiplyPublic(generator, τ).equals(right) })
}

/** c = Ht(S; X, G, α) mod q */
function challenge({ point, context }: SchnorrStatement, α: Point): bigint {
  return reduceScalar(hashTagged(context, [...coordinates(point), ...coordinates(generator), ...coordinates(α)]))
}

/** α.x, α.y, τ: separate fields of the messages. */
export function encodeSchnorr({ α, τ }: SchnorrProof): [bigint, bigint, bigint] {
  return [...coordinates(α), τ]
}

export function decodeSchnorr([x, y, τ]: readonly [bigint, bigint, bigint]): SchnorrProof | undefined {
  const α = pointFromCoordinates(x, y)
  return α && { α, τ }
}
