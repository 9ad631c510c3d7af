// The real engines behind the browsers that people have, driven by W3C WebDriver: Chromium, Firefox (Gecko) and WebKitGTK,
// which is Safari's engine family. An engine takes part when its browser and its driver are installed.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { Builder, type WebDriver } from 'selenium-webdriver'
import { freePort } from '../testkit/freePort.ts'
import { temporaryFolder } from '../testkit/harness.ts'

export type EngineName = 'chromium' | 'firefox' | 'webkit'

export interface Engine {
  readonly name: EngineName
  /** Paths of browser and driver; undefined where there are none. */
  readonly browser: string | undefined
  readonly driver: string | undefined
  /** What to install, for the line that says that it was skipped. */
  readonly packages: string
}

/** A driver process of its own, and through it one browser with a fresh profile; disposing ends both. */
export interface OpenBrowser extends AsyncDisposable {
  readonly driver: WebDriver
  readonly engine: EngineName
  readonly version: string
}

const miniBrowsers = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].flatMap((machine) =>
  ['webkitgtk-6.0', 'webkit2gtk-4.1', 'webkit2gtk-4.0'].map((version) => `/usr/lib/${machine}/${version}/MiniBrowser`),
)

export const engines: readonly Engine[] = [
  {
    name: 'chromium',
    browser: first(process.env['CHROMIUM'], '/usr/bin/chromium', onPath('chromium')),
    driver: first('/usr/bin/chromedriver', onPath('chromedriver')),
    packages: 'chromium chromium-driver',
  },
  {
    name: 'firefox',
    browser: first('/usr/bin/firefox-esr', onPath('firefox-esr'), onPath('firefox')),
    driver: first(onPath('geckodriver'), join(process.env['HOME'] ?? '', '.cargo/bin/geckodriver')),
    packages: 'firefox-esr, and geckodriver by "cargo install geckodriver"',
  },
  {
    name: 'webkit',
    browser: first(...miniBrowsers),
    driver: first('/usr/bin/WebKitWebDriver', onPath('WebKitWebDriver')),
    packages: 'webkit2gtk-driver xvfb',
  },
]

export function isInstalled({ browser, driver }: Engine): boolean {
  return browser !== undefined && driver !== undefined
}

function first(...paths: readonly (string | undefined)[]): string | undefined {
  return paths.find((path) => path !== undefined && path !== '' && existsSync(path))
}

function onPath(name: string): string | undefined {
  return first(...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)))
}

const desk = { width: 1200, height: 900 }
const phone = { width: 390, height: 844 }
/** Pixels: no window of Firefox is narrower, so that a phone's has more of them to each of CSS. */
const narrowestFirefox = 500

/**
 * How a person has opened or set the browser. WebKitGTK's automation sessions are private ones, whatever is asked for; that
 * they keep nothing is not to be seen from within.
 */
export type Mode =
  | 'normal'
  | 'private'
  /** Sites may store nothing: cookies are blocked, and with them everything else. */
  | 'blocked'

export interface Look {
  /** A page of 390 by 844 pixels, or as near to it as the window can be; else of a desk. */
  readonly isPhone?: boolean
  readonly mode?: Mode
  readonly isDark?: boolean
}

/** @throws Error when the driver does not answer within 30 seconds */
export async function openBrowser(
  name: EngineName,
  { isPhone = false, mode = 'normal', isDark = false }: Look = {},
): Promise<OpenBrowser> {
  const engine = engines.find((each) => each.name === name)
  if (engine?.browser === undefined || engine.driver === undefined) throw new Error(`${name} is not installed`)
  await using opened = new AsyncDisposableStack()
  const display = name === 'webkit' ? await virtualDisplay(opened, isPhone ? phone : desk) : undefined
  const port = await freePort()
  const flags = name === 'firefox' ? ['--port', String(port), '--websocket-port', '0'] : [`--port=${port}`]
  const env = {
    ...process.env,
    ...(display !== undefined && { DISPLAY: display }),
    LANGUAGE: 'en',
    LANG: 'C.UTF-8',
    ...(name === 'webkit' && { XDG_CONFIG_HOME: await withoutMotion(opened) }),
    ...(isDark && { GTK_THEME: 'Adwaita:dark' }),
  }
  const process_ = spawn(engine.driver, flags, { stdio: 'ignore', detached: true, env })
  opened.defer(() => {
    endGroup(process_)
  })
  await answering(`http://127.0.0.1:${port}/status`)
  const driver = await new Builder()
    .disableEnvironmentOverrides()
    .usingServer(`http://127.0.0.1:${port}`)
    .withCapabilities(capabilities(name, engine.browser, { isPhone, mode, isDark }))
    .build()
  opened.defer(() => driver.quit())
  await driver.manage().setTimeouts({ script: 60_000, pageLoad: 60_000 })
  await driver
    .manage()
    .window()
    .setRect(isPhone ? phone : desk)
    .catch(() => undefined) // some windows cannot be sized: the page is then as wide as it is
  const version = (await driver.getCapabilities()).getBrowserVersion() ?? 'unknown'
  const running = opened.move()
  return { driver, engine: name, version, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

function capabilities(
  name: EngineName,
  binary: string,
  { isPhone, mode, isDark }: Required<Look>,
): Record<string, unknown> {
  const isRoot = process.getuid?.() === 0
  switch (name) {
    case 'chromium': {
      const flags = ['--headless=new', '--disable-gpu', '--no-first-run', '--lang=en', '--force-prefers-reduced-motion']
      if (isRoot) flags.push('--no-sandbox')
      if (mode === 'private') flags.push('--incognito')
      if (isDark) flags.push('--force-dark-mode')
      const prefs = mode === 'blocked' ? { 'profile.default_content_setting_values.cookies': 2 } : {}
      return { browserName: 'chrome', 'goog:chromeOptions': { binary, args: flags, prefs } }
    }
    case 'firefox':
      return {
        browserName: 'firefox',
        'moz:firefoxOptions': {
          binary,
          args: ['-headless'],
          prefs: {
            'intl.accept_languages': 'en',
            'ui.prefersReducedMotion': 1,
            ...(mode === 'private' && { 'browser.privatebrowsing.autostart': true }),
            ...(mode === 'blocked' && { 'network.cookie.cookieBehavior': 2 }),
            ...(isPhone && { 'layout.css.devPixelsPerPx': String(narrowestFirefox / phone.width) }),
            ...(isDark && { 'ui.systemUsesDarkTheme': 1, 'layout.css.prefers-color-scheme.content-override': 0 }),
          },
        },
      }
    case 'webkit':
      return {
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': { binary, args: ['--automation', ...(isPhone ? ['--full-screen'] : [])] },
      }
  }
}

/** WebKitGTK draws on a screen; one of its own, so that nothing appears and nothing is needed. */
async function virtualDisplay(opened: AsyncDisposableStack, { width, height }: typeof desk): Promise<string> {
  const child = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  opened.defer(() => {
    endGroup(child)
  })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  child.once('error', reject)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    resolve(`:${text.trim()}`)
  })
  return promise
}

/**
 * The folder of GTK's settings in which nothing moves, which pages see as a wish for reduced motion: without a graphics
 * card the processor paints whatever pulses, and the ceremonies wait for it.
 */
async function withoutMotion(opened: AsyncDisposableStack): Promise<string> {
  const { path } = opened.use(await temporaryFolder())
  for (const version of ['gtk-3.0', 'gtk-4.0']) {
    await mkdir(join(path, version))
    await writeFile(join(path, version, 'settings.ini'), '[Settings]\ngtk-enable-animations=0\n')
  }
  return path
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // gone already
  }
}

async function answering(url: string): Promise<void> {
  for (const until = Date.now() + 30_000; ;) {
    try {
      await fetch(url)
      return
    } catch (error) {
      if (Date.now() > until) throw new Error(`nothing answers at ${url}`, { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
