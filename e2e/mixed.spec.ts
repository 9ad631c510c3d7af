import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { getAddress, verifyMessage, type Hex } from 'viem'
import { inFrontOf } from './camera.ts'
import { startLocalApp, type LocalApp } from './localApp.ts'
import { chooseNow, choosePassphrase, invitationOf, openRequest, passphrase, patience, valueOf } from './people.ts'

// Three people and two server parties: 3 of 5. Ana invites; Ben reads the QR code from an image, Eva with her camera, which
// is a video of it.
test.describe.configure({ mode: 'serial' })
// Five parties, three of them browsers that search their primes: minutes of computing.
test.skip(process.env['DEEP'] !== '1', 'part of npm run test:deep')
test.setTimeout(2 * patience)

let app: LocalApp
let folder: string
let camera: Browser | undefined
let [ana, ben, eva]: Page[] = []
let address: Hex

test.beforeAll(async ({ browser }) => {
  app = await startLocalApp()
  folder = await mkdtemp(join(tmpdir(), 'quorate-camera-'))
  ana = await (await browser.newContext()).newPage()
  ben = await (await browser.newContext()).newPage()
})

test.afterAll(async () => {
  for (const page of [ana, ben]) await page?.context().close()
  await camera?.close()
  await app[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

test('three people and two servers create a 3-of-5 wallet; QR codes are read from an image and by the camera', async () => {
  const [first, second] = [page(ana), page(ben)]
  await first.goto(`${app.url}/#/create`)
  await first.getByLabel('Name', { exact: true }).fill('Foundation')
  for (const [i, name] of ['Ben', 'Eva'].entries()) {
    await first.getByRole('button', { name: 'Invite a person' }).click()
    await first.getByLabel(`Name of person ${i + 1}`, { exact: true }).fill(name)
  }
  await expect(first.getByRole('heading', { name: 'What 3 of 5 means for your money' })).toBeVisible()
  await choosePassphrase(first)
  await first.getByRole('button', { name: 'Create the wallet' }).click()

  const toEva = await invitationOf(first, 5, 'Eva')
  await first.getByTestId('invitation-4').getByText('Show QR code').click()
  const picture = await first.getByRole('img', { name: 'QR code of the invitation for Ben' }).screenshot()
  await second.goto(`${app.url}/#/join`)
  const file = { name: 'invitation.png', mimeType: 'image/png', buffer: picture }
  await second.getByLabel('Read a QR code from an image').setInputFiles(file)
  await joinWallet(second)
  await expect(first.getByTestId('awaited')).toContainText(/Waiting for (Ben and )?Eva since/)
  await expect(first.getByText(/Computing takes|How long it takes/)).toHaveCount(0)

  const third = (eva = await lookingAt(toEva))
  await third.goto(`${app.url}/#/join`)
  await third.getByRole('button', { name: 'Read a QR code with the camera' }).click()
  await joinWallet(third)

  const codes: (string | null)[] = []
  for (const each of everybody()) {
    const code = each.getByTestId('check-code')
    await expect(code).toBeVisible({ timeout: patience })
    codes.push(await code.textContent())
  }
  expect(new Set(codes).size, 'everybody sees the same check code').toBe(1)
  for (const each of everybody()) await each.getByRole('button', { name: 'The codes match' }).click()

  const addresses: string[] = []
  for (const each of everybody()) {
    await expect(each.getByRole('heading', { name: 'Your wallet is ready' })).toBeVisible({ timeout: patience })
    addresses.push((await each.getByTestId('address').textContent()) ?? '')
  }
  expect(new Set(addresses).size, 'everybody has the same address').toBe(1)
  address = getAddress(addresses[0] ?? '')
})

test('two people and a server sign', async () => {
  const [first, third] = [page(ana), page(eva)]
  await first.getByRole('link', { name: 'I’ll do it later' }).click()
  await first.getByRole('link', { name: 'Sign', exact: true }).click()
  await first.getByRole('radio', { name: 'Ethereum message' }).check({ force: true })
  const message = 'The foundation agrees.'
  await first.getByRole('textbox', { name: 'Message' }).fill(message)
  await first.getByRole('button', { name: 'Review' }).click()
  await chooseNow(first)
  for (const other of await first.getByRole('checkbox').all()) await other.uncheck()
  for (const name of ['server-1', 'Eva']) await first.getByRole('checkbox', { name }).check()
  await first.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await first.getByRole('button', { name: 'Sign now' }).click()

  await openRequest(third)
  await expect(third.getByTestId('review')).toContainText(message)
  await third.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await third.getByRole('button', { name: 'Approve and sign' }).click()
  for (const each of [first, third]) {
    await expect(each.getByRole('heading', { name: 'Signed', exact: true })).toBeVisible()
    expect(await verifyMessage({ address, message, signature: (await valueOf(each, 'signature')) as Hex })).toBe(true)
  }
})

function page(somebody: Page | undefined): Page {
  if (somebody === undefined) throw new Error('nobody is here')
  return somebody
}

function everybody(): Page[] {
  return [page(ana), page(ben), page(eva)]
}

async function joinWallet(guest: Page): Promise<void> {
  await expect(guest.getByRole('heading', { name: 'You are invited to “Foundation”' })).toBeVisible()
  await choosePassphrase(guest)
  await guest.getByRole('button', { name: 'Join', exact: true }).click()
}

/** A page whose camera looks at the QR code of this text. */
async function lookingAt(text: string): Promise<Page> {
  camera = await inFrontOf([text], folder)
  return (await camera.newContext({ permissions: ['camera'] })).newPage()
}
