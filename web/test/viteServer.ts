import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

export interface PageServer extends AsyncDisposable {
  /** Of web/test on any free port, without a slash at the end. */
  readonly url: string
}

/** Serves the pages of web/test from their sources, for a browser test. */
export async function serveTestPages(): Promise<PageServer> {
  // Of its own: two test files side by side would prepare dependencies under each other's pages.
  const cacheDir = fileURLToPath(new URL(`../../node_modules/.vite/test-${process.pid}`, import.meta.url))
  const server = await createServer({
    cacheDir,
    configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
    logLevel: 'error',
    server: { port: 0, hmr: false, watch: null },
    optimizeDeps: {
      entries: ['test/*.html', 'index.html'],
      // Named, so that what an earlier version of the app left in vite's cache does not do without it, and so that nothing is
      // found in a worker only when it starts: that would put a second copy of everything under a page that is open.
      include: [
        ...['payment', 'psbt', 'script', 'transaction', 'utils'].map((part) => `@scure/btc-signer/${part}.js`),
        ...['core', 'language-common', 'language-en'].map((part) => `@zxcvbn-ts/${part}`),
      ],
    },
  })
  await server.listen()
  const local = server.resolvedUrls?.local[0]
  if (local === undefined) throw new Error('vite has no address')
  const close = async () => {
    await server.close()
    await rm(cacheDir, { recursive: true, force: true })
  }
  return { url: `${local}test`, [Symbol.asyncDispose]: close }
}
