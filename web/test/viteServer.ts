import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, createServer, preview } from 'vite'

export interface PageServer extends AsyncDisposable {
  /** Of web/test on any free port, without a slash at the end. */
  readonly url: string
}

const configFile = fileURLToPath(new URL('../../vite.config.ts', import.meta.url))

/** Serves the pages of web/test from their sources, for a browser test. */
export async function serveTestPages(): Promise<PageServer> {
  // Of its own: two test files side by side would prepare dependencies under each other's pages.
  const cacheDir = fileURLToPath(new URL(`../../node_modules/.vite/test-${process.pid}`, import.meta.url))
  const server = await createServer({
    cacheDir,
    configFile,
    logLevel: 'error',
    server: { port: 0, hmr: false, watch: null },
    optimizeDeps: {
      entries: ['test/*.html', 'index.html'],
      // Named, so that what an earlier version of the app left in vite's cache does not do without it.
      include: ['payment', 'psbt', 'script', 'transaction', 'utils'].map((part) => `@scure/btc-signer/${part}.js`),
    },
  })
  await server.listen()
  const close = async () => {
    await server.close()
    await rm(cacheDir, { recursive: true, force: true })
  }
  return served(server.resolvedUrls?.local, close)
}

/**
 * Serves web/test/screens.html, built, for a test file that opens it often: a page of sources is hundreds of requests. React
 * warns as it does from the sources.
 */
export async function serveBuiltScreens(): Promise<PageServer> {
  process.env['NODE_ENV'] = 'development' // else vite builds for production, in which React does not warn
  const outDir = await mkdtemp(join(tmpdir(), 'quorate-screens-'))
  const pages = ['../index.html', 'screens.html'].map((page) => fileURLToPath(new URL(page, import.meta.url)))
  await build({
    configFile,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, minify: false, rolldownOptions: { input: pages } },
  })
  const server = await preview({ configFile, logLevel: 'error', build: { outDir }, preview: { port: 0 } })
  const close = async () => {
    await server.close()
    await rm(outDir, { recursive: true, force: true })
  }
  return served(server.resolvedUrls?.local, close)
}

function served(local: readonly string[] | undefined, close: () => Promise<void>): PageServer {
  const [first] = local ?? []
  if (first === undefined) throw new Error('vite has no address')
  return { url: `${first}test`, [Symbol.asyncDispose]: close }
}
