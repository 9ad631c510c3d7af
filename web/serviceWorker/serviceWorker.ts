// Serves the app from this device: it starts offline, its versions never mix, and its code changes only when the person says
// so. A build is stored whole, each file held against the manifest; what is served is the build that was approved, the first
// visit's until then. A server that replaces this file itself is beyond it (docs/SECURITY.md).
import {
  type AppManifest,
  manifestPath,
  readManifest,
  serviceWorkerPath,
  sha256,
  signaturePath,
  signerOf,
} from './manifest.ts'
import type { AppStatus, ToServiceWorker, Vouching } from './messages.ts'

// As far as it is used here: TypeScript's library of workers contradicts that of pages.
interface WorkerScope {
  addEventListener(type: 'install' | 'activate', listener: (event: LifeEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
  addEventListener(type: 'message', listener: (event: MessageEvent<ToServiceWorker> & LifeEvent) => void): void
  skipWaiting(): Promise<void>
}
interface LifeEvent {
  waitUntil(work: Promise<unknown>): void
}
interface FetchEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
const scope = globalThis as unknown as WorkerScope

/** Put in by the build: the build that this file belongs to. */
declare const __CONTENTS__: string
const ours = __CONTENTS__

const cacheOf = (contents: string) => `quorate-app-${contents}`
const stateCache = 'quorate-app-state'

interface Approved {
  readonly contents: string
  /** Of whoever signed the first build that this browser ran; null: nobody did. */
  readonly key: string | null
}

scope.addEventListener('install', (event) => {
  event.waitUntil(store())
})

scope.addEventListener('activate', (event) => {
  event.waitUntil(settle())
})

scope.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  const isPage = request.mode === 'navigate'
  if (!isPage && !url.pathname.startsWith('/assets/') && !atRoot.test(url.pathname)) return
  event.respondWith(serve(request, isPage ? '/index.html' : url.pathname))
})
/** The app's own files beside its assets; documents of the coordinator are never kept. */
const atRoot = /^\/[\w-]+\.(svg|png|webmanifest)$/

scope.addEventListener('message', (event) => {
  const [port] = event.ports
  const { data } = event
  event.waitUntil(
    data.type === 'status'
      ? status().then((answer) => {
          port?.postMessage(answer)
        })
      : approve(data.contents).then((isDone) => {
          port?.postMessage(isDone)
        }),
  )
})

/** The whole build that belongs to this file, or nothing. */
async function store(): Promise<void> {
  const { bytes, manifest } = await manifestOfServer()
  if (manifest.contents !== ours) throw new Error('the server sends another build by now')
  const cache = await caches.open(cacheOf(ours))
  for (const [path, expected] of Object.entries(manifest.files)) {
    if (path === serviceWorkerPath) continue
    const response = await fetch(path, { cache: 'no-cache' })
    const isRight = response.ok && (await sha256(await bytesOf(response.clone()))) === expected
    if (!isRight) throw new Error(`${path} is not the build's`)
    await cache.put(path, response)
  }
  await cache.put(manifestPath, new Response(bytes))
  const signature = await fetch(signaturePath, { cache: 'no-cache' })
  if (signature.ok) await cache.put(signaturePath, signature)
}

/** The first build that comes is the one that the person came for; every other one waits to be approved. */
async function settle(): Promise<void> {
  const approved = (await approvedBuild()) ?? (await remember(ours))
  for (const name of await caches.keys()) {
    const isKept = [stateCache, cacheOf(ours), cacheOf(approved.contents)].includes(name)
    if (name.startsWith('quorate-app-') && !isKept) await caches.delete(name)
  }
}

async function serve(request: Request, path: string): Promise<Response> {
  const approved = await approvedBuild()
  const stored = approved && (await caches.match(path, { cacheName: cacheOf(approved.contents) }))
  return stored ?? fetch(request)
}

async function approve(contents: string): Promise<boolean> {
  if (contents !== ours || !(await caches.has(cacheOf(ours)))) return false
  await remember(ours)
  await scope.skipWaiting()
  return true
}

async function remember(contents: string): Promise<Approved> {
  const before = await approvedBuild()
  const approved = { contents, key: before?.key ?? (await signer(contents)) ?? null }
  const state = await caches.open(stateCache)
  await state.put('/approved', new Response(JSON.stringify(approved)))
  return approved
}

async function approvedBuild(): Promise<Approved | undefined> {
  const stored = await caches.match('/approved', { cacheName: stateCache })
  return stored && ((await stored.json()) as Approved)
}

async function status(): Promise<AppStatus> {
  const approved = (await approvedBuild()) ?? (await remember(ours))
  const running = await storedManifest(approved.contents)
  return {
    running: { version: running?.version ?? '', isSigned: approved.key !== null },
    server: await serverNow(approved).catch(() => ({ state: 'unknown' as const })),
  }
}

/** What a browser without this service worker would get now. */
async function serverNow(approved: Approved): Promise<AppStatus['server']> {
  const { bytes, manifest } = await manifestOfServer()
  const differing: string[] = []
  for (const [path, expected] of Object.entries(manifest.files)) {
    const response = await fetch(path, { cache: 'no-cache' })
    if (!response.ok || (await sha256(await bytesOf(response))) !== expected) differing.push(path)
  }
  if (differing.length > 0) return { state: 'differs', files: differing }
  const { version, contents } = manifest
  if (contents === approved.contents) return { state: 'same' }
  const key = await signerOf(bytes, await jsonOf(await fetch(signaturePath, { cache: 'no-cache' })))
  return { state: 'offers', version, contents, vouching: vouching(key, approved) }
}

function vouching(key: string | undefined, { key: first }: Approved): Vouching {
  if (key === undefined) return 'unsigned'
  return key === first ? 'same-key' : 'other-key'
}

async function manifestOfServer(): Promise<{ bytes: Uint8Array<ArrayBuffer>; manifest: AppManifest }> {
  const response = await fetch(manifestPath, { cache: 'no-cache' })
  if (!response.ok) throw new Error('the server has no manifest')
  const bytes = await bytesOf(response)
  return { bytes, manifest: await readManifest(bytes) }
}

async function storedManifest(contents: string): Promise<AppManifest | undefined> {
  const stored = await caches.match(manifestPath, { cacheName: cacheOf(contents) })
  return stored && readManifest(await bytesOf(stored))
}

async function signer(contents: string): Promise<string | undefined> {
  const cacheName = cacheOf(contents)
  const manifest = await caches.match(manifestPath, { cacheName })
  const signature = await caches.match(signaturePath, { cacheName })
  return manifest && signature && signerOf(await bytesOf(manifest), await jsonOf(signature))
}

async function jsonOf(response: Response): Promise<unknown> {
  return response.ok ? response.json().catch(() => undefined) : undefined
}

async function bytesOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await response.arrayBuffer())
}
