import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, type Page } from '@playwright/test'
import { keyAt } from '../tss-wasm/content/keys.ts'
import { keyHashScript } from '../tss-wasm/content/scripts.ts'
import { psbtOf } from '../tss-wasm/test/content/payments.ts'

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
  await openSign(page)
  await fill(page, {
    Recipient: '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045',
    'Amount in ETH': '1.5',
    Nonce: '7',
    'Max fee per gas (gwei)': '30',
    'Max priority fee (gwei)': '1.5',
  })
}

/** From the list of wallets to what is shown before it is signed. */
export async function reviewTransaction(page: Page, change: Readonly<Record<string, string>> = {}): Promise<void> {
  await fillTransaction(page)
  await fill(page, change)
  await page.getByRole('button', { name: 'Review' }).click()
  await expect(page.getByTestId('review')).toBeVisible()
}

/** From the list of wallets to the form. */
export async function openSign(page: Page): Promise<void> {
  await openWallet(page)
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  await page.getByRole('heading', { name: /^Sign/ }).waitFor()
}

/** The key of the wallet that web/test/screens.tsx shelves. */
export const walletKey = secp256k1.getPublicKey(sha256(utf8ToBytes('a key for tests')))

/**
 * A payment of two coins of the wallet, or of another key, as another program writes it.
 * @param change of its inputs: without the transactions that they come from
 */
export function paymentPsbt(
  publicKey = walletKey,
  change: { readonly input?: object } = { input: { nonWitnessUtxo: undefined } },
): Uint8Array {
  const coins = [
    { path: [], amount: 6_000_000n },
    { path: [0, 3], amount: 5_000_000n },
  ]
  const sendings = [
    { script: keyHashScript(secp256k1.getPublicKey(sha256(utf8ToBytes('somebody')))), amount: 8_000_000n },
    { script: keyHashScript(keyAt(publicKey, [1, 0]).publicKey), amount: 2_995_000n },
  ]
  return psbtOf(publicKey, coins, sendings, change)
}

/** From the list of wallets to a payment of two coins, or to its refusal when they are another key's. */
export async function reviewPayment(page: Page, publicKey = walletKey): Promise<void> {
  const psbt = Buffer.from(paymentPsbt(publicKey)).toString('base64')
  await openSign(page)
  await page.getByRole('radio', { name: 'Bitcoin payment' }).check()
  await page.getByLabel('PSBT', { exact: true }).fill(psbt)
  await page.getByRole('button', { name: 'Review' }).click()
  if (publicKey !== walletKey) return
  await expect(page.getByTestId('review')).toContainText('Send 0.08 BTC')
  await expect(page.getByTestId('review')).toContainText('Back to this wallet')
}

/** From what is shown before it is signed. */
export async function signNow(page: Page): Promise<void> {
  await fill(page, { 'Passphrase of this wallet': passphrase })
  await page.getByRole('button', { name: 'Sign now' }).click()
}

/** In the settings. */
export async function chooseNode(page: Page, label: string, url: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(url)
  await page.getByRole('button', { name: 'Save the nodes' }).click()
}
