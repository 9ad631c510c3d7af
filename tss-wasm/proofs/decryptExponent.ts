import { point, record, signed, times, unsigned, type Field } from '../crypto/fields.ts'
import type { Flaw } from '../crypto/flaw.ts'
import { areUnits, firstFlaw, isBelow } from '../crypto/flaw.ts'
import { gammaPower, invertibleCiphertext, modulusNSquared, nthPower } from '../crypto/paillier.ts'
import { bitChallenge, list, struct, type Encoded } from '../crypto/transcript.ts'
import type { PaillierPrivateKey, PaillierPublicKey } from '../crypto/types.ts'
import type { Point } from '../curve/point.ts'
import { allHold } from '../curve/equations.ts'
import { generator, multiplySecret } from '../curve/point.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import { isModulus2048, mod } from '../integers/numberTheory.ts'
import { randomSigned, randomUnit } from '../integers/sampling.ts'
import { asFraction, secretSignedPower } from '../integers/signed.ts'
import { bits, hashed, isWithin, limitOf, security } from './presigning.ts'
import type { Tools } from './proof.ts'

/**
 * "K^x·D decrypts to y, where X = x·G and S = y·H", shown to everybody by 128 binary repetitions (CGGMP24 6.5): that a
 * share of δ or χ is what its ciphertexts make it.
 */
export interface DecryptExponentStatement {
  readonly prover: PaillierPublicKey | PaillierPrivateKey
  readonly K: bigint
  readonly D: bigint
  readonly X: Point
  readonly S: Point
  readonly H: Point
  /** How many sign: what is in y is a sum over them, and its range grows with their number. */
  readonly signers: number
  /** Who proves what, in which run (CGGMP24 5, `shared_state`). */
  readonly state: Encoded
}

export interface DecryptExponentWitness {
  /** in ±2^255 */
  readonly x: bigint
  readonly y: bigint
  /** K^x·D = enc(y; ρ) */
  readonly ρ: bigint
}

export interface DecryptExponentProof {
  readonly commitment: readonly DecryptExponentMask[]
  readonly answers: readonly DecryptExponentAnswer[]
}

export interface DecryptExponentMask {
  readonly A: bigint
  readonly B: Point
  readonly C: Point
}

export interface DecryptExponentAnswer {
  readonly z: bigint
  readonly w: bigint
  readonly ν: bigint
}

export interface DecryptExponentNonces {
  readonly α: bigint
  readonly β: bigint
  readonly r: bigint
}

const limitOfα = limitOf(bits.l + bits.slack)

/**
 * L_y, the length of y's interval. What the others sent is proven to be below 2^(ℓ'+ε+1) each, and no tighter. Any wider,
 * and an answer could wrap around N, which opens whatever a cheat likes (CGGMP24 6.5).
 */
function lengthOfY(signers: number): number {
  const length = bits.lPrime + bits.epsilon + 2 + Math.max(1, Math.ceil(Math.log2(signers)))
  if (length + bits.slack + 2 > 2047) throw new RangeError('too many signers for moduli of 2048 bits')
  return length
}

export async function proveDecryptExponent(
  statement: DecryptExponentStatement,
  witness: DecryptExponentWitness,
  { arithmetic, random }: Tools,
): Promise<DecryptExponentProof> {
  const limitOfβ = limitOf(lengthOfY(statement.signers) + bits.slack)
  const nonces = Array.from({ length: bits.repetitions }, () => ({
    α: randomSigned(random, limitOfα),
    β: randomSigned(random, limitOfβ),
    r: randomUnit(random, statement.prover.n),
  }))
  return proveDecryptExponentWith(statement, witness, nonces, arithmetic)
}

export async function proveDecryptExponentWith(
  statement: DecryptExponentStatement,
  { x, y, ρ }: DecryptExponentWitness,
  nonces: readonly DecryptExponentNonces[],
  arithmetic: Arithmetic,
): Promise<DecryptExponentProof> {
  const { prover, K, H } = statement
  const { n } = prover
  const invertible = invertibleCiphertext(prover, K)
  // The sign of α shows in the answer. So one table for K and one for its inverse give nothing away.
  const αK = (α: bigint) => ({ ...secretSignedPower(invertible, -α, bits.l + bits.slack), uses: bits.repetitions / 2 })
  const masks = await arithmetic.products(
    modulusNSquared(prover),
    nonces.map(({ α, r }) => [αK(α), nthPower(prover, r)]),
  )
  const commitment = nonces.map(({ α, β }, i) => ({
    A: mod(gammaPower(prover, β) * (masks[i] ?? 0n), n * n), // A = K^-α·enc(β; r)
    B: multiplySecret(H, β), // B = β·H
    C: multiplySecret(generator, α), // C = α·G
  }))
  const e = challenge(statement, commitment)
  const answers = nonces.map(({ α, β, r }, i) => {
    const e_i = e[i] ?? 0n
    return {
      z: α + e_i * x, // z = α + e·x
      w: β + e_i * y, // w = β + e·y
      ν: e_i === 1n ? mod(r * ρ, n) : r, // ν = r·ρ^e
    }
  })
  return { commitment, answers }
}

export async function verifyDecryptExponent(
  statement: DecryptExponentStatement,
  proof: DecryptExponentProof,
  arithmetic: Arithmetic,
): Promise<Flaw> {
  const flaw = outOfBounds(statement, proof)
  if (flaw !== undefined) return flaw
  const { prover, K, D, X, S, H } = statement
  const { commitment, answers } = proof
  const N2 = prover.n ** 2n
  const e = challenge(statement, commitment)
  const rounds = answers.flatMap((answer, i) =>
    commitment.slice(i, i + 1).map((mask) => ({ ...mask, ...answer, isOne: e[i] === 1n })),
  )
  const bit = (isOne: boolean): bigint => (isOne ? -1n : 0n)
  const onCurve = firstFlaw({
    'dec: z·G = C + e·X': allHold(
      rounds.map(({ C, z, isOne }) => [
        [z, generator],
        [-1n, C],
        [bit(isOne), X],
      ]),
    ),
    'dec: w·H = B + e·S': allHold(
      rounds.map(({ B, w, isOne }) => [
        [w, H],
        [-1n, B],
        [bit(isOne), S],
      ]),
    ),
  })
  if (onCurve !== undefined) return onCurve

  const powers = await arithmetic.products(
    modulusNSquared(prover),
    rounds.flatMap(({ z, ν }) => asFraction([{ base: K, exponent: -z, uses: bits.repetitions }, nthPower(prover, ν)])),
  )
  const decrypted = rounds.every(({ A, w, isOne }, i) => {
    const [over = 0n, under = 0n] = powers.slice(2 * i, 2 * i + 2)
    return mod(gammaPower(prover, w) * over, N2) === mod(A * (isOne ? D : 1n) * under, N2)
  })
  return firstFlaw({ 'dec: enc(w; ν)·K^-z = A·D^e': decrypted })
}

/** Everything that can be refused without an exponentiation. */
function outOfBounds(
  { prover: { n }, K, D, X, S, H, signers }: DecryptExponentStatement,
  { commitment, answers }: DecryptExponentProof,
): Flaw {
  const A = commitment.map(({ A }) => A)
  const points = commitment.flatMap(({ B, C }) => [B, C])
  const ν = answers.map(({ ν }) => ν)
  const zs = answers.map(({ z }) => z)
  const ws = answers.map(({ w }) => w)
  return (
    firstFlaw({
      'dec: N is odd and has 2048 bits': isModulus2048(n),
      'dec: 128 repetitions': [commitment, answers].every(({ length }) => length === bits.repetitions),
      'dec: 0 <= K, D, A < N^2': isBelow(n * n, K, D, ...A),
      'dec: 0 <= ν < N': isBelow(n, ...ν),
      'dec: z in ±2^455': isWithin(limitOfα, ...zs),
      'dec: w in ±2^(L_y+199)': isWithin(limitOf(lengthOfY(signers) + bits.slack), ...ws),
      'dec: no point is infinity': ![X, S, H, ...points].some((point) => point.is0()),
    }) ?? firstFlaw({ 'dec: K, D, A, ν are units mod N': areUnits(n, K, D, ...A, ...ν) })
  )
}

/** 128 bits (CGGMP24 5). */
function challenge(
  { prover, K, D, X, S, H, signers, state }: DecryptExponentStatement,
  commitment: readonly DecryptExponentMask[],
): readonly bigint[] {
  const lengths = { l: bits.l, l_y: lengthOfY(signers), slack: bits.slack, m: bits.repetitions }
  const seed = {
    shared_state: state,
    security: security(lengths),
    data: hashed({ key: prover, k: K, d: D, x: X, s: S, base: H }),
    commitment: list(commitment.map(({ A, B, C }) => hashed({ a: A, b: B, c: C }))),
  }
  return bitChallenge(struct(seed, 'quorate.cggmp24.dec'))
}

export const decryptExponentField: Field<DecryptExponentProof> = record({
  commitment: times(bits.repetitions, record({ A: unsigned(4096), B: point, C: point })),
  // 2001 bits are the most that 20 signers take.
  answers: times(bits.repetitions, record({ z: signed(456), w: signed(2001), ν: unsigned(2048) })),
})
