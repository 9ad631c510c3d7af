import { existsSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import sirv, { type RequestHandler } from 'sirv'
import { canStartUnderIntegrityPolicy, contentSecurityPolicy, integrityPolicy } from '../../files/appHeaders.ts'

export interface WebApp {
  /** The built web app, or undefined: only RPCs, /healthz and /quorate.json are served. */
  readonly folder: string | undefined
  /** JSON texts by path; made anew for each request. */
  readonly documents: Readonly<Record<string, () => string | Promise<string>>>
  /** Origins beside its own that the page may connect to (rpcOrigins.ts). */
  readonly rpcOrigins?: readonly string[]
}

/**
 * Whatever is no RPC: documents, then files of the web app, then (for a path without a file's ending) its index page. Files
 * go out with an ETag, in ranges where asked, and as brotli or gzip where the build has compressed them.
 */
export function serveWebApp(app: WebApp): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const folder = app.folder !== undefined && existsSync(app.folder) ? app.folder : undefined
  const policy = contentSecurityPolicy(folder === undefined ? '' : pageOf(folder), app.rpcOrigins)
  const files = folder === undefined ? undefined : filesOf(folder)
  return async (request, response) => {
    response.setHeader('content-security-policy', policy)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      answer(response, 405, 'method not allowed')
      return
    }
    if (/%(25)*23/.test(request.url ?? '')) {
      response.setHeader('cache-control', 'no-store')
      answer(response, 404, changedLink, 'text/html; charset=utf-8')
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
    const notFound = () => {
      answer(response, 404, 'not found')
    }
    // The app has no screen at such an address.
    const isClimbing = path.split('/').includes('..')
    if (files === undefined || isClimbing) {
      notFound()
      return
    }
    // What was there when we started may be gone since. That ends this answer, and not the process.
    response.once('pipe', (file) => {
      file.once('error', () => response.destroy())
    })
    if (!isSimpleRange(request.headers.range)) delete request.headers.range
    files(request, response, notFound)
  }
}

/**
 * Whether it asks for one piece of a file, from its first byte to a later one. Whatever else it may be, a server may answer it
 * with the whole file (RFC 9110, 14.2).
 */
function isSimpleRange(range = ''): boolean {
  const [, first = '', last = first] = /^bytes=(\d{1,12})-(\d{1,12})?$/.exec(range) ?? []
  return first !== '' && Number(last) >= Number(first)
}

/** A path without a file's ending is a screen of the app. */
function isPage(path: string): boolean {
  return path === '/index.html' || extname(path) === ''
}

function pageOf(folder: string): string {
  const page = join(folder, 'index.html')
  return existsSync(page) ? readFileSync(page, 'utf8') : ''
}

/** The list of files is made once: what is not in it when we start is not there. */
function filesOf(folder: string): RequestHandler {
  return sirv(folder, {
    etag: true,
    brotli: true,
    gzip: true,
    single: true,
    setHeaders(response, path) {
      // The bundler put a hash of the content into the names of assets; the page and the service worker are asked for anew.
      const isImmutable = path.startsWith('/assets/')
      response.setHeader('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache')
      if (!isPage(path)) return
      response.setHeader('vary', 'Accept-Encoding, User-Agent')
      if (canStartUnderIntegrityPolicy(response.req.headers['user-agent'] ?? ''))
        response.setHeader('integrity-policy', integrityPolicy)
    },
  })
}

/**
 * Messengers that write "#" as "%23" send us an invitation's secret, which only the invited person may have. The page says
 * so and repeats none of it; no log contains paths.
 */
const changedLink = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>This link was changed on its way</title>
<h1>This link was changed on its way</h1>
<p>The app that passed it on wrote “%23” where “#” belongs. With that, what only you should have was sent to this server.</p>
<p>Do not use this invitation any more. Ask whoever invited you to replace it and to send the new one another way, for
example as a code to scan.</p>
<p lang="zh-Hans">这个链接在转发途中被改动，邀请内容已发送到服务器。请不要再使用它，请邀请人换一个新的邀请。</p>
<p lang="zh-Hant">這個連結在轉發途中被改動，邀請內容已傳送到伺服器。請不要再使用它，請邀請人換一個新的邀請。</p>
</html>
`

/** The decoded path of a request, or undefined for one that no honest client sends. */
function pathOf(request: IncomingMessage): string | undefined {
  try {
    const path = decodeURIComponent(new URL(request.url ?? '', 'http://host').pathname)
    return path.includes('\0') || path.includes('\\') ? undefined : path
  } catch {
    return undefined
  }
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.statusCode = status
  response.setHeader('content-type', type)
  response.end(text)
}
