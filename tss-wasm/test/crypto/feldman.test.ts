import assert from 'node:assert/strict'
import { test } from 'node:test'
import { areUsableKeys, deal, evaluateCommitments, reconstruct, verifyShare } from '../../crypto/feldman.ts'
import { generator, multiplySecret, order } from '../../curve/point.ts'
import { systemRandom } from '../../random.ts'
import { saveData } from '../fixtures.ts'

const keys = [3n, 1n << 280n, 5n, order + 9n]
const secret = 0x1234567890abcdefn
const { commitments, shares } = deal(secret, 3, keys, systemRandom)
const pair = (i: number) => ({ key: keys[i] ?? 0n, share: shares[i] ?? 0n })

test('any threshold of shares gives the secret, fewer are refused', () => {
  for (const subset of [
    [0, 1, 2],
    [1, 2, 3],
    [3, 0, 1],
    [0, 1, 2, 3],
  ]) {
    assert.equal(reconstruct(subset.map(pair), 3), secret)
  }
  assert.throws(() => reconstruct([0, 1].map(pair), 3), RangeError)
  assert.notEqual(reconstruct([0, 1].map(pair), 2), secret)
})

test("a share fits its key and its dealer's commitments, and nothing else", () => {
  shares.forEach((share, i) => {
    const key = keys[i] ?? 0n
    assert.ok(verifyShare(share, key, commitments, 3))
    assert.ok(evaluateCommitments(commitments, key).equals(multiplySecret(generator, share)))
    assert.ok(!verifyShare(share + 1n, key, commitments, 3))
    assert.ok(!verifyShare(share + order, key, commitments, 3), 'unreduced')
    assert.ok(!verifyShare(share, key + 1n, commitments, 3))
  })
  assert.ok(!verifyShare(0n, keys[0] ?? 0n, commitments, 3))
})

test('too few and too many commitments are refused, whatever they say', () => {
  const { key, share } = pair(0)
  assert.ok(!verifyShare(share, key, commitments.slice(0, 2), 3))
  assert.ok(!verifyShare(share, key, [...commitments, generator], 3))
})

test('keys that are zero or equal mod q cannot be dealt to', () => {
  for (const bad of [
    [0n, 1n],
    [order, 1n],
    [1n, 1n],
    [1n, order + 1n],
    [-1n, 2n],
  ]) {
    assert.equal(areUsableKeys(bad), false)
    assert.throws(() => deal(secret, 2, bad, systemRandom), RangeError)
  }
  assert.throws(() => deal(secret, 1, [1n, 2n], systemRandom), RangeError)
  assert.throws(() => deal(secret, 3, [1n, 2n], systemRandom), RangeError)
})

test("three fixture shares give the fixture's key", () => {
  const fixtures = [0, 2, 4].map(saveData)
  const x = reconstruct(
    fixtures.map(({ ShareID, Xi }) => ({ key: ShareID, share: Xi })),
    3,
  )
  assert.deepEqual([multiplySecret(generator, x).x, multiplySecret(generator, x).y], fixtures[0]?.ECDSAPub.Coords)
})
