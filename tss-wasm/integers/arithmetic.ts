/**
 * Everything expensive the protocols do is a product of powers modulo an odd number. This is the one door to it:
 * a batch goes in, a batch of residues comes out, and whoever stands behind the door may use wasm, tables, CRT or a
 * pool of workers. `referenceArithmetic` (BigInt) answers the same questions slowly and readably; tests compare them.
 */
export interface Arithmetic {
  /**
   * For every entry, the product of its terms' powers modulo `modulus.value`, in [0, modulus). An empty entry is 1.
   * Results do not depend on how the work is spread. Bases may be unreduced or share a factor with the modulus.
   * Entries of one batch that share bases, exponents or lengths are computed together where that is faster, so
   * callers put into one batch what is known at one time.
   * @throws RangeError if the modulus is even or below 3 or above 4096 bits, or an exponent is negative or over its secretBits
   */
  products(modulus: Modulus, batch: readonly Product[]): Promise<readonly bigint[]>
  /** Overwrites all scratch memory and tables with zeros; the object cannot be used afterwards. */
  erase(): void
}

export type Product = readonly Term[]

export interface Term {
  readonly base: bigint
  /** >= 0. Moving a factor to the other side of an equation replaces a negative exponent. */
  readonly exponent: bigint
  /**
   * Given when the exponent is secret: an upper bound of its length that is itself public. The time and the memory
   * accesses then depend on this bound only.
   */
  readonly secretBits?: number
  /** Given when the base comes back under this modulus (h1, h2 of a party): about how often in all. Worth a table. */
  readonly uses?: number
}

/** An odd modulus, 3 to 2^4096. Plain data, so that it crosses to workers. */
export interface Modulus {
  readonly value: bigint
  /** Given for a square: value = root^2. Saves a third of the work. */
  readonly root?: bigint
  /** Known only to the owner, and saves far more: value = (primes[0] * primes[1])^power. Enables CRT. Secret. */
  readonly factors?: { readonly primes: readonly [bigint, bigint]; readonly power: 1 | 2 }
}
