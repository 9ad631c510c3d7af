import { ContentRefused } from '../content/refused.ts'
import { decodePsbt } from '../content/psbt.ts'
import type { SigningOrder } from '../content/signing.ts'
import { decodeTransaction } from '../content/transaction.ts'

/**
 * What can be spent once only and an order spends: the nonce of an account on its chain, or coins. Of two orders that have
 * one in common, a network carries out one.
 */
export function spends({ publicKey, path = [], content }: SigningOrder): readonly string[] {
  try {
    if (content.type === 'batch') return content.items.flatMap((item) => spends({ publicKey, path, content: item }))
    if (content.type === 'ethereum-transaction') {
      const { chainId, nonce } = decodeTransaction(content.unsigned)
      return [`nonce ${nonce} of ${path.join('/')} on ${chainId}`]
    }
    if (content.type === 'bitcoin-psbt') {
      const { inputs } = decodePsbt(content.psbt, publicKey)
      return inputs.map(({ transactionId, index }) => `coin ${transactionId}:${index}`)
    }
    return []
  } catch (error) {
    if (error instanceof ContentRefused) return []
    throw error
  }
}
