// npm run guide: takes the pictures of docs/GUIDE.md anew, from the app's own screens on in-memory doubles.
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium, type Locator, type Page } from '@playwright/test'
import { chooseNode, fillNewWallet, invite, openWallet, reviewTransaction, signNow } from '../e2e/steps.ts'
import { encodeInvitation } from '../tss-wasm/identity/invitation.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { invitationTo } from '../web/test/doubles.ts'
import { serveTestPages } from '../web/test/viteServer.ts'
import { browserArguments, ensureBrowser } from './browser.ts'

const folder = resolve(import.meta.dirname, '../docs/images/guide')

interface Picture {
  readonly wish?: string
  readonly route?: string
  readonly show: (page: Page) => Promise<unknown>
  /** Of the screen; left out for the whole of it. */
  readonly part?: (page: Page) => Locator
}

const node = 'https://node.example'

const pictures: Readonly<Record<string, Picture>> = {
  welcome: { show: (page) => page.getByRole('link', { name: 'Create a wallet' }).waitFor() },
  create: { route: '/create', show: fillForm },
  invite: {
    route: '/create',
    wish: 'hold=propose',
    async show(page) {
      await fillForm(page)
      await page.getByRole('button', { name: 'Create the wallet' }).click()
      await page.getByTestId('invitation-4').waitFor()
    },
  },
  join: {
    route: `/join/${encodeInvitation(invitationTo(2 as PartyId))}`,
    show: (page) => page.getByTestId('invited').waitFor(),
  },
  codes: {
    route: '/create',
    async show(page) {
      await fillForm(page)
      await page.getByRole('button', { name: 'Create the wallet' }).click()
      await page.getByTestId('check-code').waitFor()
    },
  },
  wallet: { wish: 'wallets=1', show: openWallet },
  sign: {
    wish: 'wallets=1',
    show: (page) => reviewTransaction(page),
  },
  passkey: {
    wish: 'wallets=1&passkey=',
    async show(page) {
      await reviewTransaction(page)
      await page.getByRole('button', { name: 'Sign with passkey' }).waitFor()
    },
    part: (page) => page.locator('form'),
  },
  broadcast: {
    wish: `wallets=1&rpc=${node}`,
    show: signAndChooseNode,
  },
  approve: {
    wish: 'wallets=1&requests=',
    route: `/requests/${'0'.repeat(32)}`,
    show: (page) => page.getByTestId('request').waitFor(),
  },
  backup: {
    wish: 'wallets=1',
    async show(page) {
      await openWallet(page)
      await page.getByRole('link', { name: 'Backup', exact: true }).click()
      await page.getByRole('heading', { name: 'Make a backup' }).waitFor()
    },
  },
  restore: { route: '/restore', show: (page) => page.getByRole('heading', { name: 'Restore a wallet' }).waitFor() },
  settings: {
    route: '/settings',
    wish: 'wallets=1',
    show: (page) => page.getByText('relaxed SIMD').waitFor(),
  },
}

/** With Ana, and with a passphrase that was judged. */
async function fillForm(page: Page): Promise<void> {
  await invite(page)
  await fillNewWallet(page)
  await page.getByText('very hard to guess').waitFor()
}

/** Up to the button that sends what was signed. */
async function signAndChooseNode(page: Page): Promise<void> {
  await reviewTransaction(page)
  await signNow(page)
  await page.getByRole('link', { name: 'To the settings' }).click()
  await chooseNode(page, 'Ethereum node', node)
  await page.goBack()
  await page.getByRole('button', { name: 'Broadcast' }).waitFor()
  await page.getByText('Nodes saved.').waitFor({ state: 'hidden' })
}

mkdirSync(folder, { recursive: true })
await using server = await serveTestPages()
const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: browserArguments })
try {
  for (const [name, { wish = '', route = '', show, part }] of Object.entries(pictures)) {
    const context = await browser.newContext({ viewport: { width: 800, height: 600 }, reducedMotion: 'reduce' })
    const page = await context.newPage()
    await page.goto(`${server.url}/screens.html?${wish}#${route}`)
    await show(page)
    const path = join(folder, `${name}.png`)
    await (part === undefined ? page.screenshot({ path, fullPage: true }) : part(page).screenshot({ path }))
    await context.close()
    console.log(name)
  }
} finally {
  await browser.close()
}
