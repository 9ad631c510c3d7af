import { bitcoinAddress } from '../../../../tss-wasm/content/bitcoin.ts'
import type { BitcoinMessageContent } from '../../../../tss-wasm/content/content.ts'
import { keyAt, type KeyPath } from '../../../../tss-wasm/content/keys.ts'
import { linesOf, visibleText } from '../../../../tss-wasm/content/visibleText.ts'
import { Card, Fact, Facts } from '../../design/Card.tsx'
import { Notice } from '../../design/Notice.tsx'
import { localeOf } from '../../texts/locale.ts'
import { useTexts } from '../../texts/useTexts.tsx'
import { Bytes } from './Bytes.tsx'
import { Quoted } from './Quoted.tsx'

interface MessageReviewProps {
  readonly message: Uint8Array
  /** Of a message that a Bitcoin address signs. */
  readonly bitcoin?: {
    readonly format: BitcoinMessageContent['format']
    readonly publicKey: Uint8Array
    readonly path: KeyPath
  }
}

export function MessageReview({ message, bitcoin }: MessageReviewProps) {
  const { language, review, sign } = useTexts()
  const { text, hasHidden } = visibleText(message)
  const locale = localeOf(language)
  const lines = text === undefined ? 0 : linesOf(new TextDecoder().decode(message))
  return (
    <>
      {hasHidden && <Notice tone="warn">{review.hidden}</Notice>}
      {message.length === 32 && <Notice tone="warn">{review.warnings.hash}</Notice>}
      <Card title={bitcoin === undefined ? review.message : sign.kinds.bitcoinMessage}>
        <Facts>
          <Fact name={text === undefined ? review.notText : review.text}>
            {text === undefined ? <Bytes bytes={message} /> : <Quoted text={text} label={review.text} />}
          </Fact>
          {text !== undefined && (
            <Fact name={review.size}>{review.sizeOf(locale.number(message.length), locale.number(lines))}</Fact>
          )}
          {bitcoin !== undefined && (
            <>
              <Fact name={review.bitcoinAddress}>
                <span className="font-mono text-sm break-all">
                  {bitcoinAddress(keyAt(bitcoin.publicKey, bitcoin.path).publicKey)}
                </span>
              </Fact>
              <Fact name={sign.bitcoinFormat}>{sign.bitcoinFormats[bitcoin.format]}</Fact>
            </>
          )}
        </Facts>
      </Card>
    </>
  )
}
