import { noCode } from '../../../../tss-wasm/content/authorization.ts'
import { meaningOfCall } from '../../../../tss-wasm/content/describe/calls.ts'
import type { Description } from '../../../../tss-wasm/content/describe/description.ts'
import { callNotes } from '../../../../tss-wasm/content/describe/notes.ts'
import { floorGas } from '../../../../tss-wasm/content/intrinsicGas.ts'
import { networkOf } from '../../../../tss-wasm/content/networks.ts'
import { decodeTokenCall } from '../../../../tss-wasm/content/tokenCall.ts'
import { tokenAt } from '../../../../tss-wasm/content/tokens.ts'
import type { EthereumTransaction } from '../../../../tss-wasm/content/transaction.ts'

export type TransactionWarning =
  | 'unknownChain'
  | 'deploy'
  | 'deployValue'
  | 'call'
  | 'described'
  | 'unlimited'
  | 'approveAll'
  | 'delegatecall'
  | 'innerSpend'
  | 'innerUnknown'
  | 'tokenCall'
  | 'lost'
  | 'tokenToItself'
  | 'fee'
  | 'noFee'
  | 'expensive'
  | 'gasFloor'
  | 'delegation'
  | 'delegatesThis'
  | 'everyChain'

const expensiveWei = 10n ** 17n
/** Nobody's, with EIP-55 checksum: what forms leave empty, and where tokens are burnt. */
const nobodys: readonly (string | undefined)[] = [`0x${'0'.repeat(40)}`, `0x${'0'.repeat(36)}dEaD`]

/**
 * What a careful friend would point at.
 * @param signer address that signs, with checksum
 * @param descriptions beside our own of the common standards
 */
export function warningsOf(
  transaction: EthereumTransaction,
  signer?: string,
  descriptions: readonly Description[] = [],
): TransactionWarning[] {
  const { chainId, to, value, data, gasLimit, maxFeePerGas, authorizations = [] } = transaction
  const fee = gasLimit * maxFeePerGas
  const call = to === undefined ? undefined : decodeTokenCall(data)
  const callee = { to, chainId }
  const meaning = to === undefined ? undefined : meaningOfCall(data, callee, descriptions)
  const notes = to === undefined || meaning === undefined ? [] : callNotes(data, callee, descriptions)
  const isUnlimited = call !== undefined && 'isUnlimited' in call && call.isUnlimited
  const tokensTo = call !== undefined && 'to' in call ? call.to : undefined
  const giving = authorizations.filter(({ address, authority }) => authority !== undefined && address !== noCode)
  const warnings: [TransactionWarning, boolean][] = [
    ['unknownChain', networkOf(chainId) === undefined],
    ['delegatesThis', giving.some(({ authority }) => authority === signer)],
    ['delegation', giving.length > 0],
    ['everyChain', giving.some((each) => each.chainId === 0n)],
    ['deploy', to === undefined],
    ['deployValue', to === undefined && value > 0n],
    ['lost', nobodys.includes(to) || nobodys.includes(tokensTo)],
    ['tokenToItself', tokensTo !== undefined && tokensTo === to],
    ['call', to !== undefined && data.length > 0 && meaning === undefined],
    ['described', notes.includes('described')],
    ['delegatecall', notes.includes('delegatecall')],
    ['innerUnknown', notes.includes('unknownCall')],
    ['innerSpend', call === undefined && notes.includes('spend')],
    ['unlimited', isUnlimited || (call === undefined && notes.includes('unlimited'))],
    ['approveAll', call?.kind === 'approve-all' && call.isApproved],
    ['tokenCall', call !== undefined && (to === undefined || tokenAt(chainId, to) === undefined)],
    ['fee', value > 0n && fee > value],
    ['noFee', maxFeePerGas === 0n],
    ['expensive', fee >= expensiveWei],
    ['gasFloor', gasLimit < floorGas(transaction)],
  ]
  return warnings.flatMap(([warning, applies]) => (applies ? [warning] : []))
}
