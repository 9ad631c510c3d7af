import { useMemo } from 'react'
import { floorGas } from '../../../../tss-wasm/content/intrinsicGas.ts'
import { decodeTokenCall } from '../../../../tss-wasm/content/tokenCall.ts'
import { decodeTransaction, type EthereumTransaction } from '../../../../tss-wasm/content/transaction.ts'
import { namedToken, useChain, type NamedToken } from '../../../state/chain.ts'
import { useDescriptions } from '../../../state/descriptions.ts'
import { Card, Fact, Facts } from '../../design/Card.tsx'
import { Notice } from '../../design/Notice.tsx'
import type { Texts } from '../../texts/en.ts'
import { useTexts } from '../../texts/useTexts.tsx'
import { etherDecimals, formatAmount, formatGrouped, gweiDecimals, inGroups } from '../amounts.ts'
import { coinOf, networkText } from '../chains.ts'
import { transactionTitle } from '../contentSummary.ts'
import { AuthorizationFact } from './AuthorizationReview.tsx'
import { Bytes } from './Bytes.tsx'
import { CallFacts } from './Described.tsx'
import { TokenCallFacts } from './TokenCallFacts.tsx'
import { warningsOf, type TransactionWarning } from './transactionWarnings.ts'

interface TransactionReviewProps {
  readonly unsigned: Uint8Array
  /** Address that signs, with checksum. */
  readonly signer: string
}

export function TransactionReview({ unsigned, signer }: TransactionReviewProps) {
  const transaction = useMemo(() => decodeTransaction(unsigned), [unsigned])
  const { descriptions } = useDescriptions()
  const texts = useTexts()
  const { review } = texts
  const { form, chainId, to, value, maxFeePerGas, maxPriorityFeePerGas, gasLimit, nonce, data, accessList } =
    transaction
  const coin = coinOf(chainId, texts)
  const gwei = (wei: bigint) => formatAmount(wei, gweiDecimals)
  const tokenCall = to === undefined ? undefined : decodeTokenCall(data)
  useChain()
  const token = to === undefined ? undefined : namedToken(chainId, to)
  const hasOnePrice = form === 'legacy' || form === 'access-list'
  return (
    <>
      {warningsOf(transaction, signer, descriptions).map((warning) => (
        <Notice key={warning} tone={graveWarnings.includes(warning) ? 'bad' : 'warn'}>
          {warningText(warning, transaction, texts)}
        </Notice>
      ))}
      <Card title={transactionTitle(transaction, texts)}>
        <Facts>
          <Fact name={review.network}>{networkText(chainId, texts)}</Fact>
          <Fact name={tokenCall === undefined ? review.to : review.token.contract}>
            {token !== undefined && (
              <span className="block">
                <strong>{token.symbol}</strong> <span className="text-sm text-muted">{tokenSource(token, texts)}</span>
              </span>
            )}
            {to === undefined ? review.newContract : <span className="font-mono text-sm break-all">{to}</span>}
          </Fact>
          {tokenCall !== undefined && <TokenCallFacts call={tokenCall} token={token} />}
          {(value > 0n || tokenCall === undefined) && (
            <Fact name={tokenCall === undefined ? review.amount : review.coinsBeside}>
              <strong>
                {formatGrouped(value, etherDecimals)} {coin}
              </strong>
              {value > 0n && <span className="block text-sm text-muted">{review.wei(inGroups(value))}</span>}
            </Fact>
          )}
          {(transaction.authorizations ?? []).length > 0 && (
            <Fact name={review.authorizations}>
              <ul className="grid gap-2">
                {transaction.authorizations?.map((authorization, i) => (
                  <AuthorizationFact key={i} authorization={authorization} authority={authorization.authority} />
                ))}
              </ul>
            </Fact>
          )}
          <Fact name={review.fee}>
            {formatAmount(gasLimit * maxFeePerGas, etherDecimals)} {coin}
            <span className="block text-sm text-muted">
              {hasOnePrice
                ? review.legacyFee(inGroups(gasLimit), gwei(maxFeePerGas))
                : review.feeDetail(inGroups(gasLimit), gwei(maxFeePerGas), gwei(maxPriorityFeePerGas))}
            </span>
          </Fact>
          <Fact name={review.nonce}>{nonce.toString()}</Fact>
          {form !== undefined && <Fact name={review.form}>{review.forms[form]}</Fact>}
          <Fact name={review.data}>
            {data.length > 0 && to !== undefined && (
              <div className="mb-2">
                <CallFacts data={data} to={to} chainId={chainId} hasTokenAbove={tokenCall !== undefined} />
              </div>
            )}
            {data.length === 0 ? review.none : <Bytes bytes={data} />}
          </Fact>
          {accessList.length > 0 && <Fact name={review.accessList}>{review.accessListCount(accessList.length)}</Fact>}
        </Facts>
      </Card>
    </>
  )
}

/** Whose word a token's name and decimals are, unless they are ours. */
function tokenSource({ by }: NamedToken, { send }: Texts): string {
  if (by === 'app') return ''
  return by === 'operator' ? send.operatorsWord : send.nodesWord(by.host)
}

const graveWarnings: readonly TransactionWarning[] = ['delegatesThis', 'delegation', 'everyChain', 'delegatecall']

function warningText(warning: TransactionWarning, transaction: EthereumTransaction, texts: Texts): string {
  const { described, review } = texts
  if (warning === 'gasFloor') return review.warnings.gasFloor(floorGas(transaction).toString())
  if (warning === 'delegatecall') return described.notes.delegatecall
  if (warning === 'described') return described.notes.described
  if (warning === 'innerUnknown') return described.notes.unknownCall
  return warning === 'innerSpend' ? described.powers.spend : review.warnings[warning]
}
