import assert from 'node:assert/strict'
import type { Hex } from 'viem'
import { verifyMessage } from 'viem'
import { type EngineName, type OpenBrowser, openBrowser } from './engines.ts'
import { addressIn, fillNewWallet, passphrase, patienceMs } from './mainJob.ts'
import { type Page, pageOf } from './page.ts'
import { stock } from './stock.ts'

interface Person {
  readonly name: string
  readonly browser: OpenBrowser
  readonly page: Page
}

/** One wallet, 2 of 3, of three people in three engines, no server party; then every two of them sign, judged by viem. */
export async function threePeople(names: readonly [EngineName, EngineName, EngineName], url: string): Promise<void> {
  await using opened = new AsyncDisposableStack()
  const person = async (engine: EngineName): Promise<Person> => {
    const browser = opened.use(await openBrowser(engine))
    const page = pageOf(browser.driver, 120_000)
    await stock(browser.driver, url, [names.indexOf(engine), 3]) // one is left: it searches for no other
    await page.goto(`${url}/#/`)
    return { name: engine, browser, page }
  }
  const [ana, ben, eva] = [await person(names[0]), await person(names[1]), await person(names[2])]
  const people = [ana, ben, eva]

  await fillNewWallet(ana.page, 'Club account')
  for (const server of ['server-1', 'server-2']) await ana.page.click('checkbox', new RegExp(server))
  for (const [i, { name }] of [ben, eva].entries()) {
    await ana.page.click('button', 'Invite a person')
    await ana.page.fill(`Name of person ${i + 1}`, name)
  }
  await ana.page.click('button', 'Create the wallet')
  for (const guest of [ben, eva]) {
    await guest.page.goto(await ana.page.copied(`Copy Invitation for ${guest.name}`))
    await guest.page.see('heading', /invited to “Club account”/, 120_000)
    await guest.page.fill('Passphrase', passphrase)
    await guest.page.fill('Repeat the passphrase', passphrase)
    await guest.page.click('button', 'Join')
  }
  const codes: string[] = []
  for (const { page } of people) codes.push(await page.value('check-code', patienceMs))
  assert.equal(new Set(codes).size, 1, 'everybody sees the same check code')
  for (const { page } of people) await page.click('button', 'The codes match')
  const addresses: Hex[] = []
  for (const { page } of people) {
    await page.see('heading', 'Your wallet is ready', patienceMs)
    addresses.push(addressIn(await page.text()))
  }
  const [address = '0x'] = addresses
  assert.equal(new Set(addresses).size, 1, 'everybody has the same address')

  for (const [asking, approving] of [[ana, ben] as const, [ben, eva] as const, [eva, ana] as const])
    await bothSign(asking, approving, address, url)
}

async function bothSign(asking: Person, approving: Person, address: Hex, url: string): Promise<void> {
  const message = `By ${asking.name} and ${approving.name}.`
  await openWallet(asking.page, url)
  await asking.page.click('link', 'Sign')
  await asking.page.click('radio', 'Ethereum message')
  await asking.page.fill('Message', message)
  await asking.page.click('button', 'Review')
  await asking.page.click('radio', 'Sign now, everyone is here')
  await asking.page.checkAll() // both others are asked, and one of them approves
  await asking.page.fill('Passphrase of this wallet', passphrase)
  await asking.page.click('button', 'Sign now')
  await approving.page.goto(`${url}/#/requests`)
  await onlyRequest(approving, message)
  await approving.page.click('link', 'Open the request', 120_000)
  await approving.page.fill('Passphrase of this wallet', passphrase)
  await approving.page.click('button', 'Approve and sign')
  await asking.page.see('heading', 'Signed', 120_000)
  const signature = (await asking.page.value('signature')) as Hex
  assert.equal(await verifyMessage({ address, message, signature }), true, `viem accepts ${message}`)
}

/** What others have signed meanwhile is listed until the page has asked again: then the one that is meant is alone. */
async function onlyRequest({ browser: { driver } }: Person, message: string): Promise<void> {
  const script = `
    const links = [...document.querySelectorAll('a')].filter((link) => link.textContent === 'Open the request')
    return links.length === 1 && document.body.innerText.includes(arguments[0])`
  await driver.wait(() => driver.executeScript<boolean>(script, message), 120_000)
}

async function openWallet(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/#/`)
  await page.reload() // what was signed before would still be shown
  await page.click('link', /Club account/)
}
