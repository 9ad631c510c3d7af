/**
 * What a build of the web app is: the SHA-256 of every file by its path. `contents` names the build; a service worker and
 * `npm run verify-app` compare what a server really sends with it.
 */
export interface AppManifest {
  readonly version: string
  /** Of all files but the service worker, which carries it: 64 hex digits (`contentsOf`). */
  readonly contents: string
  /** Paths as they are asked for, "/index.html"; 64 hex digits each. */
  readonly files: Readonly<Record<string, string>>
}

/** Who vouches for a manifest: an Ed25519 key, 64 hex digits, and its signature over the manifest's bytes, 128. */
export interface AppSignature {
  readonly key: string
  readonly signature: string
}

export const manifestPath = '/app-manifest.json'
export const signaturePath = '/app-manifest.sig.json'
export const serviceWorkerPath = '/sw.js'

const longestManifest = 200_000
const hash = /^[0-9a-f]{64}$/
const path = /^\/[\w./-]{1,200}$/

/** @throws Error for anything else than a manifest of this form whose `contents` are those of its files */
export async function readManifest(bytes: Uint8Array<ArrayBuffer>): Promise<AppManifest> {
  if (bytes.length > longestManifest) throw new Error('the manifest is too long')
  const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Partial<AppManifest> | null
  const { version, contents, files } = value ?? {}
  const isFiles =
    typeof files === 'object' && Object.entries(files).every(([name, of]) => path.test(name) && hash.test(of))
  if (typeof version !== 'string' || version.length > 50 || typeof contents !== 'string' || !isFiles)
    throw new Error('the manifest has another form')
  if ((await contentsOf(files)) !== contents) throw new Error('the manifest is not of its files')
  return { version, contents, files }
}

/** One hash for all files but the service worker, in the order of their paths. */
export async function contentsOf(files: AppManifest['files']): Promise<string> {
  const lines = Object.keys(files)
    .filter((name) => name !== serviceWorkerPath)
    .sort()
    .map((name) => `${name} ${files[name] ?? ''}\n`)
  return sha256(new TextEncoder().encode(lines.join('')))
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

/** What is signed: a domain, so that the key's signatures mean nothing elsewhere, and the manifest as it is. */
export function signedBytes(manifest: Uint8Array): Uint8Array<ArrayBuffer> {
  const domain = new TextEncoder().encode('quorate/app/1\0')
  const all = new Uint8Array(domain.length + manifest.length)
  all.set(domain)
  all.set(manifest, domain.length)
  return all
}

/** The key that has signed this manifest, in hex; undefined where nobody has, or not rightly. */
export async function signerOf(manifest: Uint8Array, signature: unknown): Promise<string | undefined> {
  const { key, signature: signed } = (signature ?? {}) as Partial<AppSignature>
  if (typeof key !== 'string' || !hash.test(key)) return undefined
  if (typeof signed !== 'string' || !/^[0-9a-f]{128}$/.test(signed)) return undefined
  try {
    const verifying = await crypto.subtle.importKey('raw', fromHex(key), 'Ed25519', false, ['verify'])
    const isRight = await crypto.subtle.verify('Ed25519', verifying, fromHex(signed), signedBytes(manifest))
    return isRight ? key : undefined
  } catch {
    return undefined
  }
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16))
}
