import { expect, type Page } from '@playwright/test'

/** What the people of several specs do. */

export const passphrase = 'lantern orbit velvet ninety harbour'
/** Milliseconds: three searches for primes on one machine. */
export const patience = 300_000

export async function choosePassphrase(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(passphrase)
  await page.getByRole('textbox', { name: 'Repeat the passphrase' }).fill(passphrase)
}

/** Of a review: the others have their app open, and sign along at once. */
export async function chooseNow(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Sign now, everyone is here' }).check()
}

/** What its person would copy. */
export async function invitationOf(page: Page, seat: number, name: string): Promise<string> {
  await page.getByTestId(`invitation-${seat}`).waitFor({ timeout: patience })
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: `Copy Invitation for ${name}` }).click()
  await expect(page.getByText(`Copied: Invitation for ${name}`)).toBeVisible()
  return page.evaluate(() => navigator.clipboard.readText())
}

/** @param summary words of the one that is meant: one that is over may still be listed for a moment */
export async function openRequest(page: Page, summary?: string): Promise<void> {
  await page.getByRole('link', { name: /^Requests \(/ }).click()
  if (summary !== undefined) await expect(page.getByText(summary).first()).toBeVisible()
  // What is over goes away by itself: exactly one is left.
  await expect(page.getByRole('link', { name: 'Open the request' })).toHaveCount(1)
  await page.getByRole('link', { name: 'Open the request' }).click()
  await page.getByTestId('request').waitFor()
}

export async function valueOf(page: Page, testId: string): Promise<string> {
  return ((await page.getByTestId(testId).textContent()) ?? '').trim()
}
