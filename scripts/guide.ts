// npm run guide: takes the pictures of docs/GUIDE.md anew, from the app's own screens on in-memory doubles.
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { encodeInvitation } from '../tss-wasm/identity/invitation.ts'
import type { PartyId } from '../tss-wasm/round/channel.ts'
import { invitationTo } from '../web/test/doubles.ts'
import { serveTestPages } from '../web/test/viteServer.ts'
import { browserArguments, ensureBrowser } from './browser.mjs'

const folder = resolve(import.meta.dirname, '../docs/images/guide')
const passphrase = 'river copper lantern walk'

interface Picture {
  readonly wish?: string
  readonly route?: string
  readonly show: (page: Page) => Promise<unknown>
}

const pictures: Readonly<Record<string, Picture>> = {
  welcome: { show: (page) => page.getByRole('link', { name: 'Create a wallet' }).waitFor() },
  create: { route: '/create', show: fillNewWallet },
  invite: {
    route: '/create',
    wish: 'hold=propose',
    async show(page) {
      await fillNewWallet(page)
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
      await fillNewWallet(page)
      await page.getByRole('button', { name: 'Create the wallet' }).click()
      await page.getByTestId('check-code').waitFor()
    },
  },
  wallet: { wish: 'wallets=1', show: openWallet },
  sign: {
    wish: 'wallets=1',
    async show(page) {
      await openWallet(page)
      await page.getByRole('link', { name: 'Sign', exact: true }).click()
      const fields = {
        Recipient: '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045',
        'Amount in ETH': '1.5',
        Nonce: '7',
        'Highest fee per gas, in gwei': '30',
        'Of which tip, in gwei': '1.5',
      }
      for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value)
      await page.getByRole('button', { name: 'Review' }).click()
      await page.getByTestId('review').waitFor()
    },
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

async function fillNewWallet(page: Page): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill('Family savings')
  await page.getByRole('button', { name: 'Invite a person' }).click()
  await page.getByLabel('Name of person 1', { exact: true }).fill('Ana')
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByLabel('Repeat the passphrase', { exact: true }).fill(passphrase)
  await page.getByText('very hard to guess').waitFor()
}

async function openWallet(page: Page): Promise<void> {
  await page.getByRole('link', { name: /Family savings/ }).click()
  await page.getByTestId('address').waitFor()
}

mkdirSync(folder, { recursive: true })
await using server = await serveTestPages()
const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: browserArguments })
try {
  for (const [name, { wish = '', route = '', show }] of Object.entries(pictures)) {
    const context = await browser.newContext({ viewport: { width: 800, height: 600 }, reducedMotion: 'reduce' })
    const page = await context.newPage()
    await page.goto(`${server.url}/screens.html?${wish}#${route}`)
    await show(page)
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
    await context.close()
    console.log(name)
  }
} finally {
  await browser.close()
}
