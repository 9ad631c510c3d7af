import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { HDKey } from 'viem/accounts'
import { extendedPrivateKey, extendedPublicKey } from '../../content/extendedKey.ts'
import { chainCodeOf, keyAt, keysOf, longestPath } from '../../content/keys.ts'
import { ContentRefused } from '../../content/refused.ts'

const secretKey = new Uint8Array(32).fill(7)
const publicKey = secp256k1.getPublicKey(secretKey)

void test('keys below the wallet’s are those that another BIP-32 implementation derives', () => {
  const index = fc.integer({ min: 0, max: 2 ** 31 - 1 })
  fc.assert(
    fc.property(fc.array(index, { minLength: 1, maxLength: longestPath }), (path) => {
      const theirs = path.reduce(
        (key, below) => key.deriveChild(below),
        new HDKey({ publicKey, chainCode: chainCodeOf(publicKey) }),
      )
      const ours = keyAt(publicKey, path)
      assert.equal(bytesToHex(ours.publicKey), bytesToHex(theirs.publicKey ?? new Uint8Array()))
      const { Fn } = secp256k1.Point
      const secret = Fn.toBytes(Fn.add(Fn.fromBytes(secretKey), ours.tweak))
      assert.equal(bytesToHex(secp256k1.getPublicKey(secret)), bytesToHex(ours.publicKey))
    }),
    { numRuns: 20 },
  )
})

void test('the extended keys are what another implementation writes', () => {
  const theirs = new HDKey({ publicKey, chainCode: chainCodeOf(publicKey) })
  assert.equal(extendedPublicKey(publicKey), theirs.publicExtendedKey)
  const secret = new HDKey({ privateKey: secretKey, chainCode: chainCodeOf(publicKey) })
  assert.equal(extendedPrivateKey(publicKey, secretKey), secret.privateExtendedKey)
})

void test('the wallet’s own key is at the empty path, and invalid paths are refused', () => {
  assert.deepEqual(keyAt(publicKey, []), { path: [], publicKey, tweak: 0n })
  assert.deepEqual(keysOf(publicKey, 1, 3)[2], keyAt(publicKey, [1, 2]))
  for (const path of [[-1], [2 ** 31], [0.5], Array<number>(longestPath + 1).fill(0)]) {
    assert.throws(() => keyAt(publicKey, path), ContentRefused)
  }
})
