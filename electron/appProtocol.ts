import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { contentSecurityPolicy, integrityPolicy, securityHeaders } from '../files/appHeaders.ts'
import { forward, isCall, type Outside } from './forwarding.ts'

export interface AppOrigin extends Outside {
  /** Folder of the built web app. */
  readonly dist: string
  /** The text of its index page, whose import map the policy names. */
  readonly page: string
  /** Where browsers find the app. */
  readonly webApp: string
  /** /descriptions.json: what the folder of the settings says, of which the coordinator is not asked. */
  readonly descriptions: string
  /** /quorate.json: the server parties that are trusted here, or undefined (pinnedParties.ts). */
  readonly serverParties: () => Promise<string | undefined>
}

/** What the app is made of. A file of another kind is not the app's. */
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

/** Answers one request of the window: a file of the app, or a call forwarded to the coordinator. Its headers are the web's. */
export async function answer(request: Request, origin: AppOrigin): Promise<Response> {
  const answered = await answerTo(request, origin)
  const headers = {
    ...securityHeaders,
    'content-security-policy': contentSecurityPolicy(origin.page),
    'integrity-policy': integrityPolicy,
  }
  for (const [name, value] of Object.entries(headers)) answered.headers.set(name, value)
  return answered
}

async function answerTo(request: Request, origin: AppOrigin): Promise<Response> {
  const { pathname, host } = new URL(request.url)
  if (host !== 'quorate') return notFound()
  if (isCall(pathname)) return forward(request, origin)
  if (request.method !== 'GET') return new Response('method not allowed', { status: 405, headers: { allow: 'GET' } })
  if (pathname === '/quorate.json') return serveParties(origin)
  if (pathname === '/descriptions.json') return jsonResponse(origin.descriptions)
  if (pathname === '/web-app.txt') return new Response(new URL(origin.webApp).origin)
  return serveFile(pathname, origin.dist)
}

async function serveParties({ serverParties }: AppOrigin): Promise<Response> {
  try {
    const text = await serverParties()
    return text === undefined ? new Response('not confirmed', { status: 403 }) : jsonResponse(text)
  } catch {
    return new Response('the coordinator does not answer', { status: 502 })
  }
}

function jsonResponse(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'application/json' } })
}

async function serveFile(pathname: string, dist: string): Promise<Response> {
  const path = fileAt(pathname, dist)
  if (path === undefined) return notFound()
  const named = extname(path) === '' ? join(dist, 'index.html') : path // routes of the app are not files
  const type = types[extname(named)]
  if (type === undefined) return notFound()
  try {
    return new Response(await readFile(named), { headers: { 'content-type': type } })
  } catch {
    return notFound()
  }
}

/** Where a path leads, or undefined: out of the app's folder, or nowhere. */
function fileAt(pathname: string, dist: string): string | undefined {
  try {
    const path = normalize(join(dist, decodeURIComponent(pathname)))
    return path === normalize(dist) || path.startsWith(normalize(dist) + sep) ? path : undefined
  } catch {
    return undefined // no path that is encoded as paths are
  }
}

function notFound(): Response {
  return new Response('not found', { status: 404 })
}
