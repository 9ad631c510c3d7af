import { ed25519 as noble } from '@noble/curves/ed25519.js'
import { bytesToInteger } from '../integers/bytes.ts'
import { inPrimeOrderGroup, type Group } from './group.ts'

const { Point } = noble

/** A point of edwards25519 in the subgroup of order ℓ, wherever it comes from outside. */
export type EdwardsPoint = InstanceType<typeof Point>

const length = 32
const cofactor = 8n

/** The prime-order subgroup of edwards25519 (RFC 8032). */
export const ed25519: Group<EdwardsPoint> = {
  name: 'Ed25519',
  order: Point.Fn.ORDER,
  generator: Point.BASE,
  zero: Point.ZERO,
  elementLength: length,
  littleEndian: true,
  decodeElement(bytes) {
    if (bytes.length !== length) throw new RangeError('a point of Ed25519 has 32 bytes')
    const bigEndian = bytes.slice().reverse()
    bigEndian[0] = (bigEndian[0] ?? 0) & 0x7f
    if (bytesToInteger(bigEndian) >= Point.Fp.ORDER) return { failed: 'element is canonical' }
    const point = onCurve(bytes)
    if (point === undefined) return { failed: 'element is on the curve' }
    // x = 0 has no sign: RFC 8032 refuses the bit, ZIP 215 does not.
    if (point.x === 0n && ((bytes[length - 1] ?? 0) & 0x80) !== 0) return { failed: 'element is canonical' }
    return inPrimeOrderGroup(point, cofactor)
  },
}

function onCurve(bytes: Uint8Array): EdwardsPoint | undefined {
  try {
    return Point.fromBytes(bytes, true)
  } catch {
    return undefined
  }
}
