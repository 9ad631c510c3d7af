import { expect, test, type CDPSession, type Page } from '@playwright/test'
import { testPage } from './testPages.ts'

// A passkey beside the passphrase: the browser's own WebAuthn and store, a virtual authenticator, and the engine's double.
// With the real engine it signs in mainJob.spec.ts.

const passphrase = 'river copper lantern walk'

interface Device {
  readonly devices: CDPSession
  readonly authenticatorId: string
}

async function plugIn(page: Page, hasPrf = true): Promise<Device> {
  const devices = await page.context().newCDPSession(page)
  await devices.send('WebAuthn.enable')
  const kind = { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasPrf } as const
  const user = { hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
  const options = { ...kind, ...user, hasResidentKey: true }
  const { authenticatorId } = await devices.send('WebAuthn.addVirtualAuthenticator', { options })
  return { devices, authenticatorId }
}

async function credentials({ devices, authenticatorId }: Device) {
  return (await devices.send('WebAuthn.getCredentials', { authenticatorId })).credentials
}

async function openWallet(page: Page): Promise<void> {
  await page.goto(testPage('screens.html?wallets=1&authenticator='))
  await page.getByRole('link', { name: /Family savings/ }).click()
}

async function addPasskey(page: Page, typed = passphrase): Promise<void> {
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Passphrase of this wallet', { exact: true }).fill(typed)
  await dialog.getByRole('button', { name: 'Add the passkey' }).click()
}

async function review(page: Page): Promise<void> {
  await openWallet(page) // after a reload
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  await page.getByRole('radio', { name: 'Ethereum message' }).check()
  await page.getByRole('textbox').fill('The club agrees.')
  await page.getByRole('button', { name: 'Review' }).click()
}

const withPasskey = (page: Page) => page.getByRole('button', { name: 'Sign with passkey' })

test('an authenticator without PRF is refused in plain words, and a wrong passphrase makes no passkey', async ({
  page,
}) => {
  const without = await plugIn(page, false)
  await openWallet(page)
  await addPasskey(page)
  await expect(page.getByTestId('failure')).toContainText('This passkey cannot open a share')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await without.devices.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: without.authenticatorId })
  const device = await plugIn(page)
  await addPasskey(page, 'not the passphrase')
  await expect(page.getByTestId('failure')).toContainText('The passphrase is wrong')
  expect(await credentials(device)).toEqual([])
})

test('it is added and signs after a reload; not verified, or gone, it is refused, and the passphrase signs', async ({
  page,
}) => {
  const device = await plugIn(page)
  const { devices, authenticatorId } = device
  await openWallet(page)
  await addPasskey(page)
  await expect(page.getByTestId('passkey')).toContainText('Added on')
  expect(await credentials(device)).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }])
  await review(page)
  await withPasskey(page).click()
  await expect(page.getByTestId('signed')).toBeVisible()

  await devices.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await review(page)
  await withPasskey(page).click()
  // Beside what is to be signed, which stays.
  await expect(page.getByRole('alert')).toContainText('The passkey was not used')
  await expect(page.getByTestId('review')).toBeVisible()
  await devices.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  await devices.send('WebAuthn.clearCredentials', { authenticatorId })
  await withPasskey(page).click()
  await expect(page.getByRole('button', { name: 'Sign now' })).not.toHaveAttribute('aria-disabled')
  await expect(page.getByRole('alert')).toContainText('The passkey was not used')
  await page.getByLabel('Passphrase of this wallet', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Sign now' }).click()
  await expect(page.getByTestId('signed')).toBeVisible()
})

test('it is removed, and it goes when the passphrase is changed', async ({ page }) => {
  const device = await plugIn(page)
  await openWallet(page)
  const state = page.getByTestId('passkey')
  await addPasskey(page)
  await page.getByRole('button', { name: 'Remove passkey' }).click()
  await page.getByRole('button', { name: 'Remove the passkey' }).click()
  await expect(state).toContainText('instead of typing the passphrase')
  await addPasskey(page)
  await page.getByRole('button', { name: 'Remove passkey' }).waitFor()
  await page.getByRole('button', { name: 'Change passphrase' }).click()
  await expect(page.getByRole('dialog')).toContainText('The passkey of this wallet goes')
  await page.getByLabel('Current passphrase', { exact: true }).fill(passphrase)
  await page.getByLabel('Passphrase', { exact: true }).fill('meadow basalt kettle orbit')
  await page.getByLabel('Repeat the passphrase', { exact: true }).fill('meadow basalt kettle orbit')
  await page.getByRole('button', { name: 'Save the new passphrase' }).click()
  await expect(state).toContainText('instead of typing the passphrase')
  expect(await credentials(device)).toEqual([]) // their manager was told
})

test('a bare IP address offers no passkeys, and the page says why', async ({ page }) => {
  await page.goto(testPage('screens.html?wallets=1&authenticator=').replace('localhost', '127.0.0.1'))
  await page.getByRole('link', { name: /Family savings/ }).click()
  await expect(page.getByTestId('passkey')).toContainText('opened at a bare IP address')
  await expect(page.getByRole('button', { name: 'Add a passkey' })).toHaveCount(0)
})
