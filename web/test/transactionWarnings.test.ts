import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hexToBytes } from '@noble/hashes/utils.js'
import { en } from '../app/texts/en.ts'
import { warningsOf } from '../app/sign/review/transactionWarnings.ts'

const friend = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
/** Of no token that we know. */
const token = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const nobody = `0x${'0'.repeat(40)}`
const payment = {
  chainId: 1n,
  nonce: 7n,
  maxPriorityFeePerGas: 10n ** 9n,
  maxFeePerGas: 30n * 10n ** 9n,
  gasLimit: 60_000n,
  to: friend,
  value: 10n ** 18n,
  data: new Uint8Array(),
  accessList: [],
}

/** A call of the token contract with an address and the amount of 5. */
function tokenCall(selector: string, address: string) {
  const words = `${address.slice(2).padStart(64, '0')}${'5'.padStart(64, '0')}`
  return { ...payment, to: token, value: 0n, data: hexToBytes(selector + words.toLowerCase()) }
}

test('an ordinary payment is not warned of', () => {
  assert.deepEqual(warningsOf(payment), [])
})

test('what nobody can take back from where it goes is warned of', () => {
  assert.deepEqual(warningsOf({ ...payment, to: nobody }), ['lost'])
  assert.deepEqual(warningsOf({ ...payment, to: '0x000000000000000000000000000000000000dEaD' }), ['lost'])
  assert.deepEqual(warningsOf(tokenCall('a9059cbb', nobody)), ['lost', 'tokenCall'])
  assert.deepEqual(warningsOf(tokenCall('a9059cbb', token)), ['tokenToItself', 'tokenCall'])
  assert.deepEqual(warningsOf(tokenCall('a9059cbb', friend)), ['tokenCall'])
})

test('nobody loses tokens by allowing nobody to take them', () => {
  assert.deepEqual(warningsOf(tokenCall('095ea7b3', nobody)), ['tokenCall'])
})

test('a token that we know is not asked to be looked at', () => {
  const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
  const call = { ...tokenCall('a9059cbb', friend), to: usdc }
  assert.deepEqual(warningsOf(call), [])
  assert.deepEqual(warningsOf({ ...call, chainId: 10n }), ['tokenCall'])
})

test('value that is sent with code is said to be the new contract’s to keep', () => {
  const deploying = { ...payment, to: undefined, data: new Uint8Array(40).fill(0x60), gasLimit: 100_000n }
  assert.deepEqual(warningsOf({ ...deploying, value: 0n }), ['deploy'])
  assert.deepEqual(warningsOf(deploying), ['deploy', 'deployValue'])
  assert.match(en.review.warnings.deployValue, /which may keep it/)
})

test('a fee of nothing, and gas below what Ethereum asks for much data, are noticed', () => {
  assert.deepEqual(warningsOf({ ...payment, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }), ['noFee'])
  const data = new Uint8Array(1000).fill(1)
  assert.deepEqual(warningsOf({ ...payment, data, gasLimit: 40_000n }), ['call', 'gasFloor'])
  assert.deepEqual(warningsOf({ ...payment, data, gasLimit: 61_000n }), ['call'])
})

test('code for an account is said to be the danger that it is, the more for the account that signs', () => {
  const authorization = { chainId: 0n, address: token, nonce: 1n, yParity: 0n, r: 1n, s: 1n, authority: friend }
  const delegating = { ...payment, form: 'delegation' as const, authorizations: [authorization] }
  assert.deepEqual(warningsOf(delegating, friend), ['delegatesThis', 'delegation', 'everyChain'])
  assert.deepEqual(warningsOf(delegating, token), ['delegation', 'everyChain'])
  const taken = { ...authorization, address: nobody }
  assert.deepEqual(warningsOf({ ...delegating, authorizations: [taken] }, friend), [])
  assert.deepEqual(warningsOf({ ...delegating, authorizations: [{ ...authorization, authority: undefined }] }), [])
})
