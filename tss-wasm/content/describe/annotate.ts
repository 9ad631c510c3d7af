import { addr } from 'micro-eth-signer'
import { isUnlimited } from '../tokenCall.ts'
import type { TypedNode } from '../typedData.ts'
import {
  record,
  tokenFacts,
  type Description,
  type Format,
  type Json,
  type Row,
  type TokenFacts,
} from './description.ts'
import { nodesAt } from './paths.ts'

/** What a description says about one value that is signed. The value itself is shown all the same. */
export interface Annotation {
  readonly label: string
  readonly shown: Shown
  /** Whether these are words of our own, or of whoever gave the description. */
  readonly isOurs: boolean
}

export type Shown =
  | { readonly kind: 'raw' }
  /** Of the network's coin, in its smallest unit. */
  | { readonly kind: 'amount'; readonly amount: bigint }
  | {
      readonly kind: 'token'
      readonly amount: bigint
      readonly isUnlimited: boolean
      /** Undefined where the description does not say which. */
      readonly token: string | undefined
      /** Undefined where nobody here knows: then the amount is in the smallest unit. */
      readonly facts: TokenFacts | undefined
    }
  | { readonly kind: 'nft'; readonly id: bigint; readonly collection: string | undefined }
  /** Seconds since 1970. */
  | { readonly kind: 'moment'; readonly seconds: bigint; readonly zero: ZeroMoment | undefined }
  | { readonly kind: 'block'; readonly number: bigint }
  | { readonly kind: 'duration'; readonly seconds: bigint }
  | { readonly kind: 'unit'; readonly amount: bigint; readonly decimals: number; readonly base: string }
  | { readonly kind: 'choice'; readonly text: string }
  | { readonly kind: 'network'; readonly id: bigint }
  /** Another call, which the contract makes in turn. */
  | { readonly kind: 'call'; readonly to: string | undefined; readonly data: string; readonly value: bigint }

/** What 0 means where a moment is asked for, by its standard: no end, or no longer than the block that it is used in. */
export type ZeroMoment = 'never' | 'this-block'

/** What surrounds a call or typed data: paths that begin with `@`. */
export interface Surroundings {
  readonly to?: string | undefined
  readonly chainId?: bigint | undefined
}

/** More than typed data or a call has values. */
const mostAnnotations = 4000

/** Which of the values a format describes, each by the first of its rows. */
export function annotate(
  roots: readonly TypedNode[],
  format: Format,
  description: Pick<Description, 'root' | 'token' | 'deployments'>,
  around: Surroundings,
): ReadonlyMap<TypedNode, Annotation> {
  const found = new Map<TypedNode, Annotation>()
  const isOurs = description.deployments === 'any'
  for (const row of format.rows) {
    const scopes =
      row.scope === '' ? [roots] : nodesAt(roots, row.scope).map(({ value }) => (isParts(value) ? value : []))
    for (const scope of scopes) {
      const nodes = nodesAt(row.path.startsWith('#') ? roots : scope, row.path)
      for (const [i, node] of nodes.entries()) {
        if (found.has(node) || found.size >= mostAnnotations) continue
        const look = lookUp(roots, scope, description.root, around, i, nodes.length)
        found.set(node, { label: row.label, shown: shownAs(node, row, look, description, around), isOurs })
      }
    }
  }
  return found
}

function isParts(value: TypedNode['value'] | undefined): value is readonly TypedNode[] {
  return typeof value === 'object'
}

/** What a reference leads to: a constant, something around, or a value beside the one that is described. */
type LookUp = (reference: unknown) => unknown

function lookUp(
  roots: readonly TypedNode[],
  scope: readonly TypedNode[],
  root: Json,
  around: Surroundings,
  at: number,
  of: number,
): LookUp {
  return (reference) => {
    if (typeof reference !== 'string') return reference
    if (reference.startsWith('$.')) {
      return reference
        .slice(2)
        .split('.')
        .reduce<unknown>((json, name) => (Object.hasOwn(record(json), name) ? record(json)[name] : undefined), root)
    }
    if (reference.startsWith('@.')) return around[reference.slice(2) as keyof Surroundings]
    const inScope = nodesAt(scope, reference)
    const nodes = inScope.length > 0 ? inScope : nodesAt(roots, reference)
    const one = nodes.length === of ? nodes[at] : nodes.length === 1 ? nodes[0] : undefined
    return one?.value
  }
}

function shownAs(
  { type, value }: TypedNode,
  { format, params }: Row,
  look: LookUp,
  { token: ownToken }: Pick<Description, 'token'>,
  around: Surroundings,
): Shown {
  if (typeof value !== 'string') return { kind: 'raw' }
  const constant = (name: string) =>
    typeof params[name] === 'string' && params[name].startsWith('$.') ? look(params[name]) : params[name]
  const either = (path: string, name: string): unknown =>
    params[path] === undefined ? constant(name) : look(params[path])
  if (format === 'calldata' && value.startsWith('0x')) {
    // Data without the selector in front of it: what stands there instead would be read as one.
    if (params['selector'] !== undefined || params['selectorPath'] !== undefined) return { kind: 'raw' }
    return {
      kind: 'call',
      to: addressIn(either('calleePath', 'callee')),
      data: value,
      value: numberIn(either('amountPath', 'amount')) ?? 0n,
    }
  }
  if (format === 'enum') {
    const choice = record(look(params['$ref']))[value]
    return typeof choice === 'string' ? { kind: 'choice', text: choice.slice(0, 100) } : { kind: 'raw' }
  }
  if (!/^u?int/.test(type)) return { kind: 'raw' }
  const number = BigInt(value)
  switch (format) {
    case 'amount':
      return { kind: 'amount', amount: number }
    case 'tokenAmount': {
      const token = addressIn(either('tokenPath', 'token'))
      if (token !== undefined && addressesIn(constant('nativeCurrencyAddress')).includes(token))
        return { kind: 'amount', amount: number }
      const threshold = numberIn(constant('threshold'))
      const isOwn = ownToken !== undefined && (token === undefined || token === around.to)
      return {
        kind: 'token',
        amount: number,
        isUnlimited: isUnlimited(number) || (threshold !== undefined && threshold > 0n && number >= threshold),
        token,
        facts: isOwn ? ownToken : undefined,
      }
    }
    case 'nftName':
      return { kind: 'nft', id: number, collection: addressIn(either('collectionPath', 'collection')) }
    case 'date':
      return params['encoding'] === 'blockheight' ? { kind: 'block', number } : momentShown(number, params)
    case 'duration':
      return { kind: 'duration', seconds: number }
    case 'unit': {
      const facts = tokenFacts(constant('base'), params['decimals'] ?? 0)
      return facts === undefined
        ? { kind: 'raw' }
        : { kind: 'unit', amount: number, decimals: facts.decimals, base: facts.ticker }
    }
    case 'chainId':
      return { kind: 'network', id: number }
    default:
      return { kind: 'raw' }
  }
}

/**
 * What two say about the same values: the second names them and writes them, but for those that the first warns of.
 * @param nodes the tree of the second
 * @param twins the same values as the first has them
 */
export function joined(
  first: ReadonlyMap<TypedNode, Annotation>,
  second: ReadonlyMap<TypedNode, Annotation>,
  nodes: readonly TypedNode[],
  twins: readonly TypedNode[] = nodes,
): ReadonlyMap<TypedNode, Annotation> {
  const found = new Map<TypedNode, Annotation>()
  const visit = (all: readonly TypedNode[], theirTwins: readonly TypedNode[]): void => {
    for (const [i, node] of all.entries()) {
      const twin = theirTwins[i]
      const [one, two] = [twin && first.get(twin), second.get(node)]
      const said = one !== undefined && (two === undefined || warns(one.shown)) ? one : two
      if (said !== undefined) found.set(node, said)
      if (isParts(node.value)) visit(node.value, isParts(twin?.value) ? twin.value : [])
    }
  }
  visit(nodes, twins)
  return found
}

/** A call within, an amount without a limit, a permission without an end. */
function warns(shown: Shown): boolean {
  if (shown.kind === 'token') return shown.isUnlimited
  if (shown.kind === 'moment') return shown.zero !== undefined && shown.seconds === 0n
  return shown.kind === 'call' || (shown.kind === 'choice' && shown.text === 'delegatecall')
}

function momentShown(seconds: bigint, { zero }: Json): Shown {
  return { kind: 'moment', seconds, zero: zero === 'never' || zero === 'this-block' ? zero : undefined }
}

/** With checksum, as the values that are signed have it. */
function addressIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value)
    ? addr.addChecksum(value.toLowerCase())
    : undefined
}

/** One or several. */
function addressesIn(value: unknown): readonly (string | undefined)[] {
  return (Array.isArray(value) ? value : [value]).map(addressIn)
}

function numberIn(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  return typeof value === 'string' && /^([0-9]{1,78}|0x[0-9a-fA-F]{1,64})$/.test(value) ? BigInt(value) : undefined
}
