import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BitcoinPayment, PaymentOutput } from '../../tss-wasm/content/psbt.ts'
import { keyAt } from '../../tss-wasm/content/keys.ts'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { paymentWarningsOf } from '../app/sign/review/paymentWarnings.ts'

const now = Date.UTC(2026, 10, 30)
const key = keyAt(secp256k1.getPublicKey(new Uint8Array(32).fill(7)), [])
const output = (changes: Partial<PaymentOutput>): PaymentOutput => ({
  amount: 90_000n,
  script: new Uint8Array(22),
  address: 'bc1',
  kind: 'address',
  back: undefined,
  ...changes,
})
const payment: BitcoinPayment = {
  inputs: [{ transactionId: '', index: 0, amount: 100_000n, sequence: 0, key }],
  outputs: [output({})],
  leaving: 90_000n,
  fee: 1000n,
  size: 110,
  isReplaceable: true,
  notBefore: 0,
  waitsForCoins: false,
  areAmountsProven: true,
}
const warned = (changes: Partial<BitcoinPayment>) => paymentWarningsOf({ ...payment, ...changes }, now)

test('an ordinary payment is not warned of, also with the lock time that most wallets write', () => {
  assert.deepEqual(warned({}), [])
  for (const notBefore of [840_000, 975_000, Math.floor(now / 1000) - 1]) assert.deepEqual(warned({ notBefore }), [])
})

test('a lock that lies in the future is', () => {
  for (const notBefore of [1_100_000, Math.floor(now / 1000) + 3600])
    assert.deepEqual(warned({ notBefore }), ['locked'])
  assert.deepEqual(warned({ waitsForCoins: true }), ['waits'])
})

test('a fee is measured by what leaves, and within the wallet by what is moved', () => {
  assert.deepEqual(warned({ fee: 9001n }), ['fee'])
  const toSelf = { leaving: 0n, outputs: [output({ back: [1, 0] })] }
  assert.deepEqual(warned({ ...toSelf, fee: 10_000n }), [])
  assert.deepEqual(warned({ ...toSelf, fee: 60_000n }), ['feeToSelf', 'rate'])
})

test('a fee below what nodes pass on today is, and one below yesterday’s is not', () => {
  assert.deepEqual(warned({ fee: 50n }), [])
  assert.deepEqual(warned({ fee: 11n }), [])
  assert.deepEqual(warned({ fee: 10n }), ['slow'])
})

test('money that is burnt or left to anybody is a loss; words without money are none', () => {
  const beside = (changes: Partial<PaymentOutput>) =>
    warned({ outputs: [output({}), output({ address: undefined, ...changes })] })
  assert.deepEqual(beside({ kind: 'memo', amount: 0n }), [])
  assert.deepEqual(beside({ kind: 'memo', amount: 5n }), ['burnt'])
  assert.deepEqual(beside({ kind: 'anybody', amount: 240n }), ['anybody'])
  assert.deepEqual(beside({ kind: 'nobody', amount: 1n }), ['nobody'])
  assert.deepEqual(beside({ kind: 'other', amount: 1n }), ['script'])
})
