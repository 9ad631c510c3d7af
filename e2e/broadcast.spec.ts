import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test, type Page } from '@playwright/test'
import { keccak256, type Hex } from 'viem'
import { serveWebApp } from '../coordinator-stub/http/webApp.ts'
import { bitcoinId } from '../tss-wasm/test/content/bitcoinNode.ts'
import { chooseNode, reviewPayment, reviewTransaction, signNow } from './steps.ts'
import { testPage } from './testPages.ts'

// A signed transaction is sent to a node that answers as geth does: when the person says so, and at no other time.

const firstBlock = '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f'
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
  await reviewTransaction(page)
  await signNow(page)
  await page.getByTestId('signed').waitFor()
}

test('a node is chosen in the settings among the allowed ones, and gets the transaction by a click only', async ({
  page,
}) => {
  await signed(page)
  const panel = page.getByTestId('broadcast')
  await expect(panel).toContainText('Choose a node in the settings')
  await panel.getByRole('link', { name: 'To the settings' }).click()
  await chooseNode(page, 'Ethereum node', 'https://elsewhere.example')
  await expect(page.getByText('Not an address at one of the nodes')).toBeVisible()
  await chooseNode(page, 'Ethereum node', `${nodeUrl}/key`)
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

test('a Bitcoin payment is sent to an Esplora API by a click only; sent twice it is sent, and a refusal is shown as text', async ({
  page,
}) => {
  const calls: { readonly call: string; readonly body: string }[] = []
  let answer: readonly [status: number, body: string]
  const esplora = createServer((request, response) => {
    void text(request).then((body) => {
      calls.push({ call: `${request.method} ${request.url}`, body })
      const [status, said] = request.method === 'GET' ? [200, firstBlock] : answer
      const headers = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }
      response.writeHead(status, headers).end(said)
    })
  })
  const esploraUrl = await listening(esplora)
  await page.goto(testPage(`screens.html?wallets=1&rpc=${encodeURIComponent(esploraUrl)}`))
  await reviewPayment(page)
  await signNow(page)
  const panel = page.getByTestId('broadcast')
  await panel.getByRole('link', { name: 'To the settings' }).click()
  await chooseNode(page, 'Bitcoin node', `${esploraUrl}/api/`)
  await page.goBack()
  await expect(panel).toContainText('It cannot be taken back')
  expect(calls).toEqual([])
  const send = panel.getByRole('button', { name: 'Broadcast' })

  answer = [400, 'sendrawtransaction RPC error: {"code":-26,"message":"<b>min relay fee</b>\u202e"}']
  await send.click()
  await expect(panel).toContainText('"<b>min relay fee</b>‹U+202E›"')
  answer = [504, 'gateway timeout']
  await send.click()
  await expect(panel).toContainText('Sending the very same transaction again does no harm')
  answer = [400, 'sendrawtransaction RPC error: {"code":-27,"message":"Transaction outputs already in utxo set"}']
  await send.click()
  await expect(panel).toContainText('The node has taken it')
  await expect(send).toBeDisabled()

  const raw = (await page.getByTestId('raw-transaction').textContent())?.trim() ?? ''
  expect(calls.slice(-2)).toEqual([
    { call: 'GET /api/block-height/0', body: '' },
    { call: 'POST /api/tx', body: raw },
  ])
  await expect(page.getByTestId('transaction-hash')).toContainText(bitcoinId(raw))
  esplora.close()
})

test('the policy lets the page talk to the nodes that the operator lists, and to no other', async ({ page }) => {
  const other = createServer((_request, response) => response.end())
  const folder = join(resolve(import.meta.dirname, '..'), 'dist')
  const documents = { '/rpc.json': () => JSON.stringify({ rpcOrigins: [nodeUrl] }) }
  const serve = serveWebApp({ folder, documents, rpcOrigins: [nodeUrl] })
  const app = createServer((request, response) => void serve(request, response))
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
