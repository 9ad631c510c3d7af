import { point, record, scalar, signed, unsigned, type Field } from '../crypto/fields.ts'
import type { Flaw } from '../crypto/flaw.ts'
import { areUnits, firstFlaw, isBelow } from '../crypto/flaw.ts'
import { gammaPower, modulusNSquared, nthPower, unitPower } from '../crypto/paillier.ts'
import { isRingPedersen, openingsHold, signedCommitments } from '../crypto/ringPedersen.ts'
import { signedChallenge, struct, type Encoded } from '../crypto/transcript.ts'
import type { PaillierPrivateKey, PaillierPublicKey, RingPedersen, RingPedersenPrivate } from '../crypto/types.ts'
import type { Point } from '../curve/point.ts'
import { firstFalse } from '../curve/equations.ts'
import { generator, multiplySecret, order } from '../curve/point.ts'
import { randomScalar, reduceScalar } from '../curve/scalar.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import { isModulus2048, mod } from '../integers/numberTheory.ts'
import { randomSigned, randomUnit } from '../integers/sampling.ts'
import { asFraction } from '../integers/signed.ts'
import { auxiliary, bits, hashed, hidden, isWithin, limitOf, security } from './presigning.ts'
import type { Tools } from './proof.ts'

/**
 * "The plaintext of C is small, and it is what the ElGamal ciphertext (B, X) under A hides", shown to the owner of Ñ
 * (CGGMP24 6.1). Either side may give its private key.
 */
export interface EncElGamalStatement {
  /** The prover's, under which C is encrypted. */
  readonly prover: PaillierPublicKey | PaillierPrivateKey
  /** (1 + N)^x·ρ^N mod N^2 */
  readonly C: bigint
  readonly A: Point
  /** b·G */
  readonly B: Point
  /** b·A + x·G */
  readonly X: Point
  /** The verifier's Ñ, h1, h2. */
  readonly verifier: RingPedersen | RingPedersenPrivate
  /** Who proves what to whom, in which run (CGGMP24 5, `shared_state`). */
  readonly state: Encoded
  /** How often the run raises the verifier's h1 and h2, about: decides about tables. */
  readonly uses?: number
}

export interface EncElGamalWitness {
  /** in ±2^255 */
  readonly x: bigint
  readonly ρ: bigint
  readonly b: bigint
  /** Where the prover knows it, which makes its work shorter: A = logOfA·G. */
  readonly logOfA?: bigint
}

export interface EncElGamalProof {
  readonly S: bigint
  readonly T: bigint
  readonly D: bigint
  readonly Y: Point
  readonly Z: Point
  readonly z1: bigint
  readonly z2: bigint
  readonly z3: bigint
  readonly w: bigint
}

export interface EncElGamalNonces {
  readonly α: bigint
  readonly μ: bigint
  readonly r: bigint
  readonly β: bigint
  readonly γ: bigint
}

const limitOfX = limitOf(bits.l)
const limitOfMask = limitOf(bits.l + bits.epsilon)

export async function proveEncElGamal(
  statement: EncElGamalStatement,
  witness: EncElGamalWitness,
  tools: Tools,
): Promise<EncElGamalProof> {
  const { random } = tools
  const { nTilde } = statement.verifier
  const nonces = {
    α: randomSigned(random, limitOfMask),
    μ: randomSigned(random, limitOfX * nTilde),
    r: randomUnit(random, statement.prover.n),
    β: randomScalar(random),
    γ: randomSigned(random, limitOfMask * nTilde),
  }
  return proveEncElGamalWith(statement, witness, nonces, tools)
}

/** @param tools whose randomness does not show in the proof */
export async function proveEncElGamalWith(
  statement: EncElGamalStatement,
  { x, ρ, b, logOfA }: EncElGamalWitness,
  { α, μ, r, β, γ }: EncElGamalNonces,
  tools: Tools,
): Promise<EncElGamalProof> {
  const { prover, verifier, A, uses } = statement
  const { n } = prover
  const { nTilde } = verifier
  const pairs = [
    { a: { value: x, limit: limitOfX }, b: { value: μ, limit: limitOfX * nTilde } }, // S = h1^x·h2^μ
    { a: { value: α, limit: limitOfMask }, b: { value: γ, limit: limitOfMask * nTilde } }, // T = h1^α·h2^γ
  ]
  const [[S = 0n, T = 0n], [rN = 0n]] = await Promise.all([
    signedCommitments(verifier, pairs, tools.arithmetic, uses),
    tools.arithmetic.products(modulusNSquared(prover), [[nthPower(prover, r)]]),
  ])
  const D = mod(gammaPower(prover, α) * rN, n * n) // D = enc(α; r)
  const Y = hidden(α, β, A, logOfA) // Y = β·A + α·G
  const Z = multiplySecret(generator, β) // Z = β·G
  const e = challenge(statement, { S, T, D, Y, Z })
  return {
    S,
    T,
    D,
    Y,
    Z,
    z1: α + e * x, // z1 = α + e·x
    z2: mod(r * (await unitPower(prover, ρ, e, tools)), n), // z2 = r·ρ^e
    z3: γ + e * μ, // z3 = γ + e·μ
    w: reduceScalar(β + e * b), // w = β + e·b
  }
}

export async function verifyEncElGamal(
  statement: EncElGamalStatement,
  proof: EncElGamalProof,
  arithmetic: Arithmetic,
): Promise<Flaw> {
  const flaw = outOfBounds(statement, proof)
  if (flaw !== undefined) return flaw
  const e = challenge(statement, proof)
  return onCurve(statement, proof, e) ?? equations(statement, proof, e, arithmetic)
}

/** Everything that can be refused without an exponentiation. */
function outOfBounds(
  { prover: { n }, verifier, C, A, B, X }: EncElGamalStatement,
  { S, T, D, Y, Z, z1, z2, z3, w }: EncElGamalProof,
): Flaw {
  const Ñ = verifier.nTilde
  return (
    firstFlaw({
      'enc-elg: N and Ñ are odd and have 2048 bits': isModulus2048(n) && isRingPedersen(verifier),
      'enc-elg: 0 <= C, D < N^2': isBelow(n * n, C, D),
      'enc-elg: 0 <= S, T < Ñ': isBelow(Ñ, S, T),
      'enc-elg: 0 <= z2 < N': isBelow(n, z2),
      'enc-elg: 0 <= w < q': isBelow(order, w),
      'enc-elg: z1 in ±2^767': isWithin(limitOfMask, z1),
      'enc-elg: z3 in ±2^768·Ñ': isWithin(2n * limitOfMask * Ñ, z3),
      'enc-elg: no point is infinity': ![A, B, X, Y, Z].some((point) => point.is0()),
    }) ??
    firstFlaw({
      'enc-elg: C, D, z2 are units mod N': areUnits(n, C, D, z2),
      'enc-elg: S, T are units mod Ñ': areUnits(Ñ, S, T),
    })
  )
}

function onCurve({ A, B, X }: EncElGamalStatement, { Y, Z, z1, w }: EncElGamalProof, e: bigint): Flaw {
  return firstFalse({
    'enc-elg: w·A + z1·G = Y + e·X': [
      [w, A],
      [z1, generator],
      [-1n, Y],
      [-e, X],
    ],
    'enc-elg: w·G = Z + e·B': [
      [w, generator],
      [-1n, Z],
      [-e, B],
    ],
  })
}

async function equations(
  { prover, verifier, C, uses }: EncElGamalStatement,
  { S, T, D, z1, z2, z3 }: EncElGamalProof,
  e: bigint,
  arithmetic: Arithmetic,
): Promise<Flaw> {
  const N2 = prover.n ** 2n
  const [[over = 0n, under = 0n], [isOpening = false]] = await Promise.all([
    arithmetic.products(modulusNSquared(prover), asFraction([nthPower(prover, z2), { base: C, exponent: -e }])),
    openingsHold(verifier, [{ a: z1, b: z3, e, commitment: S, mask: T }], arithmetic, uses),
  ])
  return firstFlaw({
    'enc-elg: enc(z1; z2) = D·C^e': mod(gammaPower(prover, z1) * over, N2) === mod(D * under, N2),
    'enc-elg: h1^z1·h2^z3 = T·S^e': isOpening,
  })
}

/** e in ±(q-1)/2 (CGGMP24 5). */
function challenge(
  { prover, C, A, B, X, verifier, state }: EncElGamalStatement,
  { S, T, D, Y, Z }: Pick<EncElGamalProof, 'S' | 'T' | 'D' | 'Y' | 'Z'>,
): bigint {
  const seed = {
    shared_state: state,
    aux: auxiliary(verifier),
    security: security({ l: bits.l, epsilon: bits.epsilon }),
    data: hashed({ key: prover, ciphertext: C, a: A, b: B, x: X }),
    commitment: hashed({ s: S, t: T, d: D, y: Y, z: Z }),
  }
  return signedChallenge(struct(seed, 'paillier_zk.encryption_in_range_with_el_gamal.ni_challenge'))
}

export const encElGamalField: Field<EncElGamalProof> = record({
  S: unsigned(2048),
  T: unsigned(2048),
  D: unsigned(4096),
  Y: point,
  Z: point,
  z1: signed(768),
  z2: unsigned(2048),
  z3: signed(2817),
  w: scalar,
})
