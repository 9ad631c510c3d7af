import type { BitcoinNode, NodeAnswer } from '../nodes.ts'
import { askNode, nodeError } from '../../../chain/http/askNode.ts'

/** Plain text both ways, which needs no leave of its own (CORS preflight). */
export function bitcoinNode(ask: typeof fetch = fetch, timeoutMs = 20_000): BitcoinNode {
  return async (url, call) => {
    const asking = { ask, timeoutMs, decode }
    if ('get' in call) return askNode(asking, below(url, call.get), { method: 'GET' })
    const headers = { 'content-type': 'text/plain' }
    return askNode(asking, below(url, call.post), { method: 'POST', headers, body: call.body })
  }
}

/** An address may end in a slash, and may have a key of the service behind a question mark. */
function below(url: string, path: string): URL {
  const whole = new URL(url)
  whole.pathname = whole.pathname.replace(/\/$/, '') + path
  return whole
}

/** Esplora refuses with status 400 and words; a status from 500 on is of something in between, and says nothing of the node. */
function decode(text: string, { ok, status }: Response): NodeAnswer {
  if (ok) return { type: 'result', value: text.trim() }
  if (status >= 400 && status < 500) return nodeError(text.trim() || `HTTP ${status}`)
  throw new Error('no answer of the node')
}
