import { expect, test } from '@playwright/test'
import { startLocalApp } from './localApp.ts'
import { patience } from './people.ts'

// On a machine of two cores the app computes in one thread, so these two are asked for: workers started by the ceremony's
// worker, from the built app, under the policy it is served with.
test('prime search and keygen in two threads, each with a worker of its own', async ({ browser }) => {
  const app = await startLocalApp()
  const context = await browser.newContext()
  try {
    await context.addInitScript(() => {
      const Plain = globalThis.Worker
      globalThis.Worker = class extends Plain {
        constructor(url: string | URL, options?: WorkerOptions) {
          super(url, { ...options, name: '2' })
        }
      }
    })
    const page = await context.newPage()
    let ofPool = 0
    page.on('worker', (worker) => {
      if (worker.url().includes('poolEntry')) ofPool += 1
    })
    await page.goto(app.url)
    await page.getByRole('link', { name: 'Create a wallet' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill('Two threads')
    await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill('lantern orbit velvet ninety harbour')
    await page.getByRole('textbox', { name: 'Repeat the passphrase' }).fill('lantern orbit velvet ninety harbour')
    await page.getByRole('button', { name: 'Create the wallet' }).click()
    await expect(page.getByRole('heading', { name: 'Your wallet is ready' })).toBeVisible({ timeout: patience })
    expect(ofPool, 'two for the primes and two for the keygen at least').toBeGreaterThanOrEqual(4)
  } finally {
    await context.close()
    await app[Symbol.asyncDispose]()
  }
})
