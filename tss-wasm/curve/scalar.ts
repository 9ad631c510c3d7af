import { inverse, mod } from '../integers/numberTheory.ts'
import { randomNonZero } from '../integers/sampling.ts'
import type { RandomSource } from '../random.ts'
import { order } from './point.ts'

/** The representative of x modulo the group order, in [0, q). */
export function reduceScalar(x: bigint): bigint {
  return mod(x, order)
}

/**
 * x^-1 mod q. Not constant time: for public scalars (Lagrange weights, θ).
 * @throws RangeError if x is 0 mod q
 */
export function inverseScalar(x: bigint): bigint {
  return inverse(x, order)
}

/**
 * Uniform in [1, q). Where WIRE says rand[0, q) zero is left out: it could not be encoded (an empty field or
 * infinity) and no peer can tell the difference.
 */
export function randomScalar(random: RandomSource): bigint {
  return randomNonZero(random, order)
}

/**
 * λ_i at 0 for the party with `key` among `keys`: Π_{k != key} k·(k - key)^-1 mod q (WIRE 6.3).
 * @throws RangeError if two keys agree mod q; Error if `key` is not among `keys`
 */
export function lagrangeWeight(key: bigint, keys: readonly bigint[]): bigint {
  if (!keys.includes(key)) throw new Error('not among the interpolation points')
  let numerator = 1n
  let denominator = 1n
  for (const other of keys) {
    if (other === key) continue
    numerator = reduceScalar(numerator * other)
    denominator = reduceScalar(denominator * (other - key))
  }
  return reduceScalar(numerator * inverseScalar(denominator))
}
