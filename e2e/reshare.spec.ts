import { readFile } from 'node:fs/promises'
import {
  expect,
  test,
  type Browser,
  type BrowserContext,
  type Download,
  type Locator,
  type Page,
} from '@playwright/test'
import { getAddress, verifyMessage, type Hex } from 'viem'
import { startLocalApp, type LocalApp } from './localApp.ts'
import { chooseNow, choosePassphrase, invitationOf, openRequest, passphrase, patience, valueOf } from './people.ts'
import { stockedPage } from './stockedPage.ts'

// A wallet outlives a device: three people hold 2 of 3; Ben's browser is deleted, the other two put his new phone in its
// place, and later two servers join them. The address stays, and viem judges every signature.
test.describe.configure({ mode: 'serial' })
test.setTimeout(2 * patience)

const ofFile = 'marble anchor under seven bridges'
const name = 'Board safe'

let app: LocalApp
const contexts: BrowserContext[] = []
let [ana, ben, eva, phone]: Page[] = []
let address: Hex
let oldBackup: { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }

test.beforeAll(async ({ browser }) => {
  app = await startLocalApp({ sets: 1 })
  // One set for each share that is to be made, in that order, different from everybody else's each time (the servers have
  // 1 and 2), and one to spare: with none left the app would search for the next.
  ana = await person(browser, [0, 1, 0, 0])
  ben = await person(browser, [1, 1])
  eva = await person(browser, [2, 3, 3, 3])
  phone = await person(browser, [2, 4, 4])
})

test.afterAll(async () => {
  for (const context of contexts) await context.close()
  await app[Symbol.asyncDispose]()
})

test('three people make a wallet, one of them a backup, and that one’s browser is deleted', async () => {
  const [first, second, third] = [page(ana), page(ben), page(eva)]
  await first.goto(`${app.url}/#/create`)
  await first.getByLabel('Name', { exact: true }).fill(name)
  for (const server of await first.getByRole('checkbox').all()) await server.uncheck()
  for (const [i, invited] of ['Ben', 'Eva'].entries()) {
    await first.getByRole('button', { name: 'Invite a person' }).click()
    await first.getByLabel(`Name of person ${i + 1}`, { exact: true }).fill(invited)
  }
  await choosePassphrase(first)
  await first.getByRole('button', { name: 'Create the wallet' }).click()
  await join(second, await invitationOf(first, 2, 'Ben'))
  await join(third, await invitationOf(first, 3, 'Eva'))
  await compareCodes([first, second, third])
  for (const each of [first, second, third])
    await expect(each.getByRole('heading', { name: 'Your wallet is ready' })).toBeVisible({ timeout: patience })
  address = getAddress(await valueOf(first, 'address'))

  await second.getByRole('link', { name: 'Download a backup' }).click()
  oldBackup = await backUp(second)
  await second.context().close() // and with it the share and the identity
  for (const each of [first, third]) await each.getByRole('link', { name: 'I’ll do it later' }).click()
})

test('the other two put a new device in the place of the lost one; the address stays', async () => {
  const [first, third, fresh] = [page(ana), page(eva), page(phone)]
  await change(first, 'Replace a lost device')
  await first.getByLabel('The device that is lost').selectOption({ index: 1 })
  await first.getByLabel('What you call the new device, or its person').fill('Ben’s phone')
  const form = first.getByTestId('change')
  await expect(form).toContainText(/Ben’s phone \(new, by invitation\)/)
  await expect(form).toContainText('2 of 3 sign together')
  await expect(form).toContainText('The lost device may still hold its old share. That share alone is useless.')
  await start(first)

  await openReshareRequest(third, `asks to replace a device of “${name}”`)
  await expect(third.getByTestId('reshare-request')).toContainText('One new member')
  await approveReshare(third)

  const link = await invitationOf(first, 2, 'Ben’s phone')
  await fresh.goto(link)
  await expect(fresh.getByTestId('existing-address')).toHaveText(address)
  await takeInvitation(fresh)

  const all = [first, third, fresh]
  await compareCodes(all)
  await expect(first.getByRole('heading', { name: 'The shares are renewed' })).toBeVisible({ timeout: patience })
  await expect(third.getByRole('heading', { name: 'The shares are renewed' })).toBeVisible({ timeout: patience })
  await expect(fresh.getByRole('heading', { name: `You are a member of “${name}”` })).toBeVisible({ timeout: patience })
  for (const each of all) {
    expect(getAddress(await valueOf(each, 'address'))).toBe(address)
    await expect(each.getByRole('heading', { name: 'Make a new backup now' })).toBeVisible()
    await each.getByRole('link', { name: 'I’ll do it later' }).click()
  }
})

test('the old backup is refused where the new share is, with both dates', async () => {
  const fresh = page(phone)
  await fresh.goto(`${app.url}/#/restore`)
  await fresh.getByLabel('Backup file').setInputFiles(oldBackup)
  await fresh.getByRole('textbox', { name: 'Passphrase of the backup' }).fill(ofFile)
  await fresh.getByRole('button', { name: 'Open', exact: true }).click()
  const found = fresh.getByTestId('restore-found')
  await expect(found).toContainText('This backup is of before the shares were renewed', { timeout: patience })
  await expect(found).toContainText(/It is of .+, and was made before the shares were renewed on .+\d/)
  await found.getByRole('link', { name: 'To the wallet' }).click()
  await fresh.getByTestId('address').waitFor()
})

test('every two of them sign', async () => {
  const [first, third, fresh] = [page(ana), page(eva), page(phone)]
  await signTogether(first, fresh, 'Ana and the phone.')
  await signTogether(fresh, third, 'The phone and Eva.')
  await signTogether(third, first, 'Eva and Ana.')
  await expect(first.getByText('Eva: erased')).toBeVisible()
  await expect(first.getByText(/no word, lost or not there/)).toBeVisible()
})

test('two servers join: three of five sign from then on, at the same address', async () => {
  const [first, third, fresh] = [page(ana), page(eva), page(phone)]
  await change(first, 'Add or remove a member')
  for (const server of await first.getByRole('checkbox').all()) await server.check()
  await first.getByLabel('How many sign together').selectOption('3')
  await expect(first.getByRole('heading', { name: 'What 3 of 5 means for your money' })).toBeVisible()
  await start(first)
  for (const member of [third, fresh]) {
    await openReshareRequest(member, `asks to change the members of “${name}”`)
    await expect(member.getByTestId('reshare-request')).toContainText('3 of 5 sign together')
    await approveReshare(member)
  }
  const all = [first, third, fresh]
  await compareCodes(all)
  for (const each of all) {
    await expect(each.getByRole('heading', { name: 'The shares are renewed' })).toBeVisible({ timeout: patience })
    expect(getAddress(await valueOf(each, 'address'))).toBe(address)
    await each.getByRole('link', { name: 'I’ll do it later' }).click()
    await expect(each.getByText('3 of 5 sign together')).toBeVisible()
  }

  const message = 'Ana and both servers.'
  await ask(first, message, ['server-1', 'server-2'])
  await expect(first.getByRole('heading', { name: 'Signed', exact: true })).toBeVisible({ timeout: patience })
  expect(await verifyMessage({ address, message, signature: (await valueOf(first, 'signature')) as Hex })).toBe(true)
})

test('two of three guardians bring back the share of a browser that is deleted; it signs with the others', async ({
  browser,
}) => {
  const lost = page(ana)
  await lost.goto(`${app.url}/#/`)
  await lost.getByRole('link', { name: new RegExp(name) }).click()
  await lost.getByRole('link', { name: 'Name guardians' }).click()
  for (const [i, guardian] of ['Rosa', 'Jo', 'Kim'].entries())
    await lost.getByLabel(`Name of guardian ${i + 1}`).fill(guardian)
  await lost.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  const download = lost.waitForEvent('download', { timeout: patience })
  await lost.getByRole('button', { name: 'Make the pieces' }).click()
  const file = await savedFrom(await download)
  await expect(lost.getByTestId('piece')).toHaveCount(3, { timeout: patience })
  const pieces = await Promise.all(
    (await lost.getByTestId('piece').all()).map(async (piece) =>
      (await piece.locator('li').allTextContents()).join(' '),
    ),
  )
  await lost.getByRole('button', { name: 'I have all pieces on paper' }).click()

  const drill = lost.getByTestId('drill')
  await fillPieces(drill, file, [pieces[0] ?? '', pieces[0] ?? ''])
  await drill.getByRole('button', { name: 'Try the pieces' }).click()
  await expect(drill).toContainText('Piece 1 was entered twice.')
  await fillPieces(drill, file, [pieces[1] ?? '', pieces[2] ?? ''])
  await drill.getByRole('button', { name: 'Try the pieces' }).click()
  await expect(drill).toContainText('The pieces open the file.', { timeout: patience })
  await lost.context().close()

  const fresh = await person(browser, [0, 0])
  await fresh.goto(`${app.url}/#/restore`)
  await fresh.getByRole('radio', { name: 'Pieces of guardians' }).check({ force: true })
  const form = fresh.getByTestId('restore')
  await fillPieces(form, file, [pieces[2] ?? '', pieces[0] ?? ''])
  await form.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(fresh.getByTestId('restore-found')).toHaveAttribute('data-here', 'nothing', { timeout: patience })
  await choosePassphrase(fresh)
  await fresh.getByRole('button', { name: 'Restore the wallet' }).click()
  await fresh.getByTestId('address').first().waitFor({ timeout: patience })
  expect(getAddress(await valueOf(fresh, 'address'))).toBe(address)
  const message = 'Ana again, by her guardians.'
  await ask(fresh, message, ['server-1', 'server-2'])
  await expect(fresh.getByRole('heading', { name: 'Signed', exact: true })).toBeVisible({ timeout: patience })
  expect(await verifyMessage({ address, message, signature: (await valueOf(fresh, 'signature')) as Hex })).toBe(true)
})

async function savedFrom(saved: Download): Promise<typeof oldBackup> {
  return {
    name: saved.suggestedFilename(),
    mimeType: 'application/octet-stream',
    buffer: await readFile(await saved.path()),
  }
}

async function fillPieces(form: Locator, file: typeof oldBackup, pieces: readonly string[]): Promise<void> {
  await form.getByLabel('The guardians’ file').setInputFiles(file)
  for (const [i, piece] of pieces.entries()) await form.getByLabel(`Piece ${i + 1}`).fill(piece)
}

async function person(browser: Browser, fixtures: readonly number[]): Promise<Page> {
  const opened = await stockedPage(browser, app.url, fixtures)
  contexts.push(opened.context())
  return opened
}

function page(whose: Page | undefined): Page {
  if (whose === undefined) throw new Error('nobody is here')
  return whose
}

async function join(guest: Page, link: string): Promise<void> {
  await guest.goto(link)
  await takeInvitation(guest)
}

async function takeInvitation(guest: Page): Promise<void> {
  await expect(guest.getByRole('heading', { name: `You are invited to “${name}”` })).toBeVisible()
  await choosePassphrase(guest)
  await guest.getByRole('button', { name: 'Join', exact: true }).click()
}

async function compareCodes(pages: readonly Page[]): Promise<void> {
  const codes: string[] = []
  for (const each of pages) {
    await expect(each.getByTestId('check-code')).toBeVisible({ timeout: patience })
    codes.push(await valueOf(each, 'check-code'))
  }
  expect(new Set(codes).size, 'everybody sees the same check code').toBe(1)
  for (const each of pages) await each.getByRole('button', { name: 'The codes match' }).click()
}

/** On the page of a wallet's backups. */
async function backUp(holder: Page): Promise<typeof oldBackup> {
  const making = holder.getByTestId('make-backup')
  await making.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await making.getByRole('textbox', { name: 'Passphrase for the file' }).fill(ofFile)
  await making.getByRole('textbox', { name: 'Repeat the passphrase' }).fill(ofFile)
  const download = holder.waitForEvent('download', { timeout: patience })
  await making.getByRole('button', { name: 'Download the backup' }).click()
  return savedFrom(await download)
}

/** From the page of the wallet to the form. */
async function change(member: Page, title: string): Promise<void> {
  await member.getByRole('link', { name: 'Change …', exact: true }).click()
  await member.getByRole('link', { name: new RegExp(`^${title}`) }).click()
  await expect(member.getByRole('heading', { name: title, level: 1 })).toBeVisible()
}

async function start(member: Page): Promise<void> {
  await member.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await member.getByRole('button', { name: 'Start', exact: true }).click()
}

async function openReshareRequest(member: Page, words: string): Promise<void> {
  await member.getByRole('link', { name: /^Requests \(/ }).click({ timeout: patience })
  // One to sign that is over may still be listed for a moment.
  const asked = member.getByRole('listitem').filter({ hasText: words })
  await asked.getByRole('link', { name: 'Open the request' }).click({ timeout: patience })
  await member.getByTestId('reshare-request').waitFor()
}

async function approveReshare(member: Page): Promise<void> {
  await member.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await member.getByRole('button', { name: 'Approve and take part' }).click()
}

/** From the page of the wallet, and back to it. */
async function signTogether(asker: Page, other: Page, message: string): Promise<void> {
  await ask(asker, message)
  await openRequest(other, message)
  await other.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await other.getByRole('button', { name: 'Approve and sign' }).click()
  for (const each of [asker, other]) {
    await expect(each.getByRole('heading', { name: 'Signed', exact: true })).toBeVisible({ timeout: patience })
    const signature = (await valueOf(each, 'signature')) as Hex
    expect(await verifyMessage({ address, message, signature })).toBe(true)
    await each.getByRole('button', { name: 'Sign something else' }).click()
    await each.goto(`${app.url}/#/`)
    await each.getByRole('link', { name: new RegExp(name) }).click()
    await each.getByTestId('address').waitFor()
  }
}

/** From the page of the wallet. @param whom all others where it is left out */
async function ask(asker: Page, message: string, whom?: readonly string[]): Promise<void> {
  await asker.getByRole('link', { name: 'Sign', exact: true }).click()
  await asker.getByRole('radio', { name: 'Ethereum message' }).check({ force: true })
  await asker.getByRole('textbox', { name: 'Message' }).fill(message)
  await asker.getByRole('button', { name: 'Review' }).click()
  await chooseNow(asker)
  const boxes = asker.getByRole('checkbox')
  if (whom === undefined) for (const member of await boxes.all()) await member.check()
  else {
    for (const member of await boxes.all()) await member.uncheck()
    for (const member of whom) await asker.getByRole('checkbox', { name: member }).check()
  }
  await asker.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await asker.getByRole('button', { name: 'Sign now' }).click()
}
