import type { Page } from '@playwright/test'

// A browser without a screen has no notifications to look at: the page's are written down instead of shown.

interface Noted {
  notifications?: string[]
}

/** From now on the page is out of sight, and may notify. */
export async function lookAway(page: Page): Promise<void> {
  await page.evaluate(() => {
    const noted: string[] = []
    ;(globalThis as Noted).notifications = noted
    class Recorded {
      static readonly permission = 'granted'
      onclick: (() => void) | undefined
      constructor(title: string, { body = '' }: { readonly body?: string } = {}) {
        noted.push(`${title}: ${body}`)
      }
    }
    Object.assign(globalThis, { Notification: Recorded })
    Object.defineProperty(document, 'hidden', { configurable: true, value: true })
  })
}

/** Title and text of each, the earliest first. */
export async function notificationsOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => (globalThis as Noted).notifications ?? [])
}
