import type { TokenCall } from '../../../../tss-wasm/content/tokenCall.ts'
import { Fact } from '../../design/Card.tsx'
import { useTexts } from '../../texts/useTexts.tsx'

/** What a call of a token contract says, part by part. */
export function TokenCallFacts({ call }: { readonly call: TokenCall }) {
  const { review } = useTexts()
  const { token } = review
  switch (call.kind) {
    case 'transfer':
      return (
        <>
          <Party name={token.to} address={call.to} />
          <Amount of={call.amount} />
        </>
      )
    case 'transfer-from':
      return (
        <>
          <Party name={token.from} address={call.from} />
          <Party name={token.to} address={call.to} />
          <Amount of={call.amount} />
        </>
      )
    case 'approve':
    case 'raise-allowance':
      return (
        <>
          <Party name={token.spender} address={call.spender} />
          <Amount of={call.amount} isUnlimited={call.isUnlimited} />
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

function Amount({ of, isUnlimited = false }: { readonly of: bigint; readonly isUnlimited?: boolean }) {
  const { review } = useTexts()
  return (
    <Fact name={review.token.amount}>
      {isUnlimited && <strong className="block text-bad">{review.token.unlimited}</strong>}
      <span className="break-all">{of.toString()}</span>
    </Fact>
  )
}
