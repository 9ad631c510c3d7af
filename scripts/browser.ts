// Finds a Chromium for tests and benchmarks: one that is installed, else Playwright's, else Debian's package when root.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { run, stop } from './project.ts'

const installed = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** Quiet, and as root without the sandbox that root cannot have. */
export const browserArguments: string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Path of a browser that is there, or undefined. */
async function findBrowser(): Promise<string | undefined> {
  const found = installed.find((path) => path !== undefined && path !== '' && existsSync(path))
  if (found !== undefined) return found
  const { chromium } = await import('@playwright/test')
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined
}

/** Path of a browser, installing one where that is possible. */
export async function ensureBrowser(): Promise<string> {
  const found = await findBrowser()
  if (found !== undefined) return found
  process.stderr.write('quorate: no Chrome or Chromium found, asking Playwright for one ...\n')
  const asked = spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'ignore', timeout: 300_000 })
  const downloaded = asked.status === 0 ? await findBrowser() : undefined
  if (downloaded !== undefined) return downloaded
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stderr.write('quorate: installing the Debian package chromium ...\n')
    const quietly = (...args: string[]) =>
      run('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: { DEBIAN_FRONTEND: 'noninteractive' } })
    quietly('update', '-q')
    quietly('install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-dejavu-core')
    const packaged = await findBrowser()
    if (packaged !== undefined) return packaged
  }
  stop(
    'the browser tests need Chrome or Chromium and none could be installed. Install one, or set CHROMIUM to its path.',
  )
}
