import AxeBuilder from '@axe-core/playwright'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, type Page } from '@playwright/test'
import { encodeInvitation } from '../tss-wasm/identity/invitation.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { backupScreens } from './backupScreens.ts'
import { test } from './sharedPage.ts'
import { invitationTo } from '../web/test/doubles.ts'
import {
  chooseNode,
  fill,
  fillNewWallet,
  fillTransaction,
  invite,
  openSign,
  openWallet,
  passphrase,
  reviewPayment,
  reviewTransaction,
  signNow,
} from './steps.ts'
import { reshareScreens } from './reshareScreens.ts'
import { testPage } from './testPages.ts'
import { fingertip, hardToTouch } from './touch.ts'

// Every screen, on in-memory doubles (web/test/screens.tsx), in both themes and every language, on a desk and on a phone: nothing for axe to
// find, nothing wider than the window, nothing in the console, nothing that a finger misses. SCREENSHOTS=<folder> keeps pictures.

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** On a desk in English, then on a small phone in the dark and, in turns from screen to screen, one of the other languages. */
const desk = { colorScheme: 'light', width: 1100, language: 'en' } as const
const phones = [
  { colorScheme: 'dark', width: 360, language: 'zh-Hant' },
  { colorScheme: 'dark', width: 360, language: 'zh-Hans' },
  { colorScheme: 'dark', width: 360, language: 'en' },
] as const

/** DEEP=1 looks at every screen in both ways; otherwise at each in one, in turns. */
const isDeep = process.env['DEEP'] === '1'

interface Screen {
  readonly wallets?: number
  readonly requests?: boolean
  /** Of a node that may be talked to. */
  readonly rpc?: string
  /** The first wallet has one. */
  readonly passkey?: boolean
  /** More wishes of web/test/screens.tsx. */
  readonly wish?: Readonly<Record<string, string>>
  /** What becomes of what is stored. */
  readonly keeping?: 'unpromised' | 'until-closed'
  /** The coordinator is not responding. */
  readonly silent?: boolean
  readonly route?: string
  readonly hold?: string
  readonly fail?: readonly [call: string, failure: object]
  readonly show: (page: Page) => Promise<unknown>
}

const passkeyUnused = { kind: 'refused', what: 'passkey-unused', detail: 'not used' } as const

const nodeOrigin = 'https://node.example'

const screens: Readonly<Record<string, Screen>> = {
  welcome: { show: (page) => page.getByRole('link', { name: 'Create a wallet' }).waitFor() },
  'create wallet': { route: '/create', show: typePassphrase },
  'create wallet, incomplete': { route: '/create', hold: 'engine.search', show: submitEmpty },
  'searching for primes': { route: '/create', hold: 'engine.search', show: (page) => create(page, 'ceremony') },
  'create wallet, in a private window': {
    route: '/create',
    keeping: 'until-closed',
    show: (page) => expect(page.getByTestId('keeping')).toContainText('Open this address in a normal window instead'),
  },
  'create wallet, nothing promised': {
    route: '/create',
    keeping: 'unpromised',
    show: (page) => expect(page.getByTestId('keeping')).toContainText('Make a backup once the wallet is there'),
  },
  creating: {
    route: '/create',
    hold: 'received prove from 3',
    show: async (page) => {
      await create(page, 'ceremony')
      await expect(page.getByText(/Computing takes about \d seconds on this device/)).toBeVisible()
    },
  },
  'creating failed, somebody to blame': {
    route: '/create',
    fail: ['received prove from 3', { kind: 'misbehaviour', culprits: [3], check: 'mod proof' }],
    show: async (page) => {
      await create(page, 'failure')
      await expect(page.getByTestId('failure')).toContainText('server-2 failed a safety check')
    },
  },
  'creating failed, somebody missing': {
    route: '/create',
    fail: ['received prove from 3', { kind: 'timed-out', waitingFor: [2, 3], round: 'keygen 3' }],
    show: async (page) => {
      await create(page, 'failure')
      await expect(page.getByTestId('failure')).toContainText('No answer from server-1 and server-2')
    },
  },
  'create wallet with people': { route: '/create', show: (page) => inviteAna(page) },
  inviting: {
    route: '/create',
    hold: 'propose',
    show: async (page) => {
      await inviteAna(page)
      await create(page, 'invitation-4')
      await page.getByText('Show QR code').first().click()
      await expect(page.getByRole('img', { name: 'QR code of the invitation for Ana' })).toBeVisible()
      await expect(page.getByText(/^Waiting for .*Ana/).last()).toBeVisible()
    },
  },
  'comparing codes': {
    route: '/create',
    show: async (page) => {
      await inviteAna(page)
      await create(page, 'check-code')
    },
  },
  'codes differ': {
    route: '/create',
    show: async (page) => {
      await inviteAna(page)
      await create(page, 'check-code')
      await page.getByRole('button', { name: 'The codes differ' }).click()
      await expect(page.getByTestId('failure')).toBeVisible()
    },
  },
  join: { route: '/join', show: (page) => page.getByRole('button', { name: 'Open the invitation' }).waitFor() },
  'join, nonsense': {
    route: '/join/nonsense',
    show: (page) => expect(page.getByTestId('failure')).toContainText('This invitation cannot be used'),
  },
  invited: {
    route: `/join/${encodeInvitation(invitationTo(2 as PartyId))}`,
    show: (page) => expect(page.getByTestId('invited')).toContainText('2 of 3 sign together'),
  },
  requests: {
    wallets: 2,
    requests: true,
    route: '/requests',
    show: (page) => expect(page.getByRole('link', { name: 'Open the request' })).toHaveCount(2),
  },
  'requests that wait, and that have ended': {
    wallets: 1,
    wish: { waiting: '' },
    route: '/requests',
    show: (page) => expect(page.getByText('Ready: open Quorate to sign')).toBeVisible(),
  },
  'request that waits for us': {
    wallets: 1,
    wish: { waiting: '' },
    route: `/requests/${'1'.repeat(32)}`,
    show: (page) => expect(page.getByTestId('answer-3')).toContainText('Seen'),
  },
  'request of ours, rejected by one': {
    wallets: 1,
    wish: { waiting: '' },
    route: `/requests/${'2'.repeat(32)}`,
    show: (page) => expect(page.getByTestId('answer-3')).toContainText('“Let us wait for the second offer”'),
  },
  'request that was signed without us': {
    wallets: 1,
    wish: { waiting: '' },
    route: `/requests/${'4'.repeat(32)}`,
    show: (page) => expect(page.getByTestId('standing')).toContainText('Signed without you by Ana and Ben.'),
  },
  'request, rejecting it': {
    wallets: 1,
    wish: { waiting: '' },
    route: `/requests/${'1'.repeat(32)}`,
    show: async (page) => {
      await page.getByRole('button', { name: 'Reject …' }).click()
      await page.getByLabel('Reason (optional)').waitFor()
    },
  },
  'review, asking the others': {
    wallets: 1,
    wish: { waiting: '' },
    show: async (page) => {
      await reviewTransaction(page)
      await expect(page.getByRole('button', { name: 'Ask the others' })).toBeVisible()
    },
  },
  request: {
    wallets: 2,
    requests: true,
    route: `/requests/${'0'.repeat(32)}`,
    show: (page) => expect(page.getByTestId('request')).toContainText('The club agrees.'),
  },
  'request, raw digest': {
    wallets: 2,
    requests: true,
    route: `/requests/${'1'.repeat(32)}`,
    show: async (page) => {
      await expect(page.getByTestId('request')).toContainText('Nobody can see what this is')
      await expect(page.getByRole('button', { name: 'Approve and sign' })).toBeDisabled()
    },
  },
  created: { route: '/create', show: (page) => create(page, 'created') },
  wallets: { wallets: 3, show: (page) => page.getByRole('heading', { name: 'Wallets' }).waitFor() },
  'discard a wallet': { wallets: 3, show: (page) => page.getByRole('button', { name: 'Discard' }).click() },
  wallet: {
    wallets: 1,
    show: async (page) => {
      await openWallet(page)
      for (const chain of ['Ethereum', 'Bitcoin']) {
        await expect(page.getByRole('img', { name: `QR code of the ${chain} address` })).toBeVisible()
      }
    },
  },
  'receiving addresses': {
    wallets: 1,
    show: async (page) => {
      await openWallet(page)
      await page.getByRole('button', { name: 'Show addresses' }).click()
      await expect(page.getByTestId('receiving').getByRole('listitem')).toHaveCount(5)
      await expect(page.getByTestId('xpub')).toContainText('xpub')
      await expect(page.getByTestId('descriptor')).toContainText('/<0;1>/*)#')
      await expect(page.getByRole('img', { name: 'Output descriptor to scan' })).toBeVisible()
    },
  },
  'rules of the servers': {
    wallets: 1,
    wish: { rules: 'forged' },
    show: async (page) => {
      await openWallet(page)
      const strict = page.getByTestId('rules-2').getByRole('listitem')
      await expect(strict.filter({ hasText: 'Ethereum (chain 1)' })).toContainText('at most 0.1 ETH in 24 hours')
      await expect(strict.filter({ hasText: 'messages' })).toHaveText('It does not sign messages.')
      await expect(page.getByTestId('rules-3')).toContainText('What is shown as the rules of server-2 is not its word')
    },
  },
  'the coordinator is silent': { wallets: 1, silent: true, show: waitForSilence },
  'wallet, unlocked': { wallets: 1, show: unlockWallet },
  'sign, unlocked': { wallets: 1, show: signUnlocked },
  'check passphrase': { wallets: 1, show: checkWrongPassphrase },
  'passkey, not used': { wallets: 1, fail: ['authenticator create', passkeyUnused], show: addPasskey },
  'sign, with a passkey': { wallets: 1, passkey: true, show: reviewWithPasskey },
  'wallet with a passkey': { wallets: 1, passkey: true, show: openWallet },
  'sign, form': { wallets: 1, show: fillTransaction },
  'sign, pasted nonsense': { wallets: 1, show: pasteNonsense },
  'sign, message': { wallets: 1, show: reviewMessage },
  'sign, raw digest': { wallets: 1, show: reviewDigest },
  'sign, typed data': { wallets: 1, show: reviewPermit },
  'sign, payment': { wallets: 1, show: (page) => reviewPayment(page) },
  'sign, payment refused': { wallets: 1, show: pasteForeignPayment },
  'payment signed': { wallets: 1, show: signPayment },
  'sign, review': { wallets: 1, show: (page) => reviewTransaction(page) },
  'sign, refusal foretold': {
    wallets: 1,
    wish: { rules: 'told' },
    show: async (page) => {
      await reviewTransaction(page)
      await expect(page.getByTestId('foretold')).toContainText(
        /^server-1 will refuse: above 0\.1 ETH a day: 0 ETH are spent/,
      )
    },
  },
  'sign, contract call': { wallets: 1, show: reviewCall },
  signing: { wallets: 1, hold: 'received share from 2', show: (page) => sign(page, 'ceremony') },
  'perhaps signed': {
    wallets: 1,
    fail: ['received finish from 2', { kind: 'timed-out', waitingFor: [2], round: 'sign 9: signature share' }],
    async show(page) {
      await sign(page, 'failure')
      await expect(page.getByTestId('failure')).toContainText('Treat this as signed')
    },
  },
  signed: { wallets: 1, show: (page) => sign(page, 'signed') },
  'signed, to be broadcast': { wallets: 1, rpc: nodeOrigin, show: broadcastUnanswered },
  'payment signed, unclear whether sent': { wallets: 1, rpc: nodeOrigin, show: broadcastUnclear },
  'settings, with nodes': { wallets: 1, rpc: nodeOrigin, route: '/settings', show: chooseForeignNode },
  ...backupScreens,
  ...reshareScreens,
  'settings while signing': { wallets: 1, hold: 'received share from 2', show: settingsWhileSigning },
  'nothing there': { route: '/nowhere', show: (page) => page.getByText('Page not found').waitFor() },
}

test.describe.configure({ mode: 'parallel' })

for (const [i, [name, screen]] of Object.entries(screens).entries()) {
  test(name, async ({ page }) => {
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await page.setViewportSize({ width: 1100, height: 900 })
    await page.goto(address(screen))
    await screen.show(page)
    if (isDeep || i % 2 === 0) await inspect(page, name, desk)
    if (isDeep || i % 2 === 1) await inspect(page, name, phones[i % phones.length] ?? phones[0])
    expect(complaints).toEqual([])
  })
}

async function inspect(
  page: Page,
  name: string,
  { colorScheme, width, language }: typeof desk | (typeof phones)[number],
) {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await page.setViewportSize({ width, height: 900 })
  await page.evaluate((chosen) => {
    dispatchEvent(new CustomEvent('prefer-language', { detail: chosen }))
  }, language)
  await expect(page.locator('html')).toHaveAttribute('lang', language)
  const folder = process.env['SCREENSHOTS']
  if (folder !== undefined) {
    const path = `${folder}/${name.replace(/\W+/g, '-')}-${language}-${colorScheme}-${width}.png`
    await page.screenshot({ path, fullPage: true })
  }
  // The legacy mode needs no second page; there are no frames to look into.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(rules).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  if (width !== desk.width) expect(await page.evaluate(hardToTouch, fingertip)).toEqual([])
}

function address({
  wallets = 0,
  requests = false,
  passkey = false,
  silent = false,
  keeping,
  rpc,
  wish: more = {},
  route = '',
  hold = '',
  fail,
}: Screen): string {
  const wish = new URLSearchParams({ wallets: String(wallets), hold, ...more })
  if (requests) wish.set('requests', '')
  if (passkey) wish.set('passkey', '')
  if (silent) wish.set('silent', '')
  if (keeping !== undefined) wish.set('keeping', keeping)
  if (rpc !== undefined) wish.set('rpc', rpc)
  if (fail !== undefined) {
    wish.set('fail', fail[0])
    wish.set('failure', JSON.stringify(fail[1]))
  }
  return testPage(`screens.html?${wish.toString()}#${route}`)
}

async function typePassphrase(page: Page): Promise<void> {
  await fill(page, { Passphrase: passphrase })
  await expect(page.getByTestId('strength')).toContainText('very hard to guess')
}

async function submitEmpty(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Create the wallet' }).click()
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused()
  await expect(page.getByText('Give the wallet a name.')).toBeVisible()
}

async function inviteAna(page: Page): Promise<void> {
  await invite(page)
  await page.getByLabel('How many sign together').selectOption('2')
  await expect(page.getByRole('heading', { name: 'What 2 of 4 means for your money' })).toBeVisible()
}

async function create(page: Page, end: string): Promise<void> {
  await fillNewWallet(page)
  await page.getByRole('button', { name: 'Create the wallet' }).click()
  await page.getByTestId(end).waitFor()
}

async function waitForSilence(page: Page): Promise<void> {
  await expect(page.getByTestId('connection')).toContainText(
    'The coordinator is not responding. You can view your wallets',
  )
}

async function checkWrongPassphrase(page: Page): Promise<void> {
  await openWallet(page)
  await page.getByRole('button', { name: 'Check passphrase' }).click()
  await fill(page, { 'Passphrase of this wallet': 'wrong' })
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await page.getByText('The passphrase is wrong').waitFor()
}

async function unlockWallet(page: Page): Promise<void> {
  await reviewMessage(page)
  await page.getByLabel('Keep this wallet unlocked').selectOption('For 5 minutes')
  await signNow(page)
  await page.getByRole('link', { name: 'Back to the wallet' }).click()
  await page.getByTestId('unlocked').waitFor()
}

async function signUnlocked(page: Page): Promise<void> {
  await unlockWallet(page)
  await page.getByRole('link', { name: 'Wallets', exact: true }).first().click()
  await reviewMessage(page)
  await page.getByTestId('unlocked').waitFor()
}

async function addPasskey(page: Page): Promise<void> {
  await openWallet(page)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await fill(page, { 'Passphrase of this wallet': passphrase })
  await page.getByRole('button', { name: 'Add the passkey' }).click()
  await page.getByText('The passkey was not used').waitFor()
}

async function reviewWithPasskey(page: Page): Promise<void> {
  await reviewMessage(page)
  await page.getByRole('button', { name: 'Sign with passkey' }).waitFor()
}

async function reviewCall(page: Page): Promise<void> {
  const spender = `${'00'.repeat(12)}${'5b'.repeat(20)}`
  const change = { 'Amount in ETH': '0', 'Gas limit': '90000' }
  await reviewTransaction(page, { ...change, Data: `0x095ea7b3${spender}${'ff'.repeat(32)}` })
  await expect(page.getByTestId('review')).toContainText('Let somebody spend tokens')
  await expect(page.getByText('This lets somebody else spend all tokens')).toBeVisible()
}

async function reviewMessage(page: Page): Promise<void> {
  await openSign(page)
  await page.getByRole('radio', { name: 'Ethereum message' }).check()
  await page.getByRole('textbox').fill('I agree\u202e to pay\n\nNetwork\nnone')
  await page.getByRole('button', { name: 'Review' }).click()
  // In a frame of its own, with what it wants to pass for a row of ours.
  const quoted = page.getByTestId('review').getByRole('region', { name: 'Text' })
  await expect(quoted).toHaveText('I agree‹U+202E› to pay\n\nNetwork\nnone')
}

async function reviewDigest(page: Page): Promise<void> {
  await openSign(page)
  await page.getByRole('radio', { name: 'Raw digest' }).check()
  await fill(page, { Digest: `0x${'5d'.repeat(32)}` })
  await page.getByRole('button', { name: 'Review' }).click()
  const sign = page.getByRole('button', { name: 'Sign now' })
  await expect(sign).toBeDisabled()
  await page.getByLabel('To go on, type').fill('I sign blind')
  await expect(sign).toBeEnabled()
}

async function reviewPermit(page: Page): Promise<void> {
  const address = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
  const fields = { owner: 'address', spender: 'address', value: 'uint256', nonce: 'uint256', deadline: 'uint256' }
  const permit = {
    types: { Permit: Object.entries(fields).map(([name, type]) => ({ name, type })) },
    primaryType: 'Permit',
    domain: { name: 'USD Coin', version: '2', chainId: 1, verifyingContract: address },
    message: { owner: address, spender: address, value: (2n ** 256n - 1n).toString(), nonce: 0, deadline: 1900000000 },
  }
  await openSign(page)
  await page.getByRole('radio', { name: 'Typed data' }).check()
  await page.getByLabel('Typed data', { exact: true }).fill(JSON.stringify(permit))
  await page.getByRole('button', { name: 'Review' }).click()
  await expect(page.getByTestId('review')).toContainText('somebody else can take tokens of this wallet')
  await expect(page.getByTestId('review')).toContainText('Ethereum (chain 1)')
  await expect(page.getByTestId('review')).toContainText(/1900000000Mar 1[78], 2030/)
}

async function pasteForeignPayment(page: Page): Promise<void> {
  await reviewPayment(page, secp256k1.getPublicKey(sha256(utf8ToBytes('another'))))
  await expect(page.getByRole('alert')).toContainText(/input 1 \(“bc1q\w+”\) is not of this wallet/)
}

async function signPayment(page: Page): Promise<void> {
  await reviewPayment(page)
  await signNow(page)
  await page.getByTestId('psbt').waitFor()
  await page.getByText('The signature, part by part').click()
  await expect(page.getByTestId('der-2')).toBeVisible()
}

async function pasteNonsense(page: Page): Promise<void> {
  await openSign(page)
  await page.getByRole('radio', { name: 'Pasted transaction' }).check()
  await page.getByRole('textbox').fill('0x02c0')
  await page.getByRole('button', { name: 'Review' }).click()
  await expect(page.getByRole('alert')).toContainText('does not have the right number of fields')
}

async function sign(page: Page, end: string): Promise<void> {
  await reviewTransaction(page)
  await signNow(page)
  await page.getByTestId(end).waitFor()
}

async function chooseForeignNode(page: Page): Promise<void> {
  await fill(page, { 'Bitcoin node': `${nodeOrigin}/api` })
  await chooseNode(page, 'Ethereum node', 'https://elsewhere.example')
  await page.getByText('Not an address at one of the nodes').waitFor()
}

async function broadcastUnanswered(page: Page): Promise<void> {
  await page.route(`${nodeOrigin}/**`, (route) => route.fulfill({ body: 'not a node' }))
  await sign(page, 'signed')
  await page.getByRole('link', { name: 'To the settings' }).click()
  await chooseNode(page, 'Ethereum node', `${nodeOrigin}/key`)
  await page.goBack()
  await page.getByRole('button', { name: 'Broadcast' }).click()
  await page.getByText('The node did not answer').waitFor()
}

async function broadcastUnclear(page: Page): Promise<void> {
  const firstBlock = '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f'
  await page.route(`${nodeOrigin}/api/block-height/0`, (route) => route.fulfill({ body: firstBlock }))
  await page.route(`${nodeOrigin}/api/tx`, (route) => route.fulfill({ body: 'ab'.repeat(32) }))
  await signPayment(page)
  await page.getByRole('link', { name: 'To the settings' }).click()
  await chooseNode(page, 'Bitcoin node', `${nodeOrigin}/api`)
  await page.goBack()
  await page.getByRole('button', { name: 'Broadcast' }).click()
  await page.getByText('It is not clear whether it was sent').waitFor()
}

async function settingsWhileSigning(page: Page): Promise<void> {
  await sign(page, 'ceremony')
  await page.getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
  await expect(page.getByText('is in progress')).toBeVisible()
}
