import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

export interface AppOrigin {
  /** Folder of the built web app. */
  readonly dist: string
  /** Base URL of the coordinator that calls are forwarded to, e.g. https://coordinator.example */
  readonly coordinator: string
  /** Where browsers find the app. */
  readonly webApp: string
  readonly fetch: typeof fetch
  /** /quorate.json: the server parties that are trusted here, or undefined (pinnedParties.ts). */
  readonly serverParties: () => Promise<string | undefined>
}

/** The page has one origin, as in the browser; only these paths leave the machine. */
const forwarded = /^\/quorate\.v1\.[A-Za-z]+\/[A-Za-z]+$/

const contentSecurityPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
  "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

/** Answers one request of the window: a file of the app, or a call forwarded to the coordinator. */
export async function answer(request: Request, origin: AppOrigin): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (forwarded.test(pathname)) return forward(request, pathname, origin)
  if (request.method !== 'GET') return new Response('method not allowed', { status: 405 })
  if (pathname === '/quorate.json') return serveParties(origin)
  if (pathname === '/web-app.txt') return new Response(new URL(origin.webApp).origin)
  return serveFile(pathname, origin.dist)
}

async function serveParties({ serverParties }: AppOrigin): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  try {
    const text = await serverParties()
    return text === undefined ? new Response('not confirmed', { status: 403 }) : new Response(text, { headers })
  } catch {
    return new Response('the coordinator does not answer', { status: 502 })
  }
}

function forward(request: Request, pathname: string, { coordinator, fetch }: AppOrigin): Promise<Response> {
  const headers = new Headers(request.headers)
  headers.delete('origin') // app:// means nothing to the coordinator, which trusts tokens and signatures only
  const init: RequestInit & { duplex?: 'half' } = { method: request.method, headers, signal: request.signal }
  if (request.body !== null) Object.assign(init, { body: request.body, duplex: 'half' })
  return fetch(new URL(pathname, coordinator), init)
}

async function serveFile(pathname: string, dist: string): Promise<Response> {
  const path = normalize(join(dist, decodeURIComponent(pathname)))
  if (path !== normalize(dist) && !path.startsWith(normalize(dist) + sep))
    return new Response('not found', { status: 404 })
  const named = extname(path) === '' ? join(dist, 'index.html') : path // routes of the app are not files
  try {
    return new Response(await readFile(named), {
      headers: {
        'content-type': types[extname(named)] ?? 'application/octet-stream',
        'content-security-policy': contentSecurityPolicy,
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'referrer-policy': 'no-referrer',
        'permissions-policy':
          'camera=(self), clipboard-write=(self), geolocation=(), microphone=(), payment=(), usb=()',
        'x-content-type-options': 'nosniff',
      },
    })
  } catch {
    return new Response('not found', { status: 404 })
  }
}
