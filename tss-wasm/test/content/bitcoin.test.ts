import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { bitcoinAddress } from '../../content/bitcoin.ts'

// BIP-173 "Examples" and BIP-84 "Test vectors".
const published = [
  ['0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
  ['0330d54fd0dd420a6e5f8d3624f5f3482cae350f79d5f0753bf5beef9c2d91af3c', 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu'],
  ['03e775fd51f0dfb8cd865d9ff1cca2a158cf651fe997fdc9fee9c1d3b5e995ea77', 'bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g'],
] as const

void test('Bitcoin addresses are those that BIP-173 and BIP-84 publish', () => {
  for (const [key, address] of published) assert.equal(bitcoinAddress(hexToBytes(key)), address)
})

void test('an uncompressed key has the address of the same key compressed', () => {
  const uncompressed = secp256k1.Point.BASE.toBytes(false)
  assert.equal(bitcoinAddress(uncompressed), published[0][1])
})

void test('a key that is not a point of the curve has no address', () => {
  assert.throws(() => bitcoinAddress(new Uint8Array(33)))
})
