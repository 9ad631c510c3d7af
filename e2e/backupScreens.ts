import { utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, type Page } from '@playwright/test'
import { backupDouble } from '../web/test/doubles.ts'

// The screens of backup, restore and recovery sheet, as e2e/screens.spec.ts shows every screen.

interface Screen {
  readonly wallets?: number
  readonly route?: string
  readonly hold?: string
  readonly fail?: readonly [call: string, failure: object]
  readonly show: (page: Page) => Promise<unknown>
}

const ofWallet = 'river copper lantern walk'
const ofFile = 'marble anchor under seven bridges'
const file = {
  name: 'family-savings-share-1-of-3.age',
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(backupDouble(utf8ToBytes(ofFile))),
}
const saveData = { name: 'share.json', mimeType: 'application/json', buffer: Buffer.from('{}') }

export const backupScreens: Readonly<Record<string, Screen>> = {
  backup: { wallets: 1, show: openBackup },
  'backup made': { wallets: 1, show: makeBackup },
  'backup, wrong passphrase': {
    wallets: 1,
    show: async (page) => {
      await makeBackup(page, 'wrong')
      await expect(page.getByTestId('failure')).toContainText('The passphrase is wrong')
    },
  },
  'backup checked': {
    wallets: 1,
    show: async (page) => {
      await openBackup(page)
      await checkWith(page, ofFile)
      await expect(page.getByText('Backup verified')).toBeVisible()
      await expect(page.getByText(/^Last verified/)).toBeVisible()
    },
  },
  'recovery sheet': {
    wallets: 1,
    show: async (page) => {
      await openBackup(page)
      await page.getByRole('link', { name: 'Open the recovery sheet' }).click()
      await expect(page.getByTestId('sheet-code')).toHaveText(/^\d{4} \d{4} \d{4}$/)
      expect(await page.getByTestId('sheet').textContent(), 'nothing that opens anything').not.toMatch(/river|marble/)
    },
  },
  'guardians, new': {
    wallets: 1,
    show: async (page) => {
      await page.getByRole('link', { name: /Family savings/ }).click()
      await page.getByRole('link', { name: 'Name guardians' }).click()
      await page.getByRole('button', { name: 'Make the pieces' }).click()
      await expect(page.getByText('Give each guardian a name of their own.').first()).toBeVisible()
    },
  },
  'guardians, pieces': {
    wallets: 1,
    show: async (page) => {
      await guard(page)
      await expect(page.getByTestId('piece')).toHaveCount(3)
    },
  },
  guardians: {
    wallets: 1,
    show: async (page) => {
      await guard(page)
      await page.getByRole('button', { name: 'I have all pieces on paper' }).click()
      await expect(page.getByText('Nobody has tried yet')).toBeVisible()
      await page.getByRole('button', { name: 'Try the pieces' }).click()
      await expect(page.getByText('It takes 2 pieces; here are 0.')).toBeVisible()
    },
  },
  'restore, pieces': {
    route: '/restore',
    show: async (page) => {
      await page.getByRole('radio', { name: 'Pieces of guardians' }).check({ force: true })
      await page.getByLabel('Piece 1').fill('zero quorate')
      await page.getByRole('button', { name: 'Open', exact: true }).click()
      await expect(page.getByText('“quorate” (word 2) is not a word that pieces are made of.')).toBeVisible()
    },
  },
  'restore, empty': {
    route: '/restore',
    show: async (page) => {
      await page.getByRole('button', { name: 'Open', exact: true }).click()
      await expect(page.getByText('Choose the file first.')).toBeVisible()
      await expect(page.getByLabel('Backup file')).toBeFocused()
    },
  },
  'restore, damaged': {
    route: '/restore',
    fail: ['engine.openShareFile', { kind: 'refused', what: 'backup-damaged', detail: 'damaged or cut short' }],
    show: async (page) => {
      await open(page)
      await expect(page.getByTestId('failure')).toContainText('This backup is damaged')
    },
  },
  'restore, found': { route: '/restore', show: found },
  'restore, here already': {
    wallets: 1,
    route: '/restore',
    show: async (page) => {
      await open(page)
      await expect(page.getByTestId('restore-found')).toContainText('This share is already on this device')
    },
  },
  restored: {
    route: '/restore',
    show: async (page) => {
      await found(page)
      await choose(page)
      await page.getByRole('button', { name: 'Restore the wallet' }).click()
      await expect(page.getByText('“Family savings” is restored.')).toBeVisible()
      await expect(page.getByTestId('address')).toBeVisible() // its page, which is loaded only now
      await expect(page.getByText('This share has no backup')).toHaveCount(0)
    },
  },
  imported: {
    route: '/restore',
    show: async (page) => {
      await page.getByRole('radio', { name: 'A tss-lib file' }).check()
      await page.getByLabel('File with the share').setInputFiles(saveData)
      await page.getByLabel('How many sign together').fill('2')
      await page.getByRole('button', { name: 'Open', exact: true }).click()
      await expect(page.getByTestId('restore-found')).toContainText('Unknown')
      await page.getByLabel('Name', { exact: true }).fill('From Go')
      await choose(page)
      await page.getByRole('button', { name: 'Restore the wallet' }).click()
      await expect(page.getByText('This wallet cannot sign here')).toBeVisible()
      await expect(page.getByRole('link', { name: 'Sign', exact: true })).toHaveCount(0)
    },
  },
}

async function guard(page: Page): Promise<void> {
  await page.getByRole('link', { name: /Family savings/ }).click()
  await page.getByRole('link', { name: 'Name guardians' }).click()
  for (const [i, name] of ['Rosa', 'Jo', 'Kim'].entries()) await page.getByLabel(`Name of guardian ${i + 1}`).fill(name)
  await page.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(ofWallet)
  await page.getByRole('button', { name: 'Make the pieces' }).click()
}

async function openBackup(page: Page): Promise<void> {
  await page.getByRole('link', { name: /Family savings/ }).click()
  await expect(page.getByText('This share has no backup')).toBeVisible()
  await page.getByRole('link', { name: 'Backup', exact: true }).click()
  await page.getByRole('heading', { name: 'Backup of “Family savings”' }).waitFor()
}

async function makeBackup(page: Page, passphrase = ofWallet): Promise<void> {
  await openBackup(page)
  const form = page.getByTestId('make-backup')
  await form.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await form.getByRole('textbox', { name: 'Passphrase for the file' }).fill(ofFile)
  await form.getByRole('textbox', { name: 'Repeat the passphrase' }).fill(ofFile)
  const saving = passphrase === ofWallet ? page.waitForEvent('download') : undefined
  await form.getByRole('button', { name: 'Download the backup' }).click()
  if (saving === undefined) return
  expect((await saving).suggestedFilename()).toBe(file.name)
  await expect(page.getByText(`The backup is saved as ${file.name}`)).toBeVisible()
}

async function checkWith(page: Page, passphrase: string): Promise<void> {
  const form = page.getByTestId('check-backup')
  await form.getByLabel('Backup file').setInputFiles(file)
  await form.getByRole('textbox', { name: 'Passphrase for the file' }).fill(passphrase)
  await form.getByRole('button', { name: 'Verify' }).click()
}

async function open(page: Page): Promise<void> {
  await page.getByLabel('Backup file').setInputFiles(file)
  await page.getByRole('textbox', { name: 'Passphrase of the backup' }).fill(ofFile)
  await page.getByRole('button', { name: 'Open', exact: true }).click()
}

async function found(page: Page): Promise<void> {
  await open(page)
  await expect(page.getByTestId('restore-found')).toContainText('server-1 · server-2')
}

async function choose(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(ofWallet)
  await page.getByRole('textbox', { name: 'Repeat the passphrase' }).fill(ofWallet)
}
