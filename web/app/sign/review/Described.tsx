import { ethHex } from 'micro-eth-signer'
import { useMemo } from 'react'
import type { Annotation, Shown } from '../../../../tss-wasm/content/describe/annotate.ts'
import { meaningOfCall } from '../../../../tss-wasm/content/describe/calls.ts'
import { tokenAt } from '../../../../tss-wasm/content/tokens.ts'
import { momentOf, momentOfSeconds, type Moment } from '../../../../tss-wasm/content/moments.ts'
import type { TypedNode } from '../../../../tss-wasm/content/typedData.ts'
import { visible } from '../../../../tss-wasm/content/visibleText.ts'
import { useDescriptions } from '../../../state/descriptions.ts'
import type { Texts } from '../../texts/en.ts'
import { useTexts } from '../../texts/useTexts.tsx'
import { wordFor } from '../../texts/wordFor.ts'
import { etherDecimals, formatAmount, formatGrouped, inGroups } from '../amounts.ts'
import { coinOf, networkText } from '../chains.ts'
import { Bytes } from './Bytes.tsx'
import { Facts } from '../../design/Card.tsx'
import { Quoted } from './Quoted.tsx'
import { TokenCallFacts } from './TokenCallFacts.tsx'

interface TreeProps {
  readonly nodes: readonly TypedNode[]
  readonly annotations: ReadonlyMap<TypedNode, Annotation>
  readonly chainId: bigint | undefined
}

/** Every value that is signed, as it is nested, each with what is known of it. */
export function Tree({ nodes, annotations, chainId }: TreeProps) {
  const { described } = useTexts()
  return (
    <dl className="grid gap-2">
      {nodes.map((node, i) => {
        const said = annotations.get(node)
        return (
          <div key={i}>
            <dt className="text-sm break-all text-muted">
              {said !== undefined && <span className="font-medium text-ink">{labelText(said, described)} </span>}
              {node.name} <span className="font-mono text-xs">{node.type}</span>
            </dt>
            <dd className="min-w-0">
              <Value node={node} annotations={annotations} chainId={chainId} />
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

interface ValueProps extends Omit<TreeProps, 'nodes'> {
  readonly node: TypedNode
}

export function Value({ node, annotations, chainId }: ValueProps) {
  const { described, typed } = useTexts()
  const { type, value } = node
  if (value === undefined) return <span className="text-muted">{described.none}</span>
  if (typeof value !== 'string') {
    if (value.length === 0) return <span className="text-muted">{typed.empty}</span>
    return (
      <div className="mt-1 border-l-2 border-line pl-3">
        <Tree nodes={value} annotations={annotations} chainId={chainId} />
      </div>
    )
  }
  if (type === 'string') {
    if (value === '') return <span className="text-muted">{typed.emptyText}</span>
    return <Quoted text={visible(value).text} label={node.name} />
  }
  return (
    <>
      {type === 'bytes' && value.length > 200 ? (
        <Bytes bytes={ethHex.decode(value)} />
      ) : (
        <span className="font-mono text-sm break-all">{value}</span>
      )}
      <Meant node={node} said={annotations.get(node)} chainId={chainId} />
    </>
  )
}

/** What a value stands for, beside itself. */
function Meant({
  node,
  said,
  chainId,
}: {
  readonly node: TypedNode
  readonly said: Annotation | undefined
  readonly chainId: bigint | undefined
}) {
  const texts = useTexts()
  const { shown, isOurs }: Pick<Annotation, 'shown' | 'isOurs'> = said ?? { shown: { kind: 'raw' }, isOurs: true }
  if (shown.kind === 'call') return <InnerCall shown={shown} chainId={chainId} />
  const text = meaningText(shown, isOurs, node, chainId, texts)
  return text === undefined ? null : (
    <strong className={`block ${shown.kind === 'token' && shown.isUnlimited ? 'text-bad' : ''}`}>{text}</strong>
  )
}

/** Words that are not our own stand in quotation marks. */
function labelText({ label, isOurs }: Annotation, described: Texts['described']): string {
  return isOurs ? (wordFor(described.labels, label) ?? label) : described.quoted(visible(label).text)
}

function meaningText(
  shown: Exclude<Shown, { kind: 'call' }>,
  isOurs: boolean,
  node: TypedNode,
  chainId: bigint | undefined,
  texts: Texts,
): string | undefined {
  const { described } = texts
  switch (shown.kind) {
    case 'raw': {
      const moment = momentOf(node)
      return moment && momentText(moment, texts)
    }
    case 'amount':
      return `${formatGrouped(shown.amount, etherDecimals)} ${coinOf(chainId, texts)}`
    case 'token': {
      if (shown.isUnlimited) return described.unlimited
      const { facts, amount, token } = shown
      const known = chainId === undefined || token === undefined ? undefined : tokenAt(chainId, token)
      if (known !== undefined) return `${formatGrouped(amount, known.decimals)} ${known.symbol}`
      return facts === undefined
        ? described.smallest(inGroups(amount))
        : `${formatGrouped(amount, facts.decimals)} ${visible(facts.ticker).text}`
    }
    case 'nft':
      return shown.collection && described.ofToken(shown.collection)
    case 'moment':
      if (shown.seconds === 0n && shown.zero !== undefined)
        return shown.zero === 'never' ? described.never : described.thisBlock
      return shown.seconds === 0n ? undefined : momentText(momentOfSeconds(shown.seconds), texts)
    case 'block':
      return described.block(shown.number.toString())
    case 'duration':
      return described.seconds(shown.seconds.toString())
    case 'unit':
      return `${formatAmount(shown.amount, shown.decimals)} ${visible(shown.base).text}`
    case 'choice':
      return (isOurs ? wordFor(described.choices, shown.text) : undefined) ?? described.quoted(visible(shown.text).text)
    case 'network':
      return networkText(shown.id, texts)
  }
}

function momentText(moment: Moment, { described, typed }: Texts): string {
  if (moment === 'far') return typed.farMoment
  return 'inMilliseconds' in moment ? described.inMilliseconds(moment.inMilliseconds) : typed.moment(moment)
}

interface InnerCallProps {
  readonly shown: Extract<Shown, { kind: 'call' }>
  readonly chainId: bigint | undefined
}

/** A call that a contract makes in turn: what it says, or that nobody can read it. */
function InnerCall({ shown: { to, data, value }, chainId }: InnerCallProps) {
  const { described } = useTexts()
  const bytes = useMemo(() => ethHex.decode(data), [data])
  return (
    <div className="mt-1 rounded-lg border border-line p-3">
      {bytes.length === 0 ? (
        <p className="text-sm">{value > 0n ? described.nothingCalled : described.none}</p>
      ) : (
        <CallFacts data={bytes} to={to} chainId={chainId} />
      )}
    </div>
  )
}

interface CallFactsProps {
  readonly data: Uint8Array
  readonly to: string | undefined
  readonly chainId: bigint | undefined
  /** Whether what the standards for tokens say of it stands above already. */
  readonly hasTokenAbove?: boolean
}

/** What a call means, as far as somebody here knows, and everything that it is given. */
export function CallFacts({ data, to, chainId, hasTokenAbove = false }: CallFactsProps) {
  const { described, review } = useTexts()
  const { descriptions } = useDescriptions()
  const meaning = useMemo(() => meaningOfCall(data, { to, chainId }, descriptions), [data, to, chainId, descriptions])
  if (meaning === undefined) return <p className="font-medium">{described.unknownCall}</p>
  const { token, standard, described: theirs, values, annotations } = meaning
  if (hasTokenAbove && theirs === undefined) return null
  return (
    <div className="grid gap-2">
      {theirs === undefined ? (
        standard !== undefined && token === undefined && <p className="font-medium">{described.names[standard.name]}</p>
      ) : (
        <Said intent={theirs.intent} owner={theirs.owner} />
      )}
      {token !== undefined && !hasTokenAbove && (
        <>
          <p className="font-medium">{review.tokenTitles[token.kind]}</p>
          <Facts>
            <TokenCallFacts
              call={token}
              token={chainId === undefined || to === undefined ? undefined : tokenAt(chainId, to)}
            />
          </Facts>
        </>
      )}
      {values.length > 0 && <Tree nodes={values} annotations={annotations} chainId={chainId} />}
    </div>
  )
}

/** Somebody's words for what is signed, and who says so. */
export function Said({ intent, owner }: { readonly intent: string; readonly owner: string | undefined }) {
  const { described } = useTexts()
  return (
    <p>
      {intent !== '' && <strong className="block">{described.quoted(visible(intent).text)}</strong>}
      <span className="text-sm text-muted">
        {owner === undefined ? described.bySomebody : described.by(visible(owner).text)}
      </span>
    </p>
  )
}
