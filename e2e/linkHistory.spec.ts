import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrowserContext, chromium, expect, test } from '@playwright/test'
import { browserArguments } from '../scripts/browser.ts'
import { temporaryFolder } from '../testkit/harness.ts'
import { type LocalApp, startLocalApp } from './localApp.ts'
import { choosePassphrase, invitationOf, patience } from './people.ts'
import { stock, stockedPage } from './stockedPage.ts'

// An attack fails the first time, or has succeeded.
test.describe.configure({ retries: 0 })

// A browser writes down an address before the page that it leads to can do anything: whoever reads its history later has the
// invitation's secret. What counts is that it is worth nothing by then.
test.setTimeout(patience)

let app: LocalApp
test.beforeAll(async () => {
  app = await startLocalApp()
})
test.afterAll(async () => {
  await app[Symbol.asyncDispose]()
})

/** A profile on the disk, with a history as people have it. */
function profile(folder: string): Promise<BrowserContext> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
  return chromium.launchPersistentContext(folder, { executablePath, args: browserArguments, serviceWorkers: 'block' })
}

async function hasKept(folder: string, link: string): Promise<boolean> {
  return (await readFile(join(folder, 'Default', 'History'))).includes(link)
}

test('a link that is read in the history of a browser seats nobody once its person has joined; a pasted one is in none', async ({
  browser,
}) => {
  await using disk = await temporaryFolder()
  const [opened, pasted] = ['opened', 'pasted'].map((name) => join(disk.path, name)) as [string, string]
  const host = await stockedPage(browser, app.url, [0])
  await host.goto(`${app.url}/#/create`)
  await host.getByLabel('Name', { exact: true }).fill('Club account')
  for (const server of await host.getByRole('checkbox').all()) await server.uncheck()
  for (const [i, name] of ['Ben', 'Eva'].entries()) {
    await host.getByRole('button', { name: 'Invite a person' }).click()
    await host.getByLabel(`Name of person ${i + 1}`, { exact: true }).fill(name)
  }
  await choosePassphrase(host)
  await host.getByRole('button', { name: 'Create the wallet' }).click()
  const toBen = await invitationOf(host, 2, 'Ben')
  const toEva = await invitationOf(host, 3, 'Eva')

  const ben = await profile(opened)
  const page = ben.pages()[0] ?? (await ben.newPage())
  await stock(page, app.url, [2])
  await page.goto(toBen)
  await expect(page.getByTestId('invited')).toContainText('Your browser keeps the link in its history.')
  const entries = await page.evaluate(() =>
    (globalThis as unknown as { navigation: { entries(): { url: string }[] } }).navigation
      .entries()
      .map(({ url }) => url),
  )
  expect(entries.join(), 'going back does not lead to it').not.toContain('/join/')
  await choosePassphrase(page)
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(host.getByTestId('invitation-2')).toContainText('Joined', { timeout: patience })
  await ben.close()

  const eva = await profile(pasted)
  const evas = eva.pages()[0] ?? (await eva.newPage())
  await evas.goto(`${app.url}/#/join`)
  await evas.getByLabel('Invitation', { exact: true }).fill(toEva)
  await evas.getByRole('button', { name: 'Open the invitation' }).click()
  await expect(evas.getByTestId('invited')).toBeVisible()
  await expect(evas.getByTestId('invited')).not.toContainText('history')
  await eva.close()

  expect(await hasKept(opened, toBen), 'browsers do keep it').toBe(true)
  expect(await hasKept(pasted, toEva)).toBe(false)

  const thief = await stockedPage(browser, app.url, [3])
  await thief.goto(toBen)
  await expect(thief.getByTestId('invited')).toContainText('Someone has already used this invitation')
  await choosePassphrase(thief)
  await thief.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(thief.getByTestId('failure')).toBeVisible({ timeout: patience })
  await expect(host.getByTestId('invitation-2'), 'its person is told').toContainText('Someone else tried to use')
  await host.context().close()
  await thief.context().close()
})
