import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { fateOf, type Fate } from '../evm/fate.ts'
import { type Answers, honest, network, payer } from './double.ts'

const hash = `0x${'ab'.repeat(32)}`
const sent = { chainId: 1n, hash, from: payer, nonce: 7n }

/** A node that has seen this much of the transaction. */
function node(receipt: object | null, waiting: object | null, count = '0x7'): Answers {
  return {
    ...honest,
    eth_getTransactionReceipt: () => receipt,
    eth_getTransactionByHash: () => waiting,
    eth_getTransactionCount: () => count,
    eth_blockNumber: () => '0x64',
  }
}

const inBlock = (status: string, blockNumber = '0x60') =>
  node({ transactionHash: hash, status, blockNumber, logs: [] }, null)

async function fate(nodes: Parameters<typeof network>[0]) {
  const { ask, listed } = network(nodes)
  return fateOf(ask, listed, sent)
}

suite('what has become of a transaction that was sent', () => {
  const known: Readonly<Record<string, readonly [Answers, Fate]>> = {
    waits: [node(null, { hash }), { type: 'pending' }],
    'went well, five blocks deep': [inBlock('0x1'), { type: 'mined', went: 'well', confirmations: 5n }],
    'failed in its block': [inBlock('0x0'), { type: 'mined', went: 'wrong', confirmations: 5n }],
    'is in a block that the node has just had': [
      inBlock('0x1', '0x65'),
      { type: 'mined', went: 'well', confirmations: 1n },
    ],
    'was let go': [node(null, null), { type: 'dropped' }],
    'was replaced by another of its nonce': [node(null, null, '0x8'), { type: 'replaced' }],
  }
  for (const [what, [answers, expected]] of Object.entries(known)) {
    test(what, async () => {
      assert.deepEqual(await fate({ 'a.example': answers }), { fate: expected, by: 'a.example', troubles: [] })
    })
  }

  test('is the word of the node that knows most', async () => {
    const { fate: found, by } = await fate({ 'a.example': node(null, null), 'b.example': inBlock('0x1') })
    assert.deepEqual([found?.type, by], ['mined', 'b.example'])
  })

  test('is not that of another transaction, which a node gives instead', async () => {
    const other = `0x${'cd'.repeat(32)}`
    const lie = node({ transactionHash: other, status: '0x1', blockNumber: '0x60' }, { hash: other })
    assert.deepEqual((await fate({ 'liar.example': lie })).fate, { type: 'dropped' })
  })

  test('is unknown where the node is of another chain or cannot be read, and says which', async () => {
    const strange = { ...node(null, null), eth_getTransactionReceipt: () => 'soon' }
    const { fate: found, troubles } = await fate({
      'a.example': strange,
      'b.example': { ...honest, eth_chainId: () => '0x2' },
    })
    assert.equal(found, undefined)
    assert.deepEqual(troubles.map(({ host, trouble }) => `${host} ${trouble.kind}`).sort(), [
      'a.example unreadable',
      'b.example other-chain',
    ])
  })
})
