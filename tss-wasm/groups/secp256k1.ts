import { secp256k1 as noble } from '@noble/curves/secp256k1.js'
import { bytesToInteger } from '../integers/bytes.ts'
import type { Group } from './group.ts'

const { Point } = noble

/** A point of secp256k1 other than infinity, wherever it comes from outside. */
export type SecpPoint = InstanceType<typeof Point>

const length = 33

/** All of secp256k1, whose order is prime; points travel compressed (SEC 1). */
export const secp256k1: Group<SecpPoint> = {
  name: 'secp256k1',
  order: Point.Fn.ORDER,
  generator: Point.BASE,
  zero: Point.ZERO,
  elementLength: length,
  littleEndian: false,
  decodeElement(bytes) {
    if (bytes.length !== length) throw new RangeError('a point of secp256k1 has 33 bytes')
    if (bytes.every((byte) => byte === 0)) return { failed: 'element is not the identity' }
    const isCompressed = bytes[0] === 2 || bytes[0] === 3
    if (!isCompressed || bytesToInteger(bytes.subarray(1)) >= Point.Fp.ORDER) return { failed: 'element is canonical' }
    try {
      return { passed: Point.fromBytes(bytes) }
    } catch {
      return { failed: 'element is on the curve' }
    }
  },
}
