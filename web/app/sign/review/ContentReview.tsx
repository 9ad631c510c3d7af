import { bytesToHex } from '@noble/hashes/utils.js'
import { useMemo } from 'react'
import { bitcoinAddress } from '../../../../tss-wasm/content/bitcoin.ts'
import type { BatchContent } from '../../../../tss-wasm/content/content.ts'
import { ethereumAddress } from '../../../../tss-wasm/content/ethereum.ts'
import { keyAt, pathText } from '../../../../tss-wasm/content/keys.ts'
import { signingTasks, type SigningOrder } from '../../../../tss-wasm/content/signing.ts'
import { visible } from '../../../../tss-wasm/content/visibleText.ts'
import { Card, Fact, Facts } from '../../design/Card.tsx'
import { Notice } from '../../design/Notice.tsx'
import { Summary } from '../../design/Summary.tsx'
import { useTexts } from '../../texts/useTexts.tsx'
import { AuthorizationReview } from './AuthorizationReview.tsx'
import { MessageReview } from './MessageReview.tsx'
import { PaymentReview } from './PaymentReview.tsx'
import { TypedDataReview } from './TypedDataReview.tsx'
import { TransactionReview } from './TransactionReview.tsx'

/** What is signed, decoded from the very bytes that are signed. */
export function ContentReview({ order, wallet }: { readonly order: SigningOrder; readonly wallet: string }) {
  return (
    <div className="grid gap-4" data-testid="review">
      <Decoded order={order} />
      <Signer order={order} wallet={wallet} />
      <Digests order={order} />
    </div>
  )
}

function Decoded({ order: { content, publicKey, path = [] } }: { readonly order: SigningOrder }) {
  switch (content.type) {
    case 'batch':
      return <Batch order={{ publicKey, path, content }} />
    case 'ethereum-transaction':
      return (
        <TransactionReview unsigned={content.unsigned} signer={ethereumAddress(keyAt(publicKey, path).publicKey)} />
      )
    case 'ethereum-message':
      return <MessageReview message={content.message} />
    case 'ethereum-authorization':
      return <AuthorizationReview unsigned={content.unsigned} />
    case 'bitcoin-message':
      return <MessageReview message={content.message} bitcoin={{ format: content.format, publicKey, path }} />
    case 'ethereum-typed-data':
      return <TypedDataReview json={content.json} />
    case 'raw-digest':
      return <DigestReview digest={content.digest} />
    case 'bitcoin-psbt':
      return <PaymentReview psbt={content.psbt} publicKey={publicKey} />
  }
}

/** Every item as it would be shown by itself: one approval is for all of them. */
function Batch({ order: { content, publicKey, path } }: { readonly order: SigningOrder & { content: BatchContent } }) {
  const { review } = useTexts()
  return content.items.map((item, i) => (
    <section key={i} aria-label={review.item(i + 1, content.items.length)} className="grid gap-4">
      <h2 className="font-semibold">{review.item(i + 1, content.items.length)}</h2>
      <Decoded order={{ publicKey, ...(path && { path }), content: item }} />
    </section>
  ))
}

/** Which wallet signs, and which of its addresses; the coins of a Bitcoin payment say theirs. */
function Signer({ order: { publicKey, path = [], content }, wallet }: { order: SigningOrder; wallet: string }) {
  const { review } = useTexts()
  const { publicKey: child } = keyAt(publicKey, path)
  const all = content.type === 'batch' ? content.items : [content]
  const isBitcoin = all.every(({ type }) => type === 'bitcoin-message')
  const address = isBitcoin ? bitcoinAddress(child) : ethereumAddress(child)
  return (
    <Card>
      <Facts>
        <Fact name={review.wallet}>
          <strong>{visible(wallet).text}</strong>
        </Fact>
        {content.type !== 'bitcoin-psbt' && (
          <Fact name={review.signer}>
            <span className="font-mono text-sm break-all">{address}</span>
            {path.length > 0 && <span className="block text-sm text-muted">{pathText(path)}</span>}
          </Fact>
        )}
      </Facts>
    </Card>
  )
}

function DigestReview({ digest }: { readonly digest: Uint8Array }) {
  const { blind, review } = useTexts()
  return (
    <>
      <Notice tone="bad" title={blind.title}>
        <p>{blind.text}</p>
      </Notice>
      <Card title={review.rawDigest}>
        <code className="font-mono break-all">0x{bytesToHex(digest)}</code>
      </Card>
    </>
  )
}

/** On request: what is signed by machines, byte by byte. */
function Digests({ order }: { readonly order: SigningOrder }) {
  const { app, review } = useTexts()
  const tasks = useMemo(() => signingTasks(order), [order])
  const { content } = order
  return (
    <details className="text-sm">
      <Summary>{app.technical}</Summary>
      <Facts>
        {tasks.map(({ digest, key }, i) => (
          <Fact key={bytesToHex(digest)} name={tasks.length === 1 ? review.digest : review.digestOf(i + 1)}>
            <code className="font-mono break-all">0x{bytesToHex(digest)}</code>
            <span className="block text-muted">{review.key(pathText(key.path))}</span>
          </Fact>
        ))}
        {'unsigned' in content && (
          <Fact name={review.unsigned}>
            <code className="font-mono break-all">0x{bytesToHex(content.unsigned)}</code>
          </Fact>
        )}
      </Facts>
    </details>
  )
}
