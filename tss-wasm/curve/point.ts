import { secp256k1 } from '@noble/curves/secp256k1.js'
import { mod } from '../integers/numberTheory.ts'

/** q, the order of the group (Go's curve package calls it N). */
export const order: bigint = secp256k1.Point.Fn.ORDER
/** p, the prime of the field. */
export const fieldPrime: bigint = secp256k1.Point.Fp.ORDER

/** A point of secp256k1 other than infinity wherever it comes from outside. */
export type Point = InstanceType<typeof secp256k1.Point>
export const Point = secp256k1.Point

/** G */
export const generator: Point = Point.BASE

/**
 * The point with these affine coordinates, or nothing unless 0 <= x, y < p and y^2 = x^3 + 7. Infinity has no
 * coordinates. Stricter than tss-lib, which reduces and truncates them (WIRE 4.4).
 */
export function pointFromCoordinates(x: bigint, y: bigint): Point | undefined {
  if (x < 0n || x >= fieldPrime || y < 0n || y >= fieldPrime) return undefined
  return mod(y * y - x * x * x - 7n, fieldPrime) === 0n ? Point.fromAffine({ x, y }) : undefined
}

/**
 * Affine coordinates of a point.
 * @throws Error for infinity, which has none
 */
export function coordinates(point: Point): readonly [x: bigint, y: bigint] {
  if (point.is0()) throw new Error('infinity has no coordinates')
  const { x, y } = point.toAffine()
  return [x, y]
}

/** x_0, y_0, x_1, y_1, ..: the order in which points are hashed and sent (WIRE 4.4). */
export function flattenPoints(points: readonly Point[]): bigint[] {
  return points.flatMap(coordinates)
}

/** The inverse of `flattenPoints`, or nothing if the count is odd or a pair is not a point. */
export function unflattenPoints(integers: readonly bigint[]): Point[] | undefined {
  if (integers.length % 2 !== 0) return undefined
  const points: Point[] = []
  for (let i = 0; i < integers.length; i += 2) {
    const point = pointFromCoordinates(integers[i] ?? -1n, integers[i + 1] ?? -1n)
    if (point === undefined) return undefined
    points.push(point)
  }
  return points
}

/**
 * scalar·point in constant time as far as BigInt allows, for secret scalars; reduced mod q, zero gives infinity.
 * For G itself a table is used.
 */
export function multiplySecret(point: Point, scalar: bigint): Point {
  const reduced = mod(scalar, order)
  return reduced === 0n || point.is0() ? Point.ZERO : point.multiply(reduced)
}

/** scalar·point, faster, for scalars everybody may know; reduced mod q, zero gives infinity. */
export function multiplyPublic(point: Point, scalar: bigint): Point {
  return point.multiplyUnsafe(mod(scalar, order))
}

export function sumPoints(points: Iterable<Point>): Point {
  let sum = Point.ZERO
  for (const point of points) sum = sum.add(point)
  return sum
}
