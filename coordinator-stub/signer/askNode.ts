import type { RpcAnswer } from '../../chain/evm/node.ts'
import { isRecord } from '../../tss-wasm/isRecord.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'

const withinMs = 15_000
/** The logs of many blocks fit. */
const longestAnswer = 4 * 1024 * 1024
const longestWords = 300

/** Asks a node over HTTP (`AskRpc`). @throws ProtocolAbort `disconnected` */
export async function askNode(url: string, method: string, params: readonly unknown[]): Promise<RpcAnswer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(withinMs),
    })
    return answerIn(JSON.parse(await boundedText(response)))
  } catch (error) {
    if (error instanceof ProtocolAbort) throw error
    throw new ProtocolAbort({ kind: 'disconnected', detail: 'the node does not answer' })
  }
}

function answerIn(body: unknown): RpcAnswer {
  const { result, error } = isRecord(body) ? body : {}
  if (isRecord(error)) {
    const { message, data } = error
    const words = typeof message === 'string' ? message.slice(0, longestWords) : 'an error without words'
    return { type: 'error', message: words, ...(typeof data === 'string' && { data }) }
  }
  if (result === undefined) throw new ProtocolAbort({ kind: 'disconnected', detail: 'the node does not answer' })
  return { type: 'result', value: result }
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true })
    if (text.length > longestAnswer) throw new ProtocolAbort({ kind: 'disconnected', detail: 'the answer is too long' })
  }
  return text
}
