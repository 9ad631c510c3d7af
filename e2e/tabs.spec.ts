import { expect, test, type Page } from '@playwright/test'
import { startLocalApp, type LocalApp } from './localApp.ts'
import { choosePassphrase, invitationOf, patience } from './people.ts'
import { stockedPage } from './stockedPage.ts'

// Over HTTP/1.1 a browser has six connections to a server for all of its tabs. Tabs that wait share a few streams, so that pages
// load and calls get through.
test.setTimeout(patience)

let app: LocalApp
test.beforeAll(async () => {
  app = await startLocalApp()
})
test.afterAll(() => app[Symbol.asyncDispose]())

test('eight tabs wait for people, and all of them load; a ninth joins a wallet, and the eighth hears of its guest', async ({
  browser,
}) => {
  const alike = Array.from({ length: 9 }, () => 0)
  const ana = await stockedPage(browser, app.url, alike)
  const ben = await stockedPage(browser, app.url, [1, 1])
  const protocol = await ana.evaluate(() => {
    const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    return page?.nextHopProtocol
  })
  expect(protocol).toBe('http/1.1')

  const waiting: Page[] = []
  for (let tab = 1; tab <= 8; tab += 1) {
    const page = tab === 1 ? ana : await ana.context().newPage()
    await page.goto(`${app.url}/#/create`)
    if (tab === 1) await page.getByLabel('Your name').fill('Ana') // a browser asks it once
    await invite(page, `Wallet ${tab}`)
    waiting.push(page)
  }

  await ben.goto(`${app.url}/#/create`)
  await ben.getByLabel('Your name').fill('Ben')
  await invite(ben, 'Of Ben')
  const ninth = await ana.context().newPage()
  const invited = await invitationOf(ben, 2, 'Guest')
  await join(ninth, invited, 'Of Ben')
  for (const page of [ben, ninth]) await page.getByRole('button', { name: 'The codes match' }).click()
  for (const page of [ben, ninth]) {
    await expect(page.getByRole('heading', { name: 'Your wallet is ready' })).toBeVisible({ timeout: patience })
  }

  const [eighth = ana] = waiting.slice(-1)
  await join(ben, await invitationOf(eighth, 2, 'Guest'), 'Wallet 8')
  await expect(eighth.getByTestId('check-code')).toBeVisible({ timeout: patience })
  for (const page of [ana, ben]) await page.context().close()
})

/** Asks one person to make a wallet with, and waits. */
async function invite(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name)
  for (const server of await page.getByRole('checkbox').all()) await server.uncheck()
  await page.getByRole('button', { name: 'Invite a person' }).click()
  await page.getByLabel('Name of person 1', { exact: true }).fill('Guest')
  await choosePassphrase(page)
  await page.getByRole('button', { name: 'Create the wallet' }).click()
  await expect(page.getByTestId('invitation-2')).toBeVisible({ timeout: patience })
}

async function join(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link)
  await expect(page.getByRole('heading', { name: `You are invited to “${name}”` })).toBeVisible()
  await choosePassphrase(page)
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(page.getByTestId('check-code')).toBeVisible({ timeout: patience })
}
