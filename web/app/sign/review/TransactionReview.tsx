import { decodeTokenCall } from '../../../../tss-wasm/content/tokenCall.ts'
import { decodeTransaction } from '../../../../tss-wasm/content/transaction.ts'
import { etherDecimals, formatAmount, gweiDecimals } from '../amounts.ts'
import { chainName, chainOf, currencyOf } from '../chains.ts'
import { transactionTitle } from '../contentSummary.ts'
import { Card, Fact, Facts } from '../../design/Card.tsx'
import { Notice } from '../../design/Notice.tsx'
import { useTexts } from '../../texts/useTexts.tsx'
import { Bytes } from './Bytes.tsx'
import { TokenCallFacts } from './TokenCallFacts.tsx'
import { warningsOf } from './transactionWarnings.ts'

export function TransactionReview({ unsigned }: { readonly unsigned: Uint8Array }) {
  const transaction = decodeTransaction(unsigned)
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
  return (
    <>
      {warningsOf(transaction).map((warning) => (
        <Notice key={warning} tone="warn">
          {review.warnings[warning]}
        </Notice>
      ))}
      <Card title={transactionTitle(transaction, texts)}>
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
