import { isObject, isList, JsonNumber, type JsonValue, readJson } from '../../tss-wasm/content/json.ts'
import { ContentRefused } from '../../tss-wasm/content/refused.ts'
import { rpcCodes, RpcError } from './rpcError.ts'

/** One call of JSON-RPC 2.0. */
export interface Call {
  /** As given, in JSON. */
  readonly id: string
  readonly method: string
  readonly params: readonly JsonValue[]
  /** The parameters as the node is given them, for what is only passed on. */
  readonly passedOn: readonly unknown[]
}

/** The largest transaction, in hex, with room around it. */
export const longestBody = 600_000
const mostCalls = 20

type Read = Call | { readonly id: string; readonly error: RpcError }

/** @returns the calls, each by itself, and whether they came as a list @throws RpcError for what is no JSON-RPC at all */
export function readCalls(text: string): { readonly calls: readonly Read[]; readonly isList: boolean } {
  const value = strictly(text)
  // Twice: once without losing a digit, and once as the node is to get it.
  const plain: unknown = JSON.parse(text)
  if (!isList(value)) return { calls: [readCall(value, plain)], isList: false }
  if (value.length === 0 || value.length > mostCalls)
    throw new RpcError('notACall', `a list has 1 to ${mostCalls} calls, not ${value.length}`)
  const plains = plain as readonly unknown[]
  return { calls: value.map((each, at) => readCall(each, plains[at])), isList: true }
}

/** In JSON. @param id as `Call` has it */
export function answerOf(id: string, result: unknown): string {
  return `{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result ?? null)}}`
}

/** The same for a call that failed. Whatever is no `RpcError` is a fault of ours, of which nobody is told more. */
export function errorOf(id: string, error: unknown): string {
  const { code, message, data } = error instanceof RpcError ? error : new RpcError('bug', 'the signer has failed')
  const said = { code: rpcCodes[code], message, ...(data !== undefined && { data }) }
  return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(said)}}`
}

function strictly(text: string): JsonValue {
  try {
    return readJson('request', text, longestBody)
  } catch (error) {
    if (error instanceof ContentRefused) throw new RpcError('unreadable', 'the body is not JSON that can be read')
    throw error
  }
}

function readCall(value: JsonValue, plain: unknown): Read {
  if (!isObject(value)) return { id: 'null', error: new RpcError('notACall', 'a call is an object') }
  const id = idOf(value.get('id'))
  const method = value.get('method')
  const params = value.get('params') ?? []
  if (value.get('jsonrpc') !== '2.0' || typeof method !== 'string' || id === undefined)
    return { id: id ?? 'null', error: new RpcError('notACall', 'a call has jsonrpc "2.0", an id and a method') }
  if (!isList(params)) return { id, error: new RpcError('wrongParameters', 'params is a list') }
  const { params: passedOn = [] } = plain as { readonly params?: readonly unknown[] }
  return { id, method, params, passedOn }
}

/** In JSON; undefined for none, and for what cannot be one: nobody would hear of what such a call has done. */
function idOf(id: JsonValue | undefined): string | undefined {
  if (id instanceof JsonNumber) return id.text.length <= 20 ? id.text : undefined
  if (id === null) return 'null'
  return typeof id === 'string' && id.length <= 200 ? JSON.stringify(id) : undefined
}
