import { mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { chromium } from '@playwright/test'
import { build } from 'vite'
import { browserArguments } from '../scripts/browser.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}

/**
 * Runs a module's `run(input)` in a worker of headless Chromium, as the app runs its engine. Input and output are JSON.
 * @param entry path of a module that calls `answer` of bench/worker.ts
 */
export async function runInChromium<Output>(entry: string, input: unknown, workFolder: string): Promise<Output> {
  const folder = join(workFolder, 'chromium')
  mkdirSync(folder, { recursive: true })
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'esnext',
      assetsInlineLimit: 0,
      rolldownOptions: { input: entry, output: { format: 'es', entryFileNames: 'worker.js' } },
    },
  })
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    const type = types[path === '/' ? '.html' : extname(path)] ?? 'application/octet-stream'
    response.setHeader('content-type', type)
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    response.setHeader('cross-origin-embedder-policy', 'require-corp')
    response.end(
      path === '/'
        ? '<!doctype html><title>bench</title><link rel="icon" href="data:,">'
        : readFileSync(join(folder, path)),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: browserArguments,
  })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(0)
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    return await page.evaluate(
      (given) =>
        new Promise<Output>((resolve, reject) => {
          const worker = new Worker('/worker.js', { type: 'module' })
          worker.onerror = (event) => {
            reject(new Error(event.message))
          }
          worker.onmessage = ({ data }: MessageEvent<{ output?: Output; error?: string }>) => {
            if (data.error !== undefined) reject(new Error(data.error))
            else resolve(data.output as Output)
          }
          worker.postMessage(given)
        }),
      input,
    )
  } finally {
    await browser.close()
    server.close()
  }
}
