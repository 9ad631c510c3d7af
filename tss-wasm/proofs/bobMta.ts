import { hashTagged } from '../crypto/hash.ts'
import { gammaPower, modulusN, modulusNSquared, nthPower } from '../crypto/paillier.ts'
import { commitmentTo, isRingPedersen, modulusNTilde, openingOf, secretBelow } from '../crypto/ringPedersen.ts'
import type { PaillierPrivateKey, PaillierPublicKey, RingPedersen, RingPedersenPrivate } from '../crypto/types.ts'
import type { Point } from '../curve/point.ts'
import { coordinates, generator, multiplyPublic, multiplySecret, order, pointFromCoordinates } from '../curve/point.ts'
import { reduceScalar } from '../curve/scalar.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import { isModulus2048, mod } from '../integers/numberTheory.ts'
import { randomBelow, randomUnit } from '../integers/sampling.ts'
import type { Flaw } from '../crypto/flaw.ts'
import { areUnits, firstFlaw, isBelow } from '../crypto/flaw.ts'
import type { Tools } from './proof.ts'

/**
 * "I made c2 from c1 with a small factor x and a small summand y", shown to Alice (WIRE 4.14).
 * With check: "and x is the discrete logarithm of X".
 */
export interface BobMtaStatement {
  /** The verifier's; she may give her private keys. */
  readonly alice: PaillierPublicKey | PaillierPrivateKey
  readonly verifier: RingPedersen | RingPedersenPrivate
  /** Alice's ciphertext */
  readonly c1: bigint
  /** c2 = c1^x·Γ^y·r^N mod N^2 */
  readonly c2: bigint
  /** ctx(Bob) */
  readonly context: Uint8Array
}

export interface BobMtaCheckedStatement extends BobMtaStatement {
  /** X = x·G */
  readonly point: Point
}

export interface BobMtaWitness {
  /** in [0, q) */
  readonly x: bigint
  /** β', in [0, q^5) */
  readonly y: bigint
  readonly r: bigint
}

export interface BobMtaProof {
  readonly z: bigint
  /** z' */
  readonly zPrime: bigint
  readonly t: bigint
  readonly v: bigint
  readonly w: bigint
  readonly s: bigint
  readonly s1: bigint
  readonly s2: bigint
  readonly t1: bigint
  readonly t2: bigint
}

export interface BobMtaCheckedProof extends BobMtaProof {
  /** U = α·G */
  readonly U: Point
}

export interface BobMtaNonces {
  readonly α: bigint
  readonly β: bigint
  readonly γ: bigint
  readonly ρ: bigint
  /** ρ' */
  readonly ρPrime: bigint
  readonly σ: bigint
  readonly τ: bigint
}

const q = order
const [q3, q5, q7] = [q ** 3n, q ** 5n, q ** 7n]

export async function proveBobMta(
  statement: BobMtaStatement,
  witness: BobMtaWitness,
  { arithmetic, random }: Tools,
): Promise<BobMtaProof> {
  return proveBobMtaWith(statement, witness, drawNonces(statement, { random }), arithmetic)
}

export async function proveBobMtaChecked(
  statement: BobMtaCheckedStatement,
  witness: BobMtaWitness,
  { arithmetic, random }: Tools,
): Promise<BobMtaCheckedProof> {
  return proveBobMtaCheckedWith(statement, witness, drawNonces(statement, { random }), arithmetic)
}

function drawNonces({ alice, verifier: { nTilde } }: BobMtaStatement, { random }: Pick<Tools, 'random'>): BobMtaNonces {
  return {
    α: randomBelow(random, q3),
    ρ: randomBelow(random, q * nTilde),
    σ: randomBelow(random, q * nTilde),
    τ: randomBelow(random, q3 * nTilde),
    ρPrime: randomBelow(random, q3 * nTilde),
    β: randomUnit(random, alice.n),
    γ: randomBelow(random, q7),
  }
}

export async function proveBobMtaWith(
  statement: BobMtaStatement,
  witness: BobMtaWitness,
  nonces: BobMtaNonces,
  arithmetic: Arithmetic,
): Promise<BobMtaProof> {
  return answer(statement, witness, nonces, (first) => challenge(statement, first), arithmetic)
}

export async function proveBobMtaCheckedWith(
  statement: BobMtaCheckedStatement,
  witness: BobMtaWitness,
  nonces: BobMtaNonces,
  arithmetic: Arithmetic,
): Promise<BobMtaCheckedProof> {
  const U = multiplySecret(generator, nonces.α)
  const proof = await answer(
    statement,
    witness,
    nonces,
    (first) => challenge(statement, first, { X: statement.point, U }),
    arithmetic,
  )
  return { ...proof, U }
}

async function answer(
  { alice, verifier, c1 }: BobMtaStatement,
  { x, y, r }: BobMtaWitness,
  { α, β, γ, ρ, ρPrime, σ, τ }: BobMtaNonces,
  challengeOf: (first: FirstMove) => bigint,
  arithmetic: Arithmetic,
): Promise<BobMtaProof> {
  const { nTilde } = verifier
  const [[z = 0n, zPrime = 0n, t = 0n, w = 0n], [c1αβN = 0n]] = await Promise.all([
    arithmetic.products(modulusNTilde(verifier), [
      commitmentTo(verifier, secretBelow(q, x), secretBelow(q * nTilde, ρ)), // z = h1^x·h2^ρ
      commitmentTo(verifier, secretBelow(q3, α), secretBelow(q3 * nTilde, ρPrime)), // z' = h1^α·h2^ρ'
      commitmentTo(verifier, secretBelow(q5, y), secretBelow(q * nTilde, σ)), // t = h1^y·h2^σ
      commitmentTo(verifier, secretBelow(q7, γ), secretBelow(q3 * nTilde, τ)), // w = h1^γ·h2^τ
    ]),
    arithmetic.products(modulusNSquared(alice), [[{ base: c1, ...secretBelow(q3, α) }, nthPower(alice, β)]]),
  ])
  const v = mod(gammaPower(alice, γ) * c1αβN, alice.n ** 2n) // v = c1^α·Γ^γ·β^N
  const e = challengeOf({ z, zPrime, t, v, w })
  const [re = 0n] = await arithmetic.products(modulusN(alice), [[{ base: r, exponent: e }]])
  return {
    z,
    zPrime,
    t,
    v,
    w,
    s: mod(re * β, alice.n), // s = r^e·β
    s1: e * x + α,
    s2: e * ρ + ρPrime,
    t1: e * y + γ,
    t2: e * σ + τ,
  }
}

export async function verifyBobMta(
  statement: BobMtaStatement,
  proof: BobMtaProof,
  arithmetic: Arithmetic,
): Promise<Flaw> {
  return outOfBounds(statement, proof) ?? equations(statement, proof, challenge(statement, proof), arithmetic)
}

export async function verifyBobMtaChecked(
  statement: BobMtaCheckedStatement,
  proof: BobMtaCheckedProof,
  arithmetic: Arithmetic,
): Promise<Flaw> {
  const { point: X } = statement
  const { U, s1 } = proof
  if (X.is0() || U.is0()) return 'Bob: X and U are not infinity'
  const flaw = outOfBounds(statement, proof)
  if (flaw !== undefined) return flaw
  const e = challenge(statement, proof, { X, U })
  const onCurve = multiplyPublic(generator, s1).equals(multiplyPublic(X, e).add(U))
  return firstFlaw({ 'Bob: s1·G = e·X + U': onCurve }) ?? equations(statement, proof, e, arithmetic)
}

/** Everything that can be refused without an exponentiation. */
function outOfBounds(
  { alice, verifier, c1, c2 }: BobMtaStatement,
  { z, zPrime, t, v, w, s, s1, s2, t1, t2 }: BobMtaProof,
): Flaw {
  const N = alice.n
  const Ñ = verifier.nTilde
  const outOfRange = firstFlaw({
    'Bob: N and Ñ are odd and have 2048 bits': isModulus2048(N) && isRingPedersen(verifier),
    'Bob: 0 < c2 < N^2': c2 > 0n && c2 < N * N,
    "Bob: 0 <= z, z', t, w < Ñ": isBelow(Ñ, z, zPrime, t, w),
    'Bob: 0 <= v < N^2': isBelow(N * N, v),
    'Bob: 0 < s < N': s > 0n && s < N,
    'Bob: s1 >= q': s1 >= q,
    'Bob: s2 >= q': s2 >= q,
    'Bob: t1 >= q': t1 >= q,
    'Bob: t2 >= q': t2 >= q,
    'Bob: s1 <= q^3': s1 <= q3,
    'Bob: t1 <= q^7': t1 <= q7,
    'Bob: s2, t2 < 2q^3·Ñ': isBelow(2n * q3 * Ñ, s2, t2),
  })
  if (outOfRange !== undefined) return outOfRange
  // One gcd for all that must be prime to N; which of them is not is asked only then.
  const allUnits = areUnits(N, c1, c2, v, s)
  return firstFlaw({
    'Bob: gcd(c1, N) = gcd(c2, N) = 1': isBelow(N * N, c1) && (allUnits || areUnits(N, c1, c2)),
    "Bob: z, z', t, w are units mod Ñ": areUnits(Ñ, z, zPrime, t, w),
    'Bob: gcd(v, N) = 1': allUnits || areUnits(N, v),
    'Bob: gcd(s, N) = 1': allUnits, // none of the others was it
  })
}

async function equations(
  { alice, verifier, c1, c2 }: BobMtaStatement,
  { z, zPrime, t, v, w, s, s1, s2, t1, t2 }: BobMtaProof,
  e: bigint,
  arithmetic: Arithmetic,
): Promise<Flaw> {
  const N2 = alice.n ** 2n
  const Ñ = verifier.nTilde
  const power = (base: bigint, exponent: bigint) => [{ base, exponent }]
  const [[h_s, ze = 0n, h_t, te = 0n], [c1s1sN = 0n, c2e = 0n]] = await Promise.all([
    arithmetic.products(modulusNTilde(verifier), [
      openingOf(verifier, s1, s2),
      power(z, e),
      openingOf(verifier, t1, t2),
      power(t, e),
    ]),
    arithmetic.products(modulusNSquared(alice), [[{ base: c1, exponent: s1 }, nthPower(alice, s)], power(c2, e)]),
  ])
  return firstFlaw({
    "Bob: h1^s1·h2^s2 = z^e·z'": h_s === mod(ze * zPrime, Ñ),
    'Bob: h1^t1·h2^t2 = t^e·w': h_t === mod(te * w, Ñ),
    'Bob: c1^s1·s^N·Γ^t1 = c2^e·v': mod(c1s1sN * gammaPower(alice, t1), N2) === mod(c2e * v, N2),
  })
}

type FirstMove = Pick<BobMtaProof, 'z' | 'zPrime' | 't' | 'v' | 'w'>

/** e = Ht(S; N, Γ, [X,] c1, c2, [U,] z, z', t, v, w) mod q. Ñ, h1, h2 are not in it. */
function challenge(
  { alice: { n }, c1, c2, context }: BobMtaStatement,
  { z, zPrime, t, v, w }: FirstMove,
  check?: { readonly X: Point; readonly U: Point },
): bigint {
  const X = check ? coordinates(check.X) : []
  const U = check ? coordinates(check.U) : []
  return reduceScalar(hashTagged(context, [n, n + 1n, ...X, c1, c2, ...U, z, zPrime, t, v, w]))
}

/** 10 integers: z, z', t, v, w, s, s1, s2, t1, t2 */
export function encodeBobMta({ z, zPrime, t, v, w, s, s1, s2, t1, t2 }: BobMtaProof): bigint[] {
  return [z, zPrime, t, v, w, s, s1, s2, t1, t2]
}

export function decodeBobMta(integers: readonly bigint[]): BobMtaProof | undefined {
  if (integers.length !== 10) return undefined
  const [z = 0n, zPrime = 0n, t = 0n, v = 0n, w = 0n, s = 0n, s1 = 0n, s2 = 0n, t1 = 0n, t2 = 0n] = integers
  return { z, zPrime, t, v, w, s, s1, s2, t1, t2 }
}

/** The same 10 followed by U.x, U.y */
export function encodeBobMtaChecked(proof: BobMtaCheckedProof): bigint[] {
  return [...encodeBobMta(proof), ...coordinates(proof.U)]
}

export function decodeBobMtaChecked(integers: readonly bigint[]): BobMtaCheckedProof | undefined {
  if (integers.length !== 12) return undefined
  const proof = decodeBobMta(integers.slice(0, 10))
  const U = pointFromCoordinates(integers[10] ?? 0n, integers[11] ?? 0n)
  return proof && U && { ...proof, U }
}
