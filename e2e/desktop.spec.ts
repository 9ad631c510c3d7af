import { execFileSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { getAddress, verifyMessage, type Hex } from 'viem'
import { startDesktop, type Desktop, type DesktopOptions } from '../electron/test/bridgedDesktop.ts'
import { temporaryFolder } from '../electron/test/folders.ts'
import { keychainMissing, logIn } from '../electron/test/loginSession.ts'
import { startLocalApp } from './localApp.ts'

// The desktop app's bundle in Chromium, its preload bridged to the desktop's own handlers in a Node process: wallets are
// files, their key is in the keychain, and the browser keeps nothing that counts.
test.describe.configure({ mode: 'serial' })

const passphrase = 'lantern orbit velvet ninety harbour'
const resources = new AsyncDisposableStack()
let options: DesktopOptions
let desktop: Desktop
let page: Page
let address: Hex

test.beforeAll(async ({ browser }) => {
  execFileSync(process.execPath, [resolve(import.meta.dirname, '../scripts/buildDesktop.mjs')], { stdio: 'inherit' })
  const place = resources.use(await temporaryFolder())
  const app = resources.use(await startLocalApp())
  const folder = join(place.path, 'user-data')
  await mkdir(folder)
  const missing = keychainMissing()
  if (missing !== undefined) console.log(`*** ${missing}; a file stands for it ***`)
  const session = missing === undefined ? resources.use(await logIn(join(place.path, 'home'))) : undefined
  options = {
    folder,
    coordinator: app.url,
    keychain: session === undefined ? join(place.path, 'keychain.json') : 'system',
    environment: session?.environment ?? {},
  }
  desktop = await startDesktop({
    ...options,
    fixture: resolve(import.meta.dirname, '../tss-wasm/test/fixtures/tss-lib/keygen_data_4.json'),
  })
  page = await openPage(browser)
})

test.afterAll(async () => {
  await page.context().close()
  await desktop[Symbol.asyncDispose]()
  await resources.disposeAsync()
})

/** A new browser profile each time: nothing may depend on it. */
async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext()
  await desktop.bridge(context)
  const opened = await context.newPage()
  await opened.goto(desktop.url)
  return opened
}

test('a wallet is created as one of three parties, its share a file of the desktop', async () => {
  await page.getByRole('link', { name: 'Create a wallet' }).first().click()
  await page.getByLabel('Name').fill('On my desk')
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(passphrase)
  await page.getByRole('textbox', { name: 'Repeat the passphrase' }).fill(passphrase)
  await page.getByRole('button', { name: 'Create the wallet' }).click()
  await expect(page.getByRole('heading', { name: 'Your wallet is ready' })).toBeVisible({ timeout: 120_000 })
  address = getAddress(/0x[0-9a-fA-F]{40}/.exec((await page.getByRole('main').textContent()) ?? '')?.[0] ?? '')
  expect(desktop.confirmed, 'the person confirmed the server parties').toEqual([['server-1', 'server-2']])
  // Notes of sessions (runs taken part in, confirmations under way) hold no secret; shares, identity and primes would
  // be in a database of another name.
  const databases = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))
  expect(databases, 'no share, identity or primes in the browser').toEqual(['quorate-sessions'])
})

test('locked, killed and started again, in a new profile, it signs; viem agrees', async ({ browser }) => {
  desktop.lock()
  await page.goto(desktop.url)
  await page.reload()
  await expect(page.getByRole('link', { name: /On my desk/ })).toBeVisible()
  await page.context().close()
  await desktop.kill()
  desktop = await startDesktop({ ...options, port: desktop.port })
  page = await openPage(browser)
  await page.getByRole('link', { name: /On my desk/ }).click()
  await expect(page.getByText(address).first()).toBeVisible()
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  await page.getByRole('radio', { name: 'Message' }).check({ force: true })
  const message = 'From the desktop.'
  await page.getByRole('textbox', { name: 'Message' }).fill(message)
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await page.getByRole('button', { name: 'Sign now' }).click()
  await expect(page.getByRole('heading', { name: 'Signed' })).toBeVisible({ timeout: 90_000 })
  const signature = ((await page.getByTestId('signature').textContent()) ?? '').trim() as Hex
  expect(await verifyMessage({ address, message, signature })).toBe(true)
  expect(desktop.confirmed, 'server parties are confirmed once').toEqual([])
})

test('another page gets no answer even where it finds the bridge', async () => {
  const asked = () =>
    (globalThis as unknown as { quorateDesktop: { listWallets(): Promise<unknown> } }).quorateDesktop.listWallets()
  expect(await page.evaluate(asked)).toMatchObject({ ok: true })
  const elsewhere = await page.context().newPage()
  await elsewhere.goto(options.coordinator)
  await expect(elsewhere.evaluate(asked)).rejects.toThrow(/the desktop did not answer listWallets/)
  await elsewhere.close()
})
