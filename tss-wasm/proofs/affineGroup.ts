import { point, record, signed, unsigned, type Field } from '../crypto/fields.ts'
import type { Flaw } from '../crypto/flaw.ts'
import { areUnits, firstFlaw, isBelow } from '../crypto/flaw.ts'
import { gammaPower, invertibleCiphertext, modulusNSquared, nthPower, unitPower } from '../crypto/paillier.ts'
import { isRingPedersen, openingsHold, signedCommitments } from '../crypto/ringPedersen.ts'
import { signedChallenge, struct, type Encoded } from '../crypto/transcript.ts'
import type { PaillierPrivateKey, PaillierPublicKey, RingPedersen, RingPedersenPrivate } from '../crypto/types.ts'
import type { Point } from '../curve/point.ts'
import { firstFalse } from '../curve/equations.ts'
import { generator, multiplySecret } from '../curve/point.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import { isModulus2048, mod } from '../integers/numberTheory.ts'
import { randomSigned, randomUnit } from '../integers/sampling.ts'
import { asFraction, secretSignedPower } from '../integers/signed.ts'
import { auxiliary, bits, hashed, isWithin, limitOf, security } from './presigning.ts'
import type { Tools } from './proof.ts'

/**
 * "I made D from C with a small factor x, the discrete logarithm of X, and a small summand y, which Y encrypts", shown to
 * the owner of Ñ (CGGMP24 6.2). Either side may give its private keys.
 */
export interface AffineGroupStatement {
  /** N0, under which C and D are encrypted. */
  readonly receiver: PaillierPublicKey | PaillierPrivateKey
  /** N1, under which Y is encrypted. */
  readonly prover: PaillierPublicKey | PaillierPrivateKey
  readonly C: bigint
  /** Of C modulo N0^2, where the prover has it at hand. */
  readonly inverseOfC?: bigint
  /** C^x·enc_0(y; ρ) */
  readonly D: bigint
  /** enc_1(y; ρ_y) */
  readonly Y: bigint
  /** x·G */
  readonly X: Point
  /** The verifier's Ñ, h1, h2. */
  readonly verifier: RingPedersen | RingPedersenPrivate
  /** Who proves what to whom, in which run (CGGMP24 5, `shared_state`). */
  readonly state: Encoded
  /** How often the run raises the verifier's h1 and h2, about: decides about tables. */
  readonly uses?: number
}

export interface AffineGroupWitness {
  /** in ±2^255 */
  readonly x: bigint
  /** in ±2^1279 */
  readonly y: bigint
  readonly ρ: bigint
  readonly ρ_y: bigint
}

export interface AffineGroupProof {
  readonly A: bigint
  readonly B_x: Point
  readonly B_y: bigint
  readonly E: bigint
  readonly S: bigint
  readonly F: bigint
  readonly T: bigint
  readonly z1: bigint
  readonly z2: bigint
  readonly z3: bigint
  readonly z4: bigint
  readonly w: bigint
  readonly w_y: bigint
}

export interface AffineGroupNonces {
  readonly α: bigint
  readonly β: bigint
  readonly r: bigint
  readonly r_y: bigint
  readonly γ: bigint
  readonly δ: bigint
  readonly m: bigint
  readonly μ: bigint
}

const limitOfX = limitOf(bits.l)
const limitOfY = limitOf(bits.lPrime)
const limitOfα = limitOf(bits.l + bits.epsilon)
const limitOfβ = limitOf(bits.lPrime + bits.epsilon)

export async function proveAffineGroup(
  statement: AffineGroupStatement,
  witness: AffineGroupWitness,
  tools: Tools,
): Promise<AffineGroupProof> {
  const { random } = tools
  const { nTilde } = statement.verifier
  const nonces = {
    α: randomSigned(random, limitOfα),
    β: randomSigned(random, limitOfβ),
    r: randomUnit(random, statement.receiver.n),
    r_y: randomUnit(random, statement.prover.n),
    γ: randomSigned(random, limitOfα * nTilde),
    δ: randomSigned(random, limitOfα * nTilde),
    m: randomSigned(random, limitOfX * nTilde),
    μ: randomSigned(random, limitOfX * nTilde),
  }
  return proveAffineGroupWith(statement, witness, nonces, tools)
}

/** @param tools whose randomness does not show in the proof */
export async function proveAffineGroupWith(
  statement: AffineGroupStatement,
  { x, y, ρ, ρ_y }: AffineGroupWitness,
  { α, β, r, r_y, γ, δ, m, μ }: AffineGroupNonces,
  tools: Tools,
): Promise<AffineGroupProof> {
  const { receiver, prover, verifier, C, inverseOfC, uses } = statement
  const { arithmetic } = tools
  const { nTilde } = verifier
  const pairs = [
    { a: { value: α, limit: limitOfα }, b: { value: γ, limit: limitOfα * nTilde } }, // E = h1^α·h2^γ
    { a: { value: x, limit: limitOfX }, b: { value: m, limit: limitOfX * nTilde } }, // S = h1^x·h2^m
    { a: { value: β, limit: limitOfβ }, b: { value: δ, limit: limitOfα * nTilde } }, // F = h1^β·h2^δ
    { a: { value: y, limit: limitOfY }, b: { value: μ, limit: limitOfX * nTilde } }, // T = h1^y·h2^μ
  ]
  const invertible = inverseOfC === undefined ? invertibleCiphertext(receiver, C) : { value: C, inverse: inverseOfC }
  const αC = secretSignedPower(invertible, α, bits.l + bits.epsilon)
  const [[E = 0n, S = 0n, F = 0n, T = 0n], [αCrN = 0n], [ryN = 0n]] = await Promise.all([
    signedCommitments(verifier, pairs, arithmetic, uses),
    arithmetic.products(modulusNSquared(receiver), [[αC, nthPower(receiver, r)]]),
    arithmetic.products(modulusNSquared(prover), [[nthPower(prover, r_y)]]),
  ])
  const A = mod(gammaPower(receiver, β) * αCrN, receiver.n ** 2n) // A = C^α·enc_0(β; r)
  const B_x = multiplySecret(generator, α) // B_x = α·G
  const B_y = mod(gammaPower(prover, β) * ryN, prover.n ** 2n) // B_y = enc_1(β; r_y)
  const e = challenge(statement, { A, B_x, B_y, E, S, F, T })
  const [ρe, ρ_ye] = await Promise.all([unitPower(receiver, ρ, e, tools), unitPower(prover, ρ_y, e, tools)])
  return {
    A,
    B_x,
    B_y,
    E,
    S,
    F,
    T,
    z1: α + e * x, // z1 = α + e·x
    z2: β + e * y, // z2 = β + e·y
    z3: γ + e * m, // z3 = γ + e·m
    z4: δ + e * μ, // z4 = δ + e·μ
    w: mod(r * ρe, receiver.n), // w = r·ρ^e
    w_y: mod(r_y * ρ_ye, prover.n), // w_y = r_y·ρ_y^e
  }
}

export async function verifyAffineGroup(
  statement: AffineGroupStatement,
  proof: AffineGroupProof,
  arithmetic: Arithmetic,
): Promise<Flaw> {
  const flaw = outOfBounds(statement, proof)
  if (flaw !== undefined) return flaw
  const e = challenge(statement, proof)
  return (
    firstFalse({
      'aff-g: z1·G = B_x + e·X': [
        [proof.z1, generator],
        [-1n, proof.B_x],
        [-e, statement.X],
      ],
    }) ?? equations(statement, proof, e, arithmetic)
  )
}

/** Everything that can be refused without an exponentiation. */
function outOfBounds(
  { receiver: { n: N0 }, prover: { n: N1 }, verifier, C, D, Y, X }: AffineGroupStatement,
  { A, B_x, B_y, E, S, F, T, z1, z2, z3, z4, w, w_y }: AffineGroupProof,
): Flaw {
  const Ñ = verifier.nTilde
  return (
    firstFlaw({
      'aff-g: N0, N1 and Ñ are odd and have 2048 bits': [N0, N1].every(isModulus2048) && isRingPedersen(verifier),
      'aff-g: 0 <= C, D, A < N0^2': isBelow(N0 * N0, C, D, A),
      'aff-g: 0 <= Y, B_y < N1^2': isBelow(N1 * N1, Y, B_y),
      'aff-g: 0 <= E, S, F, T < Ñ': isBelow(Ñ, E, S, F, T),
      'aff-g: 0 <= w < N0': isBelow(N0, w),
      'aff-g: 0 <= w_y < N1': isBelow(N1, w_y),
      'aff-g: z1 in ±2^767': isWithin(limitOfα, z1),
      'aff-g: z2 in ±2^1791': isWithin(limitOfβ, z2),
      'aff-g: z3, z4 in ±2^768·Ñ': isWithin(2n * limitOfα * Ñ, z3, z4),
      'aff-g: X and B_x are not infinity': !X.is0() && !B_x.is0(),
    }) ??
    firstFlaw({
      'aff-g: C, D, A, w are units mod N0': areUnits(N0, C, D, A, w),
      'aff-g: Y, B_y, w_y are units mod N1': areUnits(N1, Y, B_y, w_y),
      'aff-g: E, S, F, T are units mod Ñ': areUnits(Ñ, E, S, F, T),
    })
  )
}

async function equations(
  { receiver, prover, verifier, C, D, Y, uses }: AffineGroupStatement,
  { A, B_y, E, S, F, T, z1, z2, z3, z4, w, w_y }: AffineGroupProof,
  e: bigint,
  arithmetic: Arithmetic,
): Promise<Flaw> {
  const N02 = receiver.n ** 2n
  const N12 = prover.n ** 2n
  const openings = [
    { a: z1, b: z3, e, commitment: S, mask: E },
    { a: z2, b: z4, e, commitment: T, mask: F },
  ]
  const product = [{ base: C, exponent: z1 }, nthPower(receiver, w), { base: D, exponent: -e }]
  const summand = [nthPower(prover, w_y), { base: Y, exponent: -e }]
  const [[over0 = 0n, under0 = 0n], [over1 = 0n, under1 = 0n], [ofX = false, ofY = false]] = await Promise.all([
    arithmetic.products(modulusNSquared(receiver), asFraction(product)),
    arithmetic.products(modulusNSquared(prover), asFraction(summand)),
    openingsHold(verifier, openings, arithmetic, uses),
  ])
  return firstFlaw({
    'aff-g: C^z1·enc_0(z2; w) = A·D^e': mod(gammaPower(receiver, z2) * over0, N02) === mod(A * under0, N02),
    'aff-g: enc_1(z2; w_y) = B_y·Y^e': mod(gammaPower(prover, z2) * over1, N12) === mod(B_y * under1, N12),
    'aff-g: h1^z1·h2^z3 = E·S^e': ofX,
    'aff-g: h1^z2·h2^z4 = F·T^e': ofY,
  })
}

/** e in ±(q-1)/2 (CGGMP24 5). */
function challenge(
  { receiver, prover, C, D, Y, X, verifier, state }: AffineGroupStatement,
  { A, B_x, B_y, E, S, F, T }: Pick<AffineGroupProof, 'A' | 'B_x' | 'B_y' | 'E' | 'S' | 'F' | 'T'>,
): bigint {
  const seed = {
    shared_state: state,
    aux: auxiliary(verifier),
    security: security({ l_x: bits.l, l_y: bits.lPrime, epsilon: bits.epsilon }),
    data: hashed({ key_j: receiver, key_i: prover, c: C, d: D, y: Y, x: X }),
    commitment: hashed({ a: A, b_x: B_x, b_y: B_y, e: E, s: S, f: F, t: T }),
  }
  return signedChallenge(struct(seed, 'paillier_zk.paillier_affine_operation_in_range.ni_challenge'))
}

export const affineGroupField: Field<AffineGroupProof> = record({
  A: unsigned(4096),
  B_x: point,
  B_y: unsigned(4096),
  E: unsigned(2048),
  S: unsigned(2048),
  F: unsigned(2048),
  T: unsigned(2048),
  z1: signed(768),
  z2: signed(1792),
  z3: signed(2817),
  z4: signed(2817),
  w: unsigned(2048),
  w_y: unsigned(2048),
})
