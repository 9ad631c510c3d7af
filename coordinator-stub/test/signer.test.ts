import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { Transaction, verifyMessage, verifyTypedData } from 'ethers'
import type { SigningOrder } from '../../tss-wasm/content/signing.ts'
import type { AskRpc, RpcAnswer } from '../../chain/evm/node.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { createSigner } from '../signer/methods.ts'
import { type ServedSigner, serveSigner } from '../signer/serve.ts'
import type { SignerPorts } from '../signer/ports.ts'
import { address, publicKey, signaturesOf } from './ownKey.ts'

const key = 'k'.repeat(64)
const page = 'https://app.example'
const other = '0x000000000000000000000000000000000000dEaD'
const gwei = 10n ** 9n
const nodes = [
  { chainId: 1n, url: 'http://node.test/1' },
  { chainId: 10n, url: 'http://node.test/10' },
]

/** Signs with a key of its own, as members would together. */
function members() {
  const asked: { order: SigningOrder; note: string }[] = []
  const told: string[] = []
  const sign: SignerPorts['sign'] = (order, note) => {
    asked.push({ order, note })
    const sent = (transaction: string) => {
      told.push(transaction)
      return Promise.resolve()
    }
    return Promise.resolve({ signatures: signaturesOf(order), sent })
  }
  return { asked, told, sign }
}

/** A node of each chain, of which a test can change what it says. */
function network() {
  const sent: string[] = []
  const words: Record<string, unknown> = {
    eth_getTransactionCount: '0x5',
    eth_estimateGas: '0x5208',
    eth_gasPrice: `0x${(3n * gwei).toString(16)}`,
    eth_feeHistory: {
      baseFeePerGas: Array.from({ length: 21 }, () => `0x${(2n * gwei).toString(16)}`),
      reward: Array.from({ length: 20 }, () => ['0x1', `0x${gwei.toString(16)}`, '0x1']),
    },
    eth_getBalance: '0x64',
  }
  const refusals: Record<string, { message: string; data?: string }> = {}
  const ask: AskRpc = (url, method, params): Promise<RpcAnswer> => {
    const refusal = refusals[method]
    if (refusal !== undefined) return Promise.resolve({ type: 'error', ...refusal })
    if (method === 'eth_chainId') return Promise.resolve({ type: 'result', value: url.endsWith('/10') ? '0xa' : '0x1' })
    if (method === 'eth_sendRawTransaction') {
      const raw = String(params[0])
      sent.push(raw)
      return Promise.resolve({ type: 'result', value: Transaction.from(raw).hash })
    }
    return Promise.resolve({ type: 'result', value: words[method] ?? null })
  }
  return { ask, words, refusals, sent }
}

describe('the signer for programs and pages of this machine', () => {
  const wallet = members()
  const chain = network()
  let served: ServedSigner
  let trouble: Error | undefined

  before(async () => {
    const ports: SignerPorts = {
      ...{ nodes, ask: chain.ask, chainId: 1n, waitMs: 60_000, random: systemRandom, log: () => undefined },
      wallets: () => (trouble ? Promise.reject(trouble) : Promise.resolve([{ address, publicKey }])),
      sign: wallet.sign,
    }
    served = await serveSigner(createSigner(ports), { origins: [page], key }, ports, 0)
  })
  after(() => served[Symbol.asyncDispose]())

  async function post(body: string, headers: Record<string, string> = { Authorization: `Bearer ${key}` }) {
    const response = await fetch(served.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
    })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer }
  }
  interface Answer {
    readonly result?: unknown
    readonly error?: { readonly code: number; readonly message: string; readonly data?: Record<string, unknown> }
  }
  async function call(method: string, ...params: unknown[]): Promise<Answer> {
    return (await post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))).body
  }
  const codeOf = async (method: string, ...params: unknown[]) => (await call(method, ...params)).error?.code

  describe('admits', () => {
    const accounts = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_accounts', params: [] })

    it('a program that has the key, and none with another', async () => {
      assert.deepEqual((await post(accounts)).body.result, [address])
      for (const headers of [{}, { Authorization: `Bearer ${key}x` }, { Authorization: key }]) {
        const { status, body } = await post(accounts, headers)
        assert.deepEqual([status, body.error?.code, body.result], [403, 4100, undefined])
      }
    })

    it('a page that is listed, without a key, and no other page, with the key neither', async () => {
      const { body, headers } = await post(accounts, { Origin: page })
      assert.deepEqual([body.result, headers.get('access-control-allow-origin')], [[address], page])
      const stranger = await post(accounts, { Origin: 'https://evil.example', Authorization: `Bearer ${key}` })
      assert.deepEqual([stranger.status, stranger.body.error?.code], [403, 4100])
      assert.equal(stranger.headers.get('access-control-allow-origin'), null)
    })

    it('nobody who calls this machine by a name of his own', async () => {
      const { promise, resolve } = Promise.withResolvers<number | undefined>()
      const { port } = new URL(served.url)
      const headers = {
        Host: `evil.example:${port}`,
        Authorization: `Bearer ${key}`,
        'Content-Type': 'application/json',
      }
      httpRequest({ host: '127.0.0.1', port, method: 'POST', headers }, ({ statusCode }) => {
        resolve(statusCode)
      }).end(accounts)
      assert.equal(await promise, 403)
    })

    it('a page that its browser asks for first', async () => {
      const asked = { method: 'OPTIONS', headers: { Origin: page, 'Access-Control-Request-Private-Network': 'true' } }
      const response = await fetch(served.url, asked)
      assert.equal(response.status, 204)
      assert.equal(response.headers.get('access-control-allow-private-network'), 'true')
    })
  })

  describe('reads', () => {
    it('a list of calls, each by itself', async () => {
      const calls = [
        { jsonrpc: '2.0', id: 'a', method: 'eth_chainId' },
        { jsonrpc: '2.0', id: 2, method: 'eth_mine', params: [] },
        { id: 3, method: 'eth_chainId' },
      ]
      const answers = (await post(JSON.stringify(calls))).body as unknown as (Answer & { id: unknown })[]
      assert.deepEqual(
        answers.map(({ id, result, error }) => [id, result ?? error?.code]),
        [
          ['a', '0x1'],
          [2, -32601],
          [3, -32600],
        ],
      )
    })

    it('nothing that is no JSON, is too long, or names a thing twice', async () => {
      assert.equal((await post('{')).body.error?.code, -32700)
      assert.equal((await post(' '.repeat(700_000))).status, 413)
      const twice = `{"jsonrpc":"2.0","id":1,"method":"eth_sendTransaction","params":[{"to":"${other}","to":"${address}"}]}`
      assert.equal((await post(twice)).body.error?.code, -32700)
      assert.deepEqual(wallet.asked, [])
    })
  })

  describe('signs', () => {
    it('messages, as bytes or as text, and says to members who asks', async () => {
      const bytes = await call('personal_sign', '0xdeadbeef', address)
      assert.equal(verifyMessage(Uint8Array.of(0xde, 0xad, 0xbe, 0xef), bytes.result as string), address)
      const text = await post(
        JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'personal_sign', params: ['sign in', address] }),
        { Origin: page },
      )
      assert.equal(verifyMessage('sign in', text.body.result as string), address)
      assert.equal(wallet.asked.at(-1)?.note, `Asked by ${page}`)
    })

    it('typed data of its chain, and none of another', async () => {
      const types = { Mail: [{ name: 'text', type: 'string' }] }
      const data = (chainId: number) => ({
        ...{ domain: { name: 'Post', chainId }, message: { text: 'hello' }, primaryType: 'Mail' },
        types: {
          ...types,
          EIP712Domain: [
            { name: 'name', type: 'string' },
            { name: 'chainId', type: 'uint256' },
          ],
        },
      })
      const { result } = await call('eth_signTypedData_v4', address, JSON.stringify(data(1)))
      assert.equal(verifyTypedData(data(1).domain, types, { text: 'hello' }, result as string), address)
      assert.equal(await codeOf('eth_signTypedData_v4', address, data(10)), 4901)
    })

    it('a transaction whose nonce, gas and fee it asks its node for, sends it, and tells members', async () => {
      const { result } = await call('eth_sendTransaction', { from: address, to: other, value: '0x1' })
      const sent = Transaction.from(chain.sent.at(-1) ?? '')
      assert.equal(result, sent.hash)
      assert.equal(sent.from, address)
      assert.deepEqual([sent.nonce, sent.gasLimit, sent.to, sent.value], [5, 21_000n, other, 1n])
      assert.deepEqual([sent.maxPriorityFeePerGas, sent.maxFeePerGas], [gwei, 5n * gwei])
      assert.equal(wallet.told.at(-1), sent.hash)
    })

    it('a transaction for somebody else to send', async () => {
      const before = chain.sent.length
      const given = { from: address, to: other, nonce: '0x9', gas: '0x5208', gasPrice: '0x77359400', chainId: '0x1' }
      const signed = Transaction.from((await call('eth_signTransaction', given)).result as string)
      assert.deepEqual([signed.from, signed.nonce, signed.type, chain.sent.length], [address, 9, 0, before])
    })

    it('several calls of a page, one after the other, and says what became of them', async () => {
      const calls = [
        { to: other, value: '0x1' },
        { to: other, value: '0x2' },
      ]
      const batch = { version: '2.0.0', from: address, chainId: '0x1', atomicRequired: false, calls }
      const { result } = await call('wallet_sendCalls', batch)
      const { id } = result as { id: string }
      const statusOf = async () => (await call('wallet_getCallsStatus', id)).result as { status: number; receipts: [] }
      assert.deepEqual([(await statusOf()).status, (await statusOf()).receipts], [100, []])
      chain.words['eth_getTransactionReceipt'] = { status: '0x1', transactionHash: '0x1', extra: true }
      let status = await statusOf()
      while (status.status === 100) status = await statusOf()
      delete chain.words['eth_getTransactionReceipt']
      assert.deepEqual([status.status, status.receipts.length], [200, 2])
      assert.deepEqual([await codeOf('wallet_sendCalls', { ...batch, atomicRequired: true }), await codeOf('wallet_getCallsStatus', 'none')], [5760, 5730]) // prettier-ignore
    })

    it('on the chain that a caller has chosen, each its own', async () => {
      const asPage = async (method: string, ...params: unknown[]) =>
        (await post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), { Origin: page })).body
      assert.equal((await asPage('wallet_switchEthereumChain', { chainId: '0x99' })).error?.code, 4902)
      assert.equal((await asPage('wallet_switchEthereumChain', { chainId: '0xa' })).result, null)
      assert.equal((await asPage('eth_chainId')).result, '0xa')
      assert.equal((await call('eth_chainId')).result, '0x1')
      assert.equal(
        (await asPage('eth_sendTransaction', { from: address, to: other, chainId: '0x1' })).error?.code,
        4901,
      )
    })
  })

  describe('does not sign', () => {
    it('for an account that is not its own, nor 32 bytes that nobody can read', async () => {
      const before = wallet.asked.length
      assert.equal(await codeOf('personal_sign', '0x00', other), 4100)
      assert.equal(await codeOf('eth_sendTransaction', { from: other, to: address }), 4100)
      assert.equal(await codeOf('eth_sign', address, `0x${'00'.repeat(32)}`), 4200)
      assert.equal(wallet.asked.length, before)
    })

    it('what is not understood, or says two things', async () => {
      const before = wallet.asked.length
      for (const wrong of [
        { to: other, data: '0x01', input: '0x02' },
        { to: other, surprise: '0x1' },
        { to: 'nobody' },
      ])
        assert.equal(await codeOf('eth_sendTransaction', { from: address, ...wrong }), -32602)
      assert.equal(await codeOf('eth_sendTransaction', 'all of it'), -32602)
      assert.equal(wallet.asked.length, before)
    })

    it('a fee that a node makes up, a transaction that will fail, or on a node of another chain', async () => {
      const before = wallet.asked.length
      const given = { from: address, to: other, value: '0x1' }
      const { eth_feeHistory: fees } = chain.words
      chain.words['eth_feeHistory'] = { baseFeePerGas: ['0xffffffffffff', '0xffffffffffff'], reward: [] }
      assert.match((await call('eth_sendTransaction', given)).error?.message ?? '', /far above what is usual/)
      chain.words['eth_feeHistory'] = fees
      chain.refusals['eth_estimateGas'] = { message: 'execution reverted', data: '0x08c379a0' }
      const { error } = await call('eth_sendTransaction', given)
      assert.deepEqual(
        [error?.code, error?.message, error?.data],
        [-32000, 'the node says: “execution reverted”', '0x08c379a0'],
      )
      delete chain.refusals['eth_estimateGas']
      chain.refusals['eth_chainId'] = { message: 'busy' }
      assert.match(
        (await call('eth_sendTransaction', given)).error?.message ?? '',
        /no node of chain 1 answers: node.test/,
      )
      delete chain.refusals['eth_chainId']
      assert.equal(wallet.asked.length, before)
    })
  })

  it('gives a signed transaction back that its node does not take', async () => {
    chain.refusals['eth_sendRawTransaction'] = { message: 'nonce too low' }
    const { error } = await call('eth_sendTransaction', { from: address, to: other })
    delete chain.refusals['eth_sendRawTransaction']
    assert.equal(error?.code, -32003)
    assert.equal(Transaction.from(String(error.data?.['signed'])).from, address)
  })

  it('passes on what only reads, and nothing that a node could be changed with', async () => {
    assert.equal((await call('eth_getBalance', address, 'latest')).result, '0x64')
    for (const method of ['personal_unlockAccount', 'debug_setHead', 'eth_sendRawTransaction', 'constructor'])
      assert.equal(await codeOf(method), -32601)
  })

  it('tells nobody what went wrong inside of it', async () => {
    trouble = new Error('the disk of alice is full')
    const { error } = await call('eth_accounts')
    trouble = undefined
    assert.deepEqual([error?.code, error?.message], [-32603, 'the signer has failed'])
  })
})
