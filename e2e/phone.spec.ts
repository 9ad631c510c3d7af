import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { devices, expect, test, type Locator, type Page } from '@playwright/test'
import { serveWebApp } from '../coordinator-stub/http/webApp.ts'
import { securityHeaders } from '../files/appHeaders.ts'
import { fill, fillNewWallet, openWallet, passphrase, reviewTransaction } from './steps.ts'
import { testPage } from './testPages.ts'
import { fingertip, hardToTouch } from './touch.ts'

// A phone in the hand: a notch and a bar at the bottom, thumbs, a keyboard that comes and goes, an icon on the home screen.
// Everything is measured in the page of an emulated iPhone; screens.spec.ts measures every screen for fingers.

const { viewport, userAgent, deviceScaleFactor, isMobile, hasTouch } = devices['iPhone 14']
test.use({ viewport, userAgent, deviceScaleFactor, isMobile, hasTouch })

/** Pixels that the phone's own things take away from each side. */
const insets = { top: 47, right: 0, bottom: 34, left: 0 }
const onItsSide = { top: 0, right: 47, bottom: 21, left: 47 }

async function withInsets(page: Page, { top, right, bottom, left }: typeof insets): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Emulation.setSafeAreaInsetsOverride', { insets: { top, right, bottom, left } })
}

const boxOf = async (page: Page, selector: string) => {
  const box = await page.locator(selector).first().boundingBox()
  if (box === null) throw new Error(`there is no ${selector}`)
  return box
}

async function bottomOf(element: Locator): Promise<number> {
  const box = await element.boundingBox()
  return (box?.y ?? Infinity) + (box?.height ?? 0)
}

test('nothing lies under the notch or the bar at the bottom, upright and on its side', async ({ page }) => {
  await withInsets(page, insets)
  await page.goto(testPage('screens.html?wallets=1'))
  const logo = await boxOf(page, 'header a')
  expect(logo.y).toBeGreaterThanOrEqual(insets.top)
  expect((await boxOf(page, 'header')).y, 'its ground reaches to the top').toBe(0)
  await page.evaluate(() => {
    scrollTo(0, document.documentElement.scrollHeight)
  })
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
  const last = await boxOf(page, 'main li:last-child')
  expect(last.y + last.height).toBeLessThanOrEqual(height - insets.bottom)

  await page.setViewportSize({ width: height, height: width })
  await withInsets(page, onItsSide)
  for (const selector of ['header a', 'header nav', 'main h1', 'main li']) {
    const { x, width: wide } = await boxOf(page, selector)
    expect(x, selector).toBeGreaterThanOrEqual(onItsSide.left)
    expect(x + wide, selector).toBeLessThanOrEqual(height - onItsSide.right)
  }
})

test('a brief notice appears above the bar at the bottom', async ({ page }) => {
  await withInsets(page, insets)
  await page.goto(testPage('screens.html?wallets=1'))
  await openWallet(page)
  await page.getByRole('button', { name: 'Copy Ethereum address' }).click()
  const said = await page.getByRole('status').locator('p').first().boundingBox()
  const { height } = page.viewportSize() ?? { height: 0 }
  expect((said?.y ?? 0) + (said?.height ?? 0)).toBeLessThanOrEqual(height - insets.bottom)
})

test('where the page gets smaller for the keyboard, the button stays in sight of who types the passphrase', async ({
  page,
}) => {
  await page.goto(testPage('screens.html?wallets=1'))
  await reviewTransaction(page)
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
  const field = page.getByLabel('Passphrase of this wallet', { exact: true })
  await field.tap()
  await page.setViewportSize({ width, height: height - keyboard })
  await expect(field).toBeFocused()
  await expect(page.getByRole('button', { name: 'Sign now' })).toBeInViewport({ ratio: 1 })
  await expect(field).toBeInViewport({ ratio: 1 })
})

const keyboard = 336

/** Safari's keyboard: the page stays as it is, and only the visual viewport gets smaller. */
async function underKeyboard(page: Page, covered: number): Promise<void> {
  await page.evaluate((pixels) => {
    const seen = visualViewport as unknown as Record<string, unknown>
    const whole = document.documentElement.clientHeight
    Object.defineProperty(seen, 'height', { configurable: true, value: whole - pixels })
    visualViewport?.dispatchEvent(new Event('resize'))
  }, covered)
}

test('where the keyboard lies over the page, the page moves up until the button is above it', async ({ page }) => {
  await page.goto(testPage('screens.html?wallets=1'))
  await reviewTransaction(page)
  const field = page.getByLabel('Passphrase of this wallet', { exact: true })
  const button = page.getByRole('button', { name: 'Sign now' })
  await field.tap()
  const { height } = page.viewportSize() ?? { height: 0 }
  // As it is when the button is at the bottom of the screen: the keyboard would cover it.
  await button.evaluate((element) => {
    element.scrollIntoView({ block: 'end' })
  })
  await underKeyboard(page, keyboard)
  await expect.poll(() => bottomOf(button)).toBeLessThanOrEqual(height - keyboard)
  expect((await field.boundingBox())?.y).toBeGreaterThanOrEqual(0)
  const said = page.getByRole('status').last() // a brief notice
  expect(await bottomOf(said)).toBeLessThanOrEqual(height - keyboard)
  await underKeyboard(page, 0)
  await expect(said).toHaveCSS('margin-bottom', '0px')
})

test('the end of a long form can be moved above a keyboard that lies over the page', async ({ page }) => {
  await page.goto(testPage('screens.html#/create'))
  await fillNewWallet(page)
  await page.getByLabel('Repeat the passphrase', { exact: true }).tap()
  await underKeyboard(page, keyboard)
  const { height } = page.viewportSize() ?? { height: 0 }
  const button = page.getByRole('button', { name: 'Create the wallet' })
  await expect
    .poll(async () => {
      await page.evaluate(() => {
        scrollTo(0, document.documentElement.scrollHeight)
      })
      return bottomOf(button)
    })
    .toBeLessThanOrEqual(height - keyboard)
})

test('the keyboard of each field is the one for what is typed there', async ({ page }) => {
  await page.goto(testPage('screens.html?wallets=1'))
  await reviewTransaction(page)
  const secret = page.getByLabel('Passphrase of this wallet', { exact: true })
  await expect(secret).toHaveAttribute('enterkeyhint', 'go')
  await expect(secret).toHaveAttribute('autocapitalize', 'off')
  await expect(secret).toHaveAttribute('autocorrect', 'off')
  await page.getByRole('button', { name: 'Edit' }).click()
  for (const [label, mode] of [
    ['Amount in ETH', 'decimal'],
    ['Max fee per gas (gwei)', 'decimal'],
    ['Nonce', 'numeric'],
  ] as const)
    await expect(page.getByLabel(label, { exact: true })).toHaveAttribute('inputmode', mode)
  const recipient = page.getByLabel('Recipient', { exact: true })
  await expect(recipient).toHaveAttribute('autocapitalize', 'off')
  await expect(recipient).toHaveAttribute('spellcheck', 'false')
})

test('a finger hits everything on the way from the welcome to the signature', async ({ page }) => {
  const measure = async () => {
    expect(await page.evaluate(hardToTouch, fingertip)).toEqual([])
  }
  await page.goto(testPage('screens.html'))
  await page.getByRole('link', { name: 'Create a wallet' }).waitFor()
  await measure()
  await page.goto(testPage('screens.html?wallets=1'))
  await reviewTransaction(page)
  await measure()
  await fill(page, { 'Passphrase of this wallet': passphrase })
  await page.getByRole('button', { name: 'Sign now' }).tap()
  await page.getByTestId('signed').waitFor()
  await measure()
})

test.describe('on the home screen', () => {
  test.use({ serviceWorkers: 'allow' })
  const folder = resolve(import.meta.dirname, '../dist')
  let server: Server
  let url: string
  test.beforeAll(async () => {
    const documents = { '/quorate.json': () => '{"serverParties":[]}', '/rpc.json': () => '{"rpcOrigins":[]}' }
    const serve = serveWebApp({ folder, documents })
    server = createServer((request, response) => {
      for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
      void serve(request, response)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://localhost:${(server.address() as AddressInfo).port}`
  })
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  test.afterAll(stop)

  interface WebManifest {
    readonly start_url: string
    readonly display: string
    readonly theme_color: string
    readonly icons: readonly { readonly src: string; readonly sizes: string; readonly purpose: string }[]
  }

  test('every icon is there in the size that is promised, and what matters of the one that is cut is inside the cut', async ({
    page,
  }) => {
    await page.goto(url)
    const devtools = await page.context().newCDPSession(page)
    const { errors, url: manifestUrl } = await devtools.send('Page.getAppManifest')
    expect(errors).toEqual([])
    const manifest = (await (await page.request.get(manifestUrl)).json()) as WebManifest
    expect(manifest).toMatchObject({ display: 'standalone', start_url: '/' })
    const apple = { src: '/apple-touch-icon.png', sizes: '180x180', purpose: 'maskable' }
    await expect(page.locator('link[rel=apple-touch-icon]')).toHaveAttribute('href', apple.src)
    const wanted = ['192x192 any', '512x512 any', '512x512 maskable']
    expect(manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual(expect.arrayContaining(wanted))
    for (const { src, sizes, purpose } of [...manifest.icons, apple]) {
      const { size, corner, beyond } = await page.evaluate(measureIcon, src)
      if (sizes !== 'any') expect(size, src).toBe(sizes)
      if (purpose === 'maskable') expect([corner, beyond], src).toEqual(['15,118,110,255', 0])
      else expect(corner, src).toBe('0,0,0,0')
    }
  })

  test('the bars around the page have the colour of its header, in the light, in the dark and as chosen', async ({
    page,
  }) => {
    await page.goto(url)
    const colours = () =>
      page.evaluate(() => {
        const metas = [...document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')]
        const chosen = metas.find(({ media }) => media === '' || matchMedia(media).matches)
        const canvas = document.createElement('canvas').getContext('2d')
        if (canvas === null) throw new Error('no canvas')
        canvas.fillStyle = getComputedStyle(document.querySelector('header') ?? document.body).backgroundColor
        return [chosen?.content, canvas.fillStyle]
      })
    for (const [colorScheme, header] of [
      ['light', '#ffffff'],
      ['dark', '#151e24'],
    ] as const) {
      await page.emulateMedia({ colorScheme })
      await expect.poll(colours).toEqual([header, header])
    }
    await page.goto(`${url}/#/settings`)
    await page.getByLabel('Appearance').selectOption('light')
    await expect.poll(colours).toEqual(['#ffffff', '#ffffff'])
  })

  test('started from there without a connection, it shows itself and computes', async ({ page }) => {
    await page.goto(url)
    const isKept = () => navigator.serviceWorker.ready.then(() => caches.has('quorate-app-state'))
    await expect.poll(() => page.evaluate(isKept)).toBe(true)
    const { start_url } = (await (await page.request.get(`${url}/manifest.webmanifest`)).json()) as WebManifest
    await stop()
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Emulation.setEmulatedMedia', { features: [{ name: 'display-mode', value: 'standalone' }] })
    await page.goto('about:blank')
    await page.goto(new URL(start_url, url).href)
    await expect(page.getByRole('link', { name: 'Create a wallet' }).first()).toBeInViewport()
    expect(await page.evaluate(hardToTouch, fingertip)).toEqual([])
    await page.getByRole('link', { name: 'Settings' }).tap()
    await expect(page.getByTestId('kernel')).toHaveAttribute('data-kernel', /relaxed-simd|portable/)
  })
})

/** In the page: its size, its corner's colour, and how much of the drawing is outside of what every cut leaves. */
async function measureIcon(src: string): Promise<{ size: string; corner: string; beyond: number }> {
  const image = new Image()
  image.src = src
  await image.decode()
  const { naturalWidth: width, naturalHeight: height } = image
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no canvas')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  const corner = data.slice(0, 4).join(',')
  let beyond = 0
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = 4 * (y * width + x)
      const isGround = Math.abs((data[at] ?? 0) - 15) < 8 && Math.abs((data[at + 1] ?? 0) - 118) < 8
      if (!isGround && Math.hypot(x - width / 2, y - height / 2) > 0.4 * width) beyond += 1
    }
  }
  return { size: `${width}x${height}`, corner, beyond }
}
