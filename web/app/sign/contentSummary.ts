import type { SigningContent } from '../../../tss-wasm/content/content.ts'
import { ContentRefused } from '../../../tss-wasm/content/refused.ts'
import { decodeTokenCall, type TokenCall } from '../../../tss-wasm/content/tokenCall.ts'
import { namedToken, type NamedToken } from '../../state/chain.ts'
import { decodeTransaction, type EthereumTransaction } from '../../../tss-wasm/content/transaction.ts'
import { etherDecimals, formatGrouped } from './amounts.ts'
import { networkOf } from '../../../tss-wasm/content/networks.ts'
import { coinOf, networkName } from './chains.ts'
import { shortAddress } from '../texts/shortAddress.ts'
import type { Texts } from '../texts/en.ts'
import { visibleText } from '../../../tss-wasm/content/visibleText.ts'

const longest = 80

/** One line for lists. What is signed is shown whole elsewhere. */
export function contentSummary(content: SigningContent, texts: Texts): string {
  if (content.type === 'ethereum-transaction') return transactionSummary(content.unsigned, texts)
  const text = 'message' in content ? visibleText(content.message).text : undefined
  return text === undefined ? texts.requests.kinds[content.type] : texts.history.message(shortened(text))
}

function transactionSummary(unsigned: Uint8Array, texts: Texts): string {
  try {
    const transaction = decodeTransaction(unsigned)
    const { chainId } = transaction
    const to = tokenPayment(transaction)?.call.to ?? transaction.to
    const known = networkOf(chainId)
    const network = known === undefined ? texts.review.unknownChain(chainId.toString()) : networkName(known, texts)
    const recipient = to === undefined ? '' : shortAddress(to)
    return texts.history.transaction(transactionTitle(transaction, texts), recipient, network)
  } catch (error) {
    if (!(error instanceof ContentRefused)) throw error
    return texts.requests.kinds['ethereum-transaction']
  }
}

/** What a transaction does, in a few words. */
export function transactionTitle({ chainId, to, value, data }: EthereumTransaction, texts: Texts): string {
  const { review } = texts
  const [amount, currency] = [formatGrouped(value, etherDecimals), coinOf(chainId, texts)]
  if (to === undefined) return review.deploy
  if (data.length === 0) return review.send(amount, currency)
  const paid = tokenPayment({ chainId, to, value, data })
  if (paid !== undefined) return review.send(formatGrouped(paid.call.amount, paid.token.decimals), paid.token.symbol)
  const call = decodeTokenCall(data)
  return call === undefined || value > 0n ? review.call(amount, currency) : review.tokenTitles[call.kind]
}

/** What is paid, and to whom, where it is a token that we or whoever runs the app can name, and nothing else. */
function tokenPayment({
  chainId,
  to,
  value,
  data,
}: Pick<EthereumTransaction, 'chainId' | 'to' | 'value' | 'data'>):
  { readonly token: NamedToken; readonly call: Extract<TokenCall, { kind: 'transfer' }> } | undefined {
  const named = to === undefined ? undefined : namedToken(chainId, to)
  const token = typeof named?.by === 'string' ? named : undefined
  const call = decodeTokenCall(data)
  return token === undefined || call?.kind !== 'transfer' || value > 0n ? undefined : { token, call }
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const characters = Array.from(line)
  return characters.length <= longest ? line : `${characters.slice(0, longest).join('')}…`
}
