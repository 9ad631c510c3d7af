import { hashIntegers } from '../crypto/hash.ts'
import { gammaPower, isCiphertext, modulusN, modulusNSquared, nthPower } from '../crypto/paillier.ts'
import { commitmentTo, isRingPedersen, modulusNTilde, openingOf, secretBelow } from '../crypto/ringPedersen.ts'
import type { PaillierPrivateKey, PaillierPublicKey, RingPedersen, RingPedersenPrivate } from '../crypto/types.ts'
import { order } from '../curve/point.ts'
import { reduceScalar } from '../curve/scalar.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import { isModulus2048, mod } from '../integers/numberTheory.ts'
import { randomBelow, randomUnit } from '../integers/sampling.ts'
import type { Flaw } from '../crypto/flaw.ts'
import { areUnits, firstFlaw, isBelow } from '../crypto/flaw.ts'
import type { Tools } from './proof.ts'

/** "The plaintext of c is small", shown to the owner of Ñ (WIRE 4.13). Either side may give its private key. */
export interface AliceRangeStatement {
  /** The prover's, under which c is encrypted. */
  readonly alice: PaillierPublicKey | PaillierPrivateKey
  /** c = Γ^m·r^N mod N^2 */
  readonly ciphertext: bigint
  /** The verifier's Ñ, h1, h2. */
  readonly verifier: RingPedersen | RingPedersenPrivate
}

export interface AliceRangeWitness {
  /** in [0, q) */
  readonly m: bigint
  readonly r: bigint
}

export interface AliceRangeProof {
  readonly z: bigint
  readonly u: bigint
  readonly w: bigint
  readonly s: bigint
  readonly s1: bigint
  readonly s2: bigint
}

export interface AliceRangeNonces {
  readonly α: bigint
  readonly β: bigint
  readonly γ: bigint
  readonly ρ: bigint
}

const q3 = order ** 3n

export async function proveAliceRange(
  statement: AliceRangeStatement,
  witness: AliceRangeWitness,
  { arithmetic, random }: Tools,
): Promise<AliceRangeProof> {
  const { nTilde } = statement.verifier
  const nonces = {
    α: randomBelow(random, q3),
    β: randomUnit(random, statement.alice.n),
    γ: randomBelow(random, q3 * nTilde),
    ρ: randomBelow(random, order * nTilde),
  }
  return proveAliceRangeWith(statement, witness, nonces, arithmetic)
}

export async function proveAliceRangeWith(
  statement: AliceRangeStatement,
  { m, r }: AliceRangeWitness,
  { α, β, γ, ρ }: AliceRangeNonces,
  arithmetic: Arithmetic,
): Promise<AliceRangeProof> {
  const { alice, verifier } = statement
  const [[z = 0n, w = 0n], [βN = 0n]] = await Promise.all([
    arithmetic.products(modulusNTilde(verifier), [
      commitmentTo(verifier, secretBelow(order, m), secretBelow(order * verifier.nTilde, ρ)), // z = h1^m·h2^ρ
      commitmentTo(verifier, secretBelow(q3, α), secretBelow(q3 * verifier.nTilde, γ)), // w = h1^α·h2^γ
    ]),
    arithmetic.products(modulusNSquared(alice), [[nthPower(alice, β)]]),
  ])
  const u = mod(gammaPower(alice, α) * βN, alice.n ** 2n) // u = Γ^α·β^N
  const e = challenge(statement, { z, u, w })
  const [re = 0n] = await arithmetic.products(modulusN(alice), [[{ base: r, exponent: e }]])
  return {
    z,
    u,
    w,
    s: mod(re * β, alice.n), // s = r^e·β
    s1: e * m + α,
    s2: e * ρ + γ,
  }
}

export async function verifyAliceRange(
  statement: AliceRangeStatement,
  proof: AliceRangeProof,
  arithmetic: Arithmetic,
): Promise<Flaw> {
  const { alice, ciphertext: c, verifier } = statement
  const { z, u, w, s, s1, s2 } = proof
  const N2 = alice.n ** 2n
  const Ñ = verifier.nTilde
  const outOfRange = firstFlaw({
    'Alice: N and Ñ are odd and have 2048 bits': isModulus2048(alice.n) && isRingPedersen(verifier),
    'Alice: 0 < c < N^2': c > 0n && c < N2,
    'Alice: 0 <= z < Ñ': isBelow(Ñ, z),
    'Alice: 0 <= u < N^2': isBelow(N2, u),
    'Alice: 0 <= w < Ñ': isBelow(Ñ, w),
    'Alice: 0 <= s < N': isBelow(alice.n, s),
    'Alice: s1 >= q': s1 >= order,
    'Alice: s2 >= q': s2 >= order,
    'Alice: s != 1, z != 1, s1 != s2': s !== 1n && z !== 1n && s1 !== s2,
    'Alice: s1 <= q^3': s1 <= q3,
    'Alice: s2 < 2q^3·Ñ': s2 < 2n * q3 * Ñ,
  })
  if (outOfRange !== undefined) return outOfRange
  const notUnit = firstFlaw({
    'Alice: gcd(c, N) = 1': isCiphertext(alice, c),
    'Alice: gcd(z, Ñ) = gcd(w, Ñ) = 1': areUnits(Ñ, z, w),
    'Alice: gcd(u, N) = gcd(s, N) = 1': areUnits(alice.n, u, s),
  })
  if (notUnit !== undefined) return notUnit

  // Negative powers of e stand on the other side.
  const e = challenge(statement, proof)
  const [[sN = 0n, ce = 0n], [right, ze = 0n]] = await Promise.all([
    arithmetic.products(modulusNSquared(alice), [[nthPower(alice, s)], [{ base: c, exponent: e }]]),
    arithmetic.products(modulusNTilde(verifier), [openingOf(verifier, s1, s2), [{ base: z, exponent: e }]]),
  ])
  return firstFlaw({
    'Alice: u·c^e = Γ^s1·s^N': mod(u * ce, N2) === mod(gammaPower(alice, s1) * sN, N2),
    'Alice: w·z^e = h1^s1·h2^s2': mod(w * ze, Ñ) === right,
  })
}

/** e = H(N, Γ, c, z, u, w) mod q. No tag, and Ñ, h1, h2 are not in it: the transport has to bind the run. */
function challenge(
  { alice: { n }, ciphertext }: AliceRangeStatement,
  { z, u, w }: Pick<AliceRangeProof, 'z' | 'u' | 'w'>,
): bigint {
  return reduceScalar(hashIntegers([n, n + 1n, ciphertext, z, u, w]))
}

/** 6 integers: z, u, w, s, s1, s2 */
export function encodeAliceRange({ z, u, w, s, s1, s2 }: AliceRangeProof): bigint[] {
  return [z, u, w, s, s1, s2]
}

export function decodeAliceRange(integers: readonly bigint[]): AliceRangeProof | undefined {
  if (integers.length !== 6) return undefined
  const [z = 0n, u = 0n, w = 0n, s = 0n, s1 = 0n, s2 = 0n] = integers
  return { z, u, w, s, s1, s2 }
}
