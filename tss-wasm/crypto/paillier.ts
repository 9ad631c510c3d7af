import type { Arithmetic, Modulus, Term } from '../integers/arithmetic.ts'
import { gcd, inverse, mod } from '../integers/numberTheory.ts'
import { randomUnit } from '../integers/sampling.ts'
import type { Invertible } from '../integers/signed.ts'
import type { RandomSource } from '../random.ts'
import type { PaillierPrivateKey, PaillierPublicKey } from './types.ts'

/** N as a modulus; the owner's knows its factors. */
export function modulusN(key: PaillierPublicKey | PaillierPrivateKey): Modulus {
  return 'primes' in key ? { value: key.n, factors: { primes: key.primes.reveal(), power: 1 } } : { value: key.n }
}

/** N^2 as a modulus; the owner's knows its factors. */
export function modulusNSquared(key: PaillierPublicKey | PaillierPrivateKey): Modulus {
  const value = key.n * key.n
  return 'primes' in key ? { value, factors: { primes: key.primes.reveal(), power: 2 } } : { value, root: key.n }
}

/** Γ^m = 1 + m·N mod N^2, no exponentiation needed (WIRE 4.6). */
export function gammaPower(key: PaillierPublicKey, m: bigint): bigint {
  return 1n + mod(m, key.n) * key.n
}

/** x^N as a term. The exponent is public. */
export function nthPower(key: PaillierPublicKey, x: bigint): Term {
  return { base: x, exponent: key.n }
}

/** 0 < c < N^2 and gcd(c, N) = 1: what every ciphertext from outside must be before it is used. */
export function isCiphertext(key: PaillierPublicKey, c: bigint): boolean {
  return c > 0n && c < key.n * key.n && gcd(c, key.n) === 1n
}

/**
 * Γ^m·x^N mod N^2 (WIRE 4.6). The randomness x, a unit mod N, is the caller's: proofs need it.
 * @param m in [0, N)
 */
export async function encrypt(
  key: PaillierPublicKey | PaillierPrivateKey,
  { m, x }: { readonly m: bigint; readonly x: bigint },
  arithmetic: Arithmetic,
): Promise<bigint> {
  if (m < 0n || m >= key.n) throw new RangeError('plaintext out of range')
  const [power = 0n] = await arithmetic.products(modulusNSquared(key), [[nthPower(key, x)]])
  return mod(gammaPower(key, m) * power, key.n * key.n)
}

/** The ciphertext of the sum of two plaintexts mod N. */
export function addCiphertexts(key: PaillierPublicKey, a: bigint, b: bigint): bigint {
  if (!isCiphertext(key, a) || !isCiphertext(key, b)) throw new RangeError('not a ciphertext')
  return mod(a * b, key.n * key.n)
}

/**
 * The ciphertext of m times the plaintext of c.
 * @param m in [0, N), secret
 * @param secretBits a public bound of its length
 */
export async function multiplyCiphertext(
  key: PaillierPublicKey,
  c: bigint,
  { m, secretBits }: { readonly m: bigint; readonly secretBits: number },
  arithmetic: Arithmetic,
): Promise<bigint> {
  if (!isCiphertext(key, c)) throw new RangeError('not a ciphertext')
  if (m < 0n || m >= key.n) throw new RangeError('factor out of range')
  const [power = 0n] = await arithmetic.products(modulusNSquared(key), [[{ base: c, exponent: m, secretBits }]])
  return power
}

/**
 * The plaintext of c in [0, N).
 *
 * Instead of c^λ mod N^2 (WIRE 4.6) the same modulo each prime: with L_p(u) = (u - 1)/p,
 *   m mod p = L_p(c^(p-1) mod p^2) · L_p(Γ^(p-1) mod p^2)^-1   and   L_p(Γ^(p-1)) = (p-1)·q = -q mod p,
 * which needs exponents of half the length. Then the two residues are joined.
 * @throws RangeError unless c is a ciphertext: check what comes from outside with `isCiphertext` first
 */
export async function decrypt(key: PaillierPrivateKey, c: bigint, arithmetic: Arithmetic): Promise<bigint> {
  if (!isCiphertext(key, c)) throw new RangeError('not a ciphertext')
  const [p, q] = key.primes.reveal()
  const [mp, mq] = await Promise.all([residue(p, q, c, arithmetic), residue(q, p, c, arithmetic)])
  return mq + q * mod((mp - mq) * inverse(q, p), p)
}

/** m mod p */
async function residue(p: bigint, q: bigint, c: bigint, arithmetic: Arithmetic): Promise<bigint> {
  const term = { base: c, exponent: p - 1n, secretBits: 1024 }
  const [u = 1n] = await arithmetic.products({ value: p * p, root: p }, [[term]])
  return mod(((u - 1n) / p) * inverse(-q, p), p)
}

/**
 * A ciphertext and its inverse, which has the negated plaintext. One step of Newton's iteration takes the inverse mod N to
 * that mod N^2.
 * @throws RangeError unless c is a ciphertext
 */
export function invertibleCiphertext({ n }: PaillierPublicKey, c: bigint): Invertible {
  const root = inverse(c, n)
  return { value: c, inverse: mod(root * (2n - c * root), n * n) }
}

/**
 * x^e mod N for a secret unit x and a public e of either sign. The owner counts a negative e modulo φ(N); others invert x,
 * times a random unit, so that the time of inverting tells nothing about x.
 */
export async function unitPower(
  key: PaillierPublicKey | PaillierPrivateKey,
  x: bigint,
  e: bigint,
  { arithmetic, random }: { readonly arithmetic: Arithmetic; readonly random: RandomSource },
): Promise<bigint> {
  const power = async (term: Term): Promise<bigint> => (await arithmetic.products(modulusN(key), [[term]]))[0] ?? 0n
  if (e >= 0n) return power({ base: x, exponent: e })
  if ('primes' in key) {
    const [p, q] = key.primes.reveal()
    return power({ base: x, exponent: mod(e, (p - 1n) * (q - 1n)), secretBits: 2048 })
  }
  const blind = randomUnit(random, key.n)
  return power({ base: mod(inverse(x * blind, key.n) * blind, key.n), exponent: -e })
}
/** The plaintext as a signed integer, in ±N/2 (CGGMP24 3). @throws as `decrypt` does */
export async function decryptSigned(key: PaillierPrivateKey, c: bigint, arithmetic: Arithmetic): Promise<bigint> {
  const m = await decrypt(key, c, arithmetic)
  return m > key.n / 2n ? m - key.n : m
}
