import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { broadcast, isAllowedNode } from '../jobs/broadcast.ts'
import { bitcoinNode } from '../platform/browser/bitcoinNode.ts'
import { ethereumNode } from '../../chain/http/ethereumNode.ts'
import type { AskRpc } from '../../chain/evm/node.ts'

const tx = { network: 'ethereum', chainId: 1n, raw: '0x02f8', transactionHash: `0x${'ab'.repeat(32)}` } as const
const send = async (ethereum: AskRpc) => broadcast({ ethereum, bitcoin: bitcoinNode() }, 'https://node.example/', tx)

interface Asked {
  readonly method: string
  readonly params: readonly string[]
  readonly init: RequestInit
}

/** A node that answers the calls in turn: an object as JSON-RPC, a text as it is, an error as a broken connection. */
function nodeSaying(...answers: readonly unknown[]) {
  const asked: Asked[] = []
  const ask: typeof fetch = (_url, init = {}) => {
    const { method, params } = JSON.parse(init.body as string) as Asked
    const answer = answers[asked.length]
    asked.push({ method, params, init })
    if (answer instanceof Error || answer === undefined) return Promise.reject(answer ?? new Error('asked too often'))
    const text = typeof answer === 'string' ? answer : JSON.stringify({ jsonrpc: '2.0', id: 1, ...answer })
    return Promise.resolve(new Response(text))
  }
  return { asked, node: ethereumNode(ask, 1000) }
}

const onMain = { result: '0x1' }

suite('broadcasting a signed Ethereum transaction', () => {
  test('asks for the chain, sends, and believes the node only the hash that was computed here', async () => {
    const { asked, node } = nodeSaying(onMain, { result: tx.transactionHash.toUpperCase().replace('0X', '0x') })
    assert.deepEqual(await send(node), { type: 'sent' })
    assert.deepEqual(
      asked.map(({ method, params }) => [method, params]),
      [
        ['eth_chainId', []],
        ['eth_sendRawTransaction', [tx.raw]],
      ],
    )
    for (const { init } of asked) {
      const { credentials, redirect, referrerPolicy } = init
      assert.deepEqual([credentials, redirect, referrerPolicy], ['omit', 'error', 'no-referrer'])
    }
    const other = nodeSaying(onMain, { result: `0x${'cd'.repeat(32)}` })
    assert.deepEqual(await send(other.node), { type: 'unclear' })
  })

  test('sends nothing to a node of another chain', async () => {
    const { asked, node } = nodeSaying({ result: '0xaa36a7' })
    assert.deepEqual(await send(node), { type: 'other-chain', chainId: 11155111n })
    assert.equal(asked.length, 1)
  })

  test('a refusal is in the words of the node, of bounded length', async () => {
    const error = (message: string) => ({ error: { code: -32000, message } })
    const low = nodeSaying(onMain, error('insufficient funds for gas * price + value'))
    const words = 'insufficient funds for gas * price + value'
    assert.deepEqual(await send(low.node), { type: 'refused', words })
    const long = await send(nodeSaying(onMain, error('x'.repeat(5000))).node)
    assert.equal(long.type === 'refused' && long.words.length, 300)
  })

  test('what the node has already is sent, in whichever words it says so', async () => {
    const words = ['already known', 'ALREADY_EXISTS: already known', 'AlreadyKnown', 'Known transaction']
    for (const message of words) {
      const { node } = nodeSaying(onMain, { error: { code: -32000, message } })
      assert.deepEqual(await send(node), { type: 'sent' }, message)
    }
    const { node } = nodeSaying(onMain, { error: { code: -32000, message: 'nonce too low: not already known' } })
    assert.equal((await send(node)).type, 'refused')
  })

  const malformed: Readonly<Record<string, unknown>> = {
    'no JSON': '<html>502</html>',
    'too long': `{"jsonrpc":"2.0","id":1,"result":"0x1"${' '.repeat(270_000)}}`,
    'not UTF-8': new Error('as fetch would'),
    'another version': { jsonrpc: '1.0', result: '0x1' },
    'an answer to somebody else': { id: 2, result: '0x1' },
    'a number': { result: 1 },
    neither: {},
    both: { result: '0x1', error: { code: 1, message: 'no' } },
    'an error without words': { error: { code: 1 } },
    'a list': '[]',
    null: 'null',
  }
  for (const [name, answer] of Object.entries(malformed)) {
    test(`what is no answer (${name}) is not one: not sent before, unclear after`, async () => {
      const before = nodeSaying(answer)
      assert.deepEqual(await send(before.node), { type: 'unreachable' })
      assert.equal(before.asked.length, 1)
      assert.deepEqual(await send(nodeSaying(onMain, answer).node), { type: 'unclear' })
    })
  }

  for (const result of ['1', '0x', '0x01', '0xg', `0x1${'0'.repeat(64)}`]) {
    test(`a chain id ${result.slice(0, 8)} is none`, async () => {
      assert.deepEqual(await send(nodeSaying({ result }).node), { type: 'unreachable' })
    })
  }

  test('a node that does not answer in time is not waited for', async () => {
    const ask: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => {
          reject(new Error('timed out'))
        })
      })
    assert.deepEqual(await send(ethereumNode(ask, 1)), { type: 'unreachable' })
  })
})

test('only addresses at the allowed origins can be chosen', () => {
  const origins = ['https://node.example', 'http://localhost:8545']
  for (const good of ['https://node.example', 'https://node.example/v3/key?x=1', 'http://localhost:8545/'])
    assert.ok(isAllowedNode(good, origins), good)
  const bad = [
    ...['', 'node.example', 'http://node.example', 'https://node.example:8443', 'https://node.example.evil.example'],
    ...['https://user:pass@node.example', 'https://node.example#x', 'javascript:alert(1)', 'https://other.example'],
  ]
  for (const url of bad) assert.ok(!isAllowedNode(url, origins), url)
})
