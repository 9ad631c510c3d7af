import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { parseTransaction, recoverTransactionAddress, serializeTransaction, verifyMessage } from 'viem'
import { publicKeyToAddress } from 'viem/accounts'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { systemRandom } from '../../tss-wasm/random.ts'
import { makeApiKey } from '../rest/apiKeys.ts'
import { temporaryFolder } from '../../testkit/harness.ts'
import { createWallet, offers, person, sign } from '../../testkit/person.ts'
import { restClient } from './restClient.ts'
import { runningStack } from '../../testkit/running.ts'

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

const allowingDigests = { version: 1, messages: true, rawDigest: true, chains: 'any', mostSignaturesPerHour: 60 }

/** By OpenSSL, which hashes by itself. */
function isSignedText(text: Uint8Array, publicKey: Uint8Array, der: string): boolean {
  const coordinate = (at: number) => Buffer.from(publicKey.subarray(at, at + 32)).toString('base64url')
  const jwk = { kty: 'EC', crv: 'secp256k1', x: coordinate(1), y: coordinate(33) }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  return verify('sha256', text, key, hexToBytes(der))
}

describe('a back-end', () => {
  it('orders a wallet and signatures, the device and server parties carry them out, and it learns the results', async () => {
    const shop = makeApiKey('shop', systemRandom)
    process.env['API_KEYS'] = shop.entry
    await using folder = await temporaryFolder()
    await using stack = await runningStack({
      dataFolder: folder.path,
      async beforeStart(name, party) {
        if (name === 'server-2') await writeFile(join(party.path, 'policy.json'), JSON.stringify(allowingDigests))
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
    const ordering = async (what: Record<string, unknown>, name: string) => {
      const body = { account_id: account['account_id'], ...what, participants: ['alice', name] }
      return (await post('/api/v1/mpc/sign', body)) as unknown as Ordered
    }
    const signed = async (what: Record<string, unknown>, name: string, work: (order: Ordered) => Promise<unknown>) => {
      const order = await ordering(what, name)
      await work(order)
      const { status, signature } = await session(order.session_id)
      assert.equal(status, 'completed')
      return signature as SignatureForms
    }
    const message = new TextEncoder().encode('ten pints of milk')
    const overGrpc = { ...alice, transport: createGrpcTransport({ baseUrl: stack.grpcUrl }) }
    const ofMessage = await signed(
      { content: { type: 'ethereum-message', message: Buffer.from(message).toString('base64') } },
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
      { content: { type: 'ethereum-transaction', unsigned: Buffer.from(bytes).toString('base64') } },
      'server-2',
      (order) => sign(alice, wallet, second, { type: 'ethereum-transaction', unsigned: bytes }, toOpen(order)),
    )
    const { r, s, recovery } = ofTransaction
    const raw = serializeTransaction(parseTransaction(unsigned), { r: `0x${r}`, s: `0x${s}`, yParity: recovery })
    assert.equal(await recoverTransactionAddress({ serializedTransaction: raw }), address)

    const digest = sha256(message)
    const message_hash = bytesToHex(digest)
    const digestBy = (at: typeof first) => (order: Ordered) =>
      sign(alice, wallet, at, { type: 'raw-digest', digest }, toOpen(order))
    const ofDigest = await signed({ message_hash }, 'server-2', digestBy(second))
    const point = secp256k1.Point.fromBytes(wallet.publicKey).toBytes(false)
    assert.ok(isSignedText(message, point, ofDigest.der))
    assert.ok(!isSignedText(message.with(0, 1), point, ofDigest.der))

    // Without a policy file nothing is signed that cannot be looked at.
    const blind = await ordering({ message_hash }, 'server-1')
    await assert.rejects(digestBy(first)(blind), /digest/)
    const { status, failure } = await session(blind.session_id)
    assert.equal(status, 'failed')
    assert.equal((failure as { kind: string }).kind, 'refused')
  })
})
