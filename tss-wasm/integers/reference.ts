import type { Arithmetic, Modulus, Product } from './arithmetic.ts'
import { checkModulus, checkProduct } from './limits.ts'
import { mod } from './numberTheory.ts'

/** The definition, in BigInt: square and multiply, no tables, no CRT, nothing constant time. For tests. */
export const referenceArithmetic: Arithmetic = {
  products(modulus: Modulus, batch: readonly Product[]): Promise<readonly bigint[]> {
    return new Promise((resolve) => {
      checkModulus(modulus)
      batch.forEach(checkProduct)
      resolve(batch.map((terms) => productOfPowers(terms, modulus.value)))
    })
  },
  erase(): void {
    // Nothing is kept.
  },
}

function productOfPowers(terms: Product, modulus: bigint): bigint {
  return terms.reduce((product, { base, exponent }) => (product * power(base, exponent, modulus)) % modulus, 1n)
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = mod(base, modulus)
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}
