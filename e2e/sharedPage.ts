import { test as base, type Page } from '@playwright/test'

/**
 * `test` whose page is one for all tests of a worker, empty at the start of each: a new context has an empty cache, and
 * loads and compiles the app anew, which takes longer than most tests of a screen. Not for tests that need a context of
 * their own, for its permissions or its second page.
 */
export const test = base.extend<object, { shared: Page }>({
  shared: [
    async ({ browser }, use) => {
      const page = await browser.newPage()
      await use(page)
      await page.close()
    },
    { scope: 'worker' },
  ],
  async page({ shared }, use) {
    await use(shared)
    // Nothing of this test is left for the next.
    await shared.evaluate(() => {
      localStorage.clear()
      sessionStorage.clear()
    })
    await shared.goto('about:blank')
    await shared.unrouteAll()
    shared.removeAllListeners()
  },
})
