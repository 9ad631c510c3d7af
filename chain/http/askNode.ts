import { ProtocolAbort } from '../../tss-wasm/failure.ts'

const longestWords = 300

/** Of a node, apart from its address and what differs between nodes. */
export interface Asking<T> {
  readonly ask: typeof fetch
  readonly timeoutMs: number
  /** Bytes; 256 KiB unless more is said. */
  readonly longestAnswer?: number
  /** Throws when the text is no answer. */
  readonly decode: (text: string, response: Response) => T
}

/**
 * By fetch: no cookies, no referrer, no redirect, nothing kept, an answer of bounded length in bounded time.
 * @throws ProtocolAbort `disconnected`
 */
export async function askNode<T>(
  { ask, timeoutMs, longestAnswer = 256 * 1024, decode }: Asking<T>,
  url: string | URL,
  init: Pick<RequestInit, 'method' | 'headers' | 'body'>,
): Promise<T> {
  try {
    const response = await ask(url, {
      ...init,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    })
    return decode(await boundedText(response, longestAnswer), response)
  } catch {
    throw new ProtocolAbort({ kind: 'disconnected', detail: 'node' })
  }
}

/** Words of a node, of bounded length. */
export function nodeError(words: string): { readonly type: 'error'; readonly message: string } {
  return { type: 'error', message: words.slice(0, longestWords) }
}

async function boundedText({ body }: Response, longestAnswer: number): Promise<string> {
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
