import { ProtocolAbort } from '../../../tss-wasm/failure.ts'
import { isRecord } from '../../../tss-wasm/isRecord.ts'
import type { EthereumNode, NodeAnswer } from '../ethereumNode.ts'

const longestAnswer = 64 * 1024
const longestWords = 300

/** By fetch: no cookies, no referrer, no redirect, nothing kept, an answer of bounded length in bounded time. */
export function ethereumNode(ask: typeof fetch = fetch, timeoutMs = 20_000): EthereumNode {
  return async (url, method, params) => {
    try {
      const response = await ask(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        redirect: 'error',
        cache: 'no-store',
        signal: AbortSignal.timeout(timeoutMs),
      })
      return decode(JSON.parse(await boundedText(response)))
    } catch {
      throw new ProtocolAbort({ kind: 'disconnected', detail: 'node' })
    }
  }
}

/** Some nodes put an error into an answer with an HTTP status of one, so the status is not looked at. */
function decode(answer: unknown): NodeAnswer {
  if (!isRecord(answer) || answer['jsonrpc'] !== '2.0' || answer['id'] !== 1) throw new Error('no answer to us')
  const { result, error } = answer
  if (isRecord(error) && typeof error['message'] === 'string' && (result === undefined || result === null))
    return { type: 'error', message: error['message'].slice(0, longestWords) }
  if (typeof result !== 'string' || (error !== undefined && error !== null)) throw new Error('neither result nor error')
  return { type: 'result', value: result }
}

async function boundedText({ body }: Response): Promise<string> {
  if (body === null) throw new Error('empty')
  const reader = body.getReader()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let length = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length
    if (length > longestAnswer) {
      await reader.cancel()
      throw new Error('too long')
    }
    text += decoder.decode(part.value, { stream: true })
  }
  return text + decoder.decode()
}
