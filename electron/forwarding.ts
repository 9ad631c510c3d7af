/** The page has one origin, as in the browser; only these paths leave the machine. */
const calls = /^\/quorate\.v1\.[A-Za-z]+\/[A-Za-z]+$/

/** What the wire is made of; nothing that a window would show or run. */
const answerTypes: ReadonlySet<string> = new Set([
  'application/grpc-web+proto',
  'application/grpc-web+json',
  'application/grpc-web',
  'application/proto',
  'application/connect+proto',
  'application/connect+json',
  'application/json',
])
const passedOn = ['content-type', 'grpc-status', 'grpc-message', 'grpc-status-details-bin']

export interface Outside {
  /** Base URL of the coordinator that calls are forwarded to, e.g. https://coordinator.example */
  readonly coordinator: string
  readonly fetch: typeof fetch
}

export function isCall(pathname: string): boolean {
  return calls.test(pathname)
}

/**
 * A call of the page to the coordinator, which would like to be more than its answer: a page in the app's origin, that has the
 * bridge. So only what a page cannot navigate to is passed on (POST), only types of the wire come back, and of the headers
 * none that means anything to a window.
 */
export async function forward(request: Request, { coordinator, fetch }: Outside): Promise<Response> {
  if (request.method !== 'POST') return new Response('method not allowed', { status: 405, headers: { allow: 'POST' } })
  const headers = new Headers(request.headers)
  headers.delete('origin') // app:// means nothing to the coordinator, which trusts tokens and signatures only
  const init: RequestInit & { duplex?: 'half' } = { method: 'POST', headers, signal: request.signal, redirect: 'error' }
  if (request.body !== null) Object.assign(init, { body: request.body, duplex: 'half' })
  const answer = await fetch(new URL(new URL(request.url).pathname, coordinator), init)
  const type = answer.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (!answerTypes.has(type)) {
    await answer.body?.cancel()
    // A proxy's page of words about a coordinator that is down: its status is enough.
    return new Response(null, { status: answer.ok ? 502 : answer.status })
  }
  const kept = passedOn.flatMap((name) => {
    const value = answer.headers.get(name)
    return value === null ? [] : [[name, value] as [string, string]]
  })
  return new Response(answer.body, { status: answer.status, headers: kept })
}
