import { expect, type Page } from '@playwright/test'

// What walks over the in-memory doubles (web/test/screens.tsx) have in common: tests of screens, and the guide's pictures.

/** Seals the shares of the doubles. */
export const passphrase = 'river copper lantern walk'

export async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value)
}

/** On the form for a new wallet. */
export async function fillNewWallet(page: Page): Promise<void> {
  await fill(page, { Name: 'Family savings', Passphrase: passphrase, 'Repeat the passphrase': passphrase })
}

/** On the form for a new wallet: somebody else shall hold a share. */
export async function invite(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Invite a person' }).click()
  await page.getByLabel('Name of person 1', { exact: true }).fill('Ana')
}

/** From the list of wallets. */
export async function openWallet(page: Page): Promise<void> {
  await page.getByRole('link', { name: /Family savings/ }).click()
  await page.getByTestId('address').waitFor()
}

/** From the list of wallets to the form with a transaction in it. */
export async function fillTransaction(page: Page): Promise<void> {
  await openWallet(page)
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  await fill(page, {
    Recipient: '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045',
    'Amount in ETH': '1.5',
    Nonce: '7',
    'Highest fee per gas, in gwei': '30',
    'Of which tip, in gwei': '1.5',
  })
}

/** From the list of wallets to what is shown before it is signed. */
export async function reviewTransaction(page: Page, change: Readonly<Record<string, string>> = {}): Promise<void> {
  await fillTransaction(page)
  await fill(page, change)
  await page.getByRole('button', { name: 'Review' }).click()
  await expect(page.getByTestId('review')).toBeVisible()
}
