import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, normalize, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'

/**
 * The engine needs wasm; nothing needs inline script, eval or other hosts, but the nodes that the operator lists. Text becomes
 * code in one place, tss-wasm/trustedWorker.web.ts.
 */
const contentSecurityPolicy = (rpcOrigins: readonly string[]) => [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  ["connect-src 'self'", ...rpcOrigins].join(' '),
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types quorate-workers',
]

/** Every answer of the HTTP port carries these, and the policy. */
const securityHeaders: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(self), clipboard-write=(self), geolocation=(), microphone=(), payment=(), usb=()',
}

const mimeTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

export interface WebApp {
  /** The built web app, or undefined: only RPCs, /healthz and /quorate.json are served. */
  readonly folder: string | undefined
  /** JSON texts by path; made anew for each request. */
  readonly documents: Readonly<Record<string, () => string | Promise<string>>>
  /** Origins beside its own that the page may connect to (rpcOrigins.ts). */
  readonly rpcOrigins?: readonly string[]
}

/** Whatever is no RPC: documents, then files of the web app, then (for a path without a file's ending) its index page. */
export async function serveWebApp(app: WebApp, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
  response.setHeader('content-security-policy', contentSecurityPolicy(app.rpcOrigins ?? []).join('; '))
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    answer(response, 405, 'method not allowed')
    return
  }
  const path = pathOf(request)
  if (path === undefined) {
    answer(response, 400, 'bad path')
    return
  }
  const document = Object.hasOwn(app.documents, path) ? app.documents[path] : undefined
  if (document) {
    response.setHeader('cache-control', 'no-store')
    answer(response, 200, await document(), 'application/json')
    return
  }
  const file = app.folder === undefined ? undefined : await findFile(resolve(app.folder), path)
  if (file === undefined) answer(response, 404, 'not found')
  else await sendFile(file, request, response)
}

/** The decoded path of a request, or undefined for one that no honest client sends. */
function pathOf(request: IncomingMessage): string | undefined {
  try {
    const path = decodeURIComponent(new URL(request.url ?? '', 'http://host').pathname)
    return path.includes('\0') || path.includes('\\') ? undefined : path
  } catch {
    return undefined
  }
}

interface Found {
  readonly path: string
  readonly size: number
  /** The bundler put a hash of the content into the name. */
  readonly immutable: boolean
}

async function findFile(folder: string, path: string): Promise<Found | undefined> {
  const wanted = path.endsWith('/') || extname(path) === '' ? '/index.html' : path
  const full = normalize(join(folder, wanted))
  if (!full.startsWith(folder + sep)) return undefined
  const found = await stat(full).catch(() => undefined)
  return found?.isFile() === true ? { path: full, size: found.size, immutable: path.startsWith('/assets/') } : undefined
}

async function sendFile(file: Found, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('content-type', mimeTypes[extname(file.path)] ?? 'application/octet-stream')
  response.setHeader('content-length', file.size)
  response.setHeader('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  // A reader that goes away in the middle is no error of ours.
  await pipeline(createReadStream(file.path), response).catch(() => response.destroy())
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.statusCode = status
  response.setHeader('content-type', type)
  response.end(text)
}
