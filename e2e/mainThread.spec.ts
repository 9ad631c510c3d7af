import { expect, test } from '@playwright/test'
import { startLocalApp } from './localApp.ts'
import { watchMainThread } from './mainThread.ts'
import { choosePassphrase, patience } from './people.ts'

test('the page never blocks while a wallet is created', async ({ browser }) => {
  await using app = await startLocalApp()
  const page = await browser.newPage()
  await page.goto(`${app.url}/#/create`)
  await page.getByLabel('Name', { exact: true }).fill('Family savings')
  await choosePassphrase(page)
  const mainThread = await watchMainThread(browser, page)
  await page.getByRole('button', { name: 'Create the wallet' }).click()
  await expect(page.getByRole('heading', { name: 'Your wallet is ready' })).toBeVisible({ timeout: patience })
  const longest = await mainThread.longestTaskMs()
  console.log(`longest main-thread task during keygen: ${longest.toFixed(1)} ms`)
  expect(longest).toBeLessThan(50)
  await page.close()
})
