import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { getAddress, recoverTransactionAddress, verifyMessage, type Hex, type TransactionSerializedEIP1559 } from 'viem'
import { publicKeyToAddress } from 'viem/utils'
import { startLocalApp, type LocalApp } from './localApp.ts'
import { chooseNow, choosePassphrase, invitationOf, openRequest, passphrase, patience, valueOf } from './people.ts'
import { stockedPage } from './stockedPage.ts'

// Three people, three browser profiles, no server party: Ana invites Ben and Eva, all compare the check code, two of
// them sign. Signatures are judged by viem, which is not ours.
test.describe.configure({ mode: 'serial' })

const ofFile = 'marble anchor under seven bridges'
const chosenAnew = 'copper river another lantern walk'
const goShare = resolve(import.meta.dirname, '../tss-wasm/test/fixtures/tss-lib/keygen_data_1.json')
test.setTimeout(2 * patience)

let app: LocalApp
const contexts: BrowserContext[] = []
let [ana, ben, eva]: Page[] = []
let address: Hex

test.beforeAll(async ({ browser }) => {
  app = await startLocalApp()
  // Two sets each: with none left after the wallet is made, the app would search for the next.
  ana = await person(browser, [0, 1])
  ben = await person(browser, [2, 1])
  eva = await person(browser, [3, 1])
})

test.afterAll(async () => {
  for (const context of contexts) await context.close()
  await app[Symbol.asyncDispose]()
})

test('three people create a 2-of-3 wallet by invitation links', async () => {
  const [first, second, third] = people()
  await first.goto(`${app.url}/#/create`)
  await first.getByLabel('Name', { exact: true }).fill('Club account')
  for (const server of await first.getByRole('checkbox').all()) await server.uncheck()
  for (const [i, name] of ['Ben', 'Eva'].entries()) {
    await first.getByRole('button', { name: 'Invite a person' }).click()
    await first.getByLabel(`Name of person ${i + 1}`, { exact: true }).fill(name)
  }
  await expect(first.getByRole('heading', { name: 'What 2 of 3 means for your money' })).toBeVisible()
  await first.getByLabel('Your name').fill('Ana Müller')
  await choosePassphrase(first)
  await first.getByRole('button', { name: 'Create the wallet' }).click()

  const invitations = [await invitationOf(first, 2, 'Ben'), await invitationOf(first, 3, 'Eva')]
  for (const [i, guest] of [second, third].entries()) {
    const link = invitations[i] ?? ''
    if (i === 0) await guest.goto(link)
    else {
      await guest.goto(`${app.url}/#/join`)
      await guest.getByLabel('Invitation', { exact: true }).fill(link)
      await guest.getByRole('button', { name: 'Open the invitation' }).click()
    }
    await expect(guest.getByRole('heading', { name: 'You are invited to “Club account”' })).toBeVisible()
    await expect(guest.getByTestId('invited')).toContainText('2 of 3 sign together')
    expect(guest.url(), 'the secret is not left in the address bar').not.toContain(link.split('/join/')[1] ?? '?')
    await expect(guest.getByTestId('invited')).toContainText('Ana Müller')
    await guest.getByLabel('Your name').fill(['Ben', 'Eva Lang'][i] ?? '')
    await choosePassphrase(guest)
    await guest.getByRole('button', { name: 'Join', exact: true }).click()
  }

  const codes: (string | null)[] = []
  for (const page of people()) {
    const code = page.getByTestId('check-code')
    await expect(code).toBeVisible({ timeout: patience })
    codes.push(await code.textContent())
    for (const name of ['Ana Müller', 'Ben', 'Eva Lang']) await expect(page.getByText(name).first()).toBeVisible()
  }
  expect(new Set(codes).size, 'everybody sees the same check code').toBe(1)
  for (const page of people()) await page.getByRole('button', { name: 'The codes match' }).click()

  const addresses: string[] = []
  for (const page of people()) {
    await expect(page.getByRole('heading', { name: 'Your wallet is ready' })).toBeVisible({ timeout: patience })
    addresses.push((await page.getByTestId('address').textContent()) ?? '')
  }
  expect(new Set(addresses).size, 'everybody has the same address').toBe(1)
  address = getAddress(addresses[0] ?? '')
})

test('everybody knows the others by the names that they gave themselves, or calls them something else', async () => {
  const [first, second] = people()
  await openWallet(second)
  await expect(second.getByTestId('member-1')).toContainText('Ana Müller')
  await expect(second.getByTestId('member-2')).toContainText('The others see you as “Ben”')
  await expect(second.getByTestId('member-3')).toContainText('Eva Lang')
  await second.getByRole('button', { name: 'Rename Eva Lang' }).click()
  await second.getByLabel('New name').fill('Auntie')
  await second.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(second.getByTestId('member-3')).toContainText('Auntiecalls itself “Eva Lang”')
  await openWallet(first)
  // Whoever invited her has called her Eva from the beginning.
  await expect(first.getByTestId('member-3')).toContainText('Evacalls itself “Eva Lang”')
})

test('one asks, one approves what it sees, and both have the signature', async () => {
  const [first, second] = people()
  await first.getByRole('link', { name: 'Sign', exact: true }).click()
  await first.getByLabel('Recipient').fill('0x000000000000000000000000000000000000dEaD')
  await first.getByLabel(/^Amount/).fill('0.25')
  await first.getByLabel('Nonce').fill('7')
  await first.getByLabel(/^Max fee per gas/).fill('30')
  await first.getByLabel(/^Max priority fee/).fill('1')
  await first.getByRole('button', { name: 'Review' }).click()
  await signWith(first)

  await openRequest(second)
  await expect(second.getByTestId('review')).toContainText('Send 0.25 ETH')
  await expect(second.getByTestId('review')).toContainText('0x000000000000000000000000000000000000dEaD')
  await second.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await second.getByRole('button', { name: 'Approve and sign' }).click()

  for (const page of [first, second]) {
    await expect(page.getByRole('heading', { name: 'Signed', exact: true })).toBeVisible()
    const raw = (await valueOf(page, 'raw-transaction')) as TransactionSerializedEIP1559
    expect(await recoverTransactionAddress({ serializedTransaction: raw })).toBe(address)
  }
})

test('one rejects, the other approves', async () => {
  const [first, second, third] = people()
  await first.getByRole('button', { name: 'Sign something else' }).click()
  await first.getByRole('radio', { name: 'Ethereum message' }).check({ force: true })
  const message = 'The club agrees.'
  await first.getByRole('textbox', { name: 'Message' }).fill(message)
  await first.getByRole('button', { name: 'Review' }).click()
  await signWith(first)

  await openRequest(third, message)
  await expect(third.getByTestId('review')).toContainText(message)
  await third.getByRole('button', { name: 'Reject' }).click()
  await expect(third.getByText('Nothing to decide')).toBeVisible()

  await openRequest(second, message)
  await second.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await second.getByRole('button', { name: 'Approve and sign' }).click()
  await expect(first.getByRole('heading', { name: 'Signed', exact: true })).toBeVisible()
  expect(await verifyMessage({ address, message, signature: (await valueOf(first, 'signature')) as Hex })).toBe(true)
})

test('nobody is asked any more by a tab that is gone', async () => {
  const [first, , third] = people()
  await first.getByRole('button', { name: 'Sign something else' }).click()
  await first.getByRole('radio', { name: 'Ethereum message' }).check({ force: true })
  await first.getByRole('textbox', { name: 'Message' }).fill('On second thoughts.')
  await first.getByRole('button', { name: 'Review' }).click()
  await signWith(first)
  await openRequest(third)
  first.once('dialog', (dialog) => void dialog.accept()) // asks whether to leave
  await first.reload()
  await third.getByRole('link', { name: 'Requests' }).last().click()
  await expect(third.getByText('Nothing to decide')).toBeVisible()
})

test('a lost browser is restored from its backup, and signs again', async ({ browser }) => {
  const [first, second, third] = people()
  await second.goto(`${app.url}/#/`)
  await second.getByRole('link', { name: /Club account/ }).click()
  await second.getByRole('link', { name: 'Backup', exact: true }).click()
  const making = second.getByTestId('make-backup')
  await making.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await making.getByRole('textbox', { name: 'Passphrase for the file' }).fill(ofFile)
  await making.getByRole('textbox', { name: 'Repeat the passphrase' }).fill(ofFile)
  const download = second.waitForEvent('download')
  await making.getByRole('button', { name: 'Download the backup' }).click()
  const saved = await download
  const file = {
    name: saved.suggestedFilename(),
    mimeType: 'application/octet-stream',
    buffer: await readFile(await saved.path()),
  }
  expect(file.buffer.toString()).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/)
  await second.context().close() // and with it the share, the identity and everything else

  const again = await person(browser, [4])
  ben = again
  await again.getByRole('link', { name: 'Restore a wallet' }).click()
  await again.getByLabel('Backup file').setInputFiles(file)
  const openWith = async (typed: string) => {
    await again.getByRole('textbox', { name: 'Passphrase of the backup' }).fill(typed)
    await again.getByRole('button', { name: 'Open', exact: true }).click()
  }
  await openWith(passphrase)
  await expect(again.getByTestId('failure')).toContainText('The passphrase does not open this file', {
    timeout: patience,
  })
  await openWith(ofFile)
  await expect(again.getByTestId('address')).toHaveText(address)
  await again.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(chosenAnew)
  await again.getByRole('textbox', { name: 'Repeat the passphrase' }).fill(chosenAnew)
  await again.getByRole('button', { name: 'Restore the wallet' }).click()
  await expect(again.getByRole('heading', { name: 'Club account' })).toBeVisible()
  await expect(again.getByTestId('member-3')).toContainText('Auntiecalls itself “Eva Lang”')
  await again.getByRole('link', { name: 'Settings' }).click()
  const known = (await again.getByTestId('restored-fingerprint').textContent()) ?? ''
  await first.goto(`${app.url}/#/`)
  await first.getByRole('link', { name: /Club account/ }).click()
  await expect(first.getByTestId('member-2'), 'what colleagues see is what the settings show').toContainText(known)

  // Asked by somebody who has pinned the lost browser's identity, and with the third away.
  await third.context().close()
  await first.goto(`${app.url}/#/`)
  await first.reload()
  await first.getByRole('link', { name: /Club account/ }).click()
  await first.getByRole('link', { name: 'Sign', exact: true }).click()
  await first.getByRole('radio', { name: 'Ethereum message' }).check({ force: true })
  const message = 'Ben is back.'
  await first.getByRole('textbox', { name: 'Message' }).fill(message)
  await first.getByRole('button', { name: 'Review' }).click()
  await signWith(first)
  await openRequest(again, message)
  await again.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(chosenAnew)
  await again.getByRole('button', { name: 'Approve and sign' }).click()
  await expect(first.getByRole('heading', { name: 'Signed', exact: true })).toBeVisible()
  expect(await verifyMessage({ address, message, signature: (await valueOf(first, 'signature')) as Hex })).toBe(true)
})

test('a share of a Go party is imported, with the right threshold only', async ({ browser }) => {
  const page = await person(browser, [4])
  await page.goto(`${app.url}/#/restore`)
  await page.getByRole('radio', { name: 'A tss-lib file' }).check({ force: true })
  await page.getByLabel('File with the share').setInputFiles(goShare)
  const openWith = async (threshold: string) => {
    await page.getByLabel('How many sign together').fill(threshold)
    await page.getByRole('button', { name: 'Open', exact: true }).click()
  }
  await openWith('2')
  await expect(page.getByTestId('failure')).toContainText('Another number of members signs')
  await openWith('3')
  await expect(page.getByTestId('restore-found')).toContainText('3 of 5 sign together')
  const imported = (await page.getByTestId('address').textContent()) ?? ''
  await page.getByLabel('Name', { exact: true }).fill('From Go')
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(passphrase)
  await page.getByRole('textbox', { name: 'Repeat the passphrase' }).fill(passphrase)
  await page.getByRole('button', { name: 'Restore the wallet' }).click()
  await expect(page.getByRole('heading', { name: 'From Go' })).toBeVisible()
  const { ECDSAPub } = JSON.parse(
    await readFile(goShare, 'utf8'),
    (_key, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' ? BigInt(context?.source ?? value) : value,
  ) as { ECDSAPub: { Coords: readonly [bigint, bigint] } }
  const [x, y] = ECDSAPub.Coords.map((part) => part.toString(16).padStart(64, '0'))
  expect(imported).toBe(publicKeyToAddress(`0x04${x}${y}`))
})

async function person(browser: Browser, fixtures: readonly number[]): Promise<Page> {
  const page = await stockedPage(browser, app.url, fixtures)
  contexts.push(page.context())
  return page
}

function people(): [Page, Page, Page] {
  if (ana === undefined || ben === undefined || eva === undefined) throw new Error('nobody is here')
  return [ana, ben, eva]
}

async function openWallet(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'I’ll do it later' }).click()
  await expect(page.getByTestId('address')).toHaveText(address)
}

/** Asks both others: whoever approves first signs. */
async function signWith(page: Page): Promise<void> {
  await chooseNow(page)
  for (const other of await page.getByRole('checkbox').all()) await other.check()
  await page.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await page.getByRole('button', { name: 'Sign now' }).click()
}
