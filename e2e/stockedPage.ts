import { fileURLToPath } from 'node:url'
import type { Browser, Page } from '@playwright/test'
import { build, type Rolldown } from 'vite'
import { saveData } from '../tss-wasm/test/fixtures.ts'
import type * as stockModule from '../web/test/stock.ts'

declare const quorateStock: typeof stockModule
let bundled: Promise<string> | undefined

/**
 * A person's own browser profile at the app, with the pre-parameters of these fixtures (0 to 4) in stock, so that it searches
 * for none: a search takes a core from everybody else for seconds. mainThread.spec.ts and pool.spec.ts search.
 */
export async function stockedPage(browser: Browser, url: string, fixtures: readonly number[]): Promise<Page> {
  bundled ??= bundle()
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${url}/quorate.json`) // of the app's origin, and not the app, which would begin to search
  await page.evaluate(await bundled)
  await page.evaluate((sets) => quorateStock.stock(sets), fixtures.map(saveData))
  await page.goto(url)
  return page
}

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('../web/test/stock.ts', import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'es2023', lib: { entry, formats: ['iife'], name: 'quorateStock' } },
  })
  const [output] = built as Rolldown.RolldownOutput[]
  const [chunk] = output?.output ?? []
  if (chunk === undefined) throw new Error('nothing was bundled')
  return `${chunk.code};globalThis.quorateStock = quorateStock`
}
