import { bytesToHex } from '@noble/hashes/utils.js'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import { signingDigest } from '../../tss-wasm/content/ethereum.ts'
import { decodeTokenCall } from '../../tss-wasm/content/tokenCall.ts'
import { decodeTransaction, type EthereumTransaction } from '../../tss-wasm/content/transaction.ts'
import { etherDecimals, formatAmount, gweiDecimals } from './amounts.ts'
import { chainName, chainOf, currencyOf } from './chains.ts'
import { Card, Fact, Facts } from './design/Card.tsx'
import { Notice } from './design/Notice.tsx'
import { TokenCallFacts } from './TokenCallFacts.tsx'
import { useTexts } from './useTexts.tsx'
import { visibleText } from './visibleText.ts'

/** What is signed, decoded from the very bytes that are signed. */
export function ContentReview({ content }: { readonly content: SigningContent }) {
  return (
    <div className="grid gap-4" data-testid="review">
      <Decoded content={content} />
      <Digest content={content} />
    </div>
  )
}

function Decoded({ content }: { readonly content: SigningContent }) {
  switch (content.type) {
    case 'ethereum-transaction':
      return <TransactionReview transaction={decodeTransaction(content.unsigned)} />
    case 'ethereum-message':
      return <MessageReview message={content.message} />
    case 'raw-digest':
      return <DigestReview digest={content.digest} />
  }
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

function TransactionReview({ transaction }: { readonly transaction: EthereumTransaction }) {
  const texts = useTexts()
  const { review } = texts
  const { chainId, to, value, maxFeePerGas, maxPriorityFeePerGas, gasLimit, nonce, data, accessList, isLegacy } =
    transaction
  const chain = chainOf(chainId)
  const currency = currencyOf(chainId)
  const amount = formatAmount(value, etherDecimals)
  const gwei = (wei: bigint) => formatAmount(wei, gweiDecimals)
  const fee = `${formatAmount(gasLimit * maxFeePerGas, etherDecimals)} ${currency}`
  const tokenCall = to === undefined ? undefined : decodeTokenCall(data)
  const title =
    to === undefined
      ? review.deploy
      : data.length === 0
        ? review.send(amount, currency)
        : tokenCall === undefined || value > 0n
          ? review.call(amount, currency)
          : review.tokenTitles[tokenCall.kind]
  return (
    <>
      {warningsOf(transaction).map((warning) => (
        <Notice key={warning} tone="warn">
          {review.warnings[warning]}
        </Notice>
      ))}
      <Card title={title}>
        <Facts>
          <Fact name={review.network}>
            {chain === undefined
              ? review.unknownChain(chainId.toString())
              : review.chain(chainName(chain, texts), chainId.toString())}
          </Fact>
          <Fact name={tokenCall === undefined ? review.to : review.token.contract}>
            {to === undefined ? review.newContract : <span className="font-mono text-sm break-all">{to}</span>}
          </Fact>
          {tokenCall !== undefined && <TokenCallFacts call={tokenCall} />}
          <Fact name={review.amount}>
            <strong>
              {amount} {currency}
            </strong>
            {value > 0n && <span className="block text-sm text-muted">{review.wei(value.toString())}</span>}
          </Fact>
          <Fact name={review.fee}>
            {fee}
            <span className="block text-sm text-muted">
              {isLegacy === true
                ? review.legacyFee(gasLimit.toString(), gwei(maxFeePerGas))
                : review.feeDetail(gasLimit.toString(), gwei(maxFeePerGas), gwei(maxPriorityFeePerGas))}
            </span>
          </Fact>
          <Fact name={review.nonce}>{nonce.toString()}</Fact>
          <Fact name={review.data}>{data.length === 0 ? review.none : <Bytes bytes={data} />}</Fact>
          {accessList.length > 0 && <Fact name={review.accessList}>{review.accessListCount(accessList.length)}</Fact>}
        </Facts>
      </Card>
    </>
  )
}

type Warning =
  'unknownChain' | 'deploy' | 'call' | 'unlimited' | 'approveAll' | 'tokenCall' | 'fee' | 'expensive' | 'gas'
const leastGas = 21_000n
const expensiveWei = 10n ** 17n

/** What a careful friend would point at. */
function warningsOf({ chainId, to, value, data, gasLimit, maxFeePerGas }: EthereumTransaction): Warning[] {
  const fee = gasLimit * maxFeePerGas
  const call = to === undefined ? undefined : decodeTokenCall(data)
  const isUnlimited = call !== undefined && 'isUnlimited' in call && call.isUnlimited
  const warnings: [Warning, boolean][] = [
    ['unknownChain', chainOf(chainId) === undefined],
    ['deploy', to === undefined],
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

function MessageReview({ message }: { readonly message: Uint8Array }) {
  const { review } = useTexts()
  const { text, hasHidden } = visibleText(message)
  return (
    <>
      {hasHidden && <Notice tone="warn">{review.hidden}</Notice>}
      {message.length === 32 && <Notice tone="warn">{review.warnings.hash}</Notice>}
      <Card title={review.message}>
        <Facts>
          <Fact name={text === undefined ? review.notText : review.text}>
            {text === undefined ? (
              <Bytes bytes={message} />
            ) : (
              <pre
                tabIndex={0}
                aria-label={review.text}
                className="max-h-80 overflow-auto font-sans whitespace-pre-wrap"
              >
                {text}
              </pre>
            )}
          </Fact>
        </Facts>
      </Card>
    </>
  )
}

function Bytes({ bytes }: { readonly bytes: Uint8Array }) {
  const { app, review } = useTexts()
  return (
    <>
      <span className="text-sm text-muted">{app.bytes(bytes.length)}</span>
      <code
        tabIndex={0}
        role="region"
        aria-label={review.data}
        className="mt-1 block max-h-48 overflow-auto rounded-lg bg-sunken px-3 py-2 font-mono text-sm break-all"
      >
        0x{bytesToHex(bytes)}
      </code>
    </>
  )
}

function Digest({ content }: { readonly content: SigningContent }) {
  const { app, review } = useTexts()
  return (
    <details className="text-sm">
      <summary className="w-fit cursor-pointer rounded py-1 text-muted">{app.technical}</summary>
      <Facts>
        <Fact name={review.digest}>
          <code className="font-mono break-all">0x{bytesToHex(signingDigest(content))}</code>
        </Fact>
        {content.type === 'ethereum-transaction' && (
          <Fact name={review.unsigned}>
            <code className="font-mono break-all">0x{bytesToHex(content.unsigned)}</code>
          </Fact>
        )}
      </Facts>
    </details>
  )
}
