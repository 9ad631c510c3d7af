import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, suite, test } from 'node:test'
import { text } from 'node:stream/consumers'
import { broadcast } from '../jobs/broadcast.ts'
import { bitcoinNode } from '../platform/browser/bitcoinNode.ts'
import { ethereumNode } from '../../chain/http/ethereumNode.ts'

// Against a server on this machine that answers as Esplora does, or as no node should.

const tx = { network: 'bitcoin', raw: '0200000000010100', transactionHash: 'ab'.repeat(32) } as const
const firstBlock = '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f'

/** Null: the connection is cut. */
type Answer = readonly [status: number, body: string | Uint8Array] | null
let first: Answer
let sent: Answer
let asked: { readonly call: string; readonly body: string; readonly type: string | undefined }[]
beforeEach(() => {
  first = [200, firstBlock]
  sent = [200, `${tx.transactionHash}\n`]
  asked = []
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request)
  asked.push({ call: `${request.method} ${request.url}`, body, type: request.headers['content-type'] })
  const said = request.method === 'GET' ? first : sent
  if (said === null) request.socket.destroy()
  else response.writeHead(said[0], { location: '/elsewhere' }).end(said[1])
}

const server = createServer((request, response) => {
  void answer(request, response)
})
let origin: string
before(async () => {
  await new Promise<void>((heard) => server.listen(0, '127.0.0.1', heard))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  server.close()
  server.closeAllConnections()
})

const send = async (url = `${origin}/api`, bitcoin = bitcoinNode()) =>
  broadcast({ bitcoin, ethereum: ethereumNode() }, url, tx)
const refusal = (code: number, message: string): Answer => [
  400,
  `sendrawtransaction RPC error: ${JSON.stringify({ code, message })}`,
]

suite('broadcasting a signed Bitcoin payment', () => {
  test('asks for the first block, sends the hex as plain text, and believes only the id that was computed here', async () => {
    assert.deepEqual(await send(), { type: 'sent' })
    assert.deepEqual(asked, [
      { call: 'GET /api/block-height/0', body: '', type: undefined },
      { call: 'POST /api/tx', body: tx.raw, type: 'text/plain' },
    ])
    sent = [200, 'cd'.repeat(32)]
    assert.deepEqual(await send(), { type: 'unclear' })
  })

  test('an address may end in a slash, and have a key of the service', async () => {
    for (const url of [`${origin}/api/`, `${origin}/api?key=1`, origin]) await send(url)
    assert.deepEqual(
      asked.map(({ call }) => call.replace('GET ', '')).filter((call) => !call.startsWith('POST')),
      ['/api/block-height/0', '/api/block-height/0?key=1', '/block-height/0'],
    )
  })

  test('sends nothing to a node of another network', async () => {
    first = [200, '000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943'] // testnet3
    assert.deepEqual(await send(), { type: 'other-chain' })
    assert.equal(asked.length, 1)
  })

  test('sends nothing to what does not answer as Esplora does', async () => {
    const wrong: readonly Answer[] = [
      null,
      [404, 'no'],
      [200, '<html>'],
      [200, ''],
      [502, firstBlock],
      [302, firstBlock],
    ]
    for (const said of wrong) {
      first = said
      assert.deepEqual(await send(), { type: 'unreachable' }, JSON.stringify(said))
    }
    assert.ok(asked.every(({ call }) => call === 'GET /api/block-height/0'))
  })

  test('a refusal is in the words of the node, of bounded length', async () => {
    sent = refusal(-26, 'min relay fee not met, 14 < 141')
    const words = 'sendrawtransaction RPC error: {"code":-26,"message":"min relay fee not met, 14 < 141"}'
    assert.deepEqual(await send(), { type: 'refused', words })
    sent = refusal(-25, 'x'.repeat(5000))
    const long = await send()
    assert.equal(long.type === 'refused' && long.words.length, 300)
    sent = [429, '']
    assert.deepEqual(await send(), { type: 'refused', words: 'HTTP 429' })
  })

  test('what the node has already is sent: in its pool, or in a block', async () => {
    const known = [
      refusal(-27, 'Transaction already in block chain'),
      refusal(-27, 'Transaction outputs already in utxo set'),
      refusal(-26, 'txn-already-in-mempool'),
      refusal(-26, 'txn-already-known'),
    ]
    for (const said of known) {
      sent = said
      assert.deepEqual(await send(), { type: 'sent' }, JSON.stringify(said))
    }
    for (const said of [refusal(-270, 'no'), refusal(-25, 'bad-txns-inputs-missingorspent')]) {
      sent = said
      assert.equal((await send()).type, 'refused', JSON.stringify(said))
    }
  })

  test('after sending, what is no answer leaves it unclear', async () => {
    const wrong: readonly Answer[] = [
      null,
      [200, ''],
      [200, '<html>'],
      [200, `${tx.transactionHash} and more`],
      [200, tx.transactionHash.slice(2)],
      [200, tx.transactionHash + ' '.repeat(270_000)],
      [200, Uint8Array.of(0xff, 0xfe)],
      [302, tx.transactionHash],
      [400, 'x'.repeat(270_000)],
      [500, 'internal'],
      [504, 'gateway timeout'],
    ]
    for (const said of wrong) {
      sent = said
      assert.deepEqual(await send(), { type: 'unclear' }, String(said).slice(0, 60))
    }
  })

  test('a node that does not answer in time is not waited for', async () => {
    const never: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => {
          reject(new Error('timed out'))
        })
      })
    assert.deepEqual(await send(origin, bitcoinNode(never, 1)), { type: 'unreachable' })
  })
})
