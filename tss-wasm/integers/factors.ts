import type { Modulus, Product, Term } from './arithmetic.ts'
import { bitLength, inverse, mod } from './numberTheory.ts'
import type { Power, Powers } from './powers.ts'

export type Pair = readonly [bigint, bigint]
/** The terms of one product as seen modulo each of two numbers. */
export type Sides = readonly [Powers, Powers]
type Factors = NonNullable<Modulus['factors']>

/** Computes every product modulo both numbers, or modulo their squares. */
export type Pairwise = (roots: Pair, batch: readonly Sides[], squared: boolean) => readonly Pair[]

/** The inverse of the first of two numbers modulo the second, remembered: it takes as long as some exponentiations. */
export class Inverses {
  readonly #known = new Map<bigint, bigint>()

  of([first, second]: Pair): bigint {
    const known = this.#known.get(first)
    if (known !== undefined && (known * first) % second === 1n) return known
    const found = inverse(first, second)
    this.#known.set(first, found)
    return found
  }

  forget(): void {
    this.#known.clear()
  }
}

/** A batch modulo (pq)^power by the Chinese remainder theorem: half the length, exponents modulo phi. */
export function productsByFactors(
  { primes, power }: Factors,
  batch: readonly Product[],
  pairwise: Pairwise,
  inverses: Inverses,
): bigint[] {
  const moduli: Pair = power === 1 ? primes : [primes[0] ** 2n, primes[1] ** 2n]
  const roots = power === 1 ? new Map<Term, Pair>() : rootsOfNthPowers(primes, batch.flat(), pairwise)
  const seenFrom = (side: 0 | 1, term: Term): Power => {
    const root = roots.get(term)
    return root === undefined ? reduced(term, primes[side], power) : primePower(root[side], primes[side])
  }
  const sides = batch.map((terms): Sides => [
    terms.map((term) => seenFrom(0, term)),
    terms.map((term) => seenFrom(1, term)),
  ])
  const inverseOfFirst = inverses.of(moduli)
  return pairwise(primes, sides, power === 2).map(([x, y]) => x + moduli[0] * mod((y - x) * inverseOfFirst, moduli[1]))
}

/**
 * x^(kpq) modulo p^2 depends on x modulo p only: it is r^p with r = x^(kq) mod p, where exponents count modulo p - 1. So
 * the N-th powers of Paillier cost five eighths (WIRE 9.2). Gives r modulo both primes for each such term.
 */
function rootsOfNthPowers(primes: Pair, terms: Product, pairwise: Pairwise): Map<Term, Pair> {
  const n = primes[0] * primes[1]
  const nthPowers = terms.filter(
    ({ base, exponent, uses }) =>
      uses === undefined && exponent > 0n && exponent % n === 0n && primes.every((prime) => base % prime !== 0n),
  )
  const roots = pairwise(
    primes,
    nthPowers.map(({ base, exponent }): Sides => [
      [reduced({ base, exponent: exponent / primes[0] }, primes[0], 1)],
      [reduced({ base, exponent: exponent / primes[1] }, primes[1], 1)],
    ]),
    false,
  )
  return new Map(nthPowers.map((term, index) => [term, roots[index] ?? [0n, 0n]]))
}

function primePower(root: bigint, prime: bigint): Power {
  return { base: root, exponent: prime, bits: bitLength(prime), secret: true }
}

/**
 * The term modulo prime^power. By Euler exponents of units count modulo phi; the reduced exponent tells about the
 * factors, so it is secret even where the whole one is not. Bases that share a factor, which no honest party meets, keep
 * their exponent whole.
 */
function reduced({ base, exponent, secretBits, uses }: Term, prime: bigint, power: 1 | 2): Power {
  const phi = (prime - 1n) * (power === 1 ? 1n : prime)
  const whole = secretBits ?? bitLength(exponent)
  const shortens = base % prime !== 0n && whole >= bitLength(phi)
  return {
    base,
    exponent: shortens ? exponent % phi : exponent,
    bits: shortens ? bitLength(phi) : whole,
    secret: shortens || secretBits !== undefined,
    ...(uses !== undefined && { uses }),
  }
}
