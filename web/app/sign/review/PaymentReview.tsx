import { useMemo } from 'react'
import { bitcoinAddress } from '../../../../tss-wasm/content/bitcoin.ts'
import { pathText } from '../../../../tss-wasm/content/keys.ts'
import { decodePsbt, type BitcoinPayment, type PaymentOutput } from '../../../../tss-wasm/content/psbt.ts'
import { formatAmount } from '../amounts.ts'
import { Card, Fact, Facts } from '../../design/Card.tsx'
import { Notice } from '../../design/Notice.tsx'
import { useTexts } from '../../texts/useTexts.tsx'
import { Bytes } from './Bytes.tsx'

const bitcoinDecimals = 8

interface PaymentReviewProps {
  readonly psbt: Uint8Array
  /** Of the wallet. */
  readonly publicKey: Uint8Array
}

/** A Bitcoin payment: what leaves the wallet, what comes back, and what the network keeps. */
export function PaymentReview({ psbt, publicKey }: PaymentReviewProps) {
  const { payment: texts, review } = useTexts()
  const payment = useMemo(() => decodePsbt(psbt, publicKey), [psbt, publicKey])
  const { inputs, outputs, leaving, fee, size, isReplaceable, notBefore } = payment
  const paid = outputs.filter(({ back }) => back === undefined)
  const change = outputs.filter(({ back }) => back !== undefined)
  return (
    <>
      {warningsOf(payment).map((warning) => (
        <Notice key={warning} tone="warn">
          {texts.warnings[warning]}
        </Notice>
      ))}
      <Card title={paid.length === 0 ? texts.toSelf : review.send(bitcoin(leaving), 'BTC')}>
        <Facts>
          {paid.map((output, i) => (
            <Fact key={i} name={review.to}>
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
          {notBefore > 0 && (
            <Fact name={texts.notBefore}>
              {notBefore < lockedByTime ? texts.block(notBefore) : texts.date(new Date(1000 * notBefore))}
            </Fact>
          )}
        </Facts>
      </Card>
    </>
  )
}

function Output({ output: { amount, address, script } }: { readonly output: PaymentOutput }) {
  return (
    <>
      <Amount of={amount} />
      {address === undefined ? (
        <Bytes bytes={script} />
      ) : (
        <span className="block font-mono text-sm break-all">{address}</span>
      )}
    </>
  )
}

function Amount({ of }: { readonly of: bigint }) {
  const { payment } = useTexts()
  return (
    <>
      <strong className="block">{bitcoin(of)} BTC</strong>
      <span className="block text-sm text-muted">{payment.satoshi(of.toString())}</span>
    </>
  )
}

type Warning = 'unproven' | 'script' | 'fee' | 'expensive' | 'rate' | 'slow' | 'locked'
const expensiveSatoshi = 1_000_000n
const highestUsualRate = 300n
const lockedByTime = 500_000_000

/** What a careful friend would point at. */
function warningsOf(payment: BitcoinPayment): Warning[] {
  const { areAmountsProven, outputs, leaving, fee, size, notBefore, waitsForCoins } = payment
  const bytes = BigInt(size)
  const warnings: [Warning, boolean][] = [
    ['unproven', !areAmountsProven],
    ['script', outputs.some(({ address }) => address === undefined)],
    ['fee', leaving > 0n && fee * 10n > leaving],
    ['expensive', fee >= expensiveSatoshi],
    ['rate', fee > highestUsualRate * bytes],
    ['slow', fee < bytes],
    ['locked', notBefore > 0 || waitsForCoins],
  ]
  return warnings.flatMap(([warning, applies]) => (applies ? [warning] : []))
}

/** Satoshi for each virtual byte, to one digit. */
function rateText({ fee, size }: BitcoinPayment): string {
  return formatAmount((fee * 10n) / BigInt(size), 1)
}

function bitcoin(satoshi: bigint): string {
  return formatAmount(satoshi, bitcoinDecimals)
}
