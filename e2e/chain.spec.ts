import { expect, type Locator, type Page } from '@playwright/test'
import { erc20Abi, encodeFunctionData, getAddress, parseTransaction, recoverTransactionAddress, type Hex } from 'viem'
import { type DemoChain, startDemoChain } from '../testkit/chain/demoChain.ts'
import { ethereumAddress } from '../tss-wasm/content/ethereum.ts'
import { test } from './sharedPage.ts'
import { fill, openWallet, passphrase, walletKey } from './steps.ts'
import { testPage } from './testPages.ts'

// Payments on a real Ethereum node, anvil, with a real ERC-20 token: from no coins at all to a payment that is included.
// What was signed and what became of it is judged by viem and the node.
test.describe.configure({ mode: 'serial' })

const friend = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const wallet = getAddress(ethereumAddress(walletKey))
let chain: DemoChain

test.beforeAll(async () => {
  chain = await startDemoChain()
})
test.afterAll(async () => {
  await chain[Symbol.asyncDispose]()
})

/** On the page of a wallet whose app was told of the node, and of others. */
async function openWith(page: Page, nodes: readonly string[] = [chain.url]): Promise<void> {
  const { chainId, token } = chain
  const listed = { nodes: nodes.map((url) => ({ chainId, url })), tokens: [{ chainId, ...token }] }
  const wish = new URLSearchParams({ wallets: '1', chain: JSON.stringify(listed) })
  for (const url of nodes) wish.append('rpc', new URL(url).origin)
  await page.goto(testPage(`screens.html?${wish.toString()}`))
  await openWallet(page)
}

/** What a person does, counted: opening a list and choosing from it are two clicks. */
function counted() {
  const done = { clicks: 0, fields: 0 }
  return {
    done,
    async click(what: Locator) {
      done.clicks += 1
      await what.click()
    },
    async choose(what: Locator, label: string) {
      done.clicks += 2
      await what.selectOption({ label })
    },
    async type(what: Locator, text: string) {
      done.fields += 1
      await what.fill(text)
    },
  }
}

const balanceOf = async (address: string) => BigInt((await chain.ask('eth_getBalance', [address, 'latest'])) as string)
async function tokensOf(address: Hex): Promise<bigint> {
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'balanceOf', args: [address] })
  return BigInt((await chain.ask('eth_call', [{ to: chain.token.address, data }, 'latest'])) as string)
}

async function signedTransaction(page: Page) {
  const raw = ((await page.getByTestId('raw-transaction').textContent()) ?? '').trim() as `0x02${string}`
  expect(await recoverTransactionAddress({ serializedTransaction: raw })).toBe(wallet)
  return parseTransaction(raw)
}

test('coins are got, and sent in few steps, and the payment is seen to arrive', async ({ page }) => {
  await openWith(page)
  const person = counted()
  await person.click(page.getByRole('link', { name: 'Send', exact: true }))
  await expect(page.getByTestId('balance')).toContainText('There: 0 ETH (says 127.0.0.1:')
  await page.getByRole('button', { name: 'Get test coins' }).click() // once on a network; no part of a payment
  await expect(page.getByTestId('balance')).toContainText('There: 10 ETH')
  const before = await balanceOf(friend)
  await person.type(page.getByLabel('Recipient', { exact: true }), friend)
  await person.type(page.getByLabel('Amount in ETH', { exact: true }), '1.5')
  await person.click(page.getByRole('button', { name: 'Review', exact: true }))
  const review = page.getByTestId('review')
  await expect(review).toContainText('Send 1.5 ETH')
  await expect(review).toContainText('Family savings')
  await expect(review).toContainText(wallet)
  await fill(page, { 'Passphrase of this wallet': passphrase }) // asked of every signature; a passkey takes its place
  await person.click(page.getByRole('button', { name: 'Sign now' }))
  await person.click(page.getByRole('button', { name: 'Broadcast' }))
  await expect(page.getByTestId('fate')).toHaveAttribute('data-fate', 'mined')
  await expect(page.getByTestId('fate')).toContainText('Included')
  expect(person.done.clicks).toBeLessThanOrEqual(4)
  expect(person.done.fields).toBe(2)
  const { nonce = 0, gas, value } = await signedTransaction(page)
  expect({ nonce, gas, value }).toEqual({ nonce: 0, gas: 21_000n, value: 15n * 10n ** 17n })
  expect((await balanceOf(friend)) - before).toBe(15n * 10n ** 17n)
})

test('1,000 tokens are sent by intention in 6 clicks and 2 fields, and shown in their unit', async ({ page }) => {
  await openWith(page)
  const person = counted()
  await person.click(page.getByRole('link', { name: 'Send', exact: true }))
  await person.choose(page.getByLabel('What', { exact: true }), 'TEST')
  await expect(page.getByTestId('balance')).toContainText('There: 10 000 TEST')
  await person.type(page.getByLabel('Recipient', { exact: true }), friend)
  await person.type(page.getByLabel('Amount in TEST', { exact: true }), '1000')
  await person.click(page.getByRole('button', { name: 'Review', exact: true }))
  const review = page.getByTestId('review')
  await expect(review).toContainText('Send 1 000 TEST')
  await expect(review).toContainText('1 000 000 000 in its smallest unit')
  await expect(review).toContainText('as whoever runs this app says')
  await expect(review).not.toContainText('0 ETH')
  await fill(page, { 'Passphrase of this wallet': passphrase })
  await person.click(page.getByRole('button', { name: 'Sign now' }))
  await person.click(page.getByRole('button', { name: 'Broadcast' }))
  await expect(page.getByTestId('fate')).toHaveAttribute('data-fate', 'mined')
  expect(person.done).toEqual({ clicks: 6, fields: 2 })
  await signedTransaction(page)
  expect(await tokensOf(friend)).toBe(1_000_000_000n)
  await page.getByRole('link', { name: 'Back to the wallet' }).click()
  const entry = page.getByTestId('history-entry').first()
  await expect(entry).toContainText('Send 1 000 TEST')
  await entry.getByText('Details').click()
  await expect(entry.getByTestId('fate'), 'looked up anew').toHaveAttribute('data-fate', 'mined')
})

test('a payment that would fail is foretold in the contract’s words, and gets no gas by itself', async ({ page }) => {
  await openWith(page)
  await page.getByRole('link', { name: 'Send', exact: true }).click()
  await page.getByLabel('What', { exact: true }).selectOption({ label: 'TEST' })
  await fill(page, { Recipient: friend, 'Amount in TEST': '1 000 000' })
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'This payment would fail' })).toContainText(
    '“not enough tokens”',
  )
  await expect(page.getByTestId('review')).toHaveCount(0)
  await page.getByRole('button', { name: 'Review all the same' }).click()
  await expect(page.getByLabel('Gas limit', { exact: true })).toBeFocused()
  await expect(page.getByTestId('review')).toHaveCount(0)
})

test('a payment that waits is sped up, and another is cancelled, by the same nonce and a higher fee', async ({
  page,
}) => {
  const replaceWith = async (button: string, title: string) => {
    await openWith(page)
    await page.getByRole('link', { name: 'Send', exact: true }).click()
    await fill(page, { Recipient: friend, 'Amount in ETH': '0.25' })
    await page.getByRole('button', { name: 'Review', exact: true }).click()
    const signAndSend = async () => {
      await fill(page, { 'Passphrase of this wallet': passphrase })
      await page.getByRole('button', { name: 'Sign now' }).click()
      await page.getByRole('button', { name: 'Broadcast' }).click()
      await expect(page.getByTestId('fate')).toHaveAttribute('data-fate', 'pending')
      return signedTransaction(page)
    }
    const before = await signAndSend()
    const hash = ((await page.getByTestId('transaction-hash').textContent()) ?? '').trim()
    await page.getByRole('button', { name: button }).click()
    await expect(page.getByText(`It takes the place of the transaction ${hash}`)).toBeVisible()
    await expect(page.getByTestId('review')).toContainText(title)
    const after = await signAndSend()
    expect(after.nonce).toBe(before.nonce)
    expect((after.maxFeePerGas ?? 0n) * 10n).toBeGreaterThanOrEqual((before.maxFeePerGas ?? 0n) * 11n)
    await chain.ask('evm_mine', [])
    await expect(page.getByTestId('fate')).toHaveAttribute('data-fate', 'mined')
    expect(await chain.ask('eth_getTransactionReceipt', [hash])).toBeNull()
  }
  await chain.ask('evm_setAutomine', [false])
  try {
    const before = await balanceOf(friend)
    await replaceWith('Pay more, to be included sooner', 'Send 0.25 ETH')
    expect((await balanceOf(friend)) - before).toBe(25n * 10n ** 16n)
    await replaceWith('Cancel it', 'Send 0 ETH')
    expect((await balanceOf(friend)) - before, 'the second never arrives').toBe(25n * 10n ** 16n)
  } finally {
    await chain.ask('evm_setAutomine', [true])
  }
})

test('everything there is leaves what the fee may take', async ({ page }) => {
  await openWith(page)
  await page.getByRole('link', { name: 'Send', exact: true }).click()
  await fill(page, { Recipient: friend })
  await page.getByRole('button', { name: 'Everything there is' }).click()
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await expect(page.getByTestId('review')).toContainText('Send 8.2')
  await fill(page, { 'Passphrase of this wallet': passphrase })
  await page.getByRole('button', { name: 'Sign now' }).click()
  await page.getByRole('button', { name: 'Broadcast' }).click()
  await expect(page.getByTestId('fate')).toHaveAttribute('data-fate', 'mined')
  const { gas = 0n, maxFeePerGas = 0n } = await signedTransaction(page)
  expect(await balanceOf(wallet)).toBeLessThan(gas * maxFeePerGas)
})
