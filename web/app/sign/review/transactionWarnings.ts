import { decodeTokenCall } from '../../../../tss-wasm/content/tokenCall.ts'
import type { EthereumTransaction } from '../../../../tss-wasm/content/transaction.ts'
import { chainOf } from '../chains.ts'

type Warning =
  | 'unknownChain'
  | 'deploy'
  | 'call'
  | 'unlimited'
  | 'approveAll'
  | 'tokenCall'
  | 'lost'
  | 'tokenToItself'
  | 'fee'
  | 'expensive'
  | 'gas'

const leastGas = 21_000n
const expensiveWei = 10n ** 17n
/** Nobody's, with EIP-55 checksum: what forms leave empty, and where tokens are burnt. */
const nobodys: readonly (string | undefined)[] = [`0x${'0'.repeat(40)}`, `0x${'0'.repeat(36)}dEaD`]

/** What a careful friend would point at. */
export function warningsOf({ chainId, to, value, data, gasLimit, maxFeePerGas }: EthereumTransaction): Warning[] {
  const fee = gasLimit * maxFeePerGas
  const call = to === undefined ? undefined : decodeTokenCall(data)
  const isUnlimited = call !== undefined && 'isUnlimited' in call && call.isUnlimited
  const tokensTo = call !== undefined && 'to' in call ? call.to : undefined
  const warnings: [Warning, boolean][] = [
    ['unknownChain', chainOf(chainId) === undefined],
    ['deploy', to === undefined],
    ['lost', nobodys.includes(to) || nobodys.includes(tokensTo)],
    ['tokenToItself', tokensTo !== undefined && tokensTo === to],
    ['call', to !== undefined && data.length > 0 && call === undefined],
    ['unlimited', isUnlimited],
    ['approveAll', call?.kind === 'approve-all' && call.isApproved],
    ['tokenCall', call !== undefined],
    ['fee', value > 0n && fee > value],
    ['expensive', fee >= expensiveWei],
    ['gas', gasLimit < leastGas],
  ]
  return warnings.flatMap(([warning, applies]) => (applies ? [warning] : []))
}
