import type { AskRpc, RpcAnswer } from '../evm/node.ts'
import { isRecord } from '../../tss-wasm/isRecord.ts'
import { askNode, nodeError } from './askNode.ts'

/** @param longestAnswer in bytes, where more is wanted than `askNode` takes by itself */
export function ethereumNode(ask: typeof fetch = fetch, timeoutMs = 20_000, longestAnswer?: number): AskRpc {
  return async (url, method, params) =>
    askNode({ ask, timeoutMs, decode, ...(longestAnswer !== undefined && { longestAnswer }) }, url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
}

/** Some nodes put an error into an answer with an HTTP status of one, so the status is not looked at. */
function decode(text: string): RpcAnswer {
  const answer: unknown = JSON.parse(text)
  if (!isRecord(answer) || answer['jsonrpc'] !== '2.0' || answer['id'] !== 1) throw new Error('no answer to us')
  const { result, error } = answer
  if (isRecord(error) && typeof error['message'] === 'string' && (result === undefined || result === null)) {
    const data = revertData(error['data'])
    return { ...nodeError(error['message']), ...(data !== undefined && { data }) }
  }
  if (result === undefined || (error !== undefined && error !== null)) throw new Error('neither result nor error')
  return { type: 'result', value: result }
}

const longestRevert = 10_000

/** What a call that fails gives back: by itself, or, from some nodes, within an object. */
function revertData(data: unknown): string | undefined {
  const inner = isRecord(data) ? data['data'] : data
  return typeof inner === 'string' && /^0x[0-9a-f]*$/i.test(inner) && inner.length <= longestRevert ? inner : undefined
}
