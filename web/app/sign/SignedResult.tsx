import type { SigningContent } from '../../../tss-wasm/content/content.ts'
import type { SigningOrder } from '../../../tss-wasm/content/signing.ts'
import { decodeTransaction } from '../../../tss-wasm/content/transaction.ts'
import type { ToBroadcast } from '../../jobs/broadcast.ts'
import type { SignatureForms, Signed } from '../../jobs/signed.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { Broadcast } from './Broadcast.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { Button, LinkButton } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Copyable } from '../design/CopyButton.tsx'
import { DownloadButton } from '../design/DownloadButton.tsx'
import { QrCode } from '../design/QrCode.tsx'
import { DoneTitle } from '../design/PageTitle.tsx'
import { Summary } from '../design/Summary.tsx'
import { psbtFrames } from '../../../tss-wasm/content/ur/psbtUr.ts'
import { AnimatedQr } from '../design/AnimatedQr.tsx'
import { ContentReview } from './review/ContentReview.tsx'
import { useSent } from './Fate.tsx'
import { Replacing } from './Replacing.tsx'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'

interface SignedResultProps {
  readonly wallet: WalletRecord
  readonly order: SigningOrder | undefined
  readonly signed: Signed
  readonly onAgain: () => void
}

export function SignedResult({ wallet, order, signed, onAgain }: SignedResultProps) {
  const { signed: texts } = useTexts()
  const commands = useCommands()
  return (
    <div className="grid gap-5" data-testid="signed">
      <DoneTitle>{texts.title}</DoneTitle>
      <SignedValues order={order} signed={signed} walletId={wallet.walletId} />
      {order !== undefined && <ContentReview order={order} wallet={wallet.name} />}
      <div className="flex flex-wrap gap-3">
        <LinkButton href={hrefs.wallet(wallet.walletId)} look="primary" onClick={commands.dismiss}>
          {texts.toWallet}
        </LinkButton>
        <Button onClick={onAgain}>{texts.again}</Button>
      </div>
    </div>
  )
}

interface SignedValuesProps {
  readonly order: SigningOrder | undefined
  readonly signed: Signed
  /** Of the wallet, where another transaction may take the place of this one while it waits. */
  readonly walletId?: string
  /** Told by which hash or id its network knows the transaction, once it was sent. */
  readonly onSent?: (transaction: string) => void
}

/** What was made, in every form that others take, and the way to send it. */
export function SignedValues({ order, signed, walletId, onSent }: SignedValuesProps) {
  const { app, signed: texts } = useTexts()
  const { result, transactionHash, psbt, protocol } = signed
  const isTransaction = transactionHash !== undefined
  const name = isTransaction ? texts.raw : texts.signature
  const toBroadcast = broadcastable(order, signed)
  const sent = useSent(order, transactionHash)
  return (
    <>
      <p role="status">{isTransaction ? texts.transactionLead : texts.messageLead}</p>
      <Card>
        <dl className="grid gap-4">
          <Value name={name} value={result} testId={isTransaction ? 'raw-transaction' : 'signature'} />
          {isTransaction && <Value name={texts.hash} value={transactionHash} testId="transaction-hash" />}
          {psbt !== undefined && <Value name={texts.psbt} value={base64(psbt)} testId="psbt" />}
        </dl>
        <div className="mt-4 flex flex-wrap gap-3">
          <DownloadButton what={name} name={isTransaction ? 'transaction.txt' : 'signature.txt'} content={result} />
          {psbt !== undefined && <DownloadButton what={texts.psbt} name="signed.psbt" content={psbt} />}
        </div>
        <ResultQr name={name} text={result} />
        {psbt !== undefined && <AnimatedQr content={psbt} framesOf={psbtFrames} what={texts.psbt} />}
        <details className="mt-4 border-t border-line pt-3">
          <Summary className="text-sm text-muted">{texts.parts}</Summary>
          {signed.signatures.map((signature, i) => (
            <Parts
              key={signature.der}
              signature={signature}
              v={vOf(contentAt(order, i), signature)}
              number={i + 1}
              of={signed.signatures.length}
              isItem={order?.content.type === 'batch'}
            />
          ))}
        </details>
        {protocol !== undefined && (
          <details className="mt-4 border-t border-line pt-3">
            <Summary className="text-sm text-muted">{app.technical}</Summary>
            <dl className="mt-4">
              <dt className="mb-1.5 text-sm font-medium">{texts.protocol}</dt>
              <dd data-testid="signing-protocol">{texts.protocols[protocol]}</dd>
            </dl>
          </details>
        )}
      </Card>
      {toBroadcast !== undefined && (
        <Broadcast
          tx={toBroadcast}
          sent={sent}
          onSent={() => {
            onSent?.(toBroadcast.transactionHash)
          }}
        >
          {walletId !== undefined && order?.content.type === 'ethereum-transaction' && (
            <Replacing
              walletId={walletId}
              order={order}
              unsigned={order.content.unsigned}
              hash={toBroadcast.transactionHash}
            />
          )}
        </Broadcast>
      )}
    </>
  )
}

function broadcastable(order: SigningOrder | undefined, { result, transactionHash }: Signed): ToBroadcast | undefined {
  if (order === undefined || transactionHash === undefined) return undefined
  const { content } = order
  if (content.type === 'bitcoin-psbt') return { network: 'bitcoin', raw: result, transactionHash }
  if (content.type !== 'ethereum-transaction') return undefined
  return { network: 'ethereum', chainId: decodeTransaction(content.unsigned).chainId, raw: result, transactionHash }
}

interface ValueProps {
  readonly name: string
  /** Of which, where there are several of that name. */
  readonly what?: string
  readonly value: string
  readonly testId: string
}

function Value({ name, what = name, value, testId }: ValueProps) {
  return (
    <div>
      <dt className="mb-1.5 text-sm font-medium">{name}</dt>
      <dd>
        <Copyable what={what} text={value} testId={testId} />
      </dd>
    </div>
  )
}

interface PartsProps {
  readonly signature: SignatureForms
  /** As Ethereum writes it; undefined for Bitcoin, which has none. */
  readonly v: string | undefined
  /** From 1: a payment has a signature for each of its inputs, a batch for each of its items. */
  readonly number: number
  readonly of: number
  /** Of a batch. */
  readonly isItem: boolean
}

function Parts({ signature: { r, s, der }, v, number, of, isItem }: PartsProps) {
  const { review, signed } = useTexts()
  const id = (part: string) => (number === 1 ? part : `${part}-${number}`)
  const title = isItem ? review.item(number, of) : signed.input(number, of)
  const name = (part: string) => (of === 1 ? part : isItem ? `${part}: ${title}` : signed.partOf(part, number))
  return (
    <section className="mt-4">
      {of > 1 && <h2 className="mb-2 font-semibold">{title}</h2>}
      <dl className="grid gap-4">
        <Value name="r" what={name('r')} value={r} testId={id('r')} />
        <Value name="s" what={name('s')} value={s} testId={id('s')} />
        {v !== undefined && <Value name="v" what={name('v')} value={v} testId={id('v')} />}
        <Value name="DER" what={name('DER')} value={der} testId={id('der')} />
      </dl>
    </section>
  )
}

/** What the signature of that number, from 0, is of. */
function contentAt(order: SigningOrder | undefined, at: number): SigningContent | undefined {
  return order?.content.type === 'batch' ? order.content.items[at] : order?.content
}

/** A typed transaction carries the parity itself, a legacy one that of its chain (EIP-155), everything else plus 27. */
function vOf(content: SigningContent | undefined, { recovery }: SignatureForms): string | undefined {
  if (content?.type === 'bitcoin-psbt' || content?.type === 'bitcoin-message') return undefined
  if (content?.type !== 'ethereum-transaction') return (27 + recovery).toString()
  const { form, chainId } = decodeTransaction(content.unsigned)
  return form === 'legacy' ? (2n * chainId + 35n + BigInt(recovery)).toString() : recovery.toString()
}

/** More does not fit a code that a camera can still read. */
const longestQr = 2000

function ResultQr({ name, text }: { readonly name: string; readonly text: string }) {
  const { signed } = useTexts()
  if (text.length > longestQr) return null
  return (
    <details className="mt-4 border-t border-line pt-3">
      <Summary className="text-sm text-muted">{signed.showQr}</Summary>
      <QrCode text={text} label={signed.qr(name)} className="mt-3 size-72 max-w-full" />
    </details>
  )
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
