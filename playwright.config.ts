import { defineConfig } from '@playwright/test'
import { browserArguments } from './scripts/browser.ts'

// The browser is chosen by scripts/browser.ts (npm test passes it on); the local stack is started by each test file
// that needs one, with a data folder and ports of its own.
export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/testPages.ts',
  // No test waits for these to pass: they end what hangs, also on a machine that is ten times slower.
  timeout: 600_000,
  globalTimeout: process.env['DEEP'] === undefined ? 40 * 60_000 : 0,
  expect: { timeout: 90_000 },
  // Files side by side, the tests of a file one after the other.
  workers: 2,
  // Told as flaky by npm test, which lets two of them pass (scripts/testing/secondRun.ts).
  retries: 1,
  forbidOnly: true,
  reporter: [['list'], ['./scripts/testing/playwright.ts']],
  // The first measures, so nothing else runs beside it. Neither do the tests of node:test (scripts/test.ts).
  projects: [
    { name: 'main thread', testMatch: 'mainThread.spec.ts' },
    { name: 'the rest', testIgnore: 'mainThread.spec.ts', dependencies: ['main thread'] },
  ],
  use: {
    browserName: 'chromium',
    headless: true,
    // The app's service worker would answer for it from an earlier build; specs about it allow it for themselves.
    serviceWorkers: 'block',
    // Without a graphics card what pulses is painted by the processor, which the ceremonies need.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: { executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: browserArguments },
    // A trace costs a fifth of the time: npx playwright test --trace retain-on-failure.
    trace: 'off',
  },
})
