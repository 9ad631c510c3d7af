// npm run verify-app -- URL: whether a server sends the app that was built, byte for byte, headers included. Compared with the
// build in dist/, or with a manifest that was published (--manifest FILE), signed by a key that is known (--key HEX).
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import {
  type AppManifest,
  manifestPath,
  readManifest,
  sha256,
  signaturePath,
  signerOf,
} from '../web/serviceWorker/manifest.ts'

const usage = `Compares the app that a server sends with a build, and names every difference.

  npm run verify-app -- URL [--manifest FILE] [--key HEX]

  --manifest  an app-manifest.json, with app-manifest.sig.json beside it if --key is given (default: dist/)
  --key       the release key, 64 hex digits: the manifest must be signed by it
`

/** What protects the page from what is in it; a server that drops one of these is not the one that was built. */
const wantedHeaders: Readonly<Record<string, RegExp>> = {
  'content-security-policy':
    /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; .*require-trusted-types-for 'script'/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-embedder-policy': /^require-corp$/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'referrer-policy': /^no-referrer$/,
}

/** Every difference, one line each; none where the server sends exactly this build. */
export async function differences(url: string, manifest: AppManifest): Promise<string[]> {
  const found: string[] = []
  const get = async (path: string) => {
    const response = await fetch(new URL(path, url), { redirect: 'error', signal: AbortSignal.timeout(30_000) })
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) }
  }
  for (const [path, expected] of [
    ...Object.entries(manifest.files),
    ['/', manifest.files['/index.html'] ?? ''],
  ] as const) {
    const { response, bytes } = await get(path)
    if (!response.ok) found.push(`${path}: status ${response.status}`)
    else if ((await sha256(bytes)) !== expected) found.push(`${path}: other bytes than the build's`)
    for (const [name, pattern] of Object.entries(wantedHeaders)) {
      const value = response.headers.get(name)
      if (value === null) found.push(`${path}: no ${name}`)
      else if (!pattern.test(value)) found.push(`${path}: ${name} is "${value.slice(0, 200)}"`)
    }
  }
  const { response, bytes } = await get(manifestPath)
  const served = response.ok ? await readManifest(bytes).catch(() => undefined) : undefined
  if (served?.contents !== manifest.contents) found.push(`${manifestPath}: of another build`)
  return found
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { manifest: { type: 'string' }, key: { type: 'string' }, help: { type: 'boolean', default: false } },
  })
  const [url] = positionals
  if (values.help || url === undefined || !URL.canParse(url)) {
    process.stdout.write(usage)
    return values.help ? 0 : 2
  }
  const folder = resolve(import.meta.dirname, '../dist')
  const file = values.manifest === undefined ? join(folder, manifestPath) : resolve(values.manifest)
  const bytes = new Uint8Array(await readFile(file))
  const manifest = await readManifest(bytes)
  if (values.key !== undefined) {
    const signature: unknown = JSON.parse(await readFile(join(file, '..', signaturePath), 'utf8'))
    if ((await signerOf(bytes, signature)) !== values.key.toLowerCase()) {
      process.stdout.write('the manifest is not signed by this key\n')
      return 1
    }
  }
  const found = await differences(url, manifest)
  for (const line of found) process.stdout.write(`${line}\n`)
  const count = Object.keys(manifest.files).length
  process.stdout.write(
    found.length === 0
      ? `${url} sends version ${manifest.version}: ${count} files, every byte and header as built\n`
      : `${found.length} differences: do not enter a passphrase at ${url}\n`,
  )
  return found.length === 0 ? 0 : 1
}

if (import.meta.main) process.exitCode = await run()
