import type { TokenCall } from '../../../../tss-wasm/content/tokenCall.ts'
import type { Token } from '../../../../tss-wasm/content/tokens.ts'
import { Fact } from '../../design/Card.tsx'
import { useTexts } from '../../texts/useTexts.tsx'
import { formatGrouped, inGroups } from '../amounts.ts'

interface TokenCallFactsProps {
  readonly call: TokenCall
  /** Whose contract is called, where we know it: then amounts are in its unit. */
  readonly token?: Token | undefined
}

/** What a call of a token contract says, part by part. */
export function TokenCallFacts({ call, token: known }: TokenCallFactsProps) {
  const { review } = useTexts()
  const { token } = review
  switch (call.kind) {
    case 'transfer':
      return (
        <>
          <Party name={token.to} address={call.to} />
          <Amount of={call.amount} token={known} />
        </>
      )
    case 'transfer-from':
      return (
        <>
          <Party name={token.from} address={call.from} />
          <Party name={token.to} address={call.to} />
          <Amount of={call.amount} token={known} />
        </>
      )
    case 'approve':
    case 'raise-allowance':
      return (
        <>
          <Party name={token.spender} address={call.spender} />
          <Amount of={call.amount} token={known} isUnlimited={call.isUnlimited} />
        </>
      )
    case 'approve-all':
      return (
        <>
          <Party name={token.operator} address={call.operator} />
          <Fact name={token.allowed}>
            <strong>{call.isApproved ? token.yes : token.no}</strong>
          </Fact>
        </>
      )
  }
}

function Party({ name, address }: { readonly name: string; readonly address: string }) {
  return (
    <Fact name={name}>
      <span className="font-mono text-sm break-all">{address}</span>
    </Fact>
  )
}

interface AmountProps {
  readonly of: bigint
  readonly token: Token | undefined
  readonly isUnlimited?: boolean
}

function Amount({ of, token: known, isUnlimited = false }: AmountProps) {
  const { review } = useTexts()
  const { token } = review
  if (known === undefined) {
    return (
      <Fact name={token.amount}>
        {isUnlimited && <strong className="block text-bad">{token.unlimited}</strong>}
        <span className="break-all">{inGroups(of)}</span>
      </Fact>
    )
  }
  return (
    <Fact name={review.amount}>
      <strong className={`block break-all ${isUnlimited ? 'text-bad' : ''}`}>
        {isUnlimited ? token.unlimited : `${formatGrouped(of, known.decimals)} ${known.symbol}`}
      </strong>
      <span className="text-sm break-all text-muted">{token.smallest(inGroups(of))}</span>
    </Fact>
  )
}
