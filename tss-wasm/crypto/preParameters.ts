import type { Arithmetic, Modulus, Term } from '../integers/arithmetic.ts'
import { bitLength, gcd, inverse, isModulus2048 } from '../integers/numberTheory.ts'
import { isProbablePrime } from '../integers/primality.ts'
import { randomUnit } from '../integers/sampling.ts'
import type { RandomSource } from '../random.ts'
import { Secret } from '../secret.ts'
import type { Flaw } from './flaw.ts'
import { firstFlaw, isBelow } from './flaw.ts'
import { isRingPedersen, modulusNTilde } from './ringPedersen.ts'
import type { PaillierPrivateKey, PreParameters, RingPedersenPrivate } from './types.ts'

/** Bits of |P - Q| at least, so that N cannot be factored from its square root (WIRE 4.6). */
const leastDistance = 1021
const primeBits = 1024

export interface PreParameterSources {
  /** A fresh 1024-bit safe prime with its two top bits set. Called several times at once. */
  readonly safePrime: () => Promise<bigint>
  readonly random: RandomSource
  readonly arithmetic: Arithmetic
}

/** A Paillier key and an auxiliary modulus with its bases, from four safe primes (WIRE 4.6, 4.8). */
export async function makePreParameters({
  safePrime,
  random,
  arithmetic,
}: PreParameterSources): Promise<PreParameters> {
  const [p, firstQ, pHat, qHat] = await Promise.all([safePrime(), safePrime(), safePrime(), safePrime()])
  let q = firstQ
  // tss-lib redraws both; the distribution of what is accepted is the same (WIRE 9.4).
  while (!isFarFrom(p, q)) q = await safePrime()
  return {
    paillier: { n: p * q, primes: new Secret([p, q] as const) },
    ringPedersen: await makeRingPedersen([pHat, qHat], random, arithmetic),
  }
}

/** h1 a random square mod Ñ = P̂·Q̂, h2 = h1^alpha, and beta with h1 = h2^beta (WIRE 4.8). */
async function makeRingPedersen(
  primes: readonly [pHat: bigint, qHat: bigint],
  random: RandomSource,
  arithmetic: Arithmetic,
): Promise<RingPedersenPrivate> {
  if (primes[0] === primes[1]) throw new Error('the same safe prime twice')
  const nTilde = primes[0] * primes[1]
  const halves = [(primes[0] - 1n) / 2n, (primes[1] - 1n) / 2n] as const
  const squareOrder = halves[0] * halves[1]

  // h1 - 1 prime to Ñ: not 1 modulo either prime, so h1 generates all squares.
  let h1 = randomUnit(random, nTilde) ** 2n % nTilde
  while (gcd(h1 - 1n, nTilde) !== 1n) h1 = randomUnit(random, nTilde) ** 2n % nTilde
  let alpha = randomUnit(random, nTilde)
  while (gcd(alpha, squareOrder) !== 1n) alpha = randomUnit(random, nTilde)

  const modulus: Modulus = { value: nTilde, factors: { primes, power: 1 } }
  const [h2 = 0n] = await arithmetic.products(modulus, [[{ base: h1, exponent: alpha, secretBits: 2 * primeBits }]])
  return {
    nTilde,
    h1,
    h2,
    halves: new Secret(halves),
    alpha: new Secret(alpha),
    beta: new Secret(inverse(alpha, squareOrder)),
  }
}

/**
 * Every relation that pre-parameters must satisfy: for what was made here and for what was imported. Names the first
 * that fails, and never a value. A composite passes for a prime with probability below 4^-20, if chosen to deceive.
 */
export async function checkPreParameters(
  { paillier, ringPedersen }: PreParameters,
  tools: { readonly arithmetic: Arithmetic; readonly random: RandomSource },
): Promise<Flaw> {
  const [pHat, qHat] = ringPedersen.halves.reveal().map((half) => 2n * half + 1n)
  const primes = [...paillier.primes.reveal(), pHat ?? 0n, qHat ?? 0n]
  const malformed =
    firstFlaw({
      'pre-parameters: four different primes of 1024 bits': areFourPrimes(primes),
    }) ??
    paillierFlaw(paillier) ??
    ringPedersenFlaw(ringPedersen)
  if (malformed !== undefined) return malformed

  const safe = await Promise.all(
    primes.flatMap((prime) => [prime, prime >> 1n]).map((n) => isProbablePrime(n, 20, tools)),
  )
  if (safe.includes(false)) return 'pre-parameters: all four are safe primes'
  return generatorFlaw(ringPedersen, tools.arithmetic)
}

function areFourPrimes(primes: readonly bigint[]): boolean {
  return new Set(primes).size === 4 && primes.every((prime) => bitLength(prime) === primeBits && prime % 4n === 3n)
}

function paillierFlaw({ n, primes }: PaillierPrivateKey): Flaw {
  const [p, q] = primes.reveal()
  return firstFlaw({
    'pre-parameters: N = P·Q, of 2048 bits': n === p * q && isModulus2048(n),
    'pre-parameters: P and Q are far apart': isFarFrom(p, q),
  })
}

function ringPedersenFlaw(key: RingPedersenPrivate): Flaw {
  const [p, q] = key.halves.reveal()
  const [alpha, beta] = [key.alpha.reveal(), key.beta.reveal()]
  return firstFlaw({
    'pre-parameters: Ñ = (2p̂+1)(2q̂+1)': key.nTilde === (2n * p + 1n) * (2n * q + 1n),
    'pre-parameters: Ñ has 2048 bits, h1 and h2 are different units': isRingPedersen(key),
    'pre-parameters: alpha and beta are below Ñ': isBelow(key.nTilde, alpha, beta),
    'pre-parameters: alpha·beta = 1 mod p̂·q̂': (alpha * beta) % (p * q) === 1n,
    'pre-parameters: h1 - 1 is a unit': gcd(key.h1 - 1n, key.nTilde) === 1n,
  })
}

/** What takes exponentiations: h1 is a square and h2 = h1^alpha. Then h1 = h2^beta, since alpha·beta = 1 mod p̂·q̂. */
async function generatorFlaw(key: RingPedersenPrivate, arithmetic: Arithmetic): Promise<Flaw> {
  const [p, q] = key.halves.reveal()
  const raised = (exponent: bigint): Term[] => [{ base: key.h1, exponent, secretBits: 2 * primeBits }]
  const [unity, h2] = await arithmetic.products(modulusNTilde(key), [raised(p * q), raised(key.alpha.reveal())])
  return firstFlaw({
    'pre-parameters: h1 is a square': unity === 1n,
    'pre-parameters: h2 = h1^alpha': h2 === key.h2,
  })
}

function isFarFrom(p: bigint, q: bigint): boolean {
  return bitLength(p - q) >= leastDistance
}
