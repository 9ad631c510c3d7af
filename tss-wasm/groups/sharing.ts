import { inverse, mod } from '../integers/numberTheory.ts'
import type { RandomSource } from '../random.ts'
import {
  drawScalar,
  sumElements,
  timesGenerator,
  timesPublic,
  type Element,
  type Group,
  type Scalars,
} from './group.ts'

/**
 * Feldman's sharing over any group of prime order (SCHEMES 2.2). Keys are the coordinates at which the polynomial is
 * evaluated: scalars in [1, order), one for each party.
 */

/** a_0, a_1, .., a_(threshold - 1), each uniform in [1, order). Secret. */
export function drawPolynomial(scalars: Scalars, threshold: number, random: RandomSource): readonly bigint[] {
  return Array.from({ length: threshold }, () => drawScalar(scalars, random))
}

/** f(key) = a_0 + key·(a_1 + key·(..)) */
export function evaluate({ order }: Scalars, coefficients: readonly bigint[], key: bigint): bigint {
  return coefficients.reduceRight((sum, coefficient) => mod(sum * key + coefficient, order), 0n)
}

/** Σ_c key^c·A_c: what f(key)·G must be. The identity is possible and never right. */
export function evaluateInExponent<P extends Element<P>>(group: Group<P>, commitments: readonly P[], key: bigint): P {
  return commitments.reduceRight((sum, each) => timesPublic(group, sum, key).add(each), group.zero)
}

/** Whether `share` is f(key) of the polynomial committed to. */
export function isShareOf<P extends Element<P>>(
  group: Group<P>,
  share: bigint,
  key: bigint,
  commitments: readonly P[],
): boolean {
  return timesGenerator(group, share).equals(evaluateInExponent(group, commitments, key))
}

/**
 * λ at 0 for `key` among `keys`: Π_{k ≠ key} k / (k - key).
 * @throws RangeError if two keys are equal; Error if `key` is not among `keys`
 */
export function lagrangeAtZero({ order }: Scalars, key: bigint, keys: readonly bigint[]): bigint {
  if (!keys.includes(key)) throw new Error('not among the interpolation points')
  if (new Set(keys).size !== keys.length) throw new RangeError('an interpolation point comes twice')
  let numerator = 1n
  let denominator = 1n
  for (const other of keys) {
    if (other === key) continue
    numerator = mod(numerator * other, order)
    denominator = mod(denominator * (other - key), order)
  }
  return mod(numerator * inverse(denominator, order), order)
}

/** Σ λ_k·E_k: the element at 0 of what the given ones are points of. The elements may be of another group of that order. */
export function interpolateInExponent<P extends Element<P>>(
  scalars: Scalars,
  points: readonly { readonly key: bigint; readonly element: P }[],
  zero: P,
): P {
  const keys = points.map(({ key }) => key)
  return points.reduce(
    (sum, { key, element }) => sum.add(element.multiplyUnsafe(lagrangeAtZero(scalars, key, keys))),
    zero,
  )
}

/** The secret, from shares that are known to be of one polynomial and enough. */
export function interpolate(
  scalars: Scalars,
  shares: readonly { readonly key: bigint; readonly share: bigint }[],
): bigint {
  const keys = shares.map(({ key }) => key)
  return shares.reduce(
    (sum, { key, share }) => mod(sum + lagrangeAtZero(scalars, key, keys) * share, scalars.order),
    0n,
  )
}

/** Whether these are coordinates that a secret can be shared at: distinct scalars in [1, order). */
export function areCoordinates({ order }: Scalars, keys: readonly bigint[]): boolean {
  return keys.every((key) => key > 0n && key < order) && new Set(keys).size === keys.length
}

/**
 * Whether public shares lie on one polynomial of degree threshold - 1, and no less, that is the public key at 0.
 * @returns the condition that fails, or nothing
 */
export function flawOfPublicShares<P extends Element<P>>(
  group: Group<P>,
  shares: readonly { readonly key: bigint; readonly element: P }[],
  threshold: number,
  publicKey: P,
): string | undefined {
  const atZero = (points: typeof shares): P => interpolateInExponent(group, points, group.zero)
  const most = shares.slice(0, threshold - 1)
  // t - 1 of them with each further one in turn: points that agree on t values, the one at 0 included, share a polynomial
  if (!shares.slice(threshold - 1).every((last) => atZero([...most, last]).equals(publicKey)))
    return 'public shares interpolate to the public key'
  return atZero(most).equals(publicKey) ? 'threshold is the one the key was made with' : undefined
}

/** Σ over the dealers, coefficient by coefficient. */
export function sumCommitments<P extends Element<P>>(group: Group<P>, dealt: readonly (readonly P[])[]): readonly P[] {
  const [first = []] = dealt
  return first.map((_, c) =>
    sumElements(
      group,
      dealt.map((commitments) => commitments[c] ?? group.zero),
    ),
  )
}
