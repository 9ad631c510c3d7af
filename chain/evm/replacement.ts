import type { EthereumTransaction } from '../../tss-wasm/content/transaction.ts'
import type { Fees } from './fees.ts'

/** Nodes take another transaction of the same nonce only where both fees are a tenth higher; an eighth leaves room to round. */
const raise = [9n, 8n] as const
const plainGas = 21_000n

/**
 * The same transaction once more, for a higher fee.
 * @param current what the network asks for now, where that is known: less is not offered
 */
export function spedUp(waiting: EthereumTransaction, current: Fees | undefined): EthereumTransaction {
  const fees = {
    maxFeePerGas: greater(raised(waiting.maxFeePerGas), current?.maxFeePerGas),
    maxPriorityFeePerGas: greater(raised(waiting.maxPriorityFeePerGas), current?.maxPriorityFeePerGas),
  }
  const hasOnePrice = waiting.form === 'legacy' || waiting.form === 'access-list'
  return { ...waiting, ...fees, ...(hasOnePrice && { maxPriorityFeePerGas: fees.maxFeePerGas }) }
}

/** Nothing, sent to oneself with the same nonce: once it is included, what waits never will be. @param from address that signs */
export function cancelling(waiting: EthereumTransaction, from: string, current: Fees | undefined): EthereumTransaction {
  const { chainId, nonce, maxFeePerGas, maxPriorityFeePerGas } = spedUp(waiting, current)
  const nothing = { to: from, value: 0n, data: new Uint8Array(), accessList: [], gasLimit: plainGas }
  return { chainId, nonce, maxFeePerGas, maxPriorityFeePerGas, ...nothing }
}

function raised(fee: bigint): bigint {
  const [times, over] = raise
  return (fee * times + over - 1n) / over
}

function greater(one: bigint, other = 0n): bigint {
  return one > other ? one : other
}
