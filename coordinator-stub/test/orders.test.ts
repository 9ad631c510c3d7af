import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { parseTransaction, recoverTransactionAddress, serializeTransaction, verifyMessage } from 'viem'
import { publicKeyToAddress } from 'viem/accounts'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { systemRandom } from '../../tss-wasm/random.ts'
import { startLocalStack } from '../localStack.ts'
import { makeApiKey } from '../rest/apiKeys.ts'
import { temporaryFolder } from './harness.ts'
import { createWallet, fixturePreParameters, offers, person, sign } from './person.ts'
import { restClient } from './restClient.ts'

interface Ordered {
  readonly session_id: string
  readonly join_tokens: Readonly<Record<string, string>>
  readonly status: string
}
interface SignatureForms {
  readonly r: string
  readonly s: string
  readonly v: number
  readonly recovery: number
  readonly der: string
}

const unsigned = serializeTransaction({
  type: 'eip1559',
  chainId: 1,
  nonce: 3,
  to: '0x000000000000000000000000000000000000dEaD',
  value: 10n ** 15n,
  gas: 21_000n,
  maxFeePerGas: 30n * 10n ** 9n,
  maxPriorityFeePerGas: 10n ** 9n,
})

describe('a back-end', () => {
  it('orders a wallet and signatures, the device and server parties carry them out, and it learns the results', async () => {
    const shop = makeApiKey('shop', systemRandom)
    process.env['API_KEYS'] = shop.entry
    await using folder = await temporaryFolder()
    let fixture = 1
    await using stack = await startLocalStack({
      dataFolder: folder.path,
      port: 0,
      grpcPort: 0,
      parties: ['server-1', 'server-2'],
      prepareAhead: 0,
      roundDeadlineSeconds: 15,
      random: systemRandom,
      logs: 'ignore',
      async beforeStart(_, party) {
        await party.addPrepared(await fixturePreParameters(fixture++, party.masterKey))
      },
    })
    const call = restClient(stack.url, shop.key)
    const post = async (path: string, body: object) => (await call('POST', path, body)).json
    const session = async (id: string) => (await call('GET', `/api/v1/mpc/sessions/${id}`)).json
    const toOpen = ({ session_id: sessionId, join_tokens: { alice = '' } }: Ordered) => ({
      ordered: { sessionId, joinToken: alice },
    })
    const servers = ['server-1', 'server-2'].map((party_id) => ({ party_id, type: 'server' }))
    const participants = [{ party_id: 'alice' }, ...servers]
    const keygen = await post('/api/v1/mpc/keygen', { threshold_n: 3, threshold_t: 2, participants })
    const ordered = keygen as unknown as Ordered
    assert.deepEqual([ordered.status, Object.keys(ordered.join_tokens)], ['created', ['alice']])

    const alice = await person(createGrpcWebTransport({ baseUrl: stack.url, httpVersion: '1.1' }))
    const wallet = await createWallet(alice, stack.parties, undefined, toOpen(ordered))
    const made = await session(ordered.session_id)
    assert.deepEqual([made['status'], made['public_key']], ['completed', bytesToHex(wallet.publicKey)])
    const account = await post('/api/v1/accounts', { session_id: ordered.session_id, name: 'Till' })
    assert.equal(account['public_key'], bytesToHex(wallet.publicKey))
    const address = publicKeyToAddress(`0x${bytesToHex(secp256k1.Point.fromBytes(wallet.publicKey).toBytes(false))}`)

    const [first, second] = offers(stack.parties)
    assert.ok(first && second)
    const signed = async (
      content: Record<string, string>,
      name: string,
      work: (order: Ordered) => Promise<unknown>,
    ) => {
      const body = { account_id: account['account_id'], content, participants: ['alice', name] }
      const order = (await post('/api/v1/mpc/sign', body)) as unknown as Ordered
      await work(order)
      const { status, signature } = await session(order.session_id)
      assert.equal(status, 'completed')
      return signature as SignatureForms
    }
    const message = new TextEncoder().encode('ten pints of milk')
    const overGrpc = { ...alice, transport: createGrpcTransport({ baseUrl: stack.grpcUrl }) }
    const ofMessage = await signed(
      { type: 'ethereum-message', message: Buffer.from(message).toString('base64') },
      'server-1',
      (order) => sign(overGrpc, wallet, first, { type: 'ethereum-message', message }, toOpen(order)),
    )
    const signature = `0x${ofMessage.r}${ofMessage.s}${ofMessage.v.toString(16)}` as const
    assert.ok(await verifyMessage({ address, message: { raw: message }, signature }))
    assert.deepEqual(
      bytesToHex(secp256k1.Signature.fromBytes(hexToBytes(ofMessage.der), 'der').toBytes()),
      ofMessage.r + ofMessage.s,
    )

    const bytes = hexToBytes(unsigned.slice(2))
    const ofTransaction = await signed(
      { type: 'ethereum-transaction', unsigned: Buffer.from(bytes).toString('base64') },
      'server-2',
      (order) => sign(alice, wallet, second, { type: 'ethereum-transaction', unsigned: bytes }, toOpen(order)),
    )
    const { r, s, recovery } = ofTransaction
    const raw = serializeTransaction(parseTransaction(unsigned), { r: `0x${r}`, s: `0x${s}`, yParity: recovery })
    assert.equal(await recoverTransactionAddress({ serializedTransaction: raw }), address)
  })
})
