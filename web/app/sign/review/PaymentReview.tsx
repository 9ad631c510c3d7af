import { useMemo, useState } from 'react'
import { bitcoinAddress } from '../../../../tss-wasm/content/bitcoin.ts'
import { pathText } from '../../../../tss-wasm/content/keys.ts'
import { decodePsbt, type BitcoinPayment, type PaymentOutput } from '../../../../tss-wasm/content/psbt.ts'
import { bitcoinDecimals, formatAmount, inGroups } from '../amounts.ts'
import { Card, Fact, Facts } from '../../design/Card.tsx'
import { visibleText } from '../../../../tss-wasm/content/visibleText.ts'
import type { Texts } from '../../texts/en.ts'
import { Notice } from '../../design/Notice.tsx'
import { useTexts } from '../../texts/useTexts.tsx'
import { Bytes } from './Bytes.tsx'
import { isTime, paymentWarningsOf, type PaymentWarning } from './paymentWarnings.ts'
import { Quoted } from './Quoted.tsx'

interface PaymentReviewProps {
  readonly psbt: Uint8Array
  /** Of the wallet. */
  readonly publicKey: Uint8Array
}

/** A Bitcoin payment: what leaves the wallet, what comes back, and what the network keeps. */
export function PaymentReview({ psbt, publicKey }: PaymentReviewProps) {
  const { payment: texts, review } = useTexts()
  const payment = useMemo(() => decodePsbt(psbt, publicKey), [psbt, publicKey])
  const [nowMs] = useState(() => Date.now())
  const { inputs, outputs, leaving, fee, size, isReplaceable, notBefore } = payment
  const paid = outputs.filter(({ back }) => back === undefined)
  const change = outputs.filter(({ back }) => back !== undefined)
  return (
    <>
      {paymentWarningsOf(payment, nowMs).map((warning) => (
        <Notice key={warning} tone={losses.includes(warning) ? 'bad' : 'warn'}>
          {warning === 'locked' ? texts.warnings.locked(whenText(notBefore, texts)) : texts.warnings[warning]}
        </Notice>
      ))}
      <Card title={paid.length === 0 ? texts.toSelf : review.send(bitcoin(leaving), 'BTC')}>
        <Facts>
          {paid.map((output, i) => (
            <Fact key={i} name={output.kind === 'memo' ? texts.memo : review.to}>
              <Output output={output} />
            </Fact>
          ))}
          {change.map((output, i) => (
            <Fact key={i} name={texts.change}>
              <Output output={output} />
              <span className="block text-sm text-muted">{texts.own(pathText(output.back ?? []))}</span>
            </Fact>
          ))}
          <Fact name={texts.fee}>
            <Amount of={fee} />
            <span className="block text-sm text-muted">{texts.feeRate(rateText(payment), size)}</span>
          </Fact>
          <Fact name={texts.from}>
            <ul className="grid gap-2">
              {inputs.map(({ transactionId, index, amount, key }) => (
                <li key={`${transactionId}:${index}`}>
                  <Amount of={amount} />
                  <span className="block font-mono text-sm break-all">{bitcoinAddress(key.publicKey)}</span>
                  <span className="block text-sm text-muted">{texts.own(pathText(key.path))}</span>
                  <span className="block font-mono text-xs break-all text-muted">
                    {transactionId}:{index}
                  </span>
                </li>
              ))}
            </ul>
          </Fact>
          <Fact name={texts.replaceable}>{isReplaceable ? texts.isReplaceable : texts.isFinal}</Fact>
          {notBefore > 0 && <Fact name={texts.notBefore}>{whenText(notBefore, texts)}</Fact>}
        </Facts>
      </Card>
    </>
  )
}

const losses: readonly PaymentWarning[] = ['burnt', 'nobody', 'anybody']

function whenText(notBefore: number, texts: Texts['payment']): string {
  return isTime(notBefore) ? texts.date(new Date(1000 * notBefore)) : texts.block(notBefore)
}

function Output({ output: { amount, address, script, kind } }: { readonly output: PaymentOutput }) {
  const { payment } = useTexts()
  const words = kind === 'memo' ? wordsIn(script) : undefined
  return (
    <>
      {(kind !== 'memo' || amount > 0n) && <Amount of={amount} />}
      {words !== undefined && <Quoted text={words} label={payment.memo} />}
      {address === undefined ? (
        <Bytes bytes={script} />
      ) : (
        <span className="block font-mono text-sm break-all">{address}</span>
      )}
    </>
  )
}

/** What an OP_RETURN says behind its one push, where it is text. */
function wordsIn(script: Uint8Array): string | undefined {
  const [, length = 0] = script
  const at = length <= 75 ? 2 : 3
  return length === 0 || script.length <= at ? undefined : visibleText(script.subarray(at)).text
}

function Amount({ of }: { readonly of: bigint }) {
  const { payment } = useTexts()
  return (
    <>
      <strong className="block">{bitcoin(of)} BTC</strong>
      <span className="block text-sm text-muted">{payment.satoshi(inGroups(of))}</span>
    </>
  )
}

/** Satoshi for each virtual byte, to one digit. */
function rateText({ fee, size }: BitcoinPayment): string {
  return formatAmount((fee * 10n) / BigInt(size), 1)
}

function bitcoin(satoshi: bigint): string {
  return formatAmount(satoshi, bitcoinDecimals)
}
