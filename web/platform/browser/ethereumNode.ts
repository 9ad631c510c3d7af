import { isRecord } from '../../../tss-wasm/isRecord.ts'
import type { EthereumNode, NodeAnswer } from '../nodes.ts'
import { askNode, nodeError } from './askNode.ts'

export function ethereumNode(ask: typeof fetch = fetch, timeoutMs = 20_000): EthereumNode {
  return async (url, method, params) =>
    askNode({ ask, timeoutMs, decode }, url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
}

/** Some nodes put an error into an answer with an HTTP status of one, so the status is not looked at. */
function decode(text: string): NodeAnswer {
  const answer: unknown = JSON.parse(text)
  if (!isRecord(answer) || answer['jsonrpc'] !== '2.0' || answer['id'] !== 1) throw new Error('no answer to us')
  const { result, error } = answer
  if (isRecord(error) && typeof error['message'] === 'string' && (result === undefined || result === null))
    return nodeError(error['message'])
  if (typeof result !== 'string' || (error !== undefined && error !== null)) throw new Error('neither result nor error')
  return { type: 'result', value: result }
}
