import { sha256 } from '@noble/hashes/sha2.js'
import { mulAddUnsafe } from '@noble/curves/abstract/curve.js'
import { bytesToInteger, concatBytes, integerToFixedBytes } from '../integers/bytes.ts'
import { mod } from '../integers/numberTheory.ts'
import { generator, order, Point } from './point.ts'

/** Products, all public, whose sum is to be infinity. The scalars may be negative and of any length. */
export type PointEquation = readonly (readonly [scalar: bigint, point: Point])[]

/**
 * The name of the first equation that does not hold, or nothing. Honest ones cost one sum of products for all of them:
 * each is multiplied by a weight of 128 bits that hashes everything, so a false one hides with probability 2^-128.
 */
export function firstFalse(equations: Readonly<Record<string, PointEquation>>): string | undefined {
  const all = Object.entries(equations)
  if (allHold(all.map(([, equation]) => equation))) return undefined
  return all.find(([, equation]) => !vanishes(equation))?.[0]
}

/** Whether all hold, 256 at most, for the price of one sum of products. */
export function allHold(equations: readonly PointEquation[]): boolean {
  return vanishes(weighted(equations))
}

/** All equations as one. The first has weight 1. */
function weighted(equations: readonly PointEquation[]): PointEquation {
  if (equations.length > 256) throw new RangeError('too many equations at once')
  const digest = sha256(concatBytes(...equations.flatMap((equation) => equation.flatMap(bytesOf))))
  return equations.flatMap((equation, i) => {
    if (i === 0) return equation
    const weight = bytesToInteger(sha256(concatBytes(digest, Uint8Array.of(i))).subarray(0, 16))
    return equation.map(([scalar, point]) => [mod(scalar * weight, order), point] as const)
  })
}

function bytesOf([scalar, point]: PointEquation[number]): readonly Uint8Array[] {
  return [integerToFixedBytes(mod(scalar, order), 32), point.is0() ? new Uint8Array(33) : point.toBytes(true)]
}

function vanishes(equation: PointEquation): boolean {
  const scalars = new Map<Point, bigint>()
  for (const [scalar, point] of equation) scalars.set(point, (scalars.get(point) ?? 0n) + scalar)
  // G has a table.
  const ofG = scalars.get(generator) ?? 0n
  scalars.delete(generator)
  const points = [...scalars.keys()]
  const sum = mulAddUnsafe(
    Point,
    points,
    [...scalars.values()].map((scalar) => mod(scalar, order)),
  )
  return sum.add(generator.multiplyUnsafe(mod(ofG, order))).is0()
}
