import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { hexToBytes } from '@noble/hashes/utils.js'
import { encodeFunctionData, erc20Abi } from 'viem'
import { encodeTransaction } from '../../tss-wasm/content/transaction.ts'
import { formatGrouped, parseAmount } from '../app/sign/amounts.ts'
import { contentSummary } from '../app/sign/contentSummary.ts'
import { en } from '../app/texts/en.ts'

const friend = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'

/** One line for a call of `transfer` on a contract. */
function summaryOf(contract: string, amount: bigint, chainId = 1n, value = 0n): string {
  const call = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [friend, amount] })
  const fees = { nonce: 0n, maxPriorityFeePerGas: 1n, maxFeePerGas: 1n, gasLimit: 60_000n, accessList: [] }
  const unsigned = encodeTransaction({ chainId, to: contract, value, data: hexToBytes(call.slice(2)), ...fees })
  return contentSummary({ type: 'ethereum-transaction', unsigned }, en)
}

suite('a payment in one line', () => {
  test('of a token that we know is in its unit, in groups of digits, to who gets it', () => {
    const line = summaryOf(usdc, 1_234_567_890_000n)
    assert.match(line, /Send 1\u202f234\u202f567\.89 USDC/)
    assert.match(line, /0xd8dA/)
    assert.doesNotMatch(line, /0xA0b8/)
  })

  test('of a contract that nobody here knows there, or with coins beside it, claims no token', () => {
    for (const line of [summaryOf(usdc, 5n, 10n), summaryOf(friend, 5n), summaryOf(usdc, 5n, 1n, 7n)])
      assert.doesNotMatch(line, /USDC/)
  })

  test('says every digit of its amount, which is read as it is written', () => {
    for (const [amount, decimals, text] of [
      [0n, 18, '0'],
      [999n, 0, '999'],
      [1_000_000_000n, 6, '1\u202f000'],
      [1_234_567_000_001n, 6, '1\u202f234\u202f567.000001'],
    ] as const) {
      assert.equal(formatGrouped(amount, decimals), text)
      assert.equal(parseAmount(text, decimals), amount)
    }
  })
})
