// npm run verify-app -- URL: whether a server sends the app that was built, byte for byte, headers included. Compared with the
// build in dist/, or with a manifest that was published (--manifest FILE), signed by a key that is known (--key HEX).
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { contentSecurityPolicy, integrityPolicy, securityHeaders } from '../files/appHeaders.ts'
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

/** Every difference, one line each; none where the server sends exactly this build. */
export async function differences(url: string, manifest: AppManifest): Promise<string[]> {
  const found: string[] = []
  const get = async (path: string) => {
    const response = await fetch(new URL(path, url), { redirect: 'error', signal: AbortSignal.timeout(30_000) })
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) }
  }
  const page = new TextDecoder().decode((await get('/')).bytes) // one of another build is named below
  const always = { ...securityHeaders, 'content-security-policy': contentSecurityPolicy(page) }
  const ofPage = { ...always, 'integrity-policy': integrityPolicy }
  for (const [path, expected] of [
    ...Object.entries(manifest.files),
    ['/', manifest.files['/index.html'] ?? ''],
  ] as const) {
    const { response, bytes } = await get(path)
    if (!response.ok) found.push(`${path}: status ${response.status}`)
    else if ((await sha256(bytes)) !== expected) found.push(`${path}: other bytes than the build's`)
    const isPage = path === '/' || path === '/index.html'
    for (const [name, value] of Object.entries(isPage ? ofPage : always)) {
      const sent = response.headers.get(name)
      if (sent === null) found.push(`${path}: no ${name}`)
      else if (withoutOrigins(sent) !== value) found.push(`${path}: ${name} is "${sent.slice(0, 500)}"`)
    }
  }
  const { response, bytes } = await get(manifestPath)
  const served = response.ok ? await readManifest(bytes).catch(() => undefined) : undefined
  if (served?.contents !== manifest.contents) found.push(`${manifestPath}: of another build`)
  return found
}

/** Which nodes and coordinators the page may reach is the operator's choice; nothing else of a policy is. */
function withoutOrigins(policy: string): string {
  return policy.replace(/(?<=; connect-src 'self')( https?:\/\/[a-z0-9.:[\]-]+)+(?=;)/, '')
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
