import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sameBytes } from '../../bytes.ts'
import { bytesToHex, bytesToInteger, integerToBytes, integerToFixedBytes } from '../../integers/bytes.ts'
import { bitLength, floorSqrt, gcd, inverse, jacobi, mod } from '../../integers/numberTheory.ts'
import { randomBelow, randomUnit } from '../../integers/sampling.ts'
import type { RandomSource } from '../../random.ts'

const big = fc.bigInt({ min: 0n, max: 1n << 2048n })

test('B(x) is minimal, drops the sign, and has the empty string for zero', () => {
  assert.equal(bytesToHex(integerToBytes(0n)), '')
  assert.equal(bytesToHex(integerToBytes(-256n)), '0100')
  assert.equal(bytesToHex(integerToBytes(0xabcn)), '0abc')
  fc.assert(fc.property(big, (x) => bytesToInteger(integerToBytes(x)) === x && integerToBytes(x)[0] !== 0))
  assert.equal(bytesToInteger(Uint8Array.of(0, 0, 5)), 5n)
})

test('fixed length pads, and refuses what does not fit', () => {
  assert.equal(bytesToHex(integerToFixedBytes(0x1234n, 4)), '00001234')
  assert.throws(() => integerToFixedBytes(0x1234n, 1), RangeError)
  assert.throws(() => integerToFixedBytes(-1n, 4), RangeError)
  assert.equal(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2)), true)
  assert.equal(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3)), false)
  assert.equal(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 0)), false)
})

test('inverse inverts exactly the units', () => {
  fc.assert(
    fc.property(big, fc.bigInt({ min: 2n, max: 1n << 512n }), (x, m) => {
      if (gcd(x, m) !== 1n) assert.throws(() => inverse(x, m), RangeError)
      else assert.equal((inverse(x, m) * mod(x, m)) % m, 1n)
    }),
  )
})

test('jacobi agrees with squares modulo small primes and multiplies over the modulus', () => {
  for (const prime of [3n, 5n, 7n, 11n, 13n, 17n, 19n, 101n, 103n]) {
    const squares = new Set(Array.from({ length: Number(prime) }, (_, i) => (BigInt(i) * BigInt(i)) % prime))
    for (let x = 1n; x < prime; x++) assert.equal(jacobi(x, prime), squares.has(x) ? 1 : -1)
    assert.equal(jacobi(prime, prime), 0)
  }
  fc.assert(
    fc.property(big, big, big, (x, m, n) => {
      const [a, b] = [2n * m + 1n, 2n * n + 1n]
      assert.equal(jacobi(x, a * b), jacobi(x, a) * jacobi(x, b) + 0)
    }),
  )
  assert.throws(() => jacobi(3n, 10n), RangeError)
})

test('bit length and floor square root', () => {
  fc.assert(
    fc.property(big, (x) => {
      assert.equal(bitLength(x), x === 0n ? 0 : x.toString(2).length)
      const root = floorSqrt(x)
      assert.ok(root * root <= x && (root + 1n) * (root + 1n) > x)
    }),
  )
})

test('sampling covers its range exactly, zero included or not', () => {
  let state = 1
  const counting: RandomSource = (length) => {
    state = (state * 48271) % 2147483647
    return new Uint8Array(length).fill(state & 0xff)
  }
  const below = new Set(Array.from({ length: 500 }, () => randomBelow(counting, 5n)))
  assert.deepEqual([...below].sort(), [0n, 1n, 2n, 3n, 4n])
  const units = new Set(Array.from({ length: 500 }, () => randomUnit(counting, 12n)))
  assert.deepEqual(
    [...units].sort((a, b) => Number(a - b)),
    [1n, 5n, 7n, 11n],
  )
  assert.equal(randomBelow(counting, 1n), 0n)
  assert.throws(() => randomBelow((length) => new Uint8Array(length).fill(255), 5n), /random source/)
})
