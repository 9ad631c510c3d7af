import { ethereumAddress } from '../../../tss-wasm/content/ethereum.ts'
import { keyAt } from '../../../tss-wasm/content/keys.ts'
import { ContentRefused } from '../../../tss-wasm/content/refused.ts'
import type { SigningOrder } from '../../../tss-wasm/content/signing.ts'
import { decodeTransaction } from '../../../tss-wasm/content/transaction.ts'

/**
 * Nonces that transactions take which others have been asked to sign and nobody has sent yet.
 * @param orders of the wallet's open requests
 * @param from address that pays, with checksum
 */
export function openNonces(orders: readonly SigningOrder[], chainId: bigint, from: string): readonly bigint[] {
  return orders.flatMap(({ content, publicKey, path = [] }) => {
    if (content.type !== 'ethereum-transaction' || ethereumAddress(keyAt(publicKey, path).publicKey) !== from) return []
    try {
      const transaction = decodeTransaction(content.unsigned)
      return transaction.chainId === chainId ? [transaction.nonce] : []
    } catch (error) {
      if (error instanceof ContentRefused) return []
      throw error
    }
  })
}
