import { secp256k1 } from '@noble/curves/secp256k1.js'

/** q, the order of the group (Go's curve package calls it N). */
export const order: bigint = secp256k1.Point.Fn.ORDER
/** p, the prime of the field. */
export const fieldPrime: bigint = secp256k1.Point.Fp.ORDER

/** A point of secp256k1 other than infinity wherever it comes from outside. */
export type Point = InstanceType<typeof secp256k1.Point>
export const Point = secp256k1.Point
