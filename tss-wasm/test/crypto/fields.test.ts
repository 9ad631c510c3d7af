import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteReader } from '../../bytes.ts'
import { bytes, type Field, point, record, scalar, signed, times, unsigned } from '../../crypto/fields.ts'
import { generator, order as q } from '../../curve/point.ts'
import { bytesToHex, hexToBytes } from '../../integers/bytes.ts'

function read<T>(field: Field<T>, hex: string): T {
  const reader = new ByteReader(hexToBytes(hex))
  const value = field.decode(reader)
  reader.end()
  return value
}

test('an integer is a sign, a length and the fewest bytes', () => {
  for (const [value, hex] of [
    [0n, '000000'],
    [1n, '00000101'],
    [-1n, '01000101'],
    [0x1ffn, '00000201ff'],
    [-0x1ffn, '01000201ff'],
  ] as const) {
    assert.equal(bytesToHex(signed(9).encode(value)), hex)
    assert.equal(read(signed(9), hex), value)
  }
})

test('an integer has one form, and its bound is looked at before its bytes are', () => {
  for (const hex of ['00000200ff', '010000', '020001ff', '0000020200', '00ffff', '0000', '00000201', '0000020101ff']) {
    assert.throws(() => read(signed(9), hex), RangeError, hex)
  }
  assert.throws(() => signed(9).encode(512n), RangeError)
  assert.throws(() => read(unsigned(9), '01000101'), RangeError)
  assert.throws(() => unsigned(9).encode(-1n), RangeError)
})

test('a point is compressed, on the curve, and never infinity', () => {
  assert.ok(read(point, bytesToHex(generator.toBytes(true))).equals(generator))
  for (const hex of ['00', '00'.repeat(33), `02${'00'.repeat(31)}05`, `02${'ff'.repeat(32)}`, `04${'11'.repeat(64)}`]) {
    assert.throws(() => read(point, hex), RangeError, hex)
  }
})

test('a scalar has 32 bytes and is below the order', () => {
  assert.equal(read(scalar, '00'.repeat(32)), 0n)
  assert.throws(() => read(scalar, q.toString(16)), RangeError)
  assert.throws(() => scalar.encode(q), RangeError)
  assert.throws(() => read(scalar, '01'), RangeError)
})

test('lists have their length and records their order', () => {
  const field = record({ two: times(2, unsigned(8)), end: bytes(1) })
  assert.equal(bytesToHex(field.encode({ two: [1n, 2n], end: Uint8Array.of(9) })), '000001010000010209')
  assert.deepEqual(read(field, '000001010000010209'), { two: [1n, 2n], end: Uint8Array.of(9) })
  assert.throws(() => times(2, scalar).encode([1n]), RangeError)
  assert.throws(() => bytes(2).encode(Uint8Array.of(9)), RangeError)
})
