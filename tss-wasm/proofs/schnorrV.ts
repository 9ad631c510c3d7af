import { hashTagged } from '../crypto/hash.ts'
import type { Point } from '../curve/point.ts'
import { coordinates, generator, multiplyPublic, multiplySecret, order, pointFromCoordinates } from '../curve/point.ts'
import { randomScalar, reduceScalar } from '../curve/scalar.ts'
import type { Flaw } from '../crypto/flaw.ts'
import { firstFlaw } from '../crypto/flaw.ts'
import type { Tools } from './proof.ts'

/** "I know s and l with V = s·R + l·G" (WIRE 4.12, ZKV). */
export interface SchnorrVStatement {
  /** V */
  readonly point: Point
  /** R */
  readonly base: Point
  /** ctx(prover) */
  readonly context: Uint8Array
}

export interface SchnorrVWitness {
  readonly s: bigint
  readonly l: bigint
}

export interface SchnorrVProof {
  readonly α: Point
  readonly τ: bigint
  readonly u: bigint
}

export interface SchnorrVNonces {
  readonly a: bigint
  readonly b: bigint
}

export function proveSchnorrV(
  statement: SchnorrVStatement,
  witness: SchnorrVWitness,
  { random }: Pick<Tools, 'random'>,
): SchnorrVProof {
  return proveSchnorrVWith(statement, witness, { a: randomScalar(random), b: randomScalar(random) })
}

export function proveSchnorrVWith(
  statement: SchnorrVStatement,
  { s, l }: SchnorrVWitness,
  { a, b }: SchnorrVNonces,
): SchnorrVProof {
  const α = multiplySecret(statement.base, a).add(multiplySecret(generator, b)) // α = a·R + b·G
  const c = challenge(statement, α)
  return {
    α,
    τ: reduceScalar(a + c * s), // τ = a + c·s
    u: reduceScalar(b + c * l), // u = b + c·l
  }
}

export function verifySchnorrV(statement: SchnorrVStatement, { α, τ, u }: SchnorrVProof): Flaw {
  const { point, base } = statement
  const outOfRange = firstFlaw({
    'ZKV: 0 < τ < q': τ > 0n && τ < order,
    'ZKV: 0 < u < q': u > 0n && u < order,
    'ZKV: V, R and α are not infinity': !point.is0() && !base.is0() && !α.is0(),
  })
  if (outOfRange !== undefined) return outOfRange
  const c = challenge(statement, α)
  const left = multiplyPublic(base, τ).add(multiplyPublic(generator, u))
  return firstFlaw({ 'ZKV: τ·R + u·G = α + c·V': left.equals(α.add(multiplyPublic(point, c))) })
}

/** c = Ht(S; V, R, G, α) mod q */
function challenge({ point, base, context }: SchnorrVStatement, α: Point): bigint {
  return reduceScalar(hashTagged(context, [point, base, generator, α].flatMap(coordinates)))
}

/** α.x, α.y, τ, u: separate fields of the message. */
export function encodeSchnorrV({ α, τ, u }: SchnorrVProof): [bigint, bigint, bigint, bigint] {
  return [...coordinates(α), τ, u]
}

export function decodeSchnorrV([x, y, τ, u]: readonly [bigint, bigint, bigint, bigint]): SchnorrVProof | undefined {
  const α = pointFromCoordinates(x, y)
  return α && { α, τ, u }
}
