import { bytesToInteger, integerToFixedBytes } from '../integers/bytes.ts'
import { mod } from '../integers/numberTheory.ts'
import { randomNonZero } from '../integers/sampling.ts'
import type { RandomSource } from '../random.ts'

/** What an element of a group can do, whichever group it is. The points of noble-curves fit as they are. */
export interface Element<P> {
  add(other: P): P
  negate(): P
  equals(other: P): boolean
  is0(): boolean
  /** Constant time as far as BigInt allows; the scalar is in [1, order). */
  multiply(scalar: bigint): P
  /** Faster, for scalars that everybody may know; the scalar is in [0, order). */
  multiplyUnsafe(scalar: bigint): P
  toBytes(): Uint8Array
  isTorsionFree(): boolean
}

/** What a decoder asks of bytes from outside, in the order in which it looks (SCHEMES 2.1). */
export type Requirement =
  | 'element is canonical'
  | 'element is on the curve'
  | 'element is not the identity'
  | 'element is not of small order'
  | 'element is in the prime-order group'
  | 'scalar is below the order'
  | 'scalar is not zero'

/** A value, or the first requirement that its bytes miss. */
export type Decoded<T> = { readonly passed: T } | { readonly failed: Requirement }

/** The integers modulo a prime order, and how they travel: always as 32 bytes. */
export interface Scalars {
  readonly order: bigint
  /** Whether the lowest byte comes first. */
  readonly littleEndian: boolean
}

/** A group of prime order: what keygen, resharing and recovery are written over (SCHEMES 2). */
export interface Group<P extends Element<P>> extends Scalars {
  readonly name: 'Ed25519' | 'secp256k1' | 'BLS12-381 G1'
  readonly generator: P
  readonly zero: P
  /** Bytes of an encoded element. */
  readonly elementLength: number
  /** Strict: one encoding for one element, which is neither the identity nor outside the prime-order group. */
  readonly decodeElement: (bytes: Uint8Array) => Decoded<P>
}

export const scalarLength = 32

/**
 * Fixed length, in the group's byte order.
 * @throws RangeError for a scalar outside [0, order)
 */
export function encodeScalar({ order, littleEndian }: Scalars, scalar: bigint): Uint8Array<ArrayBuffer> {
  if (scalar < 0n || scalar >= order) throw new RangeError('a scalar is in [0, order)')
  const bytes = integerToFixedBytes(scalar, scalarLength)
  return littleEndian ? bytes.reverse() : bytes
}

/**
 * A scalar in [1, order). Never reduced: noble's BLS field would take r + 5 for 5.
 * @throws RangeError unless there are 32 bytes; lengths are the codec's business
 */
export function decodeScalar({ order, littleEndian }: Scalars, bytes: Uint8Array): Decoded<bigint> {
  if (bytes.length !== scalarLength) throw new RangeError('a scalar has 32 bytes')
  const bigEndian = littleEndian ? bytes.slice().reverse() : bytes
  const scalar = bytesToInteger(bigEndian)
  if (littleEndian) bigEndian.fill(0)
  if (scalar >= order) return { failed: 'scalar is below the order' }
  return scalar === 0n ? { failed: 'scalar is not zero' } : { passed: scalar }
}

/** Uniform in [1, order). */
export function drawScalar({ order }: Scalars, random: RandomSource): bigint {
  return randomNonZero(random, order)
}

/** scalar·G for a secret scalar; reduced, zero gives the identity. */
export function timesGenerator<P extends Element<P>>({ order, generator, zero }: Group<P>, scalar: bigint): P {
  const reduced = mod(scalar, order)
  return reduced === 0n ? zero : generator.multiply(reduced)
}

/** scalar·element, for scalars everybody may know; reduced, zero gives the identity. */
export function timesPublic<P extends Element<P>>({ order }: Group<P>, element: P, scalar: bigint): P {
  return element.multiplyUnsafe(mod(scalar, order))
}

export function sumElements<P extends Element<P>>({ zero }: Group<P>, elements: Iterable<P>): P {
  let sum = zero
  for (const element of elements) sum = sum.add(element)
  return sum
}

/** What comes after the bytes are known to be an element of the curve. */
export function inPrimeOrderGroup<P extends Element<P>>(element: P, cofactor: bigint): Decoded<P> {
  if (element.is0()) return { failed: 'element is not the identity' }
  if (element.isTorsionFree()) return { passed: element }
  if (times(element, cofactor).is0()) return { failed: 'element is not of small order' }
  return { failed: 'element is in the prime-order group' }
}

/** Outside the prime-order group, where noble's multiplications reduce or refuse: doubled and added, all of it public. */
function times<P extends Element<P>>(element: P, factor: bigint): P {
  let sum = element
  for (const bit of factor.toString(2).slice(1)) sum = bit === '1' ? sum.add(sum).add(element) : sum.add(sum)
  return sum
}
