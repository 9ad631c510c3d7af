import { point, record, signed, times, unsigned, type Field } from '../crypto/fields.ts'
import type { Flaw } from '../crypto/flaw.ts'
import { areUnits, firstFlaw, isBelow } from '../crypto/flaw.ts'
import { gammaPower, invertibleCiphertext, modulusNSquared, nthPower } from '../crypto/paillier.ts'
import { bitChallenge, list, struct } from '../crypto/transcript.ts'
import type { Point } from '../curve/point.ts'
import { allHold, type PointEquation } from '../curve/equations.ts'
import { generator, multiplySecret } from '../curve/point.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import { isModulus2048, mod } from '../integers/numberTheory.ts'
import { randomSigned, randomUnit } from '../integers/sampling.ts'
import { asFraction, secretSignedPower } from '../integers/signed.ts'
import type { AffineGroupStatement, AffineGroupWitness } from './affineGroup.ts'
import { bits, hashed, isWithin, limitOf, security } from './presigning.ts'
import type { Tools } from './proof.ts'

/** What aff-g says, shown to everybody: there is no Ñ in it, and 128 binary repetitions instead (CGGMP24 6.4). */
export type AffineGroupOpenStatement = Omit<AffineGroupStatement, 'verifier' | 'uses'>

export interface AffineGroupOpenProof {
  readonly commitment: readonly AffineGroupOpenMask[]
  readonly answers: readonly AffineGroupOpenAnswer[]
}

export interface AffineGroupOpenMask {
  readonly A: bigint
  readonly R: Point
  readonly B: bigint
}

export interface AffineGroupOpenAnswer {
  readonly z: bigint
  /** z' */
  readonly zPrime: bigint
  readonly w: bigint
  readonly λ: bigint
}

export interface AffineGroupOpenNonces {
  readonly α: bigint
  readonly β: bigint
  readonly r: bigint
  readonly s: bigint
}

const limitOfα = limitOf(bits.l + bits.slack)
const limitOfβ = limitOf(bits.lPrime + bits.slack)

export async function proveAffineGroupOpen(
  statement: AffineGroupOpenStatement,
  witness: AffineGroupWitness,
  { arithmetic, random }: Tools,
): Promise<AffineGroupOpenProof> {
  const nonces = Array.from({ length: bits.repetitions }, () => ({
    α: randomSigned(random, limitOfα),
    β: randomSigned(random, limitOfβ),
    r: randomUnit(random, statement.receiver.n),
    s: randomUnit(random, statement.prover.n),
  }))
  return proveAffineGroupOpenWith(statement, witness, nonces, arithmetic)
}

export async function proveAffineGroupOpenWith(
  statement: AffineGroupOpenStatement,
  { x, y, ρ, ρ_y }: AffineGroupWitness,
  nonces: readonly AffineGroupOpenNonces[],
  arithmetic: Arithmetic,
): Promise<AffineGroupOpenProof> {
  const { receiver, prover, C } = statement
  const invertible = invertibleCiphertext(receiver, C)
  // The sign of α shows in the answer. So one table for C and one for its inverse give nothing away.
  const αC = (α: bigint) => ({ ...secretSignedPower(invertible, α, bits.l + bits.slack), uses: bits.repetitions / 2 })
  const [products, summands] = await Promise.all([
    arithmetic.products(
      modulusNSquared(receiver),
      nonces.map(({ α, r }) => [αC(α), nthPower(receiver, r)]),
    ),
    arithmetic.products(
      modulusNSquared(prover),
      nonces.map(({ s }) => [nthPower(prover, s)]),
    ),
  ])
  const commitment = nonces.map(({ α, β }, i) => ({
    A: mod(gammaPower(receiver, β) * (products[i] ?? 0n), receiver.n ** 2n), // A = C^α·enc_0(β; r)
    R: multiplySecret(generator, α), // R = α·G
    B: mod(gammaPower(prover, β) * (summands[i] ?? 0n), prover.n ** 2n), // B = enc_1(β; s)
  }))
  const e = challenge(statement, commitment)
  const answers = nonces.map(({ α, β, r, s }, i) => {
    const e_i = e[i] ?? 0n
    return {
      z: α + e_i * x, // z = α + e·x
      zPrime: β + e_i * y, // z' = β + e·y
      w: e_i === 1n ? mod(r * ρ, receiver.n) : r, // w = r·ρ^e
      λ: e_i === 1n ? mod(s * ρ_y, prover.n) : s, // λ = s·ρ_y^e
    }
  })
  return { commitment, answers }
}

export async function verifyAffineGroupOpen(
  statement: AffineGroupOpenStatement,
  proof: AffineGroupOpenProof,
  arithmetic: Arithmetic,
): Promise<Flaw> {
  const flaw = outOfBounds(statement, proof)
  if (flaw !== undefined) return flaw
  const { receiver, prover, C, D, Y, X } = statement
  const { commitment, answers } = proof
  const [N02, N12] = [receiver.n ** 2n, prover.n ** 2n]
  const e = challenge(statement, commitment)
  const rounds = answers.flatMap((answer, i) =>
    commitment.slice(i, i + 1).map((mask) => ({ ...mask, ...answer, isOne: e[i] === 1n })),
  )
  const onCurve = rounds.map(({ R, z, isOne }): PointEquation => [
    [z, generator],
    [-1n, R],
    [isOne ? -1n : 0n, X],
  ])
  if (!allHold(onCurve)) return 'aff-g*: z·G = R + e·X'

  const [products, summands] = await Promise.all([
    arithmetic.products(
      modulusNSquared(receiver),
      rounds.flatMap(({ z, w }) =>
        asFraction([{ base: C, exponent: z, uses: bits.repetitions }, nthPower(receiver, w)]),
      ),
    ),
    arithmetic.products(
      modulusNSquared(prover),
      rounds.map(({ λ }) => [nthPower(prover, λ)]),
    ),
  ])
  const multiplied = rounds.every(({ A, zPrime, isOne }, i) => {
    const [over = 0n, under = 0n] = products.slice(2 * i, 2 * i + 2)
    return mod(gammaPower(receiver, zPrime) * over, N02) === mod(A * (isOne ? D : 1n) * under, N02)
  })
  const encrypted = rounds.every(
    ({ B, zPrime, isOne }, i) =>
      mod(gammaPower(prover, zPrime) * (summands[i] ?? 0n), N12) === mod(B * (isOne ? Y : 1n), N12),
  )
  return firstFlaw({
    "aff-g*: C^z·enc_0(z'; w) = A·D^e": multiplied,
    "aff-g*: enc_1(z'; λ) = B·Y^e": encrypted,
  })
}

/** Everything that can be refused without an exponentiation. */
function outOfBounds(
  { receiver: { n: N0 }, prover: { n: N1 }, C, D, Y, X }: AffineGroupOpenStatement,
  { commitment, answers }: AffineGroupOpenProof,
): Flaw {
  const [A, R, B] = [commitment.map(({ A }) => A), commitment.map(({ R }) => R), commitment.map(({ B }) => B)]
  const [w, λ] = [answers.map(({ w }) => w), answers.map(({ λ }) => λ)]
  const zs = answers.map(({ z }) => z)
  const zPrimes = answers.map(({ zPrime }) => zPrime)
  return (
    firstFlaw({
      'aff-g*: N0 and N1 are odd and have 2048 bits': [N0, N1].every(isModulus2048),
      'aff-g*: 128 repetitions': [commitment, answers].every(({ length }) => length === bits.repetitions),
      'aff-g*: 0 <= C, D, A < N0^2': isBelow(N0 * N0, C, D, ...A),
      'aff-g*: 0 <= Y, B < N1^2': isBelow(N1 * N1, Y, ...B),
      'aff-g*: 0 <= w < N0': isBelow(N0, ...w),
      'aff-g*: 0 <= λ < N1': isBelow(N1, ...λ),
      'aff-g*: z in ±2^455': isWithin(limitOfα, ...zs),
      "aff-g*: z' in ±2^1479": isWithin(limitOfβ, ...zPrimes),
      'aff-g*: X and R are not infinity': ![X, ...R].some((point) => point.is0()),
    }) ??
    firstFlaw({
      'aff-g*: C, D, A, w are units mod N0': areUnits(N0, C, D, ...A, ...w),
      'aff-g*: Y, B, λ are units mod N1': areUnits(N1, Y, ...B, ...λ),
    })
  )
}

/** 128 bits (CGGMP24 5). */
function challenge(
  { receiver, prover, C, D, Y, X, state }: AffineGroupOpenStatement,
  commitment: readonly AffineGroupOpenMask[],
): readonly bigint[] {
  const seed = {
    shared_state: state,
    security: security({ l_x: bits.l, l_y: bits.lPrime, slack: bits.slack, m: bits.repetitions }),
    data: hashed({ key_j: receiver, key_i: prover, c: C, d: D, y: Y, x: X }),
    commitment: list(commitment.map(({ A, R, B }) => hashed({ a: A, r: R, b: B }))),
  }
  return bitChallenge(struct(seed, 'quorate.cggmp24.aff_g_star'))
}

export const affineGroupOpenField: Field<AffineGroupOpenProof> = record({
  commitment: times(bits.repetitions, record({ A: unsigned(4096), R: point, B: unsigned(4096) })),
  answers: times(
    bits.repetitions,
    record({ z: signed(456), zPrime: signed(1480), w: unsigned(2048), λ: unsigned(2048) }),
  ),
})
