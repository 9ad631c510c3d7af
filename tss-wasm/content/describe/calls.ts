import { addr, ethHex } from 'micro-eth-signer'
import { decodeTokenCall, type TokenCall } from '../tokenCall.ts'
import type { TypedNode } from '../typedData.ts'
import { decodeArguments } from './abi.ts'
import { annotate, joined, type Annotation } from './annotate.ts'
import type { CallFormat, Description } from './description.ts'
import { callStandards, type Power, type StandardName } from './standards.ts'

/** Whom a call is for. */
export interface Callee {
  /** Undefined where what surrounds the call does not say. */
  readonly to: string | undefined
  readonly chainId: bigint | undefined
}

/** What is understood of a call's data. */
export interface CallMeaning {
  /** Of the standards for tokens. */
  readonly token: TokenCall | undefined
  readonly standard: { readonly name: StandardName | 'multiSend'; readonly power: Power } | undefined
  /** By a description that the operator has given. */
  readonly described: { readonly intent: string; readonly owner: string | undefined } | undefined
  readonly values: readonly TypedNode[]
  readonly annotations: ReadonlyMap<TypedNode, Annotation>
}

const selectorLength = 4
const multiSend = '0x8d80ff0a'

/** Undefined where nobody here knows what the data means. */
export function meaningOfCall(
  data: Uint8Array,
  callee: Callee,
  descriptions: readonly Description[],
): CallMeaning | undefined {
  const selector = ethHex.encode(data.subarray(0, selectorLength))
  const token = decodeTokenCall(data)
  const own = callStandards.flatMap(({ name, power, description }) =>
    description.calls.map((format) => ({ name, power, description, format })),
  )
  const standard = own.find(({ format }) => format.selector === selector)
  const theirs = descriptions
    .filter((description) => isFor(description, callee))
    .flatMap((description) => description.calls.map((format) => ({ description, format })))
    .find(({ format }) => format.selector === selector)
  const [ours, others] = [standard, theirs].map((each) => each && readCall(data, each.format, each.description, callee))
  const described = others && theirs && { intent: theirs.format.intent ?? '', owner: theirs.description.owner }
  const several = selector === multiSend ? severalCalls(data) : undefined
  // Its calls are packed in a way of their own: nobody describes them better than they are read.
  if (several !== undefined) return { ...several, described }
  if (token === undefined && ours === undefined && others === undefined) return undefined
  const none = new Map<TypedNode, Annotation>()
  const values = others?.values ?? ours?.values ?? []
  return {
    token,
    standard: ours && standard && { name: standard.name, power: standard.power },
    described,
    values,
    annotations: joined(ours?.annotations ?? none, others?.annotations ?? none, values, ours?.values),
  }
}

function isFor({ deployments }: Description, { to, chainId }: Callee): boolean {
  return deployments === 'any' || deployments.some((each) => each.address === to && each.chainId === chainId)
}

function readCall(data: Uint8Array, format: CallFormat, description: Description, callee: Callee) {
  const values = decodeArguments(format.declared, data.subarray(selectorLength))
  return values && { values, annotations: annotate(values, format, description, callee) }
}

/** Safe's multiSend(bytes): operation (1), recipient (20), value (32), length (32), data, one after the other. */
function severalCalls(data: Uint8Array): CallMeaning | undefined {
  const declared = { name: 'multiSend', inputs: [{ name: 'transactions', type: 'bytes', components: [] }] }
  const packed = decodeArguments(declared, data.subarray(selectorLength))?.[0]?.value
  if (typeof packed !== 'string') return undefined
  const bytes = ethHex.decode(packed)
  const values: TypedNode[] = []
  const annotations = new Map<TypedNode, Annotation>()
  const node = (name: string, type: string, value: string): TypedNode => ({ name, type, value })
  for (let at = 0; at < bytes.length;) {
    const number = (from: number, length: number) =>
      BigInt(`0x0${ethHex.encode(bytes.subarray(from, from + length)).slice(2)}`)
    const length = number(at + 53, 32)
    const end = at + 85 + Number(length > BigInt(bytes.length) ? BigInt(bytes.length) : length)
    if (at + 85 > bytes.length || end > bytes.length || values.length > 100) return undefined
    const [operation, value] = [number(at, 1), number(at + 21, 32)]
    const to = addr.addChecksum(ethHex.encode(bytes.subarray(at + 1, at + 21)))
    const call = node('data', 'bytes', ethHex.encode(bytes.subarray(at + 85, end)))
    const parts = [
      node('operation', 'uint8', `${operation}`),
      node('to', 'address', to),
      node('value', 'uint256', `${value}`),
      call,
    ]
    const isOurs = true
    annotations.set(call, { label: 'data', shown: { kind: 'call', to, data: call.value as string, value }, isOurs })
    if (operation === 1n && parts[0])
      annotations.set(parts[0], { label: 'operation', shown: { kind: 'choice', text: 'delegatecall' }, isOurs })
    values.push({ name: `${values.length}`, type: 'tuple', value: parts })
    at = end
  }
  return {
    token: undefined,
    standard: { name: 'multiSend', power: 'account' },
    described: undefined,
    values,
    annotations,
  }
}
