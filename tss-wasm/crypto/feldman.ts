import { generator, multiplyPublic, multiplySecret, order, Point } from '../curve/point.ts'
import { lagrangeWeight, randomScalar, reduceScalar } from '../curve/scalar.ts'
import type { RandomSource } from '../random.ts'

export interface Dealing {
  /** V_c = a_c·G for c = 0..threshold-1; V_0 is secret·G. */
  readonly commitments: readonly Point[]
  /** f(k_j) mod q in the order of the keys given. Secret, one for each party. */
  readonly shares: readonly bigint[]
}

/** Whether the party keys are positive and, mod q, distinct and non-zero, without which no sharing is safe (WIRE 1.1). */
export function areUsableKeys(keys: readonly bigint[]): boolean {
  const reduced = new Set(keys.map(reduceScalar))
  return keys.every((key) => key > 0n) && !reduced.has(0n) && reduced.size === keys.length
}

/**
 * Shares `secret` among the holders of `keys` so that any `threshold` of them can reconstruct it (WIRE 4.5, where
 * the degree is threshold - 1).
 * @param secret in [1, q)
 * @throws RangeError for unusable keys or a threshold outside 2..keys.length
 */
export function deal(secret: bigint, threshold: number, keys: readonly bigint[], random: RandomSource): Dealing {
  if (!areUsableKeys(keys)) throw new RangeError('party keys must be distinct and non-zero mod q')
  if (threshold < 2 || threshold > keys.length) throw new RangeError('threshold out of range')
  const coefficients = [secret, ...Array.from({ length: threshold - 1 }, () => randomScalar(random))]
  return {
    commitments: coefficients.map((coefficient) => multiplySecret(generator, coefficient)),
    // f(k) = a_0 + k·(a_1 + k·(..))
    shares: keys.map((key) =>
      coefficients.reduceRight((sum, coefficient) => reduceScalar(sum * key + coefficient), 0n),
    ),
  }
}

/** Σ_c k^c·V_c: what f(k)·G must be. Infinity is possible and never right. */
export function evaluateCommitments(commitments: readonly Point[], key: bigint): Point {
  return commitments.reduceRight((sum, commitment) => multiplyPublic(sum, key).add(commitment), Point.ZERO)
}

/**
 * Whether `share` is the dealer's share for `key`: 0 < share < q, exactly `threshold` commitments, and
 * share·G = Σ_c k^c·V_c (WIRE 4.5; tss-lib up to v2.0.2 skipped the count).
 */
export function verifyShare(share: bigint, key: bigint, commitments: readonly Point[], threshold: number): boolean {
  if (commitments.length !== threshold || share <= 0n || share >= order) return false
  return multiplySecret(generator, share).equals(evaluateCommitments(commitments, key))
}

/**
 * The shared secret from at least `threshold` shares.
 * @throws RangeError for fewer shares, or keys that are unusable
 */
export function reconstruct(
  shares: readonly { readonly key: bigint; readonly share: bigint }[],
  threshold: number,
): bigint {
  const keys = shares.map(({ key }) => key)
  if (shares.length < threshold || !areUsableKeys(keys)) throw new RangeError('not enough usable shares')
  return reduceScalar(shares.reduce((sum, { key, share }) => sum + lagrangeWeight(key, keys) * share, 0n))
}
