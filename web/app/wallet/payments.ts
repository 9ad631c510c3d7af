import type { SigningContent } from '../../../tss-wasm/content/content.ts'
import { networkOf } from '../../../tss-wasm/content/networks.ts'
import { decodePsbt } from '../../../tss-wasm/content/psbt.ts'
import { ContentRefused } from '../../../tss-wasm/content/refused.ts'
import { decodeTransaction } from '../../../tss-wasm/content/transaction.ts'
import { bitcoinDecimals, etherDecimals, formatAmount } from '../sign/amounts.ts'

/** One recipient of a content, for records. */
export interface Payment {
  /** '' for a new contract, or an output without an address. */
  readonly to: string
  /** In the coin, exact. */
  readonly amount: string
  /** '' where the network is not known. */
  readonly coin: string
  readonly network: string
}

/** Whom a content pays, and how much; nobody where it is a message. What a contract is called to do is not in here. */
export function paymentsIn(content: SigningContent, publicKey: Uint8Array): readonly Payment[] {
  try {
    if (content.type === 'batch') return content.items.flatMap((item) => paymentsIn(item, publicKey))
    if (content.type === 'ethereum-transaction') {
      const { chainId, to = '', value } = decodeTransaction(content.unsigned)
      const coin = networkOf(chainId)?.coin ?? ''
      return [{ to, amount: formatAmount(value, etherDecimals), coin, network: `eip155:${chainId}` }]
    }
    if (content.type === 'bitcoin-psbt') {
      const paid = decodePsbt(content.psbt, publicKey).outputs.filter(({ back }) => back === undefined)
      return paid.map(({ address = '', amount }) => ({
        ...{ to: address, amount: formatAmount(amount, bitcoinDecimals), coin: 'BTC', network: 'bitcoin' },
      }))
    }
    return []
  } catch (error) {
    if (error instanceof ContentRefused) return []
    throw error
  }
}
