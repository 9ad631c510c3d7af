import { expect, test } from '@playwright/test'
import { startLocalApp, type LocalApp } from './localApp.ts'

// Browsers that lack something the app needs: told what and which browsers work, before anything else starts.

let app: LocalApp
test.beforeAll(async () => {
  app = await startLocalApp()
})
test.afterAll(async () => {
  await app[Symbol.asyncDispose]()
})

for (const [lacking, says, take] of [
  ['Promise.withResolvers', 'Promise.withResolvers', () => Reflect.deleteProperty(Promise, 'withResolvers')],
  ['Web Locks', 'Web Locks', () => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })],
  [
    'X25519',
    'Web Crypto X25519',
    () => {
      const generateKey = SubtleCrypto.prototype.generateKey.bind(crypto.subtle)
      SubtleCrypto.prototype.generateKey = ((...call: Parameters<typeof generateKey>) =>
        (call[0] as unknown) === 'X25519' ? Promise.reject(new Error('unknown')) : generateKey(...call)) as never
    },
  ],
] as const) {
  test(`a browser without ${lacking} is told so, and nothing is asked for`, async ({ page }) => {
    await page.addInitScript(take)
    await page.goto(`${app.url}/#/create`)
    const told = page.getByRole('alert')
    await expect(told).toContainText('This browser is too old for Quorate')
    await expect(told).toContainText(`does not have: ${says}.`)
    await expect(told).toContainText('Safari 18.4')
    await expect(page.getByLabel('Passphrase', { exact: true })).toHaveCount(0)
  })
}

test('somebody who reads Chinese is told in Chinese', async ({ browser }) => {
  const page = await browser.newPage({ locale: 'zh-TW' })
  await page.addInitScript(() => Reflect.deleteProperty(Promise, 'withResolvers'))
  await page.goto(app.url)
  await expect(page.getByRole('alert')).toContainText('這個瀏覽器的版本太舊')
  await page.close()
})
