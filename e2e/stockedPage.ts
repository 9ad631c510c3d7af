import { fileURLToPath } from 'node:url'
import type { Browser, Page } from '@playwright/test'
import { classicScript } from '../scripts/classicScript.ts'
import { saveData } from '../tss-wasm/test/fixtures.ts'
import type * as stockModule from '../web/test/stock.ts'

declare const quorateStock: typeof stockModule
let bundled: Promise<string> | undefined

/**
 * A person's own browser profile at the app, with the pre-parameters of these fixtures (0 to 4) in stock, so that it searches
 * for none: a search takes a core from everybody else for seconds. mainThread.spec.ts and pool.spec.ts search.
 */
export async function stockedPage(browser: Browser, url: string, fixtures: readonly number[]): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await stock(page, url, fixtures)
  return page
}

/** The same of a page that is there. */
export async function stock(page: Page, url: string, fixtures: readonly number[]): Promise<void> {
  bundled ??= stockScript()
  await page.goto(`${url}/quorate.json`) // of the app's origin, and not the app, which would begin to search
  await page.evaluate(await bundled)
  await page.evaluate((sets) => quorateStock.stock(sets), fixtures.map(saveData))
  await page.goto(url)
}

/** Puts `quorateStock` on the page. */
export async function stockScript(): Promise<string> {
  const entry = fileURLToPath(new URL('../web/test/stock.ts', import.meta.url))
  return `${await classicScript({ entry, target: 'es2023', name: 'quorateStock' })};globalThis.quorateStock = quorateStock`
}
