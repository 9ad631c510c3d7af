import type { Modulus, Product, Term } from '../integers/arithmetic.ts'
import { bitLength, isModulus2048 } from '../integers/numberTheory.ts'
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
export function commitmentTo({ h1, h2 }: RingPedersen, a: SecretExponent, b: SecretExponent): Product {
  return [
    { base: h1, ...a, uses: usesOfBases },
    { base: h2, ...b, uses: usesOfBases },
  ]
}

/** h1^a·h2^b for public a and b. */
export function openingOf({ h1, h2 }: RingPedersen, a: bigint, b: bigint): Product {
  return [
    { base: h1, exponent: a, uses: usesOfBases },
    { base: h2, exponent: b, uses: usesOfBases },
  ]
}
