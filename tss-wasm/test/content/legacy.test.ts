import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import {
  parseTransaction,
  recoverTransactionAddress,
  serializeTransaction,
  toRlp,
  type Hex,
  type TransactionSerializedLegacy,
} from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { assembleSigned, signingDigest } from '../../content/ethereum.ts'
import { ContentRefused } from '../../content/refused.ts'
import { decodeTransaction } from '../../content/transaction.ts'

const secretKey = new Uint8Array(32).fill(7)
const to = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const legacy = { type: 'legacy', chainId: 137, nonce: 4, to, value: 3n, gas: 21_000n, gasPrice: 30n } as const

function bytes(text: string): Uint8Array {
  return hexToBytes(text.slice(2))
}

void test('a legacy transaction is decoded, signed and recovered by viem on its own chain', async () => {
  const unsigned = bytes(serializeTransaction(legacy))
  const { chainId, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas, value, ...rest } = decodeTransaction(unsigned)
  assert.deepEqual(
    [chainId, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas, value],
    [137n, 4n, 21_000n, 30n, 30n, 3n],
  )
  assert.deepEqual([rest.form, rest.to, rest.data.length], ['legacy', to, 0])

  const content = { type: 'ethereum-transaction', unsigned } as const
  const raw = secp256k1.sign(signingDigest(content), secretKey, { prehash: false, format: 'recovered' })
  const signed = assembleSigned(content, { r: raw.slice(1, 33), s: raw.slice(33), recovery: raw[0] ?? 0 })
  const serializedTransaction = signed as TransactionSerializedLegacy
  assert.equal(
    await recoverTransactionAddress({ serializedTransaction }),
    privateKeyToAddress(`0x${bytesToHex(secretKey)}`),
  )
  const { chainId: chain, type } = parseTransaction(serializedTransaction)
  assert.deepEqual([chain, type], [137, 'legacy'])
})

void test('a legacy transaction of no chain, or signed already, is refused', () => {
  const anywhere = { type: 'legacy', nonce: 4, to, value: 3n, gas: 21_000n, gasPrice: 30n } as const
  const signed = serializeTransaction(legacy, { r: `0x${'1'.repeat(64)}`, s: `0x${'2'.repeat(64)}`, v: 310n })
  const zeroChain: Hex[] = ['0x04', '0x1e', '0x5208', to, '0x03', '0x', '0x', '0x', '0x']
  const cases = [
    [serializeTransaction(anywhere), 'any-chain'],
    [signed, 'already-signed'],
    [toRlp(zeroChain), 'too-small'],
    [toRlp(zeroChain.slice(1)), 'wrong-field-count'],
    [`${serializeTransaction(legacy)}00`, 'not-rlp'],
  ] as const
  for (const [unsigned, rule] of cases) {
    assert.throws(
      () => decodeTransaction(bytes(unsigned)),
      (error) => error instanceof ContentRefused && error.rule === rule,
      rule,
    )
  }
})
