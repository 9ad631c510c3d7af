import { execFileSync } from 'node:child_process'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { getAddress, verifyMessage, type Hex } from 'viem'
import { startDesktop, type Desktop, type DesktopOptions } from '../electron/test/bridgedDesktop.ts'
import { temporaryFolder } from '../electron/test/folders.ts'
import { keychainMissing, logIn } from '../electron/test/loginSession.ts'
import { startLocalApp } from './localApp.ts'
import { patience } from './people.ts'

// The desktop app's bundle in Chromium, its preload bridged to the desktop's own handlers in a Node process: wallets are
// files, their key is in the keychain, and the browser keeps nothing that counts.
test.describe.configure({ mode: 'serial' })

const passphrase = 'lantern orbit velvet ninety harbour'
const ofFile = 'marble anchor under seven bridges'
const chosenAnew = 'copper river another lantern walk'
const resources = new AsyncDisposableStack()
const fixture = resolve(import.meta.dirname, '../tss-wasm/test/fixtures/tss-lib/keygen_data_0.json')
const missing = keychainMissing()
let place: string
let options: DesktopOptions
let desktop: Desktop
let page: Page
let address: Hex

test.beforeAll(async ({ browser }) => {
  execFileSync(process.execPath, [resolve(import.meta.dirname, '../scripts/buildDesktop.ts')], { stdio: 'inherit' })
  place = resources.use(await temporaryFolder()).path
  const app = resources.use(await startLocalApp())
  if (missing !== undefined) console.log(`*** ${missing}; a file stands for it ***`)
  options = await machine('first', app.url)
  desktop = await startDesktop({ ...options, fixture })
  page = await openPage(browser)
})

test.afterAll(async () => {
  await page.context().close()
  await desktop[Symbol.asyncDispose]()
  await resources.disposeAsync()
})

/** An empty folder for user data, and a keychain with nothing in it. */
async function machine(name: string, coordinator: string): Promise<DesktopOptions> {
  const home = join(place, name)
  const folder = join(home, 'user-data')
  await mkdir(folder, { recursive: true })
  if (missing !== undefined) return { folder, coordinator, keychain: join(home, 'keychain.json'), environment: {} }
  const { environment } = resources.use(await logIn(home))
  return { folder, coordinator, keychain: 'system', environment }
}

/** A new browser profile each time: nothing may depend on it. */
async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext()
  await desktop.bridge(context)
  const opened = await context.newPage()
  await opened.goto(desktop.url)
  return opened
}

/** On the wallet's page; with a server party. */
async function signMessage(message: string, typed: string): Promise<void> {
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  await page.getByRole('radio', { name: 'Ethereum message' }).check({ force: true })
  await page.getByRole('textbox', { name: 'Message' }).fill(message)
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(typed)
  await page.getByRole('button', { name: 'Sign now' }).click()
  await expect(page.getByRole('heading', { name: 'Signed' })).toBeVisible()
  const signature = ((await page.getByTestId('signature').textContent()) ?? '').trim() as Hex
  expect(await verifyMessage({ address, message, signature })).toBe(true)
}

test('a wallet is created as one of three parties, its share a file of the desktop', async () => {
  await page.getByRole('link', { name: 'Create a wallet' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill('On my desk')
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(passphrase)
  await page.getByRole('textbox', { name: 'Repeat the passphrase' }).fill(passphrase)
  await page.getByRole('button', { name: 'Create the wallet' }).click()
  await expect(page.getByRole('heading', { name: 'Your wallet is ready' })).toBeVisible({ timeout: patience })
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
  await signMessage('From the desktop.', passphrase)
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

test('its machine lost, the wallet is restored on an empty one by opening its backup, and signs', async ({
  browser,
}) => {
  // The same screens and jobs are tested in a browser (invitations.spec.ts); the desktop's own store, by its contract.
  test.skip(process.env['DEEP'] !== '1', 'part of npm run test:deep')
  await page.goto(`${desktop.url}#/`)
  await page.getByRole('link', { name: /On my desk/ }).click()
  await page.getByRole('link', { name: 'Backup', exact: true }).click()
  const making = page.getByTestId('make-backup')
  await making.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await making.getByRole('textbox', { name: 'Passphrase for the file' }).fill(ofFile)
  await making.getByRole('textbox', { name: 'Repeat the passphrase' }).fill(ofFile)
  const download = page.waitForEvent('download')
  await making.getByRole('button', { name: 'Download the backup' }).click()
  const saved = await download
  const file = join(place, saved.suggestedFilename())
  await saved.saveAs(file)
  await page.context().close()
  await desktop.kill()
  await rm(options.folder, { recursive: true })

  options = await machine('second', options.coordinator)
  desktop = await startDesktop({ ...options, fixture })
  page = await openPage(browser)
  await expect(page.getByRole('link', { name: 'Restore a wallet' })).toBeVisible()
  await expect(page.getByRole('link', { name: /On my desk/ })).toHaveCount(0)
  await desktop.open(page, file)
  await expect(page.getByText(saved.suggestedFilename()).first()).toBeVisible()
  await page.getByRole('textbox', { name: 'Passphrase of the backup' }).fill(ofFile)
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page.getByTestId('address')).toHaveText(address)
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(chosenAnew)
  await page.getByRole('textbox', { name: 'Repeat the passphrase' }).fill(chosenAnew)
  await page.getByRole('button', { name: 'Restore the wallet' }).click()
  await expect(page.getByRole('heading', { name: 'On my desk' })).toBeVisible()
  const files = (await readdir(join(options.folder, 'party', 'wallets'))).sort()
  expect(files, 'the share is a file again').toEqual([
    expect.stringMatching(/\.json$/),
    expect.stringMatching(/\.share$/),
  ])
  await signMessage('From another desk.', chosenAnew)
})
