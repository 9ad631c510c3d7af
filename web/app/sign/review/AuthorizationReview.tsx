import { decodeAuthorization, noCode, type Authorization } from '../../../../tss-wasm/content/authorization.ts'
import { Card, Fact, Facts } from '../../design/Card.tsx'
import { Notice } from '../../design/Notice.tsx'
import { useTexts } from '../../texts/useTexts.tsx'
import { networkText } from '../chains.ts'

/** EIP-7702: an account is given to the code of a contract. Nothing that is signed here can take more. */
export function AuthorizationReview({ unsigned }: { readonly unsigned: Uint8Array }) {
  const texts = useTexts()
  const { review } = texts
  const authorization = decodeAuthorization(unsigned)
  const { chainId, address, nonce } = authorization
  const takesCode = address === noCode
  return (
    <>
      {!takesCode && <Notice tone="bad">{review.warnings.delegatesThis}</Notice>}
      {!takesCode && <Notice tone="bad">{review.warnings.delegation}</Notice>}
      {chainId === 0n && <Notice tone="bad">{review.warnings.everyChain}</Notice>}
      <Card title={takesCode ? review.noAuthorization : review.authorization}>
        <Facts>
          <Fact name={review.codeOf}>
            {takesCode ? review.none : <span className="font-mono text-sm break-all">{address}</span>}
          </Fact>
          <Fact name={review.network}>{chainId === 0n ? review.onEveryChain : networkText(chainId, texts)}</Fact>
          <Fact name={review.nonce}>{nonce.toString()}</Fact>
        </Facts>
      </Card>
    </>
  )
}

/** What one authorization in a transaction does. */
export function AuthorizationFact({
  authorization,
  authority,
}: {
  readonly authorization: Authorization
  readonly authority: string | undefined
}) {
  const texts = useTexts()
  const { review } = texts
  const { chainId, address } = authorization
  const where = chainId === 0n ? review.onEveryChain : review.onChain(networkText(chainId, texts))
  const what = address === noCode ? review.codeTaken : review.code(address)
  return (
    <li className="break-all">
      <strong className="block">
        {authority === undefined ? review.nobodysAuthority : review.authority(authority)}
      </strong>
      <span className="text-sm">
        {what} {where}
      </span>
    </li>
  )
}
