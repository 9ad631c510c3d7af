import { expect, test, type Page } from '@playwright/test'
import { shareStoreContract } from '../web/test/shareStoreContract.ts'
import type { StorageTests } from '../web/test/storage.ts'
import { testPage } from './testPages.ts'

declare const storageTests: StorageTests

async function openIn(page: Page): Promise<Page> {
  await page.goto(testPage('storage.html'))
  await page.waitForFunction(() => 'storageTests' in globalThis)
  return page
}

test('IndexedDB keeps every promise of a share store', async ({ page }) => {
  await openIn(page)
  const kept = Object.fromEntries(shareStoreContract.map(({ name }) => [name, 'kept']))
  expect(await page.evaluate(() => storageTests.contract())).toEqual(kept)
})

test('the identity is the same in every tab and after a reload, and does not leave the browser', async ({
  context,
}) => {
  const tabs = await Promise.all([openIn(await context.newPage()), openIn(await context.newPage())])
  const [first, second] = await Promise.all(tabs.map((tab) => tab.evaluate(() => storageTests.identity())))
  expect(first?.extractable).toEqual([false, false])
  expect(second).toEqual(first)
  await tabs[0].reload()
  await tabs[0].waitForFunction(() => 'storageTests' in globalThis)
  expect(await tabs[0].evaluate(() => storageTests.identity())).toEqual(first)
})

test('no set of pre-parameters is handed out twice, even to two tabs that ask at once', async ({ context }) => {
  const tabs = await Promise.all([openIn(await context.newPage()), openIn(await context.newPage())])
  expect(await tabs[0].evaluate(() => storageTests.stock(20))).toBe(false)
  const taken = await Promise.all(tabs.map((tab) => tab.evaluate(() => storageTests.takeAll())))
  expect(taken.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i))
})

test('on a full disk a wallet is stored whole or not at all, and it is said what was missing', async ({ page }) => {
  await openIn(page)
  const devtools = await page.context().newCDPSession(page)
  const { origin } = new URL(page.url())
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 100_000 })
  const full = { error: 'ProtocolAbort: refused: storage-full: QuotaExceededError', wallets: 0, hasShare: false }
  expect(await page.evaluate(() => storageTests.withoutRoom(2_000_000))).toEqual(full)
  await devtools.send('Storage.overrideQuotaForOrigin', { origin })
  const stored = { error: 'stored', wallets: 1, hasShare: true }
  expect(await page.evaluate(() => storageTests.withoutRoom(2_000_000))).toEqual(stored)
})

test('a wallet that exists already is reported and is not overwritten', async ({ page }) => {
  await openIn(page)
  const ends = 'stored, ProtocolAbort: refused: here-already: ConstraintError'
  expect(await page.evaluate(() => storageTests.putTwice())).toBe(ends)
  expect(await page.evaluate(() => storageTests.count())).toBe(1)
})

test('once the data of the site is cleared, an open page stores anew, and does not fail until it is reloaded', async ({
  page,
}) => {
  await openIn(page)
  await page.evaluate(() => storageTests.putTwice())
  const devtools = await page.context().newCDPSession(page)
  const { origin } = new URL(page.url())
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
  await expect.poll(() => page.evaluate(() => storageTests.count().catch(String))).toBe(0)
  expect(await page.evaluate(() => storageTests.putTwice())).toContain('stored, ')
})

test('a database without its stores is reported as incomplete', async ({ page }) => {
  await openIn(page)
  const said = await page.evaluate(() => storageTests.withoutStores())
  expect(said).toBe('ProtocolAbort: refused: storage-incomplete: NotFoundError')
})

test('a browser without storage gets an app that says what to do', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined })
  })
  await page.goto(testPage('../'))
  await expect(page.getByTestId('failure')).toContainText('Open Quorate in a normal window')
})

test('a disk that was full when the app was opened is tried again', async ({ page }) => {
  await page.addInitScript(() => {
    const open = indexedDB.open.bind(indexedDB)
    let isFull = true
    addEventListener('space-freed', () => {
      isFull = false
    })
    indexedDB.open = (name, version) => {
      if (isFull) throw new DOMException('no room', 'QuotaExceededError')
      return open(name, version)
    }
  })
  await page.goto(testPage('../'))
  await expect(page.getByTestId('failure')).toContainText('There is no space left')
  await page.evaluate(() => dispatchEvent(new Event('space-freed')))
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('link', { name: 'Create a wallet' })).toBeVisible()
})
