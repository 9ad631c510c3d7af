import { useState, type SubmitEvent } from 'react'
import { ethereumAddress } from '../../../tss-wasm/content/ethereum.ts'
import { keyAt } from '../../../tss-wasm/content/keys.ts'
import type { BitcoinMessageFormat } from '../../../tss-wasm/content/content.ts'
import type { SigningOrder } from '../../../tss-wasm/content/signing.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { networks } from '../../../tss-wasm/content/networks.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Choice } from '../design/Choice.tsx'
import { Field, verbatim } from '../design/Field.tsx'
import { Notice } from '../design/Notice.tsx'
import { TransactionInputs } from './TransactionInputs.tsx'
import { PsbtInput } from './PsbtInput.tsx'
import { SignerChoice } from './SignerChoice.tsx'
import { BitcoinMessageInput, MessageInput } from './MessageInput.tsx'
import {
  parseBitcoinMessage,
  parseDigest,
  parseFields,
  parseMessage,
  parsePasted,
  parsePath,
  parsePsbt,
  parseTypedData,
  type FieldErrors,
  type MessageReading,
  type Parsed,
  type TransactionFields,
} from './transactionForm.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/useTexts.tsx'

type Kind = 'form' | 'paste' | 'message' | 'typed' | 'psbt' | 'bitcoinMessage' | 'digest'
const kinds: readonly Kind[] = ['form', 'paste', 'message', 'typed', 'psbt', 'bitcoinMessage', 'digest']

/** What was typed, kept while its person looks at the review and comes back. */
export interface Draft {
  readonly kind: Kind
  readonly fields: TransactionFields
  readonly pasted: string
  readonly message: string
  readonly messageReading: MessageReading
  readonly bitcoinMessage: string
  readonly bitcoinFormat: BitcoinMessageFormat
  readonly typed: string
  readonly psbt: string
  /** Whom the payment is meant for. */
  readonly payee: string
  readonly digest: string
  /** As it is typed: "m/0/3", or "m". */
  readonly path: string
}

export const emptyDraft: Draft = {
  kind: 'form',
  fields: {
    chainId: (networks[0]?.id ?? 1n).toString(),
    to: '',
    value: '',
    nonce: '',
    maxFee: '',
    tip: '',
    gas: '21000',
    data: '',
  },
  pasted: '',
  message: '',
  messageReading: 'bytes',
  bitcoinMessage: '',
  bitcoinFormat: 'bip322',
  typed: '',
  psbt: '',
  payee: '',
  digest: '',
  path: 'm',
}

/** What a dapp leaves out is asked for: a network that nobody has chosen would be another one's payment. */
const unsaid: Partial<TransactionFields> = { chainId: '', gas: '' }

/** What was composed, and names of what was given and is no part of it. */
export interface Composed {
  readonly order: SigningOrder
  readonly leftOut: readonly string[]
  /** Hash of the transaction that waits and whose place it takes. */
  readonly replaces?: string
}

interface ContentFormProps {
  readonly wallet: WalletRecord
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
  readonly onOrder: (composed: Composed) => void
}

export function ContentForm({ wallet: { publicKey }, draft, onChange, onOrder }: ContentFormProps) {
  const texts = useTexts()
  const [errors, setErrors] = useState<FieldErrors>({})
  const [isFilled, setFilled] = useState(false)
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const parsed = parse(draft, publicKey, texts)
    const path = draft.kind === 'psbt' ? [] : parsePath(draft.path)
    if ('content' in parsed && path !== undefined) {
      onOrder({ order: { publicKey, path, content: parsed.content }, leftOut: parsed.leftOut })
      return
    }
    if ('fields' in parsed) {
      setErrors({})
      setFilled(true)
      onChange({ ...draft, kind: 'form', fields: { ...emptyDraft.fields, ...unsaid, ...parsed.fields } })
      return
    }
    setErrors({
      ...('errors' in parsed && parsed.errors),
      ...(path === undefined && { path: texts.sign.invalid.path }),
    })
    const form = event.currentTarget
    requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus())
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-5">
      <Card>
        <KindChoice
          kind={draft.kind}
          onChange={(kind) => {
            setErrors({})
            setFilled(false)
            onChange({ ...draft, kind })
          }}
        />
        <div className="mt-5 grid gap-5">
          {draft.kind === 'form' && isFilled && <Notice>{texts.sign.filled}</Notice>}
          {draft.kind === 'form' && (
            <TransactionInputs
              fields={draft.fields}
              errors={errors}
              onChange={(change) => {
                onChange({ ...draft, fields: { ...draft.fields, ...change } })
              }}
            />
          )}
          {draft.kind === 'paste' && (
            <Field label={texts.sign.paste} hint={texts.sign.pasteHint} error={errors.transaction}>
              {({ className, ...control }) => (
                <textarea
                  {...control}
                  className={`${className} font-mono`}
                  rows={6}
                  {...verbatim}
                  value={draft.pasted}
                  onChange={({ target }) => {
                    onChange({ ...draft, pasted: target.value })
                  }}
                />
              )}
            </Field>
          )}
          {draft.kind === 'message' && (
            <MessageInput
              text={draft.message}
              reading={draft.messageReading}
              error={errors.message}
              onChange={(message) => {
                onChange({ ...draft, message })
              }}
              onReading={(messageReading) => {
                onChange({ ...draft, messageReading })
              }}
            />
          )}
          {draft.kind === 'bitcoinMessage' && (
            <BitcoinMessageInput
              text={draft.bitcoinMessage}
              format={draft.bitcoinFormat}
              error={errors.message}
              onChange={(bitcoinMessage) => {
                onChange({ ...draft, bitcoinMessage })
              }}
              onFormat={(bitcoinFormat) => {
                onChange({ ...draft, bitcoinFormat })
              }}
            />
          )}
          {draft.kind === 'typed' && (
            <Field label={texts.sign.typed} hint={texts.sign.typedHint} error={errors.typed}>
              {({ className, ...control }) => (
                <textarea
                  {...control}
                  className={`${className} font-mono`}
                  rows={10}
                  {...verbatim}
                  value={draft.typed}
                  onChange={({ target }) => {
                    onChange({ ...draft, typed: target.value })
                  }}
                />
              )}
            </Field>
          )}
          {draft.kind === 'psbt' && (
            <PsbtInput
              text={draft.psbt}
              payee={draft.payee}
              errors={errors}
              onChange={(change) => {
                onChange({ ...draft, ...change })
              }}
            />
          )}
          {draft.kind === 'digest' && (
            <>
              <Notice tone="bad" title={texts.blind.title}>
                <p>{texts.blind.text}</p>
              </Notice>
              <Field label={texts.sign.digest} hint={texts.sign.digestHint} error={errors.digest}>
                {({ className, ...control }) => (
                  <input
                    {...control}
                    className={`${className} font-mono`}
                    {...verbatim}
                    value={draft.digest}
                    onChange={({ target }) => {
                      onChange({ ...draft, digest: target.value })
                    }}
                  />
                )}
              </Field>
            </>
          )}
          {draft.kind !== 'psbt' && (
            <SignerChoice
              publicKey={publicKey}
              path={draft.path}
              isBitcoin={draft.kind === 'bitcoinMessage'}
              error={errors.path}
              onChange={(path) => {
                onChange({ ...draft, path })
              }}
            />
          )}
        </div>
      </Card>
      {draft.kind === 'form' && errors.transaction !== undefined && (
        <Notice tone="bad" role="alert" title={texts.sign.wrong}>
          <p>{errors.transaction}</p>
        </Notice>
      )}
      <Button type="submit" look="primary" className="justify-self-start">
        {texts.sign.review}
      </Button>
    </form>
  )
}

function parse(draft: Draft, publicKey: Uint8Array, texts: Texts): Parsed {
  switch (draft.kind) {
    case 'form':
      return parseFields(draft.fields, texts)
    case 'paste':
      return parsePasted(draft.pasted, ethereumAddress(keyAt(publicKey, parsePath(draft.path) ?? []).publicKey), texts)
    case 'message':
      return parseMessage(draft.message, draft.messageReading, texts)
    case 'bitcoinMessage':
      return parseBitcoinMessage(draft.bitcoinMessage, draft.bitcoinFormat, texts)
    case 'typed':
      return parseTypedData(draft.typed, texts)
    case 'psbt':
      return parsePsbt(draft.psbt, draft.payee, publicKey, texts)
    case 'digest':
      return parseDigest(draft.digest, texts)
  }
}

function KindChoice({ kind, onChange }: { readonly kind: Kind; readonly onChange: (kind: Kind) => void }) {
  const { sign } = useTexts()
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-medium">{sign.what}</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {kinds.map((value) => (
          <Choice
            key={value}
            type="radio"
            name="kind"
            checked={kind === value}
            onChange={() => {
              onChange(value)
            }}
          >
            {sign.kinds[value]}
          </Choice>
        ))}
      </div>
    </fieldset>
  )
}
