import { expect, test } from '@playwright/test'
import { extras } from '../web/boot/features.ts'
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

/** How an engine without it looks from within the page. */
const takings: Readonly<Record<string, () => void>> = {
  'WebAssembly relaxed SIMD': () => {
    const validate = WebAssembly.validate.bind(WebAssembly)
    WebAssembly.validate = (bytes) => !new Uint8Array(bytes as ArrayBuffer).includes(135) && validate(bytes)
  },
  'storage manager': () => Object.defineProperty(Navigator.prototype, 'storage', { value: undefined }),
  'service worker': () => Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined }),
  clipboard: () => Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined }),
  camera: () => Object.defineProperty(Navigator.prototype, 'mediaDevices', { value: undefined }),
  passkeys: () => Reflect.deleteProperty(globalThis, 'PublicKeyCredential'),
  'visual viewport': () => Object.defineProperty(globalThis, 'visualViewport', { value: undefined }),
}

test('a browser that lacks what the app can do without runs it, and says in the settings what it lacks', async ({
  browser,
}) => {
  expect(Object.keys(takings)).toEqual(extras.map(({ name }) => name))
  for (const [name, take] of Object.entries(takings)) {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.addInitScript(take)
    await page.goto(`${app.url}/#/settings`)
    await expect(page.getByTestId('lacking')).toHaveText(name)
    await expect(page.getByTestId('kernel')).toHaveAttribute('data-kernel', /relaxed-simd|portable/)
    await page.goto(`${app.url}/#/create`)
    await expect(page.getByRole('button', { name: 'Create the wallet' })).toBeVisible()
    expect(complaints, name).toEqual([])
    await page.close()
  }
})
