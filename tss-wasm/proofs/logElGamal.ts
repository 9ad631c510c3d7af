import { point, record, scalar, type Field } from '../crypto/fields.ts'
import type { Flaw } from '../crypto/flaw.ts'
import { firstFlaw, isBelow } from '../crypto/flaw.ts'
import { scalarChallenge, struct, type Encoded } from '../crypto/transcript.ts'
import type { Point } from '../curve/point.ts'
import { firstFalse } from '../curve/equations.ts'
import { generator, multiplySecret, order } from '../curve/point.ts'
import { randomScalar, reduceScalar } from '../curve/scalar.ts'
import { hashed, hidden } from './presigning.ts'
import type { Tools } from './proof.ts'

/**
 * "What the ElGamal ciphertext (L, M) under X hides is the discrete logarithm of Y to the base h" (CGGMP24 6.3). No
 * exponentiations: nothing here waits.
 */
export interface LogElGamalStatement {
  /** λ·G */
  readonly L: Point
  /** y·G + λ·X */
  readonly M: Point
  readonly X: Point
  /** y·h */
  readonly Y: Point
  readonly h: Point
  /** Who proves what to whom, in which run (CGGMP24 5, `shared_state`). */
  readonly state: Encoded
}

export interface LogElGamalWitness {
  readonly y: bigint
  readonly λ: bigint
  /** Where the prover knows it, which makes its work shorter: X = logOfX·G. */
  readonly logOfX?: bigint
}

export interface LogElGamalProof {
  readonly A: Point
  readonly N: Point
  readonly B: Point
  readonly z: bigint
  readonly u: bigint
}

export interface LogElGamalNonces {
  readonly α: bigint
  readonly m: bigint
}

export function proveLogElGamal(
  statement: LogElGamalStatement,
  witness: LogElGamalWitness,
  { random }: Pick<Tools, 'random'>,
): LogElGamalProof {
  return proveLogElGamalWith(statement, witness, { α: randomScalar(random), m: randomScalar(random) })
}

export function proveLogElGamalWith(
  statement: LogElGamalStatement,
  { y, λ, logOfX }: LogElGamalWitness,
  { α, m }: LogElGamalNonces,
): LogElGamalProof {
  const A = multiplySecret(generator, α) // A = α·G
  const N = hidden(m, α, statement.X, logOfX) // N = m·G + α·X
  const B = multiplySecret(statement.h, m) // B = m·h
  const e = challenge(statement, { A, N, B })
  return {
    A,
    N,
    B,
    z: reduceScalar(α + e * λ), // z = α + e·λ
    u: reduceScalar(m + e * y), // u = m + e·y
  }
}

export function verifyLogElGamal(statement: LogElGamalStatement, proof: LogElGamalProof): Flaw {
  const { L, M, X, Y, h } = statement
  const { A, N, B, z, u } = proof
  const outOfRange = firstFlaw({
    'elog: 0 <= z, u < q': isBelow(order, z, u),
    'elog: no point is infinity': ![L, M, X, Y, h, A, N, B].some((point) => point.is0()),
  })
  if (outOfRange !== undefined) return outOfRange
  const e = challenge(statement, proof)
  return firstFalse({
    'elog: z·G = A + e·L': [
      [z, generator],
      [-1n, A],
      [-e, L],
    ],
    'elog: u·G + z·X = N + e·M': [
      [u, generator],
      [z, X],
      [-1n, N],
      [-e, M],
    ],
    'elog: u·h = B + e·Y': [
      [u, h],
      [-1n, B],
      [-e, Y],
    ],
  })
}

/** e in [1, q). The order of the statement is L, M, X, Y, h (CGGMP24 6.3). */
function challenge(
  { L, M, X, Y, h, state }: LogElGamalStatement,
  { A, N, B }: Pick<LogElGamalProof, 'A' | 'N' | 'B'>,
): bigint {
  const data = hashed({ l: L, m: M, x: X, y: Y, h })
  const commitment = hashed({ a: A, n: N, b: B })
  return scalarChallenge(
    struct({ shared_state: state, data, commitment }, 'paillier_zk.dlog_with_el_gamal.ni_challenge'),
  )
}

export const logElGamalField: Field<LogElGamalProof> = record({ A: point, N: point, B: point, z: scalar, u: scalar })
