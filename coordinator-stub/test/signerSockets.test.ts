import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { verifyMessage, WebSocketProvider } from 'ethers'
import { WebSocket } from 'ws'
import { systemRandom } from '../../tss-wasm/random.ts'
import { createSigner } from '../signer/methods.ts'
import type { SignerPorts } from '../signer/ports.ts'
import { type ServedSigner, serveSigner } from '../signer/serve.ts'
import { address, publicKey, signaturesOf } from './ownKey.ts'

const key = 'k'.repeat(64)
const page = 'https://app.example'

describe('the signer over WebSockets', () => {
  let served: ServedSigner
  let url: string
  /** While set, members do not answer; resolves once nobody waits any more. */
  let silence: PromiseWithResolvers<undefined> | undefined
  const asking = Promise.withResolvers<undefined>()
  const refusals: string[] = []

  const sign: SignerPorts['sign'] = async (order, _, signal) => {
    if (silence !== undefined) {
      const { resolve, promise } = silence
      signal.addEventListener('abort', () => {
        resolve(undefined)
      })
      asking.resolve(undefined)
      await promise
      throw new Error('nobody waits')
    }
    return { signatures: signaturesOf(order), sent: () => Promise.resolve() }
  }

  before(async () => {
    const ports: SignerPorts = {
      ...{ nodes: [], chainId: 1n, waitMs: 600_000, random: systemRandom, sign },
      ask: () => Promise.reject(new Error('there is no node')),
      wallets: () => Promise.resolve([{ address, publicKey }]),
      log(event, details) {
        if (event === 'signer-refused') refusals.push(String(details?.['reason']))
      },
    }
    served = await serveSigner(createSigner(ports), { origins: [page], key }, { ...ports, hasWebSockets: true }, 0)
    url = served.url.replace('http', 'ws')
  })
  after(() => served[Symbol.asyncDispose]())

  const asProgram = () => new WebSocket(url, { headers: { Authorization: `Bearer ${key}` } })
  const call = (method: string, ...params: unknown[]) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  /** What comes first: an answer, or the code that the socket is closed with. */
  async function answerTo(socket: WebSocket, sent: string | Uint8Array): Promise<unknown> {
    if (socket.readyState !== WebSocket.OPEN) await once(socket, 'open')
    const { promise, resolve } = Promise.withResolvers<unknown>()
    socket.once('message', (data: Buffer) => {
      resolve(JSON.parse(data.toString('utf8')))
    })
    socket.once('close', resolve)
    socket.send(sent)
    return promise
  }

  it('is a provider of ethers: it signs what it is asked to', async () => {
    const provider = new WebSocketProvider(asProgram(), 1, { staticNetwork: true })
    const account = await provider.getSigner()
    assert.equal(await account.getAddress(), address)
    assert.equal(verifyMessage('ten pints of milk', await account.signMessage('ten pints of milk')), address)
    await provider.destroy()
  })

  it('admits a page that is listed, and turns everybody else away before a word is said', async () => {
    const listed = new WebSocket(url, { headers: { Origin: page } })
    const answer = (await answerTo(listed, call('eth_accounts'))) as { result: unknown }
    assert.deepEqual(answer.result, [address])
    listed.close()
    for (const headers of [
      {},
      { Authorization: `Bearer ${key}x` },
      { Origin: 'https://evil.example', Authorization: `Bearer ${key}` },
      { Host: 'evil.example', Authorization: `Bearer ${key}` },
    ]) {
      const socket = new WebSocket(url, { headers })
      const [error] = (await once(socket, 'error')) as [Error]
      assert.match(error.message, /403/)
    }
    assert.deepEqual(refusals, ['no-key', 'no-key', 'unknown-origin', 'other-host'])
  })

  it('answers each call of a list, and says what it cannot read', async () => {
    const socket = asProgram()
    const list = `[${call('eth_chainId')},${call('eth_sign', address, '0x00')}]`
    const answers = (await answerTo(socket, list)) as readonly { result?: unknown; error?: { code: number } }[]
    assert.deepEqual(
      answers.map(({ result, error }) => result ?? error?.code),
      ['0x1', 4200],
    )
    const wrong = (await answerTo(socket, '{')) as { error: { code: number } }
    assert.equal(wrong.error.code, -32700)
    assert.equal(await answerTo(socket, Uint8Array.of(1)), 1003)
  })

  it('closes on a message that is too long', async () => {
    assert.equal(await answerTo(asProgram(), ' '.repeat(700_000)), 1009)
  })

  it('withdraws what is asked for when the socket closes', async () => {
    silence = Promise.withResolvers()
    const { promise: withdrawn } = silence
    const socket = asProgram()
    await once(socket, 'open')
    socket.send(call('personal_sign', '0x00', address))
    await asking.promise
    socket.terminate()
    await withdrawn
    silence = undefined
  })
})
