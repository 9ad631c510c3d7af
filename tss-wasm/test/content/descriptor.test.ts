import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { HDKey } from 'viem/accounts'
import { bitcoinAddress } from '../../content/bitcoin.ts'
import { descriptorsOf, fingerprintOf, withChecksum } from '../../content/descriptor.ts'
import { keyAt } from '../../content/keys.ts'

const publicKey = secp256k1.getPublicKey(new Uint8Array(32).fill(7))

void test('checksums are those that the Bitcoin standards write', () => {
  const written = [
    'raw(deadbeef)#89f8spxm',
    'pkh(02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5)#8fhd9pwu',
    'wpkh(02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9)#8zl0zxma',
  ]
  for (const whole of written) assert.equal(withChecksum(whole.replace(/#.*/, '')), whole)
  assert.throws(() => withChecksum('raw(é)'), RangeError)
})

void test('whoever watches the descriptors sees the wallet’s own addresses, and names its root as other programs do', () => {
  const { branches, main } = descriptorsOf(publicKey)
  const [, origin, key = ''] = /^wpkh\(\[([0-9a-f]{8})\](xpub\w+)\/<0;1>\/\*\)#\w{8}$/.exec(branches) ?? []
  const root = HDKey.fromExtendedKey(key)
  assert.equal(origin, root.fingerprint.toString(16).padStart(8, '0'))
  assert.equal(origin, fingerprintOf(publicKey))
  for (const path of [
    [0, 0],
    [0, 19],
    [1, 3],
  ]) {
    const watched = path.reduce((above, index) => above.deriveChild(index), root).publicKey
    assert.equal(bitcoinAddress(watched ?? new Uint8Array()), bitcoinAddress(keyAt(publicKey, path).publicKey))
  }
  const [, mainOrigin, mainKey = ''] = /^wpkh\(\[([0-9a-f]{8})\]([0-9a-f]{66})\)#\w{8}$/.exec(main) ?? []
  assert.equal(mainOrigin, origin)
  assert.equal(bitcoinAddress(hexToBytes(mainKey)), bitcoinAddress(publicKey))
})
