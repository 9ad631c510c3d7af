import type { Said, Troubled, Word } from '../../../chain/evm/agreement.ts'
import { isSteep } from '../../../chain/evm/fees.ts'
import type { Outlook } from '../../../chain/evm/outlook.ts'
import { foretold } from '../../../chain/evm/payment.ts'
import type { FailureReason } from '../../../chain/evm/revert.ts'
import { visible } from '../../../tss-wasm/content/visibleText.ts'
import { Notice } from '../design/Notice.tsx'
import { formatAmount, gweiDecimals } from '../sign/amounts.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { feesAt, type SendDraft } from './sendForm.ts'

interface NodeWordsProps {
  readonly outlook: Outlook
  readonly draft: SendDraft
  readonly chainId: bigint
}

/** What to know of the nodes before their word is taken: those in trouble, those that disagree, and what they foretell. */
export function NodeWords({ outlook, draft, chainId }: NodeWordsProps) {
  const texts = useTexts()
  const { send } = texts
  const { nonce, gas, fees, trial, token, isContract, troubles } = outlook
  const failing = foretold(trial)
  const suggested = feesAt(outlook, draft.speed)
  const disagreeing = [
    differing(nonce, send.what.nonce, String, texts),
    differing(gas, send.what.gas, String, texts),
    differing(token, send.what.token, ({ symbol, decimals }) => `${symbol}, ${decimals}`, texts),
    differing(trial, send.what.trial, ({ ends }) => (ends === 'well' ? send.works : send.doesNot), texts),
    differing(
      fees,
      send.what.fees,
      (all) => `${formatAmount(all[draft.speed].maxFeePerGas, gweiDecimals)} gwei`,
      texts,
    ),
  ].filter((said) => said !== undefined)
  return (
    <div className="grid gap-3 empty:hidden" data-testid="node-words">
      {troubles.map((troubled) => (
        <Notice key={`${troubled.host} ${troubled.trouble.kind}`} tone="warn">
          {troubleText(troubled, texts)}
        </Notice>
      ))}
      {disagreeing.map((said) => (
        <Notice key={said} tone="warn">
          {said}
        </Notice>
      ))}
      {failing !== undefined && (
        <Notice tone="bad" role="alert" title={send.fails}>
          <p>{reasonText(failing.reason, texts)}</p>
        </Notice>
      )}
      {isContract.type === 'said' && isContract.value && <Notice tone="warn">{send.isContract}</Notice>}
      {suggested !== undefined && isSteep(chainId, suggested.maxFeePerGas) && (
        <Notice tone="warn" role="alert">
          {send.steep}
        </Notice>
      )}
    </div>
  )
}

function differing<T>(word: Word<T>, what: string, show: (value: T) => string, { send }: Texts): string | undefined {
  return word.type === 'differ' ? send.differ(what, eachSays(word.said, show, send)) : undefined
}

/** "a.example: 5; b.example: 6" */
export function eachSays<T>(said: readonly Said<T>[], show: (value: T) => string, send: Texts['send']): string {
  return said.map(({ host, value }) => send.each(host, visible(show(value)).text)).join('; ')
}

export function troubleText({ host, trouble }: Troubled, { send }: Texts): string {
  switch (trouble.kind) {
    case 'silent':
      return send.silent(host)
    case 'other-chain':
      return send.otherChain(host, trouble.chainId.toString())
    case 'unreadable':
      return send.unreadable(host, trouble.method)
    case 'refused':
      return send.refused(host, trouble.method, visible(trouble.words).text)
  }
}

function reasonText(reason: FailureReason, { send }: Texts): string {
  switch (reason.kind) {
    case 'words':
      return send.failsWords(visible(reason.words).text)
    case 'panic':
      return send.failsPanic(reason.code.toString())
    case 'custom':
      return send.failsCustom(reason.selector)
    case 'none':
      return send.failsSilently
  }
}
