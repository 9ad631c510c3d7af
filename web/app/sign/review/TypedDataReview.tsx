import { useMemo } from 'react'
import { permitOf } from '../../../../tss-wasm/content/permit.ts'
import { decodeTypedData, type TypedData, type TypedNode } from '../../../../tss-wasm/content/typedData.ts'
import { chainName, chainOf } from '../chains.ts'
import { Card, Fact, Facts } from '../../design/Card.tsx'
import { Notice } from '../../design/Notice.tsx'
import { useTexts } from '../../texts/useTexts.tsx'
import { visibleText } from '../../texts/visibleText.ts'
import { Quoted } from './Quoted.tsx'

/** Typed data: for whom it is first, then all of what it says, as it is nested. */
export function TypedDataReview({ json }: { readonly json: Uint8Array }) {
  const { typed } = useTexts()
  const data = useMemo(() => decodeTypedData(json), [json])
  return (
    <>
      {warningsOf(data).map((warning) => (
        <Notice key={warning} tone={warning === 'unlimited' ? 'bad' : 'warn'}>
          {typed.warnings[warning]}
        </Notice>
      ))}
      <Card title={typed.domain}>
        <Facts>
          {data.domain.map((node) => (
            <Fact key={node.name} name={typed.fields[node.name as keyof typeof typed.fields]}>
              {node.name === 'chainId' && typeof node.value === 'string' ? (
                <Network id={node.value} />
              ) : (
                <Value node={node} />
              )}
            </Fact>
          ))}
        </Facts>
      </Card>
      <Card title={typed.title(data.primaryType)}>
        <Tree nodes={data.message} />
      </Card>
    </>
  )
}

function Network({ id }: { readonly id: string }) {
  const texts = useTexts()
  const chain = chainOf(BigInt(id))
  return chain === undefined ? texts.review.unknownChain(id) : texts.review.chain(chainName(chain, texts), id)
}

function Tree({ nodes }: { readonly nodes: readonly TypedNode[] }) {
  return (
    <dl className="grid gap-2">
      {nodes.map((node) => (
        <div key={node.name}>
          <dt className="text-sm break-all text-muted">
            {node.name} <span className="font-mono text-xs">{node.type}</span>
          </dt>
          <dd className="min-w-0">
            <Value node={node} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Value({ node }: { readonly node: TypedNode }) {
  const { typed } = useTexts()
  const { type, value } = node
  if (typeof value !== 'string') {
    if (value.length === 0) return <span className="text-muted">{typed.empty}</span>
    return (
      <div className="mt-1 border-l-2 border-line pl-3">
        <Tree nodes={value} />
      </div>
    )
  }
  if (type !== 'string') {
    const moment = momentOf(node)
    return (
      <>
        <span className="font-mono text-sm break-all">{value}</span>
        {moment !== undefined && (
          <strong className="block">{moment === 'far' ? typed.farMoment : typed.moment(moment)}</strong>
        )}
      </>
    )
  }
  if (value === '') return <span className="text-muted">{typed.emptyText}</span>
  return <Quoted text={shownText(value).text ?? ''} label={node.name} />
}

const namesOfMoments =
  /^(sig)?(deadline|expiry|expiration|valid(to|until|after|before)|not(before|after)|(start|end)time)$/i
const earliestSeconds = 1_000_000_000n
const endOf9999 = 253_402_300_799n

/** The moment that a number stands for, by its name and its size: in seconds since 1970, as contracts count. */
function momentOf({ name, type, value }: TypedNode): Date | 'far' | undefined {
  if (typeof value !== 'string' || !type.startsWith('uint') || !namesOfMoments.test(name)) return undefined
  const seconds = BigInt(value)
  if (seconds < earliestSeconds) return undefined
  return seconds > endOf9999 ? 'far' : new Date(1000 * Number(seconds))
}

type Warning = 'permit' | 'unlimited' | 'anyChain' | 'noContract' | 'unknownChain' | 'hidden'

/** What a careful friend would point at. */
function warningsOf(data: TypedData): Warning[] {
  const permit = permitOf(data)
  const chainId = data.domain.find(({ name }) => name === 'chainId')?.value
  const warnings: [Warning, boolean][] = [
    ['permit', permit !== undefined],
    ['unlimited', permit?.isUnlimited === true],
    ['anyChain', chainId === undefined],
    ['unknownChain', typeof chainId === 'string' && chainOf(BigInt(chainId)) === undefined],
    ['noContract', !data.domain.some(({ name }) => name === 'verifyingContract')],
    ['hidden', [...data.domain, ...data.message].some(hasHidden)],
  ]
  return warnings.flatMap(([warning, applies]) => (applies ? [warning] : []))
}

function hasHidden({ type, value }: TypedNode): boolean {
  if (typeof value !== 'string') return value.some(hasHidden)
  return type === 'string' && shownText(value).hasHidden
}

function shownText(text: string) {
  return visibleText(new TextEncoder().encode(text))
}
