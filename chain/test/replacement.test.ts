import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { decodeTransaction, encodeTransaction, type EthereumTransaction } from '../../tss-wasm/content/transaction.ts'
import { cancelling, spedUp } from '../evm/replacement.ts'
import { friend, payer } from './double.ts'

const gwei = 10n ** 9n
const waiting: EthereumTransaction = {
  chainId: 1n,
  nonce: 7n,
  maxFeePerGas: 30n * gwei,
  maxPriorityFeePerGas: 2n * gwei,
  gasLimit: 60_000n,
  to: friend,
  value: 5n,
  data: Uint8Array.of(0xa9, 0x05, 0x9c, 0xbb),
  accessList: [],
}

suite('a transaction that takes the place of one that waits', () => {
  test('is the same with both fees at least a tenth higher, however small they were', () => {
    for (const fee of [1n, 7n, 9n, 10n, 11n, 1_000_003n, 30n * gwei]) {
      const before = { ...waiting, maxFeePerGas: fee, maxPriorityFeePerGas: fee }
      const faster = spedUp(before, undefined)
      const { maxFeePerGas, maxPriorityFeePerGas } = faster
      assert.deepEqual({ ...faster, maxFeePerGas: fee, maxPriorityFeePerGas: fee }, before)
      for (const now of [maxFeePerGas, maxPriorityFeePerGas]) assert.ok(now * 10n >= fee * 11n && now > fee, `${fee}`)
    }
  })

  test('pays what the network asks for now, where that is more', () => {
    const { maxFeePerGas, maxPriorityFeePerGas } = spedUp(waiting, {
      maxFeePerGas: 90n * gwei,
      maxPriorityFeePerGas: gwei,
    })
    assert.deepEqual([maxFeePerGas, maxPriorityFeePerGas], [90n * gwei, (9n * gwei) / 4n])
  })

  test('keeps its form: one price stays one', () => {
    const legacy = { ...waiting, form: 'legacy', maxPriorityFeePerGas: waiting.maxFeePerGas } as const
    const faster = spedUp(legacy, { maxFeePerGas: 90n * gwei, maxPriorityFeePerGas: gwei })
    assert.deepEqual([faster.maxFeePerGas, faster.maxPriorityFeePerGas], [90n * gwei, 90n * gwei])
    assert.deepEqual(decodeTransaction(encodeTransaction(faster)), faster)
  })

  test('cancels it by sending nothing to who signs, with the same nonce', () => {
    const nothing = cancelling(waiting, payer, undefined)
    const { nonce, to, value, data, gasLimit, maxFeePerGas } = decodeTransaction(encodeTransaction(nothing))
    assert.deepEqual([nonce, to, value, data.length, gasLimit], [7n, payer, 0n, 0, 21_000n])
    assert.ok(maxFeePerGas * 10n >= waiting.maxFeePerGas * 11n)
  })
})
