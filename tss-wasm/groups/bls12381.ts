import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bytesToInteger } from '../integers/bytes.ts'
import { inPrimeOrderGroup, type Decoded, type Element, type Group } from './group.ts'

const { G1, G2, fields } = bls12_381
const { Fp, Fp2, Fr } = fields

/** Public keys, 48 bytes. */
export type G1Point = InstanceType<typeof G1.Point>
/** Signatures and hashed messages, 96 bytes. */
export type G2Point = InstanceType<typeof G2.Point>

const coordinateLength = 48
export const g2Length = 96

/** The prime-order subgroup of BLS12-381's first curve. */
export const g1: Group<G1Point> = {
  name: 'BLS12-381 G1',
  order: Fr.ORDER,
  generator: G1.Point.BASE,
  zero: G1.Point.ZERO,
  elementLength: coordinateLength,
  littleEndian: false,
  decodeElement: (bytes) => decode(bytes, coordinateLength, G1.Point, outsideG1),
}

/** A signature from outside: in the prime-order subgroup of the second curve, and not the identity. */
export function decodeG2(bytes: Uint8Array): Decoded<G2Point> {
  return decode(bytes, g2Length, G2.Point, outsideG2)
}

const compressed = 0x80
const infinite = 0x40
const flags = 0xe0

/** The encoding of the ZCash specification: three flags, then the coordinates of x, each below p. */
function decode<P extends Element<P>>(
  bytes: Uint8Array,
  length: number,
  curve: { fromBytes(bytes: Uint8Array): P },
  outside: (x: Uint8Array) => Decoded<P>,
): Decoded<P> {
  if (bytes.length !== length) throw new RangeError(`a point has ${length} bytes`)
  const first = bytes[0] ?? 0
  const x = bytes.slice()
  x[0] = first & ~flags
  if ((first & compressed) === 0) return { failed: 'element is canonical' }
  if ((first & infinite) !== 0) {
    const isPlain = first === (compressed | infinite) && x.every((byte) => byte === 0)
    return { failed: isPlain ? 'element is not the identity' : 'element is canonical' }
  }
  for (let at = 0; at < length; at += coordinateLength) {
    if (bytesToInteger(x.subarray(at, at + coordinateLength)) >= Fp.ORDER) return { failed: 'element is canonical' }
  }
  try {
    return { passed: curve.fromBytes(bytes) }
  } catch {
    return outside(x) // noble says why in prose only
  }
}

function outsideG1(bytes: Uint8Array): Decoded<G1Point> {
  const { b, h } = G1.Point.CURVE()
  const x = Fp.fromBytes(bytes)
  const y = root(() => Fp.sqrt(Fp.add(Fp.mul(Fp.sqr(x), x), b)))
  if (y === undefined) return { failed: 'element is on the curve' }
  return inPrimeOrderGroup(G1.Point.fromAffine({ x, y }), h)
}

function outsideG2(bytes: Uint8Array): Decoded<G2Point> {
  const { b, h } = G2.Point.CURVE()
  const x = {
    c0: Fp.fromBytes(bytes.subarray(coordinateLength)),
    c1: Fp.fromBytes(bytes.subarray(0, coordinateLength)),
  }
  const y = root(() => Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), b)))
  if (y === undefined) return { failed: 'element is on the curve' }
  return inPrimeOrderGroup(G2.Point.fromAffine({ x, y }), h)
}

/** noble throws where there is none. */
function root<T>(take: () => T): T | undefined {
  try {
    return take()
  } catch {
    return undefined
  }
}
