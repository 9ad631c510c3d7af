import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { keccak256, type Hex } from 'viem'
import { serveWebApp } from '../coordinator-stub/webApp.ts'
import { testPage } from './testPages.ts'

// A signed transaction is sent to a node that answers as geth does: when the person says so, and at no other time.

const passphrase = 'river copper lantern walk'
let node: Server
let nodeUrl: string
const asked: { readonly method: string; readonly params: readonly string[] }[] = []
let chainId = '0x1'
let refusal: string | undefined

test.beforeAll(async () => {
  node = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'content-type')
    response.setHeader('cross-origin-resource-policy', 'cross-origin')
    if (request.method === 'OPTIONS') {
      response.end()
      return
    }
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const call = JSON.parse(Buffer.concat(parts).toString()) as { id: number; method: string; params: string[] }
      asked.push({ method: call.method, params: call.params })
      const hash = () => keccak256((call.params[0] ?? '0x') as Hex)
      const outcome =
        call.method === 'eth_chainId'
          ? { result: chainId }
          : refusal === undefined
            ? { result: hash() }
            : { error: { code: -32000, message: refusal } }
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, ...outcome }))
    })
  })
  nodeUrl = await listening(node)
})
test.afterAll(() => {
  node.close()
})

async function listening(server: Server): Promise<string> {
  await new Promise<void>((heard) => server.listen(0, '127.0.0.1', heard))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function signed(page: Page): Promise<void> {
  await page.goto(testPage(`screens.html?wallets=1&rpc=${encodeURIComponent(nodeUrl)}`))
  await page.getByRole('link', { name: /Family savings/ }).click()
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
  await page.getByLabel('Passphrase of this wallet', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Sign now' }).click()
  await page.getByTestId('signed').waitFor()
}

test('a node is chosen in the settings among the allowed ones, and gets the transaction by a click only', async ({
  page,
}) => {
  await signed(page)
  const panel = page.getByTestId('broadcast')
  await expect(panel).toContainText('Choose a node in the settings')
  await panel.getByRole('link', { name: 'To the settings' }).click()
  const field = page.getByLabel('Ethereum node for sending')
  await field.fill('https://elsewhere.example')
  await page.getByRole('button', { name: 'Use this node' }).click()
  await expect(page.getByText('Not an address at one of the nodes')).toBeVisible()
  await field.fill(`${nodeUrl}/key`)
  await page.getByRole('button', { name: 'Use this node' }).click()
  await page.goBack()
  await expect(panel).toContainText('It cannot be taken back')
  expect(asked).toEqual([])

  chainId = '0x5'
  await panel.getByRole('button', { name: 'Broadcast' }).click()
  await expect(panel).toContainText('of another network, chain 5')
  expect(asked.map(({ method }) => method)).toEqual(['eth_chainId'])

  chainId = '0x1'
  refusal = '<b>insufficient funds</b>\u202e'
  await panel.getByRole('button', { name: 'Broadcast' }).click()
  await expect(panel).toContainText('It says: “<b>insufficient funds</b>‹U+202E›”')

  refusal = undefined
  await panel.getByRole('button', { name: 'Broadcast' }).click()
  await expect(panel).toContainText('The node has taken it')
  await expect(panel.getByRole('button', { name: 'Broadcast' })).toBeDisabled()
  const raw = (await page.getByTestId('raw-transaction').textContent())?.trim()
  expect(asked.at(-1)).toEqual({ method: 'eth_sendRawTransaction', params: [raw] })
  await expect(page.getByTestId('transaction-hash')).toContainText(keccak256(raw as Hex))
})

test('the policy lets the page talk to the nodes that the operator lists, and to no other', async ({ page }) => {
  const other = createServer((_request, response) => response.end())
  const folder = join(resolve(import.meta.dirname, '..'), 'dist')
  const documents = { '/rpc.json': () => JSON.stringify({ rpcOrigins: [nodeUrl] }) }
  const app = createServer((request, response) => {
    void serveWebApp({ folder, documents, rpcOrigins: [nodeUrl] }, request, response)
  })
  const [appUrl, otherUrl] = [await listening(app), await listening(other)]
  await page.goto(`${appUrl}/rpc.json`)
  const reach = (url: string) =>
    page.evaluate(async (to) => {
      const body = '{"id":1,"method":"eth_chainId","params":[]}'
      return fetch(to, { method: 'POST', body }).then(
        () => 'reached',
        () => 'blocked',
      )
    }, url)
  expect([await reach(nodeUrl), await reach(otherUrl)]).toEqual(['reached', 'blocked'])
  app.close()
  other.close()
})
