import { readFile } from 'node:fs/promises'
import { expect, test, type BrowserContext, type Page } from '@playwright/test'
import { getAddress, verifyMessage, type Hex } from 'viem'
import { csvRows } from './csv.ts'
import { startLocalApp, type LocalApp } from './localApp.ts'
import { lookAway, notificationsOf } from './notifications.ts'
import { choosePassphrase, invitationOf, passphrase, patience, valueOf } from './people.ts'
import { stockedPage } from './stockedPage.ts'

// Work of several days: Ana, Ben, Eva and a server hold a wallet of which three sign. A request waits while whoever asked is
// away, over a night; it is signed without its asker, and everybody sees what became of it, also on a new device.
test.describe.configure({ mode: 'serial' })
test.setTimeout(2 * patience)

const dayMs = 24 * 3600_000
const board = 'Board safe'
const petty = 'Petty cash'
const ofFile = 'marble anchor under seven bridges'

let app: LocalApp
let [ana, ben, eva]: BrowserContext[] = []
/** How far every clock is ahead. */
let aheadMs = 0
const addresses: Record<string, Hex> = {}

test.beforeAll(async ({ browser }) => {
  app = await startLocalApp({ hasMovedClock: true, sets: 1 })
  const person = async (fixtures: readonly number[]) => (await stockedPage(browser, app.url, fixtures)).context()
  ana = await person([0, 0, 4])
  ben = await person([2, 3, 4])
  eva = await person([3, 4])
})

test.afterAll(async () => {
  for (const context of [ana, ben, eva]) await context?.close()
  await app[Symbol.asyncDispose]()
})

test('three people and a server make a wallet, and two of them another; all know all names', async () => {
  const [first, second, third] = [await pageOf(ana), await pageOf(ben), await pageOf(eva)]
  await createWallet(first, { name: board, servers: ['server-1'], people: ['Ben', 'Eva'], threshold: '3' })
  await join(second, await invitationOf(first, 3, 'Ben'), 'Ben')
  await join(third, await invitationOf(first, 4, 'Eva'), 'Eva')
  addresses[board] = await agree([first, second, third])
  for (const [page, others] of [
    [first, ['Ben', 'Eva']],
    [second, ['Ana', 'Eva']],
    [third, ['Ana', 'Ben']],
  ] as const) {
    await openWallet(page, board)
    for (const name of [...others, 'server-1'])
      await expect(page.getByText(name, { exact: true }).first()).toBeVisible()
  }
  await createWallet(first, { name: petty, servers: [], people: ['Ben'], threshold: '2' })
  await join(second, await invitationOf(first, 2, 'Ben'), 'Ben')
  addresses[petty] = await agree([first, second])
})

const rent = 'Pay the rent of December.'

test('a request waits after its asker has gone, and says who was asked, who has seen it and who has answered', async () => {
  const first = await pageOf(ana)
  await ask(first, board, rent, 'The office in the Long Lane')
  await expect(first.getByTestId('standing')).toContainText('You have approved')
  // The server party answers by its policy, at once.
  await expect(answerOf(first, 2)).toContainText('Approved', { timeout: patience })
  await expect(answerOf(first, 1)).toContainText('Asked')
  await expect(answerOf(first, 3)).toContainText('Not seen yet; waiting since')
  await first.close()

  const second = await pageOf(ben)
  await expect(second).toHaveTitle(/^\(1\)/, { timeout: patience })
  await expect(second.getByRole('link', { name: new RegExp(board) })).toContainText('1 request')
  await openRequest(second, 'Pay the rent')
  await expect(second.getByTestId('request')).toContainText('The office in the Long Lane')
  await expect(second.getByTestId('request')).toContainText('Ana asks the members of this wallet')
  await approve(second, 'Approve')
  await expect(second.getByTestId('standing')).toContainText('Enough have approved', { timeout: patience })
  await expect(second).toHaveTitle(/^(?!\()/)
  await second.close()
})

test('a day later it is signed without its asker, as soon as three who approved are there', async () => {
  await moveClocks(dayMs)
  const third = await pageOf(eva)
  await expect(third).toHaveTitle(/^\(1\)/, { timeout: patience })
  await openRequest(third, 'Pay the rent')
  await expect(answerOf(third, 3)).toContainText('Approved')
  await approve(third, 'Approve')
  await expect(third.getByTestId('standing')).toContainText('Enough have approved', { timeout: patience })

  const second = await pageOf(ben)
  await second
    .getByRole('navigation')
    .getByRole('link', { name: /^Requests/ })
    .click()
  await expect(second.getByText('Ready: open Quorate to sign')).toBeVisible({ timeout: patience })
  await openRequest(second, 'Pay the rent')
  await approve(second, 'Sign now')
  for (const page of [second, third]) {
    await expect(page.getByRole('heading', { name: 'Signed', exact: true })).toBeVisible({ timeout: patience })
    await expect(page.getByTestId('standing')).toContainText(
      'Signed by server-1, You, and Eva.'.replace(...partsFor(page, third)),
    )
    await mustBeSigned(page, board, rent)
  }
  const first = await pageOf(ana)
  await openRequest(first, 'Pay the rent')
  await expect(first.getByTestId('standing')).toContainText('Signed without you by server-1, Ben, and Eva.')
  await mustBeSigned(first, board, rent)
})

test('two requests wait side by side in two wallets; a no with its reason is read by everybody, and ends one of them', async () => {
  const [first, second] = [await pageOf(ana), await pageOf(ben)]
  await lookAway(second)
  await ask(first, board, 'A new roof.', '')
  await ask(first, petty, 'Ten stamps.', '')
  await expect(second).toHaveTitle(/^\(2\)/, { timeout: patience })
  // Whoever passes by reads them too: not of which wallet, and not what.
  const told = async () => [...new Set(await notificationsOf(second))]
  await expect.poll(told, { timeout: patience }).toEqual(['Quorate: A request waits for you.'])
  await openRequest(second, 'A new roof')
  await reject(second, 'Wait for the second offer')
  await openRequest(second, 'Ten stamps')
  await reject(second, 'We have some left')
  await expect(second.getByTestId('standing')).toContainText('it cannot be signed any more')
  await expect(second).toHaveTitle(/^(?!\()/)

  // Of four members one has said no: three are left to sign.
  const third = await pageOf(eva)
  await openRequest(third, 'A new roof')
  await expect(answerOf(third, 3)).toContainText('“Wait for the second offer”')
  await openRequest(first, 'Ten stamps')
  await expect(answerOf(first, 2)).toContainText('“We have some left”')
  await expect(first.getByTestId('standing')).toContainText('it cannot be signed any more')
  await openRequest(first, 'A new roof')
  await first.getByRole('button', { name: 'Withdraw …' }).click()
  await first.getByRole('dialog').getByRole('button', { name: 'Withdraw', exact: true }).click()
  await expect(third.getByTestId('standing')).toContainText('Ana withdrew it', { timeout: patience })
})

test('a refusal by the server’s rules is foretold in the review, before anybody is asked', async () => {
  const first = await pageOf(ana)
  await openWallet(first, board)
  await first.getByRole('link', { name: 'Sign', exact: true }).click()
  await first.getByRole('radio', { name: 'Raw digest' }).check({ force: true })
  await first.getByRole('textbox', { name: 'Digest' }).fill(`0x${'11'.repeat(32)}`)
  await first.getByRole('button', { name: 'Review' }).click()
  await expect(first.getByTestId('foretold')).toContainText(
    'server-1 will refuse: signing raw digests is not allowed',
    { timeout: patience },
  )
})

test('the history of the wallet leaves as CSV, with who signed and what each member said', async () => {
  const second = await pageOf(ben)
  await openWallet(second, board)
  await expect(second.getByTestId('history-entry')).toHaveCount(2, { timeout: patience })
  const saving = second.waitForEvent('download')
  await second.getByRole('button', { name: 'Save as CSV' }).click()
  const rows = csvRows(await readFile(await (await saving).path(), 'utf8'))
  expect(rows.map(({ result }) => result)).toEqual(['withdrawn', 'signed'])
  const [withdrawn, signed] = rows
  expect(signed).toMatchObject({
    note: 'The office in the Long Lane',
    'asked by': 'Ana',
    signers: 'server-1; Ben; Eva',
  })
  expect(signed?.['what']).toContain(rent)
  expect(signed?.['members']).toMatch(/Ana: approved [\dT:.Z-]+; server-1: approved/)
  expect(await verifyMessage({ address: boardAddress(), message: rent, signature: signed?.['signed'] as Hex })).toBe(
    true,
  )
  expect(withdrawn?.['members']).toMatch(/Ben: rejected [\dT:.Z-]+ \(Wait for the second offer\)/)
})

test('a browser that was lost is restored from its backup, with names and history', async ({ browser }) => {
  const lost = await pageOf(eva)
  await openWallet(lost, board)
  await rename(lost, 'Rename Ben', 'The roofer')
  await rename(lost, 'Rename wallet …', 'Club safe')
  await expect(lost.getByTestId('history-entry')).toHaveCount(2, { timeout: patience })
  await lost.getByRole('link', { name: 'Backup', exact: true }).click()
  const making = lost.getByTestId('make-backup')
  await making.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await making.getByRole('textbox', { name: 'Passphrase for the file' }).fill(ofFile)
  await making.getByRole('textbox', { name: 'Repeat the passphrase' }).fill(ofFile)
  const saving = lost.waitForEvent('download', { timeout: patience })
  await making.getByRole('button', { name: 'Download the backup' }).click()
  const file = await readFile(await (await saving).path())
  await eva?.close()

  eva = (await stockedPage(browser, app.url, [3])).context()
  // What the mailbox still has would be read again: here it has lost everything.
  await eva.route(/quorate\.v1\.RequestService\//, (route) => route.abort())
  const found = await pageOf(eva)
  await found.goto(`${app.url}/#/restore`)
  await found
    .getByLabel('Backup file')
    .setInputFiles({ name: 'eva.age', mimeType: 'application/octet-stream', buffer: file })
  await found.getByRole('textbox', { name: 'Passphrase of the backup' }).fill(ofFile)
  await found.getByRole('button', { name: 'Open', exact: true }).click()
  await found.getByTestId('restore-found').waitFor({ timeout: patience })
  await choosePassphrase(found)
  await found.getByRole('button', { name: 'Restore the wallet' }).click()
  await expect(found.getByRole('heading', { name: 'Club safe' })).toBeVisible({ timeout: patience })
  await expect(found.getByTestId('member-3')).toContainText('The roofer')
  await expect(found.getByTestId('member-3')).toContainText('calls itself “Ben”')
  const entries = found.getByTestId('history-entry')
  await expect(entries).toHaveCount(2)
  await expect(entries.first()).toContainText('Wait for the second offer')
  await expect(entries.last()).toContainText(rent)
})

async function rename(page: Page, button: string, name: string): Promise<void> {
  await page.getByRole('button', { name: button }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'New name' }).fill(name)
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText(name, { exact: true }).first()).toBeVisible()
}

function boardAddress(): Hex {
  return addresses[board] ?? '0x'
}

/** Each is "You" on the own page. */
function partsFor(page: Page, third: Page): [string, string] {
  return page === third ? ['You, and Eva', 'Ben, and You'] : ['', '']
}

async function moveClocks(byMs: number): Promise<void> {
  aheadMs += byMs
  await app.moveClock(aheadMs)
  for (const context of [ana, ben, eva]) {
    for (const page of context?.pages() ?? []) await page.close()
    await context?.addInitScript((ms: number) => {
      const machineNow = Date.now.bind(Date)
      ;(globalThis as { aheadMs?: number }).aheadMs = ms
      Date.now = () => machineNow() + ((globalThis as { aheadMs?: number }).aheadMs ?? 0)
    }, aheadMs)
  }
}

/** A page of this person at the app; the one that is open, or else a new one. */
async function pageOf(context: BrowserContext | undefined): Promise<Page> {
  if (context === undefined) throw new Error('nobody is here')
  const page = context.pages()[0] ?? (await context.newPage())
  await page.goto(app.url)
  return page
}

interface NewWallet {
  readonly name: string
  readonly servers: readonly string[]
  readonly people: readonly string[]
  readonly threshold: string
}

async function createWallet(page: Page, { name, servers, people, threshold }: NewWallet): Promise<void> {
  await page.goto(`${app.url}/#/create`)
  await page.getByLabel('Name', { exact: true }).fill(name)
  for (const server of await page.getByRole('checkbox').all()) await server.uncheck()
  for (const server of servers) await page.getByRole('checkbox', { name: server }).check()
  for (const [i, invited] of people.entries()) {
    await page.getByRole('button', { name: 'Invite a person' }).click()
    await page.getByLabel(`Name of person ${i + 1}`, { exact: true }).fill(invited)
  }
  await page.getByLabel('How many sign together').selectOption(threshold)
  await sayName(page, 'Ana')
  await choosePassphrase(page)
  await page.getByRole('button', { name: 'Create the wallet' }).click()
}

/** Asked with the first wallet, and kept. */
async function sayName(page: Page, name: string): Promise<void> {
  const field = page.getByLabel('Your name')
  if (await field.isVisible()) await field.fill(name)
  else await expect(page.getByText(`The others see you as “${name}”`)).toBeVisible()
}

async function join(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link)
  await page.getByRole('heading', { name: /^You are invited to/ }).waitFor()
  await sayName(page, name)
  await choosePassphrase(page)
  await page.getByRole('button', { name: 'Join', exact: true }).click()
}

/** @returns the new wallet's address */
async function agree(pages: readonly Page[]): Promise<Hex> {
  for (const page of pages) await expect(page.getByTestId('check-code')).toBeVisible({ timeout: patience })
  for (const page of pages) await page.getByRole('button', { name: 'The codes match' }).click()
  let address = ''
  for (const page of pages) {
    await expect(page.getByRole('heading', { name: 'Your wallet is ready' })).toBeVisible({ timeout: patience })
    address = await valueOf(page, 'address')
    await page.getByRole('link', { name: 'I’ll do it later' }).click()
    await page.getByTestId('address').waitFor()
  }
  return getAddress(address)
}

async function openWallet(page: Page, name: string): Promise<void> {
  await page.goto(`${app.url}/#/`)
  await page.getByRole('link', { name: new RegExp(name) }).click()
  await page.getByTestId('address').waitFor()
}

/** From anywhere to the page of the new request. */
async function ask(page: Page, wallet: string, message: string, note: string): Promise<void> {
  await openWallet(page, wallet)
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  await page.getByRole('radio', { name: 'Ethereum message' }).check({ force: true })
  await page.getByRole('textbox', { name: 'Message' }).fill(message)
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByLabel('What it is for (optional)').fill(note)
  await page.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await page.getByRole('button', { name: 'Ask the others' }).click()
  await page.getByTestId('answers').waitFor({ timeout: patience })
}

async function openRequest(page: Page, summary: string): Promise<void> {
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /^Requests/ })
    .click({ timeout: patience })
  const card = page.getByRole('listitem').filter({ hasText: summary })
  await card.getByRole('link').click({ timeout: patience })
  await page.getByTestId('answers').waitFor()
}

async function approve(page: Page, button: 'Approve' | 'Sign now'): Promise<void> {
  await page.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await page.getByRole('button', { name: button, exact: true }).click()
}

async function reject(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Reject …' }).click()
  await page.getByLabel('Reason (optional)').fill(reason)
  await page.getByRole('dialog').getByRole('button', { name: 'Reject', exact: true }).click()
  await expect(page.getByTestId('answers')).toContainText(`“${reason}”`, { timeout: patience })
}

function answerOf(page: Page, seat: number) {
  return page.getByTestId(`answer-${seat}`)
}

async function mustBeSigned(page: Page, wallet: string, message: string): Promise<void> {
  const signature = (await valueOf(page, 'signature')) as Hex
  expect(await verifyMessage({ address: addresses[wallet] ?? '0x', message, signature })).toBe(true)
}
