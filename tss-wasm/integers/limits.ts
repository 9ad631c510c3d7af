import type { Modulus, Product } from './arithmetic.ts'
import { bitLength } from './numberTheory.ts'

/** Longest modulus that any kernel is laid out for (the square of a Paillier modulus). */
export const mostModulusBits = 4096

/** Longer than any exponent of the protocols (4864 bits) by far, and short enough to bound a call's time. */
export const mostExponentBits = 65_536

/** @throws RangeError on a modulus outside the contract of `Arithmetic.products`, or factors that do not multiply to it */
export function checkModulus({ value, root, factors }: Modulus): void {
  if (value < 3n || value % 2n === 0n || bitLength(value) > mostModulusBits) {
    throw new RangeError(`modulus must be odd, at least 3 and at most ${mostModulusBits} bits long`)
  }
  if (root !== undefined && (root < 3n || root * root !== value))
    throw new RangeError('root does not belong to the modulus')
  if (factors === undefined) return
  const [p, q] = factors.primes
  if (p < 3n || q < 3n || p === q || (p * q) ** BigInt(factors.power) !== value) {
    throw new RangeError('factors do not belong to the modulus')
  }
}

/** @throws RangeError on an exponent outside the contract of `Arithmetic.products` */
export function checkProduct(terms: Product): void {
  for (const { exponent, secretBits } of terms) {
    if (exponent < 0n) throw new RangeError('negative exponent')
    const bound = secretBits ?? mostExponentBits
    if (!Number.isInteger(bound) || bound < 0 || bound > mostExponentBits || bitLength(exponent) > bound) {
      throw new RangeError('exponent longer than its bound')
    }
  }
}
