import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { verifyMessage, type Hex } from 'viem'
import { crossOrigin } from '../coordinator-stub/http/crossOrigin.ts'
import { serveAppAlone } from '../coordinator-stub/http/appAlone.ts'
import { temporaryFolder } from '../testkit/harness.ts'
import { runningStack } from '../testkit/running.ts'
import { invitationLink } from '../tss-wasm/identity/invitation.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { invitationTo } from '../web/test/doubles.ts'
import { choosePassphrase, passphrase, patience, valueOf } from './people.ts'
import { stockedPage } from './stockedPage.ts'

// The app from an origin of its own, beside a coordinator that serves no app: its person chooses the coordinator, and nobody
// else changes it.

interface Listening extends AsyncDisposable {
  readonly url: string
  serve(handle: RequestListener): void
}

async function listening(): Promise<Listening> {
  let handle: RequestListener = (_, response) => response.writeHead(503).end()
  const server = createServer((request, response) => {
    handle(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    serve(next) {
      handle = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

async function openInvitation(page: Page, link: string): Promise<void> {
  await page.goto(page.url().replace(/#.*$/, '#/join'))
  await page.getByLabel('Invitation', { exact: true }).fill(link)
  await page.getByRole('button', { name: 'Open the invitation' }).click()
}

test('an app of another origin makes a wallet and signs over the coordinator that its person chose, and asks before it changes', async ({
  browser,
}) => {
  await using app = await listening()
  await using elsewhere = await listening()
  await using beyond = await listening()
  await using folder = await temporaryFolder()
  await using stack = await runningStack({
    dataFolder: folder.path,
    corsOrigins: app.url,
    roundDeadlineSeconds: 60,
  })
  const calls = { elsewhere: 0, beyond: 0 }
  const allowing = crossOrigin([app.url])
  elsewhere.serve((request, response) => {
    if (allowing(request, response)) return
    calls.elsewhere += 1
    response.writeHead(307, { location: `${beyond.url}${request.url ?? ''}` }).end()
  })
  beyond.serve((request, response) => {
    calls.beyond += 1
    if (!allowing(request, response)) response.writeHead(503).end()
  })
  const serve = serveAppAlone({
    folder: resolve(import.meta.dirname, '../dist'),
    coordinators: [stack.url, elsewhere.url, beyond.url],
    parties: stack.parties,
    rpcOrigins: [],
    descriptions: '{"descriptions":[]}',
  })
  app.serve((request, response) => {
    void serve(request, response)
  })

  const page = await stockedPage(browser, app.url, [0, 0])
  await expect(page.getByRole('heading', { name: 'Choose a coordinator' })).toBeVisible()
  await page.getByLabel('Coordinator', { exact: true }).selectOption(stack.url)
  await page.getByRole('button', { name: 'Use this coordinator' }).click()
  await page.getByRole('link', { name: 'Create a wallet' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill('Beside')
  await choosePassphrase(page)
  await page.getByRole('button', { name: 'Create the wallet' }).click()
  await expect(page.getByRole('heading', { name: 'Your wallet is ready' })).toBeVisible({ timeout: patience })
  const address = /0x[0-9a-fA-F]{40}/.exec((await page.getByRole('main').textContent()) ?? '')?.[0] as Hex

  await page.goto(app.url)
  await page.reload()
  await page.getByRole('link', { name: /Beside/ }).click()
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  await page.getByRole('radio', { name: 'Ethereum message' }).check({ force: true })
  const message = 'From an origin of its own.'
  await page.getByRole('textbox', { name: 'Message' }).fill(message)
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('textbox', { name: 'Passphrase of this wallet' }).fill(passphrase)
  await page.getByRole('button', { name: 'Sign now' }).click()
  await expect(page.getByRole('heading', { name: 'Signed' })).toBeVisible()
  const signature = (await valueOf(page, 'signature')) as Hex
  expect(await verifyMessage({ address, message, signature })).toBe(true)

  const invitation = invitationTo(2 as PartyId)
  await openInvitation(page, invitationLink(app.url, invitation, 'http://localhost:9'))
  await expect(page.getByTestId('failure'), 'one that is not offered').toContainText('for another address')
  await page.getByRole('button', { name: 'Use another invitation' }).click()

  await openInvitation(page, invitationLink(app.url, invitation, elsewhere.url))
  const asked = page.getByRole('alert')
  await expect(asked).toContainText('This invitation is for another coordinator')
  await expect(asked).toContainText(`The invitation is for ${elsewhere.url}. This device uses ${stack.url}.`)
  expect(calls, 'nobody is asked before its person has agreed').toEqual({ elsewhere: 0, beyond: 0 })
  await page.getByRole('button', { name: `Use ${elsewhere.url} from now on` }).click()
  await expect.poll(() => calls.elsewhere).toBeGreaterThan(1)
  expect(calls.beyond, 'a coordinator cannot send the app to another one').toBe(0)
  await page.context().close()
})
