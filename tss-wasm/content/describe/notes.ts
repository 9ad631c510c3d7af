import { ethHex } from 'micro-eth-signer'
import { networkOf } from '../networks.ts'
import { isUnlimited } from '../tokenCall.ts'
import type { TypedData, TypedNode } from '../typedData.ts'
import { domainFields } from '../typedTypes.ts'
import { visible } from '../visibleText.ts'
import { isMomentName } from '../moments.ts'
import { annotate, joined, type Annotation } from './annotate.ts'
import { meaningOfCall, type Callee } from './calls.ts'
import type { Description, MessageFormat } from './description.ts'
import { messageStandards, type Power, type StandardName } from './standards.ts'

/** What is understood of typed data. Whatever is not understood is said to be so: there is no list of what is dangerous. */
export interface TypedMeaning {
  readonly standard: { readonly name: StandardName; readonly power: Power } | undefined
  readonly described: { readonly intent: string; readonly owner: string | undefined } | undefined
  readonly annotations: ReadonlyMap<TypedNode, Annotation>
  /** Names of what nobody can read, where nobody says what it means: bytes that may be anything. */
  readonly opaque: readonly string[]
  /** In the order in which they are shown. */
  readonly notes: readonly TypedNote[]
}

export type TypedNote =
  /** Nobody here knows what it does. */
  | 'unknown'
  | 'opaque'
  /** Somebody's description says what it does; it may be wrong. */
  | 'described'
  | 'spend'
  | 'unlimited'
  | 'order'
  | 'send'
  | 'account'
  | 'harmless'
  /** Code of somebody else's runs as if it were the account's own. */
  | 'delegatecall'
  /** A call within it of which nobody knows what it does. */
  | 'unknownCall'
  | 'anyChain'
  | 'unknownChain'
  | 'noContract'
  | 'oddDomain'
  | 'hidden'

/** @param descriptions beside our own of the common standards */
export function meaningOfTypedData(data: TypedData, descriptions: readonly Description[]): TypedMeaning {
  const callee = calleeOf(data)
  const standard = messageStandards.find(({ description }) =>
    description.messages.some(({ type }) => type === data.encodedType),
  )
  const theirs = descriptions.flatMap((description) => {
    const format = isFor(description, data, callee) ? formatFor(description, data) : undefined
    return format === undefined ? [] : [{ description, format }]
  })[0]
  const [ours, others] = [
    [standard?.description, standard?.description.messages[0]] as const,
    [theirs?.description, theirs?.format] as const,
  ].map(([description, format]) =>
    description === undefined || format === undefined
      ? new Map<TypedNode, Annotation>()
      : annotate(data.message, format, description, callee),
  )
  const annotations = joined(ours ?? new Map(), others ?? new Map(), data.message)
  const described = theirs && { intent: theirs.format.intent ?? '', owner: theirs.description.owner }
  const leaves = leavesOf(data.message)
  const isKnown = standard !== undefined || theirs !== undefined
  // Whoever describes some of it has said nothing of the rest.
  const opaque = standard === undefined ? opaqueIn(data.message, annotations) : []
  return {
    standard: standard && { name: standard.name, power: standard.power },
    described,
    annotations,
    opaque: [...new Set(opaque)],
    notes: [
      ...(isKnown ? [] : (['unknown'] as const)),
      ...(opaque.length > 0 ? (['opaque'] as const) : []),
      ...new Set([
        ...(described === undefined ? [] : (['described'] as const)),
        ...(standard === undefined ? guessed(data, leaves) : [standard.power]),
        ...(isEndless(data, leaves, annotations) ? (['unlimited'] as const) : []),
        ...innerNotes(annotations, callee, descriptions, 0),
        ...(delegates(data.message) ? (['delegatecall'] as const) : []),
      ]),
      ...domainNotes(data),
    ],
  }
}

/** Notes of the calls that somebody makes for the account. */
function innerNotes(
  annotations: ReadonlyMap<TypedNode, Annotation>,
  { chainId }: Callee,
  descriptions: readonly Description[],
  within: number,
): readonly TypedNote[] {
  return [...annotations.values()].flatMap(({ shown }) => {
    if (shown.kind === 'choice') return shown.text === 'delegatecall' ? (['delegatecall'] as const) : []
    if (shown.kind !== 'call') return []
    return callNotes(ethHex.decode(shown.data), { to: shown.to, chainId }, descriptions, within)
  })
}

const deepestCall = 4

/** What a careful friend would point at in a call, and in the calls within it. */
export function callNotes(
  data: Uint8Array,
  callee: Callee,
  descriptions: readonly Description[],
  within = 0,
): readonly TypedNote[] {
  if (data.length === 0) return []
  const meaning = within > deepestCall ? undefined : meaningOfCall(data, callee, descriptions)
  if (meaning === undefined) return ['unknownCall']
  const { token, standard, described, annotations } = meaning
  const isTaken = token?.kind === 'approve' || token?.kind === 'raise-allowance'
  const isOfAll = token?.kind === 'approve-all' && token.isApproved
  const notes: (readonly [TypedNote, boolean])[] = [
    ['described', described !== undefined],
    ['spend', isTaken || isOfAll || standard?.power === 'spend'],
    ['unlimited', isOfAll || (isTaken && token.isUnlimited) || hasEndlessToken(annotations)],
  ]
  return [
    ...notes.flatMap(([note, applies]) => (applies ? [note] : [])),
    ...innerNotes(annotations, callee, descriptions, within + 1),
  ]
}

function isFor({ deployments, domain }: Description, data: TypedData, { to, chainId }: Callee): boolean {
  const said = new Map(data.domain.map(({ name, value }) => [name, value]))
  for (const [name, value] of domain) {
    const given = said.get(name)
    if (typeof given !== 'string') return false
    // Addresses and bytes are written in either case.
    const isSame = given.startsWith('0x') ? given.toLowerCase() === value.toLowerCase() : given === value
    if (!isSame) return false
  }
  return deployments === 'any' || deployments.some((each) => each.address === to && each.chainId === chainId)
}

function formatFor({ messages }: Description, { encodedType, primaryType }: TypedData): MessageFormat | undefined {
  return messages.find(({ type }) => type === encodedType) ?? messages.find(({ type }) => type === primaryType)
}

/** The contract that checks the signature, where the domain says which. */
export function calleeOf({ domain }: TypedData): Callee {
  const valueOf = (name: string, type: string) => {
    const found = domain.find((node) => node.name === name && node.type.startsWith(type))?.value
    return typeof found === 'string' ? found : undefined
  }
  const chainId = valueOf('chainId', 'uint')
  return { to: valueOf('verifyingContract', 'address'), chainId: chainId === undefined ? undefined : BigInt(chainId) }
}

/** All values that are not made of others. */
function leavesOf(nodes: readonly TypedNode[]): (TypedNode & { readonly value: string })[] {
  return nodes.flatMap((node) => {
    if (node.value === undefined) return []
    return typeof node.value === 'string' ? [{ ...node, value: node.value }] : leavesOf(node.value)
  })
}

/**
 * Names of bytes, other than zeros, of which nobody says what they are.
 * @param list name of the list that the nodes are elements of, which have numbers only
 */
function opaqueIn(
  nodes: readonly TypedNode[],
  annotations: ReadonlyMap<TypedNode, Annotation>,
  list?: string,
): readonly string[] {
  return nodes.flatMap((node) => {
    const { type, value } = node
    const name = list ?? node.name
    if (typeof value === 'object') return opaqueIn(value, annotations, type.endsWith(']') ? name : undefined)
    const isOpaque = type.startsWith('bytes') && value !== undefined && /[1-9a-f]/.test(value.slice(2))
    return isOpaque && !annotations.has(node) ? [name] : []
  })
}

/** Names by which contracts take tokens on a signature, or do anything at all; taking such a thing back is none of it. */
const takers = /permit|authorization|order|metatransaction|forwardrequest|approv|delegat/i
const takesBack = /cancel|revoke|invalidat/i
const takerField = /^(spender|operator|delegate|delegatee|approved)$/i

/** What an undescribed call looks like. It is still shown as unknown. */
function guessed({ primaryType, message }: TypedData, leaves: readonly TypedNode[]): readonly TypedNote[] {
  if (takesBack.test(primaryType)) return []
  const looks =
    takers.test(primaryType) ||
    leaves.some(({ name }) => takerField.test(name)) ||
    structTypes(message).some((type) => takers.test(type))
  return looks ? ['spend'] : []
}

function structTypes(nodes: readonly TypedNode[]): readonly string[] {
  return nodes.flatMap(({ type, value }) => (typeof value === 'object' ? [type, ...structTypes(value)] : []))
}

/** Whether some number in it is what contracts take for "everything", or a yes that has no number. */
function isEndless(
  { primaryType }: TypedData,
  leaves: readonly (TypedNode & { readonly value: string })[],
  annotations: ReadonlyMap<TypedNode, Annotation>,
): boolean {
  if (takesBack.test(primaryType)) return false
  if (hasEndlessToken(annotations)) return true
  return leaves.some(({ name, type, value }) => {
    if (type === 'bool') return /^(allowed|approved)$/.test(name) && value === 'true'
    const bits = Number(/^uint([0-9]+)$/.exec(type)?.[1] ?? 0)
    const isAmount = bits >= 96 && !isMomentName(name) && !/nonce|salt|counter/i.test(name)
    return isAmount && isUnlimited(BigInt(value))
  })
}

function hasEndlessToken(annotations: ReadonlyMap<TypedNode, Annotation>): boolean {
  return [...annotations.values()].some(({ shown }) => shown.kind === 'token' && shown.isUnlimited)
}

/** A call by delegation, as Safe and its like write it. */
function delegates(nodes: readonly TypedNode[]): boolean {
  const isCall = nodes.some(({ name }) => name === 'to') && nodes.some(({ name }) => name === 'data')
  const operation = nodes.find(({ name }) => name === 'operation')?.value
  if (isCall && typeof operation === 'string' && operation !== '0') return true
  return nodes.some(({ value }) => typeof value === 'object' && delegates(value))
}

function domainNotes(data: TypedData): readonly TypedNote[] {
  const { to, chainId } = calleeOf(data)
  const isUsual = data.domain.every(({ name, type }) =>
    domainFields.some((field) => field.name === name && field.type === type),
  )
  const notes: (readonly [TypedNote, boolean])[] = [
    ['anyChain', chainId === undefined],
    ['unknownChain', chainId !== undefined && networkOf(chainId) === undefined],
    ['noContract', to === undefined],
    ['oddDomain', !isUsual],
    ['hidden', [...data.domain, ...data.message].some(isHidden)],
  ]
  return notes.flatMap(([note, applies]) => (applies ? [note] : []))
}

function isHidden({ type, value }: TypedNode): boolean {
  if (value === undefined) return false
  return typeof value === 'string' ? type === 'string' && visible(value).hasHidden : value.some(isHidden)
}
