import type { Product, Term } from './arithmetic.ts'

/** A power whose exponent is public and of either sign. */
export interface SignedTerm extends Omit<Term, 'secretBits'> {
  readonly exponent: bigint
}

/**
 * The product of the terms as a fraction: what has a negative exponent stands below the line, with a positive one. So an
 * equation of powers is checked without inverting anything.
 */
export function asFraction(terms: readonly SignedTerm[]): readonly [over: Product, under: Product] {
  return [
    terms.filter(({ exponent }) => exponent >= 0n),
    terms.filter(({ exponent }) => exponent < 0n).map((term) => ({ ...term, exponent: -term.exponent })),
  ]
}

/** A base and its inverse, for exponents of which nobody may learn the sign. */
export interface Invertible {
  readonly value: bigint
  readonly inverse: bigint
}

/**
 * value^exponent for a secret exponent of either sign: a power of the value or of its inverse, the same work for both.
 * @param secretBits a public bound of the length of |exponent|
 */
export function secretSignedPower({ value, inverse }: Invertible, exponent: bigint, secretBits: number): Term {
  const negative = Number(exponent < 0n)
  return {
    base: [value, inverse][negative] ?? value,
    exponent: exponent * ([1n, -1n][negative] ?? 1n),
    secretBits,
  }
}
