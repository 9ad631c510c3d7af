import type { Arithmetic, Modulus, Product, Term } from '../integers/arithmetic.ts'
import { bitLength, inverses, isModulus2048, mod } from '../integers/numberTheory.ts'
import { asFraction } from '../integers/signed.ts'
import { areUnits } from './flaw.ts'
import type { RingPedersen, RingPedersenPrivate } from './types.ts'

/** Ñ as a modulus; the owner's knows its factors 2p̂+1 and 2q̂+1. */
export function modulusNTilde(key: RingPedersen | RingPedersenPrivate): Modulus {
  if (!('halves' in key)) return { value: key.nTilde }
  const [p, q] = key.halves.reveal()
  return { value: key.nTilde, factors: { primes: [2n * p + 1n, 2n * q + 1n], power: 1 } }
}

/** Ñ odd of 2048 bits; h1, h2 two different units in 2..Ñ-1. Says nothing about what generates what: that takes the DLN proofs. */
export function isRingPedersen({ nTilde, h1, h2 }: RingPedersen): boolean {
  const isBase = (h: bigint) => h > 1n && h < nTilde
  return isModulus2048(nTilde) && h1 !== h2 && isBase(h1) && isBase(h2) && areUnits(nTilde, h1, h2)
}

/** A secret exponent in [0, end): what takes time and memory is decided by the length of `end`, which is public. */
export function secretBelow(end: bigint, exponent: bigint): SecretExponent {
  return { exponent, secretBits: bitLength(end - 1n) }
}

type SecretExponent = Required<Pick<Term, 'exponent' | 'secretBits'>>

/** How often a ceremony raises each of h1, h2, between the 4 times of keygen's verifier and the 10 of a signer. */
export const usesOfBases = 8

/** h1^a·h2^b for secret a and b: commits to a. */
export function commitmentTo(
  { h1, h2 }: RingPedersen,
  a: SecretExponent,
  b: SecretExponent,
  uses = usesOfBases,
): Product {
  return [
    { base: h1, ...a, uses },
    { base: h2, ...b, uses },
  ]
}

/** h1^a·h2^b for public a and b. */
export function openingOf({ h1, h2 }: RingPedersen, a: bigint, b: bigint): Product {
  return [
    { base: h1, exponent: a, uses: usesOfBases },
    { base: h2, exponent: b, uses: usesOfBases },
  ]
}

/** A secret integer in the closed interval ±limit; the limit is public. */
export interface SecretSigned {
  readonly value: bigint
  readonly limit: bigint
}

/** What is committed to, and the randomness that hides it. */
export interface SignedPair {
  readonly a: SecretSigned
  readonly b: SecretSigned
}

/**
 * h1^a·h2^b for each pair, where a and b are secret and of either sign. Both exponents are moved up by their limits, so
 * that the work tells nothing about signs, and the result is moved back.
 * @param uses how often h1 and h2 are raised in all, about
 */
export async function signedCommitments(
  verifier: RingPedersen | RingPedersenPrivate,
  pairs: readonly SignedPair[],
  arithmetic: Arithmetic,
  uses = usesOfBases,
): Promise<bigint[]> {
  const shifted = ({ value, limit }: SecretSigned) => secretBelow(2n * limit + 1n, value + limit)
  const batch = pairs.map(({ a, b }) => commitmentTo(verifier, shifted(a), shifted(b), uses))
  const [moved, shifts] = await Promise.all([
    arithmetic.products(modulusNTilde(verifier), batch),
    inverseShifts(verifier, pairs, arithmetic, uses),
  ])
  return moved.map((value, i) => mod(value * (shifts[i] ?? 1n), verifier.nTilde))
}

/** (h1^limit·h2^limit)^-1 by verifier and limits: all of it public, the same for every proof made for that verifier. */
const knownShifts = new WeakMap<RingPedersen, Map<string, bigint>>()

async function inverseShifts(
  verifier: RingPedersen | RingPedersenPrivate,
  pairs: readonly SignedPair[],
  arithmetic: Arithmetic,
  uses: number,
): Promise<bigint[]> {
  const known = knownShifts.get(verifier) ?? new Map<string, bigint>()
  knownShifts.set(verifier, known)
  const nameOf = ({ a, b }: SignedPair): string => `${a.limit.toString(36)},${b.limit.toString(36)}`
  const missing = [...new Map(pairs.map((pair) => [nameOf(pair), pair]))].filter(([name]) => !known.has(name))
  if (missing.length > 0) {
    // As if they were secret, they are raised with the tables that are there.
    const batch = missing.map(([, { a, b }]) =>
      commitmentTo(verifier, secretBelow(2n * a.limit + 1n, a.limit), secretBelow(2n * b.limit + 1n, b.limit), uses),
    )
    const shifts = await arithmetic.products(modulusNTilde(verifier), batch)
    const found = inverses(shifts, verifier.nTilde)
    missing.forEach(([name], i) => known.set(name, found[i] ?? 1n))
  }
  return pairs.map((pair) => known.get(nameOf(pair)) ?? 1n)
}

/** The claim h1^a·h2^b = mask·commitment^e, all of it public; a, b and e of either sign. */
export interface SignedOpening {
  readonly a: bigint
  readonly b: bigint
  readonly e: bigint
  readonly commitment: bigint
  readonly mask: bigint
}

/**
 * Which of the openings hold. The owner of Ñ knows β with h1 = h2^β, and needs one power of h2 no longer than the group's
 * order for any a and b (CGGMP24 11).
 */
export async function openingsHold(
  verifier: RingPedersen | RingPedersenPrivate,
  openings: readonly SignedOpening[],
  arithmetic: Arithmetic,
  uses = usesOfBases,
): Promise<boolean[]> {
  const bases = ({ a, b }: SignedOpening): readonly [Product, Product] =>
    'halves' in verifier
      ? [[ownPower(verifier, a, b, uses)], []]
      : asFraction([
          { base: verifier.h1, exponent: a, uses },
          { base: verifier.h2, exponent: b, uses },
        ])
  const batch = openings.flatMap((opening) => {
    const [over, under] = bases(opening)
    const [more, less] = asFraction([{ base: opening.commitment, exponent: -opening.e }])
    return [
      [...over, ...more],
      [...under, ...less],
    ]
  })
  const powers = await arithmetic.products(modulusNTilde(verifier), batch)
  return openings.map(({ mask }, i) => {
    const [over = 0n, under = 0n] = powers.slice(2 * i, 2 * i + 2)
    return over === mod(mask * under, verifier.nTilde)
  })
}

/** h1^a·h2^b = h2^(βa + b); h2 is a square, so exponents count modulo p̂·q̂, which is secret. */
function ownPower({ h2, halves, beta }: RingPedersenPrivate, a: bigint, b: bigint, uses: number): Term {
  const [p, q] = halves.reveal()
  const squares = p * q
  return { base: h2, ...secretBelow(squares, mod(beta.reveal() * a + b, squares)), uses }
}
