import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commit, commitWith, openCommitment } from '../../crypto/commitment.ts'
import { hashBytes, hashIntegers, hashTagged, proofContext } from '../../crypto/hash.ts'
import { joinParts, splitParts } from '../../crypto/lengthPrefixed.ts'
import { bytesToHex, integerToBytes, utf8ToBytes } from '../../integers/bytes.ts'
import { systemRandom } from '../../random.ts'

test('WIRE 12.1: hashes', () => {
  const nothing = 'bbbbf79af6a54ebfd64b703fca4241d1ef2930bd8fcd0c898da64eeac240fe24'
  const hex = (x: bigint) => bytesToHex(integerToBytes(x))
  assert.equal(bytesToHex(hashBytes(new Uint8Array(0))), nothing)
  assert.equal(
    bytesToHex(hashBytes(utf8ToBytes('hello'), utf8ToBytes('world'))),
    '7b7e7c91ce33f5a9082fd42e42aa420b52a0751c08728e7a86bf9e9b41b3ef04',
  )
  assert.equal(hex(hashIntegers([0n])), nothing)
  assert.equal(hex(hashIntegers([1n, 2n, 3n])), '5fa29220b9e52d1f1c7ea75779d94cc5f9d15b4ac968c687ac9a412b03d9a0ae')
  assert.equal(hex(hashIntegers([-256n, 65536n])), '973447e0815b714a8a1b8c6338c2b760ebdfaad146f2fcdda63a7fb18a3be699')
  const tag = utf8ToBytes('tag')
  const none = new Uint8Array(0)
  assert.equal(hex(hashTagged(tag, [1n, 2n, 3n])), '24a886a8a1d03750a97cf882d4eec7d3f82fa117e814a15671249fea7e71aea9')
  assert.equal(hex(hashTagged(none, [1n])), 'b6b9cbe5c18c3afbf665659882cd2846aba2c9389d2f54dbb55976e9648eb2a3')
  assert.equal(hex(hashTagged(none, [0n, 1n])), 'eb2c39aee0d65872b14571e641eaba853d0b43d23e448586f8c6f8d1758c072a')
  assert.throws(() => hashIntegers([]), /nothing to hash/)
})

test('the context of position 0 is the bare ssid, of 256 two bytes longer', () => {
  const ssid = Uint8Array.of(0, 0x11)
  const context = (position: number) => bytesToHex(proofContext(ssid, position))
  assert.deepEqual([context(0), context(7), context(256)], ['0011', '001107', '00110100'])
})

test('WIRE 12.1: commitment, and what does not open it', () => {
  const { commitment, opening } = commitWith(5n, [6n, 7n])
  assert.equal(commitment, 0x455fa8d8817e59e2c3cca1e3643e2f266aaeb0a26e5b51bcc3155b8e071341fan)
  assert.deepEqual(openCommitment(commitment, opening, 2), [6n, 7n])
  assert.equal(openCommitment(commitment, opening, 1), undefined)
  assert.equal(openCommitment(commitment, [5n, 6n, 8n], 2), undefined)
  assert.equal(openCommitment(commitment + 1n, opening, 2), undefined)
  assert.equal(openCommitment(commitment, [], 2), undefined)
  assert.notEqual(commit([6n], systemRandom).commitment, commit([6n], systemRandom).commitment)
})

test('WIRE 12.1: length-prefixed parts, and lengths that lie', () => {
  const parts = [[9n, 8n], [], [7n]]
  assert.deepEqual(joinParts(parts), [2n, 9n, 8n, 0n, 1n, 7n])
  assert.deepEqual(splitParts(joinParts(parts)), parts)
  for (const lie of [
    [],
    [1n],
    [-1n, 5n],
    [3n, 1n, 2n],
    [1n << 64n, 1n],
    [(1n << 64n) - 1n, 1n],
    [0n, 0n, 0n, 0n],
    [1n, 5n, 2n],
  ]) {
    assert.equal(splitParts(lie), undefined, lie.join())
  }
})
