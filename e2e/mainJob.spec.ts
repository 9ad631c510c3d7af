import { expect, test, type BrowserContext, type Page } from '@playwright/test'
import {
  getAddress,
  parseTransaction,
  recoverTransactionAddress,
  recoverTypedDataAddress,
  serializeTransaction,
  verifyMessage,
  type Hex,
  type TransactionSerializedEIP1559,
} from 'viem'
import { HDKey } from 'viem/accounts'
import { keyAt } from '../tss-wasm/content/keys.ts'
import { keyHashScript } from '../tss-wasm/content/scripts.ts'
import { bitcoinVerdict } from '../tss-wasm/test/content/bitcoinNode.ts'
import { psbtOf } from '../tss-wasm/test/content/payments.ts'
import { startLocalApp, type LocalApp } from './localApp.ts'
import { stockedPage } from './stockedPage.ts'
import { patience } from './people.ts'

// The main job as a person does it: create a 2-of-3 wallet with two server parties, come back later, sign. Signatures
// are judged by viem, which is not ours.
test.describe.configure({ mode: 'serial' })

const passphrase = 'lantern orbit velvet ninety harbour'
let app: LocalApp
let context: BrowserContext
let page: Page
let address: Hex

test.beforeAll(async ({ browser }) => {
  app = await startLocalApp()
  page = await stockedPage(browser, app.url, [0, 0, 0]) // for two wallets; one is left: it does not search for the next
  context = page.context()
})

test.afterAll(async () => {
  await context.close()
  await app[Symbol.asyncDispose]()
})

test('a wallet is created together with two server parties', async () => {
  await page.getByRole('link', { name: 'Create a wallet' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill('Family savings')
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(passphrase)
  await page.getByRole('textbox', { name: 'Repeat the passphrase' }).fill(passphrase)
  await page.getByRole('button', { name: 'Create the wallet' }).click()
  await expect(page.getByRole('heading', { name: 'Your wallet is ready' })).toBeVisible({ timeout: patience })
  address = getAddress(/0x[0-9a-fA-F]{40}/.exec((await page.getByRole('main').textContent()) ?? '')?.[0] ?? '')
})

test('the wallet survives a reload', async () => {
  await page.goto(app.url)
  await page.reload()
  await page.getByRole('link', { name: /Family savings/ }).click()
  await expect(page.getByText(address).first()).toBeVisible()
})

test('a transaction is shown before the passphrase is asked, and a wrong passphrase changes nothing', async () => {
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  await page.getByLabel('Recipient').fill('0x000000000000000000000000000000000000dEaD')
  await page.getByLabel(/^Amount/).fill('0.25')
  await page.getByLabel('Nonce').fill('7')
  await page.getByLabel(/^Max fee per gas/).fill('30')
  await page.getByLabel(/^Max priority fee/).fill('1')
  await page.getByLabel('Gas limit').fill('21000')
  await page.getByRole('button', { name: 'Review' }).click()
  await expect(page.getByText('Send 0.25 ETH')).toBeVisible()
  await page.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill('not the passphrase at all')
  await page.getByRole('button', { name: 'Sign now' }).click()
  await expect(page.getByText('The passphrase is wrong')).toBeVisible()
  await expect(page.getByText('Send 0.25 ETH')).toBeVisible()
})

test("the signed transaction is the wallet's, says viem", async () => {
  await page.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await page.getByRole('button', { name: 'Sign now' }).click()
  await expect(page.getByRole('heading', { name: 'Signed' })).toBeVisible()
  const raw = (await valueOf(page, 'raw-transaction')) as TransactionSerializedEIP1559
  await expect(page.getByTestId('signing-protocol')).toHaveText('CGGMP24, version 1')
  expect(await recoverTransactionAddress({ serializedTransaction: raw })).toBe(address)
  const { nonce, value, to, r, s } = parseTransaction(raw)
  expect({ nonce, value, to: getAddress(to ?? '0x') }).toEqual({
    nonce: 7,
    value: 250_000_000_000_000_000n,
    to: '0x000000000000000000000000000000000000dEaD',
  })
  expect([r, s]).toEqual([await valueOf(page, 'r'), await valueOf(page, 's')])
})

test('a pasted transaction is decoded or refused', async () => {
  await page.getByRole('button', { name: 'Sign something else' }).click()
  await page.getByRole('radio', { name: 'Pasted transaction' }).check({ force: true })
  await page.getByLabel('Unsigned transaction').fill('0x02c0ffee')
  await page.getByRole('button', { name: 'Review' }).click()
  await expect(page.getByText('This does not work yet').or(page.getByRole('alert'))).toBeVisible()
  await page.getByLabel('Unsigned transaction').fill(
    serializeTransaction({
      chainId: 1,
      nonce: 8,
      to: address,
      value: 1n,
      gas: 21_000n,
      maxFeePerGas: 5n,
      maxPriorityFeePerGas: 1n,
    }),
  )
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await page.getByRole('button', { name: 'Sign now' }).click()
  await expect(page.getByRole('heading', { name: 'Signed' })).toBeVisible()
  const raw = (await valueOf(page, 'raw-transaction')) as TransactionSerializedEIP1559
  expect(await recoverTransactionAddress({ serializedTransaction: raw })).toBe(address)
})

test('a personal message is signed', async () => {
  await page.getByRole('button', { name: 'Sign something else' }).click()
  await page.getByRole('radio', { name: 'Ethereum message' }).check({ force: true })
  const message = 'I own this wallet – together with two servers.'
  await page.getByRole('textbox', { name: 'Message' }).fill(message)
  await page.getByRole('button', { name: 'Review' }).click()
  await expect(page.getByText(message)).toBeVisible()
  await page.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await page.getByRole('button', { name: 'Sign now' }).click()
  await expect(page.getByRole('heading', { name: 'Signed' })).toBeVisible()
  const signature = (await valueOf(page, 'signature')) as Hex
  expect(await verifyMessage({ address, message, signature })).toBe(true)
})

test('a passkey that was added signs, and after a reload, without the passphrase', async () => {
  const devices = await context.newCDPSession(page)
  await devices.send('WebAuthn.enable')
  const kind = { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasPrf: true } as const
  const user = { hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
  await devices.send('WebAuthn.addVirtualAuthenticator', { options: { ...kind, ...user, hasResidentKey: true } })
  await page.getByRole('link', { name: 'Back to the wallet' }).click()
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('dialog').getByLabel('Passphrase of this wallet', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Add the passkey' }).click()
  await expect(page.getByTestId('passkey')).toContainText('Added on')
  await page.reload()
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  await page.getByRole('radio', { name: 'Ethereum message' }).check({ force: true })
  await page.getByRole('textbox', { name: 'Message' }).fill('By a touch.')
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('button', { name: 'Sign with passkey' }).click()
  await expect(page.getByRole('heading', { name: 'Signed' })).toBeVisible()
  const signature = (await valueOf(page, 'signature')) as Hex
  expect(await verifyMessage({ address, message: 'By a touch.', signature })).toBe(true)
})

test('typed data is signed by an address below the main one', async () => {
  const data = {
    types: { Order: [{ name: 'id', type: 'uint256' }] },
    primaryType: 'Order',
    domain: { name: 'Shop', chainId: 1 },
    message: { id: '7' },
  } as const
  await page.getByRole('button', { name: 'Sign something else' }).click()
  await page.getByRole('radio', { name: 'Typed data' }).check({ force: true })
  await page.getByLabel('Typed data', { exact: true }).fill(JSON.stringify(data))
  await page.getByLabel('Address that signs').selectOption('m/0/2')
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await page.getByRole('button', { name: 'Sign now' }).click()
  await expect(page.getByRole('heading', { name: 'Signed' })).toBeVisible()
  const signature = (await valueOf(page, 'signature')) as Hex
  await page.getByRole('link', { name: 'Back to the wallet' }).click()
  await page.getByRole('button', { name: 'Show addresses' }).click()
  const listed = page.getByTestId('receiving').getByRole('listitem').nth(2)
  const signer = getAddress(/0x[0-9a-fA-F]{40}/.exec((await listed.textContent()) ?? '')?.[0] ?? '')
  const checked = { ...data, message: { id: 7n }, domain: { ...data.domain, chainId: 1n } }
  expect(await recoverTypedDataAddress({ ...checked, signature })).toBe(signer)
})

test('a Bitcoin payment of two coins is one request, and its result is valid by another script interpreter', async () => {
  const { publicKey } = HDKey.fromExtendedKey(await valueOf(page, 'xpub'))
  if (publicKey === null) throw new Error('the extended key has no public key')
  const coins = [
    { path: [], amount: 60_000n },
    { path: [0, 3], amount: 50_000n },
  ]
  const psbt = psbtOf(publicKey, coins, [{ script: keyHashScript(publicKey), amount: 109_000n }])
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  await page.getByRole('radio', { name: 'Bitcoin payment' }).check({ force: true })
  await page.getByLabel('PSBT', { exact: true }).fill(Buffer.from(psbt).toString('base64'))
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await page.getByRole('button', { name: 'Sign now' }).click()
  await expect(page.getByRole('heading', { name: 'Signed' })).toBeVisible()
  const spent = coins.map(({ path, amount }) => ({ script: keyHashScript(keyAt(publicKey, path).publicKey), amount }))
  expect(bitcoinVerdict(await valueOf(page, 'raw-transaction'), spent)).toBe('')
})

test('a server party killed mid-keygen is named within its deadline, and no half-wallet stays', async () => {
  const before = await app.walletsOf('server-1')
  expect(before).toHaveLength(1)
  await page.goto(`${app.url}/#/create`)
  await page.reload()
  await page.getByLabel('Name', { exact: true }).fill('Never to be')
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(passphrase)
  await page.getByRole('textbox', { name: 'Repeat the passphrase' }).fill(passphrase)
  await page.getByRole('button', { name: 'Create the wallet' }).click()
  await expect(page.getByText(/Part \d of \d/).first()).toBeVisible({ timeout: patience })
  await app.stack.kill('server-2')
  // Whoever gives up first tells the others; either way it is server-2 that is named.
  await expect(
    page
      .getByRole('alert')
      .getByText(/(waited too long for|No answer from) server-2/)
      .first(),
  ).toBeVisible({ timeout: patience })
  await expect(page.getByText('No wallet was created, so no money can be in it.', { exact: false })).toBeVisible()
  await page.goto(app.url)
  await page.reload()
  await expect(page.getByRole('link', { name: /Family savings/ })).toBeVisible()
  await expect(page.getByText('Never to be')).toHaveCount(0)
  await app.stack.restart('server-2')
  for (const name of ['server-1', 'server-2']) expect(await app.walletsOf(name)).toEqual(before)
})

async function valueOf(page: Page, testId: string): Promise<string> {
  return ((await page.getByTestId(testId).textContent()) ?? '').trim()
}
