import { useEffect, useId, useMemo, useState, type SubmitEvent } from 'react'
import { foretold } from '../../../chain/evm/payment.ts'
import { giverAmong } from '../../../chain/evm/testCoins.ts'
import { ethereumAddressIn } from '../../../tss-wasm/content/addressUri.ts'
import { ethereumAddress } from '../../../tss-wasm/content/ethereum.ts'
import { keyAt } from '../../../tss-wasm/content/keys.ts'
import { networkOf } from '../../../tss-wasm/content/networks.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { addTold, namedToken, useChain } from '../../state/chain.ts'
import { usePreferences } from '../../state/preferences.ts'
import { useRequests } from '../../state/requests.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button, LinkButton } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Field, verbatim } from '../design/Field.tsx'
import { Notice } from '../design/Notice.tsx'
import { hrefs } from '../route.ts'
import type { Composed } from '../sign/ContentForm.tsx'
import { coinOf, networkName } from '../sign/chains.ts'
import { fieldsOfUri, parsePath } from '../sign/transactionForm.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { AssetChoice } from './AssetChoice.tsx'
import { Balance } from './Balance.tsx'
import { NodeWords } from './NodeWords.tsx'
import { openNonces } from './openNonces.ts'
import { PaymentDetails } from './PaymentDetails.tsx'
import { composed, contractOf, mostOf, paymentOf, suggestionOf, type SendDraft, type SendErrors } from './sendForm.ts'
import { TestCoins } from './TestCoins.tsx'
import { useOutlook } from './useOutlook.ts'

interface SendFormProps {
  readonly wallet: WalletRecord
  /** Chain ids. */
  readonly networks: readonly string[]
  readonly draft: SendDraft
  readonly onChange: (draft: SendDraft) => void
  readonly onOrder: (composed: Composed) => void
}

export function SendForm({ wallet, networks, draft, onChange, onOrder }: SendFormProps) {
  const texts = useTexts()
  const { send } = texts
  const commands = useCommands()
  const [errors, setErrors] = useState<SendErrors>({})
  const [isAsking, setAsking] = useState(false)
  /** For which draft somebody was told that it fails, and goes on all the same. */
  const [warned, setWarned] = useState<string>()
  const chainId = BigInt(draft.network)
  const path = parsePath(draft.path)
  const from = useMemo(() => ethereumAddress(keyAt(wallet.publicKey, path ?? []).publicKey), [wallet, draft.path]) // eslint-disable-line react-hooks/exhaustive-deps -- the path is read from the draft
  const contract = contractOf(draft)
  useChain()
  const token = contract === undefined ? undefined : namedToken(chainId, contract)
  const payment = paymentOf(draft, token)
  const { outlook, look, renew } = useOutlook({ chainId, from, token: contract, payment })
  const open = useRequests((state) => state.open)
  const orders = open.filter((request) => request.wallet.walletId === wallet.walletId).map(({ order }) => order)
  const taken = openNonces(orders, chainId, from)
  const suggestion = suggestionOf(outlook, draft.speed, taken)
  const isForeseen = outlook !== undefined && foretold(outlook.trial) !== undefined
  const isWarned = isForeseen && warned === keyOf(draft)

  const said = outlook?.token
  useEffect(() => {
    if (contract === undefined || said?.type !== 'said' || namedToken(chainId, contract) !== undefined) return
    addTold({ chainId, address: contract, ...said.value, by: { host: said.by.join(', ') } })
  }, [chainId, contract, said])

  const change = (next: Partial<SendDraft>) => {
    setErrors({})
    onChange({ ...draft, ...next })
  }
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    setAsking(true)
    const answer = await look()
    setAsking(false)
    if (answer !== undefined && foretold(answer.trial) !== undefined && !isWarned) {
      setWarned(keyOf(draft))
      return
    }
    const made = composed(draft, suggestionOf(answer, draft.speed, taken), token, texts)
    if ('errors' in made || path === undefined) {
      const wrong = 'errors' in made ? made.errors : {}
      setErrors({ ...wrong, ...(path === undefined && { path: texts.sign.invalid.path }) })
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    const to = ethereumAddressIn(draft.to)
    const { recipients } = usePreferences.getState()
    commands.prefer({
      lastNetwork: draft.network,
      recipients: [to, ...recipients.filter((other) => other.toLowerCase() !== to.toLowerCase())].slice(0, 10),
    })
    onOrder({ order: { publicKey: wallet.publicKey, path, content: made.content }, leftOut: made.leftOut })
  }
  const unit = draft.asset === '' ? coinOf(chainId, texts) : (token?.symbol ?? '?')
  const most = outlook === undefined ? undefined : mostOf(outlook, draft, suggestion, token)
  const heard = outlook?.nonce.type === 'said' ? outlook.nonce.by : []
  const giver = useChain(({ nodes }) => giverAmong(nodes, chainId))
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
      <Card>
        <div className="grid gap-5">
          <div className="grid gap-5 sm:grid-cols-2">
            <Field label={texts.sign.network}>
              {(control) => (
                <select
                  {...control}
                  value={draft.network}
                  onChange={({ target }) => {
                    change({ network: target.value, asset: '', contract: '', own: {} })
                  }}
                >
                  {networks.map((id) => (
                    <option key={id} value={id}>
                      {networkLabel(id, texts)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <AssetChoice draft={draft} chainId={chainId} token={token} error={errors.contract} onChange={change} />
          </div>
          <Recipient
            to={draft.to}
            error={errors.to}
            onChange={(to) => {
              const { value } = fieldsOfUri(to)
              change({ to, ...(draft.asset === '' && value !== undefined && { amount: value }) })
            }}
          />
          <div className="grid gap-2">
            <div className="grid grid-cols-[1fr_auto] items-start gap-3">
              <Field label={send.amount(unit)} error={errors.amount}>
                {(control) => (
                  <input
                    {...control}
                    inputMode="decimal"
                    {...verbatim}
                    value={draft.amount}
                    onChange={({ target }) => {
                      change({ amount: target.value })
                    }}
                  />
                )}
              </Field>
              <Button
                className="mt-[1.65rem]"
                aria-label={send.maxLabel}
                disabled={most === undefined}
                onClick={() => {
                  if (most !== undefined) change({ amount: most })
                }}
              >
                {send.max}
              </Button>
            </div>
            <Balance outlook={outlook} isToken={contract !== undefined} token={token} unit={unit} />
          </div>
          {giver !== undefined && <TestCoins node={giver} address={from} onGiven={renew} />}
          {outlook !== undefined && <NodeWords outlook={outlook} draft={draft} chainId={chainId} />}
          <PaymentDetails
            publicKey={wallet.publicKey}
            draft={draft}
            outlook={outlook}
            suggestion={suggestion}
            errors={errors}
            onChange={change}
          />
        </div>
      </Card>
      {errors.transaction !== undefined && (
        <Notice tone="bad" role="alert" title={texts.sign.wrong}>
          <p>{errors.transaction}</p>
        </Notice>
      )}
      {heard.length > 0 && <p className="text-sm text-muted">{send.suggested(texts.app.and(heard))}</p>}
      {isAsking && <Notice role="status">{send.asking}</Notice>}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="primary" disabled={isAsking}>
          {isWarned ? send.reviewAnyway : send.review}
        </Button>
        <LinkButton href={hrefs.sign(wallet.walletId)}>{send.back}</LinkButton>
      </div>
    </form>
  )
}

function networkLabel(id: string, texts: ReturnType<typeof useTexts>): string {
  const network = networkOf(BigInt(id))
  return network === undefined ? texts.review.unknownChain(id) : networkName(network, texts)
}

function keyOf({ network, asset, contract, to, amount, path }: SendDraft): string {
  return [network, asset, contract, to, amount, path].join(' ')
}

interface RecipientProps {
  readonly to: string
  readonly error: string | undefined
  readonly onChange: (to: string) => void
}

function Recipient({ to, error, onChange }: RecipientProps) {
  const { send } = useTexts()
  const recent = usePreferences(({ recipients }) => recipients)
  const list = useId()
  return (
    <Field label={send.to} hint={send.toHint} error={error}>
      {({ className, ...control }) => (
        <>
          <input
            {...control}
            className={`${className} font-mono`}
            {...verbatim}
            list={list}
            value={to}
            onChange={({ target }) => {
              onChange(target.value)
            }}
          />
          <datalist id={list}>
            {recent.map((address) => (
              <option key={address} value={address} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  )
}
