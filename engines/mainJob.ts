import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getAddress, type Hex, verifyMessage } from 'viem'
import type { WebDriver } from 'selenium-webdriver'
import { type EngineName, openBrowser } from './engines.ts'
import { type Page, pageOf } from './page.ts'
import { fingertip, hardToTouch } from '../e2e/touch.ts'
import { stock } from './stock.ts'

/** How long things took on this machine, milliseconds; what it computed with. */
export interface EngineFigures {
  readonly engine: EngineName
  readonly version: string
  readonly kernel: string
  readonly searchMs: number
  readonly keygenMs: number
  readonly signMs: number
}

export const passphrase = 'lantern orbit velvet ninety harbour'
const ofFile = 'marble anchor under seven bridges'
const chosenAnew = 'copper river another lantern walk'
/** Searches for primes are luck, and machines are shared. */
export const patienceMs = 300_000

/**
 * The main job as a person does it, judged by viem: create with two server parties, come back, sign; back up, restore in a
 * fresh profile, in the dark on a phone, change the passphrase, sign again.
 * @param folder for the file between the two profiles
 * @param options.searches whether the browser searches for its primes, which may take minutes; else they are given
 */
export async function mainJob(
  engine: EngineName,
  url: string,
  folder: string,
  { searches = false } = {},
): Promise<EngineFigures> {
  let figures: EngineFigures
  let address: Hex
  const file = join(folder, `${engine}.age`)
  {
    await using browser = await openBrowser(engine)
    const page = pageOf(browser.driver)
    if (!searches) await stock(browser.driver, url, [0, 0])
    await page.goto(`${url}/#/settings`)
    const searchMs = await timed(() => stocked(browser.driver))
    const kernel = await kernelOf(browser.driver)
    await page.click('link', /Wallets|Quorate/)
    await fillNewWallet(page, 'Family savings')
    const keygenMs = await timed(async () => {
      await page.click('button', 'Create the wallet')
      await page.see('heading', 'Your wallet is ready', patienceMs)
    })
    address = addressIn(await page.text())
    await browser.driver.navigate().refresh()
    await page.goto(`${url}/#/`)
    await page.click('link', /Family savings/)
    assert.equal(getAddress(await page.value('address')), address, 'the wallet survives a reload')
    const signMs = await timed(() => signMessage(page, 'I own this wallet.', passphrase, address))
    await backUp(browser.driver, page, file)
    figures = { engine, version: browser.version, kernel, searchMs, keygenMs, signMs }
  }
  await using another = await openBrowser(engine, { isPhone: true, isDark: true })
  const page = pageOf(another.driver)
  await stock(another.driver, url, [0])
  await page.goto(`${url}/#/restore`)
  await page.choose('Backup file', file)
  await page.fill('Passphrase of the backup', ofFile)
  await page.click('button', 'Open')
  await page.fill('Passphrase', chosenAnew)
  await page.fill('Repeat the passphrase', chosenAnew)
  await page.click('button', 'Restore the wallet')
  await page.see('heading', 'Family savings', 120_000)
  await fitsFingers(another.driver)
  await isDarkIn(another.driver)
  await changePassphrase(page, chosenAnew, passphrase)
  await signMessage(page, 'Restored in a fresh profile, and its passphrase changed.', passphrase, address)
  await fitsFingers(another.driver)
  return figures
}

export async function fillNewWallet(page: Page, name: string): Promise<void> {
  await page.click('link', 'Create a wallet')
  await page.fill('Name', name)
  await page.fill('Passphrase', passphrase)
  await page.fill('Repeat the passphrase', passphrase)
}

/** From the wallet's page; ends on the page of the result. */
export async function signMessage(page: Page, message: string, unlock: string, address: Hex): Promise<void> {
  await askToSign(page, message, unlock)
  await page.see('heading', 'Signed', 120_000)
  const signature = (await page.value('signature')) as Hex
  assert.equal(await verifyMessage({ address, message, signature }), true, 'viem accepts the signature')
}

export async function askToSign(page: Page, message: string, unlock: string): Promise<void> {
  await page.click('link', 'Sign')
  await page.click('radio', 'Ethereum message')
  await page.fill('Message', message)
  await page.click('button', 'Review')
  await page.fill('Passphrase of this wallet', unlock)
  await page.click('button', 'Sign now')
}

/** What the page would save is taken from it, because engines save files each in its own way. */
async function backUp(driver: WebDriver, page: Page, file: string): Promise<void> {
  await page.click('link', 'Back to the wallet')
  await page.click('link', 'Backup')
  await page.fill('Passphrase of this wallet', passphrase)
  await page.fill('Passphrase for the file', ofFile)
  await page.fill('Repeat the passphrase', ofFile)
  await driver.executeScript(`
    const make = URL.createObjectURL
    URL.createObjectURL = (blob) => { blob.text().then((text) => { window.savedText = text }); return make.call(URL, blob) }`)
  await page.click('button', 'Download the backup')
  let saved = ''
  await driver.wait(async () => {
    saved = (await driver.executeScript<string | null>('return window.savedText || null')) ?? ''
    return saved !== ''
  }, 120_000)
  assert.match(saved, /^-----BEGIN AGE ENCRYPTED FILE-----\n/)
  await writeFile(file, saved)
}

async function changePassphrase(page: Page, from: string, to: string): Promise<void> {
  await page.click('button', /^Change passphrase/)
  await page.fill('Current passphrase', from)
  await page.fill('Passphrase', to)
  await page.fill('Repeat the passphrase', to)
  await page.click('button', 'Save the new passphrase')
  await page.undisturbed()
}

async function stocked(driver: WebDriver): Promise<void> {
  const script = 'const e = document.querySelector("[data-testid=stock]"); return e === null ? null : e.dataset.sets'
  await driver.wait(async () => Number(await driver.executeScript(script)) > 0, patienceMs)
}

async function kernelOf(driver: WebDriver): Promise<string> {
  let found = ''
  await driver.wait(async () => {
    const script = 'return document.querySelector("[data-testid=kernel]")?.dataset.kernel ?? ""'
    found = await driver.executeScript<string>(script)
    return found !== ''
  }, 120_000)
  return found
}

/** Nothing is wider than the window, and nothing is missed by a finger or makes Safari enlarge the page. */
async function fitsFingers(driver: WebDriver): Promise<void> {
  const script = 'return [document.documentElement.scrollWidth, document.documentElement.clientWidth]'
  const [content = 0, window = 0] = await driver.executeScript<number[]>(script)
  assert.ok(content <= window, `the page is ${content} wide in a window of ${window}`)
  assert.ok(window <= 500, `the window is ${window} wide, which is no phone`)
  assert.deepEqual(await driver.executeScript(`return (${hardToTouch.toString()})(${fingertip})`), [])
}

/** The theme follows what the system asks for. */
async function isDarkIn(driver: WebDriver): Promise<void> {
  const script = `
    const page = document.documentElement
    return [matchMedia('(prefers-color-scheme: dark)').matches, page.dataset.theme, getComputedStyle(page).colorScheme]`
  assert.deepEqual(await driver.executeScript(script), [true, 'dark', 'dark'])
}

export function addressIn(text: string): Hex {
  return getAddress(/0x[0-9a-fA-F]{40}/.exec(text.replace(/\s+/g, ''))?.[0] ?? '')
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
