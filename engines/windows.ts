import assert from 'node:assert/strict'
import { type EngineName, type Mode, openBrowser } from './engines.ts'
import { pageOf } from './page.ts'

/** What the page says before there is a wallet, in a window that keeps nothing or may keep nothing. */
export const windows: readonly {
  readonly engine: EngineName
  readonly mode: Mode
  readonly says: 'private' | 'unpromised' | 'forbidden'
}[] = [
  { engine: 'firefox', mode: 'private', says: 'private' },
  { engine: 'firefox', mode: 'blocked', says: 'forbidden' },
  // Chromium hides from pages that a window is incognito, WebKitGTK that a session is ephemeral: the page warns of both.
  { engine: 'chromium', mode: 'private', says: 'unpromised' },
  { engine: 'chromium', mode: 'blocked', says: 'forbidden' },
  { engine: 'webkit', mode: 'private', says: 'unpromised' },
]

const words = {
  private: /This is a private window: your share goes when you close it/,
  unpromised: /what a private \(incognito\) window stores is gone when you close it/,
  forbidden: /The browser does not allow storage[\s\S]*allow this site to store data and cookies/,
} as const

/** On each way to a share: the form for a new wallet, an invitation, a backup. Where nothing can be stored, there is no form. */
export async function toldBefore({ engine, mode, says }: (typeof windows)[number], url: string): Promise<void> {
  await using browser = await openBrowser(engine, { mode, isPhone: true })
  const page = pageOf(browser.driver)
  await page.goto(`${url}/#/create`)
  const shown = () => browser.driver.executeScript<string>('return document.body.innerText')
  await browser.driver
    .wait(async () => words[says].test(await shown()), 120_000)
    .catch(async (error: unknown) => {
      throw new Error(`${engine}, ${mode}: the page says ${await shown()}`, { cause: error })
    })
  const fields = await browser.driver.executeScript<number>(
    'return document.querySelectorAll("input[type=password]").length',
  )
  assert.equal(fields > 0, says !== 'forbidden', 'a passphrase is asked for where its share can be kept')
  if (says !== 'forbidden') return
  for (const way of ['join', 'restore']) {
    await page.goto(`${url}/#/${way}`)
    await browser.driver.wait(async () => words.forbidden.test(await shown()), 120_000)
  }
}
