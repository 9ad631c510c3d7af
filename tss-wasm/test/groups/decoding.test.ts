import { bls12_381 } from '@noble/curves/bls12-381.js'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeG2, g1 } from '../../groups/bls12381.ts'
import { ed25519 } from '../../groups/ed25519.ts'
import {
  decodeScalar,
  drawScalar,
  encodeScalar,
  timesGenerator,
  type Decoded,
  type Element,
  type Group,
  type Requirement,
} from '../../groups/group.ts'
import { secp256k1 } from '../../groups/secp256k1.ts'
import { bytesToHex, hexToBytes, integerToFixedBytes } from '../../integers/bytes.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'

const zeros = (bytes: number): string => '00'.repeat(bytes)
const little = (x: bigint): string => bytesToHex(integerToFixedBytes(x, 32).reverse())
const big = (x: bigint, length: number): string => bytesToHex(integerToFixedBytes(x, length))
/** With the flag of a compressed point of BLS12-381. */
const compressed = (x: bigint, length = 48): string => big(x | (1n << BigInt(8 * length - 1)), length)

const edwardsPrime = 2n ** 255n - 19n
const secpPrime = 2n ** 256n - 2n ** 32n - 977n
const blsPrime = bls12_381.fields.Fp.ORDER
/** A generator of edwards25519's points of order 8. */
const orderEight = 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'

const edwards = ed25519.generator.constructor as unknown as { fromHex(hex: string): typeof ed25519.generator }
/** (0, 2), of order 3. */
const orderThree = bls12_381.G1.Point.fromAffine({ x: 0n, y: 2n })

/** By hand: noble writes no such point. */
function withOrderThree(): string {
  const { x, y } = g1.generator.add(orderThree).toAffine()
  return compressed(y > blsPrime / 2n ? x | (1n << 381n) : x)
}

/** An x of the second curve whose point is not in the subgroup: the first that is on the curve at all. */
function outsideG2(): string {
  for (let c0 = 1n; ; c0 += 1n) {
    const hex = compressed(c0, 96)
    const decoded = decodeG2(hexToBytes(hex))
    if ('failed' in decoded && decoded.failed === 'element is in the prime-order group') return hex
    assert.ok('failed' in decoded && decoded.failed === 'element is on the curve', 'no small x is in the subgroup')
  }
}

const refused: [string, (bytes: Uint8Array) => Decoded<unknown>, string, Requirement][] = [
  ['a y of Ed25519 that is not reduced', ed25519.decodeElement, little(edwardsPrime + 1n), 'element is canonical'],
  ['a sign of Ed25519 where x is 0', ed25519.decodeElement, little(1n | (1n << 255n)), 'element is canonical'],
  ['a y of Ed25519 that has no x', ed25519.decodeElement, little(2n), 'element is on the curve'],
  ['the identity of Ed25519', ed25519.decodeElement, little(1n), 'element is not the identity'],
  ['a point of Ed25519 of order 8', ed25519.decodeElement, orderEight, 'element is not of small order'],
  ['a point of Ed25519 of order 2', ed25519.decodeElement, little(edwardsPrime - 1n), 'element is not of small order'],
  [
    'the generator of Ed25519 with a part of order 8',
    ed25519.decodeElement,
    bytesToHex(ed25519.generator.add(edwards.fromHex(orderEight)).toBytes()),
    'element is in the prime-order group',
  ],
  [
    'an x of secp256k1 that is not reduced',
    secp256k1.decodeElement,
    `02${big(secpPrime + 1n, 32)}`,
    'element is canonical',
  ],
  ['another prefix of secp256k1', secp256k1.decodeElement, `04${big(1n, 32)}`, 'element is canonical'],
  ['an x of secp256k1 that has no y', secp256k1.decodeElement, `02${big(5n, 32)}`, 'element is on the curve'],
  ['zeros for secp256k1', secp256k1.decodeElement, zeros(33), 'element is not the identity'],
  ['a point of G1 without its flag', g1.decodeElement, big(3n, 48), 'element is canonical'],
  ['an x of G1 that is not reduced', g1.decodeElement, compressed(blsPrime), 'element is canonical'],
  ['an infinity of G1 with something in it', g1.decodeElement, `c0${zeros(46)}01`, 'element is canonical'],
  ['an infinity of G1 with a sign', g1.decodeElement, `e0${zeros(47)}`, 'element is canonical'],
  ['the infinity of G1', g1.decodeElement, `c0${zeros(47)}`, 'element is not the identity'],
  ['an x of G1 that has no y', g1.decodeElement, compressed(1n), 'element is on the curve'],
  ['a point of G1 of order 3', g1.decodeElement, compressed(0n), 'element is not of small order'],
  [
    'the generator of G1 with a part of order 3',
    g1.decodeElement,
    withOrderThree(),
    'element is in the prime-order group',
  ],
  ['the infinity of G2', decodeG2, `c0${zeros(95)}`, 'element is not the identity'],
  ['a first coordinate of G2 that is not reduced', decodeG2, compressed(blsPrime << 384n, 96), 'element is canonical'],
  ['a second coordinate of G2 that is not reduced', decodeG2, compressed(blsPrime, 96), 'element is canonical'],
  ['an x of G2 that has no y', decodeG2, compressed(0n, 96), 'element is on the curve'],
  ['a point of G2 outside the subgroup', decodeG2, outsideG2(), 'element is in the prime-order group'],
]

describe('an element from outside', () => {
  for (const [what, decode, hex, requirement] of refused) {
    it(`that is ${what} is refused by its own reason`, () => {
      assert.deepEqual(decode(hexToBytes(hex)), { failed: requirement })
    })
  }
})

function suite<P extends Element<P>>(group: Group<P>): void {
  const { name, order } = group
  it(`of ${name} survives its encoding, and no other length is read`, () => {
    for (let i = 0; i < 5; i += 1) {
      const element = timesGenerator(group, drawScalar(group, seededRandom(`${name} ${i}`)))
      const bytes = element.toBytes()
      const decoded = group.decodeElement(bytes)
      assert.ok('passed' in decoded && decoded.passed.equals(element))
      assert.throws(() => group.decodeElement(bytes.subarray(1)), RangeError)
    }
  })

  it(`that is a scalar of ${name} is never reduced`, () => {
    const bytes = (x: bigint): Uint8Array =>
      group.littleEndian ? integerToFixedBytes(x, 32).reverse() : integerToFixedBytes(x, 32)
    for (const x of [1n, 2n, order - 1n]) {
      assert.deepEqual(encodeScalar(group, x), bytes(x))
      assert.deepEqual(decodeScalar(group, bytes(x)), { passed: x })
    }
    for (const x of [order, order + 5n, 2n ** 256n - 1n])
      assert.deepEqual(decodeScalar(group, bytes(x)), { failed: 'scalar is below the order' })
    assert.deepEqual(decodeScalar(group, bytes(0n)), { failed: 'scalar is not zero' })
    assert.throws(() => decodeScalar(group, new Uint8Array(31)), RangeError)
    for (const x of [-1n, order]) assert.throws(() => encodeScalar(group, x), RangeError)
  })
}

describe('a value', () => {
  suite(ed25519)
  suite(secp256k1)
  suite(g1)
})
