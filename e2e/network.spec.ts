import { expect, test, type BrowserContext, type Page, type Route } from '@playwright/test'
import { getAddress, verifyMessage, type Hex } from 'viem'
import { startLocalApp, type LocalApp } from './localApp.ts'
import { choosePassphrase, passphrase, patience, valueOf } from './people.ts'
import { stockedPage } from './stockedPage.ts'

// What a network does to whoever is in the middle of something: the coordinator dies and comes back, the device goes offline
// and comes back. Nobody presses anything; the ceremony ends well. Signatures are judged by viem, which is not ours.
test.describe.configure({ mode: 'serial' })
test.setTimeout(patience)

let app: LocalApp
let context: BrowserContext
let page: Page
let address: Hex

test.beforeAll(async ({ browser }) => {
  app = await startLocalApp()
  page = await stockedPage(browser, app.url, [0, 0]) // of two, one is left: it does not search for the next
  context = page.context()
})

test.afterAll(async () => {
  await context.close()
  await app[Symbol.asyncDispose]()
})

test('the coordinator is killed in the middle of creating a wallet, which is said, and started again: it ends well', async () => {
  await page.getByRole('link', { name: 'Create a wallet' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill('Family savings')
  await choosePassphrase(page)
  const again = beforeMessage(3, async (route) => {
    await app.stack.kill('coordinator')
    await route.abort('connectionrefused')
    await expect(page.getByTestId('connection')).toContainText('The coordinator is not responding. Work in progress')
    await app.stack.restart('coordinator')
    await expect(page.getByTestId('connection')).toBeEmpty()
  })
  await page.getByRole('button', { name: 'Create the wallet' }).click()
  await again
  await expect(page.getByRole('heading', { name: 'Your wallet is ready' })).toBeVisible({ timeout: patience })
  address = getAddress(await valueOf(page, 'address'))
})

test('offline while waiting, and again in the middle of the rounds: the signature is made once it is back', async () => {
  await page.getByRole('link', { name: 'I’ll do it later' }).click()
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  await page.getByRole('radio', { name: 'Ethereum message' }).check()
  const message = 'In spite of the network.'
  await page.getByRole('textbox', { name: 'Message' }).fill(message)
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)

  // Held up, and not ended: the app waits for it no longer than half a minute, which a start may take on a busy machine.
  tellServer('SIGSTOP')
  await page.getByRole('button', { name: 'Sign now' }).click()
  await expect(page.getByTestId('awaited')).toContainText('Waiting for server-1')
  const inRounds = beforeMessage(4, async (route) => {
    await context.setOffline(true)
    await route.abort('internetdisconnected')
  })
  await context.setOffline(true)
  await expect(page.getByTestId('connection')).toContainText('You are offline. Work in progress resumes by itself')
  tellServer('SIGCONT')
  await context.setOffline(false)
  await expect(page.getByTestId('connection')).toBeEmpty()

  await inRounds
  await expect(page.getByTestId('connection')).toContainText('You are offline.')
  await expect(page.getByTestId('rounds')).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByRole('heading', { name: 'Signed', exact: true })).toBeVisible()
  await expect(page.getByTestId('connection')).toBeEmpty()
  expect(await verifyMessage({ address, message, signature: (await valueOf(page, 'signature')) as Hex })).toBe(true)
})

function tellServer(signal: 'SIGSTOP' | 'SIGCONT'): void {
  const pid = app.stack.pids['server-1']
  if (pid === undefined) throw new Error('server-1 is not running')
  process.kill(pid, signal)
}

/** Resolves when `happen`, called instead of the page's nth message to the others, is done. */
async function beforeMessage(nth: number, happen: (route: Route) => Promise<void>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  let messages = 0
  await page.route('**/quorate.v1.RouterService/SendMessage', async (route) => {
    messages += 1
    if (messages !== nth) return route.continue()
    return happen(route).then(() => {
      resolve(undefined)
    }, reject)
  })
  return promise
}
