import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { expect, type Page } from '@playwright/test'
import { encodeInvitation } from '../tss-wasm/identity/invitation.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { invitationTo } from '../web/test/doubles.ts'
import { walletKey } from './steps.ts'

// The screens of new shares for a wallet that exists, as e2e/screens.spec.ts shows every screen.

interface Screen {
  readonly wallets: number
  readonly wish?: Readonly<Record<string, string>>
  readonly route?: string
  readonly show: (page: Page) => Promise<unknown>
}

const wallet = `/wallet/${bytesToHex(sha256(walletKey).subarray(0, 16))}`

export const reshareScreens: Readonly<Record<string, Screen>> = {
  'change a wallet': {
    wallets: 1,
    route: `${wallet}/reshare`,
    show: (page) => page.getByRole('link', { name: /^Renew all shares/ }).waitFor(),
  },
  'replace a device': { wallets: 1, route: `${wallet}/reshare/replace`, show: replaceServer },
  'replace a device, nothing chosen': { wallets: 1, route: `${wallet}/reshare/replace`, show: startAtOnce },
  'change members': { wallets: 1, route: `${wallet}/reshare/members`, show: changeMembers },
  'change members, too few': { wallets: 1, route: `${wallet}/reshare/members`, show: leaveTooFew },
  'renew all shares': {
    wallets: 1,
    route: `${wallet}/reshare/renew`,
    show: (page) => expect(page.getByTestId('change')).toContainText('It does not help against one who has 2 of them'),
  },
  'making new shares': {
    wallets: 1,
    wish: { resharing: 'computing' },
    route: `${wallet}/reshare`,
    show: async (page) => {
      await expect(page.getByTestId('ceremony')).toContainText('checking the others’ moduli')
      await expect(page.getByTestId('party-3')).toContainText(/Not heard of since .*, for 3 minutes/)
    },
  },
  'new shares made': {
    wallets: 1,
    wish: { resharing: 'done', renewed: '' },
    route: `${wallet}/reshare`,
    show: (page) => expect(page.getByTestId('reshared')).toContainText('Make a new backup now'),
  },
  'new shares not confirmed': {
    wallets: 1,
    wish: { resharing: 'failed' },
    route: `${wallet}/reshare`,
    show: (page) => expect(page.getByTestId('failure')).toContainText('Until then the old shares sign'),
  },
  'asked to replace a device': {
    wallets: 1,
    wish: { reshares: '' },
    route: `/requests/${'0'.repeat(32)}`,
    show: (page) => expect(page.getByTestId('reshare-request')).toContainText('One new member'),
  },
  'asked to change members': {
    wallets: 1,
    wish: { reshares: '' },
    route: `/requests/${'1'.repeat(32)}`,
    show: (page) => expect(page.getByTestId('reshare-request')).toContainText('3 of 5 sign together'),
  },
  'requests to change a wallet': {
    wallets: 1,
    wish: { reshares: '' },
    route: '/requests',
    show: (page) => expect(page.getByRole('link', { name: 'Open the request' })).toHaveCount(2),
  },
  'invited to a wallet that exists': {
    wallets: 0,
    wish: { existing: '' },
    route: `/join/${encodeInvitation(invitationTo(2 as PartyId))}`,
    show: (page) => expect(page.getByTestId('existing-address')).toContainText(/^0x/),
  },
  'no longer a member': {
    wallets: 3,
    wish: { left: '', renewed: '' },
    show: (page) => expect(page.getByTestId('no-member')).toContainText('no longer a member of “Club account”'),
  },
}

async function replaceServer(page: Page): Promise<void> {
  await page.getByLabel('The device that is lost').selectOption({ index: 2 })
  await expect(page.getByLabel('What you call the new device, or its person')).toHaveValue('server-2')
  await expect(page.getByTestId('change')).toContainText('Who is left out')
}

async function startAtOnce(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(page.getByLabel('The device that is lost')).toBeFocused()
}

async function changeMembers(page: Page): Promise<void> {
  await page.getByLabel(/^What becomes of server-2/).selectOption('helps')
  for (const [i, name] of ['Ana', 'Ben'].entries()) {
    await page.getByRole('button', { name: 'Invite a person' }).click()
    await page.getByLabel(`Name of person ${i + 1}`, { exact: true }).fill(name)
  }
  await page.getByLabel('How many sign together').selectOption('3')
  await expect(page.getByRole('heading', { name: 'What 3 of 4 means for your money' })).toBeVisible()
}

async function leaveTooFew(page: Page): Promise<void> {
  for (const name of ['server-1', 'server-2'])
    await page.getByLabel(new RegExp(`^What becomes of ${name}`)).selectOption('absent')
  await page.getByRole('button', { name: 'Invite a person' }).click()
  await page.getByLabel('Name of person 1', { exact: true }).fill('Ana')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(page.getByText('Too few of the present members take part')).toBeVisible()
}
