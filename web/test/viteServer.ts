import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'

export interface PageServer extends AsyncDisposable {
  /** Of web/test on any free port, without a slash at the end. */
  readonly url: string
}

const configFile = fileURLToPath(new URL('../../vite.config.ts', import.meta.url))

/**
 * Builds the app and the pages of web/test and serves them: from their sources a page is hundreds of requests, and vite may prepare a
 * dependency anew under an open page. React warns as it does from the sources.
 */
export async function serveTestPages(): Promise<PageServer> {
  process.env['NODE_ENV'] = 'development' // else vite builds for production, in which React does not warn
  const outDir = await mkdtemp(join(tmpdir(), 'quorate-pages-'))
  const pages = ['../index.html', 'screens.html', 'storage.html'].map((page) =>
    fileURLToPath(new URL(page, import.meta.url)),
  )
  // The app's one file would hold what all three pages begin with, and begin it on each.
  const output = { codeSplitting: true }
  await build({
    configFile,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, minify: false, rolldownOptions: { input: pages, output } },
  })
  const server = await preview({ configFile, logLevel: 'error', build: { outDir }, preview: { port: 0 } })
  const [url] = server.resolvedUrls?.local ?? []
  if (url === undefined) throw new Error('vite has no address')
  return {
    url: `${url}test`,
    async [Symbol.asyncDispose]() {
      await server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}
