import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { _electron, expect, test, type ElectronApplication, type Page } from '@playwright/test'
import { temporaryFolder } from '../electron/test/folders.ts'
import { keychainMissing, logIn } from '../electron/test/loginSession.ts'

// The real shell, wherever the Electron program can be had. Its window needs a display: a desktop, or Xvfb.
const root = resolve(import.meta.dirname, '..')

function findElectron(): { readonly path: string } | { readonly missing: string } {
  const folder = join(createRequire(import.meta.url).resolve('electron/package.json'), '..')
  const named = join(folder, 'path.txt')
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist')
  const path = join(dist, existsSync(named) ? readFileSync(named, 'utf8') : 'electron')
  if (!existsSync(path))
    return { missing: 'the Electron program is not here (npm run desktop fetches it where it can)' }
  if (process.platform === 'linux' && (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']) === undefined)
    return { missing: 'there is no display (xvfb-run gives one)' }
  const keychain = process.platform === 'linux' ? keychainMissing() : undefined
  if (keychain !== undefined) return { missing: keychain }
  return { path }
}

const electron = findElectron()
const missing = 'missing' in electron ? electron.missing : undefined
if (missing !== undefined) console.log(`*** NOT TESTED in the real Electron shell: ${missing} ***`)
test.skip(missing !== undefined, missing)
test.describe.configure({ mode: 'serial' })

const resources = new AsyncDisposableStack()
let app: ElectronApplication
let page: Page

test.beforeAll(async () => {
  execFileSync(process.execPath, [join(root, 'scripts/buildDesktop.ts')], { cwd: root, stdio: 'inherit' })
  const place = resources.use(await temporaryFolder())
  const session = process.platform === 'linux' ? resources.use(await logIn(join(place.path, 'home'))) : undefined
  app = await _electron.launch({
    ...('path' in electron && { executablePath: electron.path }),
    env: { ...process.env, ...session?.environment } as Record<string, string>,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${join(place.path, 'user-data')}`,
      join(root, 'dist-electron/main.js'),
    ],
  })
  page = await app.firstWindow()
})

test.afterAll(async () => {
  await app.close()
  await resources.disposeAsync()
})

test('the window shows the app from its own origin, sandboxed and without Node', async () => {
  await expect(page.getByRole('heading').first()).toBeVisible()
  expect(new URL(page.url()).origin).toBe('app://quorate')
  expect(await page.evaluate(() => [typeof globalThis.process, 'require' in globalThis, isSecureContext])).toEqual([
    'undefined',
    false,
    true,
  ])
})

test('the bridge answers, and its store is on the disk', async () => {
  const answered = await page.evaluate(() =>
    (globalThis as unknown as { quorateDesktop: { listWallets(): Promise<unknown> } }).quorateDesktop.listWallets(),
  )
  expect(answered).toEqual({ ok: true, value: [] })
})

test('the page opens no window, goes nowhere else, and gets no microphone', async () => {
  expect(await page.evaluate(() => window.open('https://example.com/') === null)).toBe(true)
  await page.evaluate(() => {
    location.href = 'https://example.com/'
  })
  await expect(page.getByRole('heading').first()).toBeVisible()
  expect(new URL(page.url()).origin).toBe('app://quorate')
  const microphone = () =>
    navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'given',
      (error: unknown) => (error as Error).name,
    )
  expect(await page.evaluate(microphone)).not.toBe('given')
})

test('an invitation link opens at its page', async () => {
  await app.evaluate(({ app }) => {
    app.emit('second-instance', {}, ['quorate', 'tssparty://join/0123/2'], '')
  })
  await expect.poll(() => page.url()).toContain('#/join/0123/2')
})

test('the same engine with relaxed SIMD', async () => {
  await page.goto('app://quorate/#/settings')
  await expect(page.getByTestId('kernel')).toHaveAttribute('data-kernel', 'relaxed-simd')
})
