import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Code } from '@connectrpc/connect'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { verifyMessage } from 'viem'
import { publicKeyToAddress } from 'viem/accounts'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { type CallKey, mustBeGiven, mustBeVouched } from '../../tss-wasm/identity/shareHost.ts'
import { writeShareOrder } from '../../tss-wasm/identity/shareOrder.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import type { Engine } from '../../tss-wasm/worker/api.ts'
import { encodeServerParties } from '../../participant/session/serverParties.ts'
import type { LocalStack } from '../../testkit/localStack.ts'
import { makeApiKey } from '../rest/apiKeys.ts'
import { openPostgres } from '../storage/postgres.ts'
import { requestKeys } from '../userShares/requestKeys.ts'
import { readUserShare } from '../userShares/userShare.ts'
import { pinnedParty, refused, silent, temporaryFolder } from '../../testkit/harness.ts'
import { startPostgres } from '../../testkit/postgresServer.ts'
import { type Json, refusedWith, restClient } from './restClient.ts'
import { runningCoordinator, runningStack } from '../../testkit/running.ts'

const shop = makeApiKey('shop', systemRandom)
const make = '/api/v1/keygen/generate-user-share'
const signWith = '/api/v1/sign/with-user-share'
const servers = ['server-1', 'server-2'].map((party_id) => ({ party_id, type: 'server' }))
const order = { threshold_n: 3, threshold_t: 2, participants: [{ party_id: 'alice' }, ...servers] }
const stockAge = spawnSync('age', ['--version']).status === 0

async function stackIn(dataFolder: string, databaseUrl: string | undefined): Promise<LocalStack> {
  process.env['DATABASE_URL'] = databaseUrl ?? ''
  process.env['JOIN_TOKEN_SECRET'] = databaseUrl === undefined ? '' : '5a'.repeat(32)
  process.env['API_KEYS'] = shop.entry
  process.env['USER_SHARES'] = '1'
  return runningStack({ dataFolder, logs: 'files' })
}

/** What the user does: with the stock program where there is one. */
async function opened(folder: string, secret: string, file: string): Promise<Uint8Array> {
  if (!stockAge) {
    const decrypter = new Decrypter()
    decrypter.addIdentity(secret)
    return decrypter.decrypt(armor.decode(file))
  }
  await writeFile(join(folder, 'key.txt'), secret)
  const { stdout, stderr } = spawnSync('age', ['--decrypt', '--identity', join(folder, 'key.txt')], { input: file })
  assert.equal(String(stderr), '')
  return new Uint8Array(stdout)
}

async function closed(recipient: string, bytes: Uint8Array): Promise<string> {
  if (stockAge) return String(spawnSync('age', ['--armor', '--recipient', recipient], { input: bytes }).stdout)
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return armor.encode(await encrypter.encrypt(bytes))
}

/** What a user is told to pin: the coordinator's log says it at the start. */
async function pinIn(folder: string): Promise<Uint8Array> {
  const log = await readFile(join(folder, 'coordinator.log'), 'utf8')
  return hexToBytes(/"event":"user-shares","pin":"([0-9a-f]{64})"/.exec(log)?.[1] ?? '')
}

function callKeyOf(key: Json): CallKey {
  const { key_id, recipient, expires_at_ms } = key as { key_id: string; recipient: string; expires_at_ms: number }
  return { keyId: hexToBytes(key_id), recipient, expiresAtMs: expires_at_ms }
}

function signatureOf(answer: Json): Uint8Array {
  return hexToBytes(answer['host_signature'] as string)
}

/** Every file below, as one. */
async function everything(folder: string): Promise<Buffer> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const contents = files.filter((each) => each.isFile()).map((each) => readFile(join(each.parentPath, each.name)))
  return Buffer.concat(await Promise.all(contents))
}

/** Every row of every table, as text: bytes are hex there. */
async function everyRow(databaseUrl: string): Promise<Buffer> {
  const database = await openPostgres(databaseUrl, silent)
  const tables = await database.query("select table_name from information_schema.tables where table_schema = 'public'")
  const texts = tables.map(async ({ table_name }) => {
    const [row] = await database.query(`select string_agg(each::text, ' ') as rows from ${String(table_name)} as each`)
    return String(row?.['rows'])
  })
  const rows = Buffer.from((await Promise.all(texts)).join(' '))
  await database.close()
  return rows
}

function holds(haystack: Buffer, secret: Uint8Array): boolean {
  const bytes = Buffer.from(secret)
  const forms = [bytes, ...(['hex', 'base64', 'base64url'] as const).map((form) => bytes.toString(form))]
  return forms.some((form) => haystack.includes(form))
}

/** With DEEP on PostgreSQL too: every wallet takes a search for primes. */
async function databases(): Promise<readonly (readonly [name: string, url: string | undefined])[]> {
  const server = process.env['DEEP'] === undefined ? undefined : await startPostgres()
  const onServer =
    server === undefined || 'unavailable' in server ? [] : [['PostgreSQL', await server.createDatabase()] as const]
  return [['PGlite', undefined], ...onServer]
}

const tested = await databases()
for (const [name, databaseUrl] of tested) {
  describe(`a party for users whose devices cannot compute, on ${name}`, () => {
    it('makes a share, gives it away encrypted, signs with it when it comes back, and keeps nothing', async () => {
      await using users = await temporaryFolder()
      await using folder = await temporaryFolder()
      await using stack = await stackIn(folder.path, databaseUrl)
      const call = restClient(stack.url, shop.key)
      const post = async (path: string, body?: object) => {
        const { status, json } = await call('POST', path, body)
        assert.ok(status < 300, JSON.stringify(json))
        return json
      }
      const secret = await generateX25519Identity()
      const keygen = await post('/api/v1/mpc/keygen', order)
      const session_id = keygen['session_id'] as string
      const { alice: join_token = '' } = keygen['join_tokens'] as Record<string, string>
      const ask = { session_id, join_token, recipient: await identityToRecipient(secret), wallet_name: 'Till' }

      const made = await post(make, ask)
      const publicKey = made['public_key'] as string
      const pinned = await pinIn(folder.path)
      const given = {
        session: hexToBytes(session_id),
        publicKey: hexToBytes(publicKey),
        recipient: ask.recipient,
        file: made['user_share'] as string,
      }
      await mustBeGiven(given, signatureOf(made), pinned)
      const backend = await identityToRecipient(await generateX25519Identity())
      await assert.rejects(mustBeGiven({ ...given, recipient: backend }, signatureOf(made), pinned), ProtocolAbort)
      const path = `/api/v1/mpc/sessions/${session_id}`
      assert.equal(
        (await call('GET', path)).json['status'],
        'in_progress',
        'nothing counts before the user has the share',
      )
      await refusedWith(call('POST', '/api/v1/accounts', { session_id, name: 'Till' }), 409, /has not created a wallet/)
      await refusedWith(call('POST', make, ask), 409, /already been opened/)
      const confirm = '/api/v1/keygen/confirm-user-share'
      const garbled = (made['confirmation'] as string).replace(/..$/, (end) => (end === '00' ? '01' : '00'))
      await refusedWith(
        call('POST', confirm, { session_id, join_token, confirmation: garbled }),
        400,
        /^confirmation: /,
      )
      const { confirmation } = made
      await post(confirm, { session_id, join_token, confirmation })
      const done = await until(
        () => call('GET', path),
        ({ json }) => json['status'] === 'completed',
      )
      assert.equal(done.json['public_key'], publicKey)
      const account = await post('/api/v1/accounts', { session_id, name: 'Till' })

      const plain = await opened(users.path, secret, made['user_share'] as string)
      const text = 'ten pints of milk'
      const content = { type: 'ethereum-message', message: Buffer.from(text).toString('base64') }
      const wanted = { account_id: account['account_id'], content, participants: ['alice', 'server-2'] }
      const signing = await post('/api/v1/mpc/sign', wanted)
      const orderFor = (session: unknown, content: SigningContent, share = plain) =>
        writeShareOrder(
          {
            session: hexToBytes(session as string),
            proposal: { kind: 'sign', publicKey: hexToBytes(publicKey), content },
          },
          share,
        )
      const orderOf = (session: unknown, message: string, share = plain) =>
        orderFor(session, { type: 'ethereum-message', message: utf8ToBytes(message) }, share)
      const key = await post('/api/v1/sign/user-share-key')
      const { key_id, recipient } = key
      await mustBeVouched(callKeyOf(key), signatureOf(key), pinned, Date.now())
      const user_share = await closed(recipient as string, orderOf(signing['session_id'], text))
      const { alice } = signing['join_tokens'] as Record<string, string>
      const use = { session_id: signing['session_id'], join_token: alice, key_id, user_share, content }
      const gin = { type: 'ethereum-message', message: Buffer.from('gin').toString('base64') }
      await refusedWith(call('POST', signWith, { ...use, content: gin }), 409, /content does not match the order/)
      const signed = await post(signWith, use)
      const { r, s, v } = signed['signature'] as { r: string; s: string; v: number; der: string }
      const address = publicKeyToAddress(`0x${secp256k1.Point.fromHex(publicKey).toHex(false)}`)
      assert.ok(await verifyMessage({ address, message: text, signature: `0x${r}${s}${v.toString(16)}` }))
      const { status, signature } = (await call('GET', `/api/v1/mpc/sessions/${String(use.session_id)}`)).json
      assert.deepEqual([status, signature], ['completed', signed['signature']])

      const shopping = ['milk', 'bread', 'tea']
      const contents = shopping.map((each) => ({ ...content, message: Buffer.from(each).toString('base64') }))
      const several = await post('/api/v1/mpc/sign', { ...wanted, content: undefined, contents })
      const keyOfSeveral = await post('/api/v1/sign/user-share-key')
      const items = shopping.map((each) => ({ type: 'ethereum-message', message: utf8ToBytes(each) }) as const)
      const listed = orderFor(several['session_id'], { type: 'batch', items })
      const withList = {
        session_id: several['session_id'],
        join_token: (several['join_tokens'] as Record<string, string>)['alice'],
        key_id: keyOfSeveral['key_id'],
        user_share: await closed(keyOfSeveral['recipient'] as string, listed),
        contents,
      }
      const shorter = { ...withList, contents: contents.slice(1) }
      await refusedWith(call('POST', signWith, shorter), 409, /content does not match the order/)
      const list = (await post(signWith, withList))['signatures'] as { r: string; s: string; v: number }[]
      assert.equal(list.length, 3)
      for (const [i, { r, s, v }] of list.entries()) {
        const signature = `0x${r}${s}${v.toString(16)}` as const
        assert.ok(await verifyMessage({ address, message: shopping[i] ?? '', signature }))
      }

      await refusedWith(call('POST', signWith, use), 409, /already been opened/)
      const next = await post('/api/v1/mpc/sign', wanted)
      const token = (next['join_tokens'] as Record<string, string>)['alice']
      const other = { ...use, session_id: next['session_id'], join_token: token }
      await refusedWith(call('POST', signWith, other), 404, /each works once/)
      const sent = async (share: Uint8Array, bytes: Uint8Array = orderOf(next['session_id'], text, share)) => {
        const key = await post('/api/v1/sign/user-share-key')
        const file = await closed(key['recipient'] as string, bytes)
        return call('POST', signWith, { ...other, key_id: key['key_id'], user_share: file })
      }
      // A back-end that only passes it on: ordered is gin, and the user's order, good for one pint of milk, comes with it.
      const pub = await post('/api/v1/mpc/sign', { ...wanted, content: gin })
      const swapped = await post('/api/v1/sign/user-share-key')
      const forMilk = await closed(swapped['recipient'] as string, orderOf(next['session_id'], text))
      const { alice: pubToken } = pub['join_tokens'] as Record<string, string>
      const forGin = {
        ...{ session_id: pub['session_id'], join_token: pubToken, content: gin },
        ...{ key_id: swapped['key_id'], user_share: forMilk },
      }
      await refusedWith(call('POST', signWith, forGin), 400, /user_share: it was sent for another session/)
      await refusedWith(
        sent(plain, orderOf(next['session_id'], 'gin')),
        400,
        /user_share: it was sent to sign something/,
      )
      await refusedWith(sent(plain, plain), 400, /it does not say what it is for; send it in an order of version 1/)
      await refusedWith(sent(plain.slice(0, -1)), 400, /user_share: damaged: bytes are cut short/)
      await refusedWith(sent(new Uint8Array(300)), 400, /user_share: not a user share/, 'user-share')
      const flipped = plain.with(25, (plain[25] ?? 0) ^ 1)
      await refusedWith(sent(flipped), 400, /damaged or sealed under another key/)
      const { key_id: unused } = await post('/api/v1/sign/user-share-key')
      await refusedWith(call('POST', signWith, { ...other, key_id: unused }), 400, /encrypted to a different key/)

      const { entries } = (await call('GET', `/api/v1/audit?session_id=${session_id}`)).json
      assert.ok((entries as Json[]).some(({ event, seat }) => event === 'making-user-share' && seat === 1))
      // Identity and sealed share are worth nothing without the key, and are not kept either.
      const { sealedShare } = await readUserShare(plain.slice())
      const rows = databaseUrl === undefined ? [] : [await everyRow(databaseUrl)]
      const stored = Buffer.concat([await everything(folder.path), ...rows])
      const messages = 500_000
      assert.ok(stored.length > messages && holds(stored, Buffer.from(session_id)), 'what there is was looked at')
      for (const part of [plain.slice(20, 52), sealedShare, sealedShare.slice(100, 200)])
        assert.ok(!holds(stored, part))
    })
  })
}

describe('a party for users whose devices cannot compute', () => {
  it('computes for a few at once, stops when the caller has gone, and has the worker end', async () => {
    await using folder = await temporaryFolder()
    const parties = await Promise.all(['server-1', 'server-2'].map(pinnedParty))
    const partiesFile = join(folder.path, 'parties.json')
    await writeFile(partiesFile, encodeServerParties(parties.map(({ pinned }) => pinned)))
    const engines: { ended: boolean }[] = []
    await using coordinator = await runningCoordinator({
      dataFolder: join(folder.path, 'data'),
      partiesFile,
      apiKeys: shop.entry,
      startEngine: () => searchingForever(engines),
    })
    const call = restClient(coordinator.url, shop.key)
    const recipient = await identityToRecipient(await generateX25519Identity())
    const ask = async (changes: object = {}) => {
      const { json } = await call('POST', '/api/v1/mpc/keygen', order)
      const { alice: join_token } = json['join_tokens'] as Record<string, string>
      return { session_id: json['session_id'], join_token, recipient, ...changes }
    }
    const leaving = new AbortController()
    const headers = { 'x-api-key': shop.key, 'content-type': 'application/json' }
    const waiting = await Promise.all([1, 2, 3, 4].map(() => ask()))
    const calls = waiting.map((body) =>
      fetch(coordinator.url + make, { method: 'POST', headers, body: JSON.stringify(body), signal: leaving.signal }),
    )
    await until(
      () => Promise.resolve(engines.length),
      (count) => count === 4,
    )
    await refusedWith(call('POST', make, await ask()), 429, /at most 4/)
    leaving.abort()
    for (const each of await Promise.allSettled(calls)) assert.equal(each.status, 'rejected')
    await until(
      () => Promise.resolve(engines),
      (all) => all.every(({ ended }) => ended),
    )

    const people = { ...order, participants: [{ party_id: 'alice' }, { party_id: 'bob' }, servers[0]] }
    const { json } = await call('POST', '/api/v1/mpc/keygen', people)
    const { alice, bob } = json['join_tokens'] as Record<string, string>
    const shared = { session_id: json['session_id'], join_token: alice, recipient }
    await refusedWith(call('POST', make, shared), 400, /people need invitations/)
    await refusedWith(call('POST', make, { ...shared, join_token: bob }), 403, /first participant/)
    await refusedWith(call('POST', make, await ask({ join_token: alice })), 403, /different session/)
    await refusedWith(call('POST', make, await ask({ join_token: 'x' })), 401, /invalid join token/)
    await refusedWith(call('POST', make, await ask({ session_id: '00'.repeat(16) })), 404, /no such session/)
    const notOnCurve = `age1${'q'.repeat(58)}`
    for (const bad of ['age1x', 'alice@example.org', notOnCurve, `AGE-SECRET-KEY-1${'Q'.repeat(58)}`]) {
      await refusedWith(call('POST', make, await ask({ recipient: bad })), 400, /recipient: /)
    }
    assert.equal(engines.length, 4, 'what is refused costs no computation')
  })

  it('publishes keys for one request of one caller each, for five minutes, and not without end', async () => {
    const keys = requestKeys(systemRandom)
    const { keyId } = await keys.publish('shop', 0)
    const take = (caller: string, atMs: number) => () => keys.take(caller, keyId, atMs)
    assert.throws(take('rival', 1), { code: Code.NotFound })
    assert.throws(take('shop', 300_000), { code: Code.NotFound })
    const { keyId: second } = await keys.publish('shop', 0)
    assert.equal(keys.take('shop', second, 299_999).extractable, false)
    assert.throws(() => keys.take('shop', second, 299_999), { code: Code.NotFound })
    for (let count = 0; count < 100; count += 1) await keys.publish('shop', 400_000)
    await refused(keys.publish('shop', 400_001), Code.ResourceExhausted, /at most 100/)
    await keys.publish('rival', 400_001)
    await keys.publish('shop', 800_000)
  })
})

/** Stands for an engine whose search for primes takes long. */
function searchingForever(engines: { ended: boolean }[]): Engine {
  const state = { ended: false }
  engines.push(state)
  const search = Promise.withResolvers<never>()
  const dispose = () => {
    state.ended = true
    search.reject(new ProtocolAbort({ kind: 'cancelled' }))
  }
  return new Proxy({} as Engine, { get: (_, call) => (call === Symbol.dispose ? dispose : () => search.promise) })
}

async function until<T>(look: () => Promise<T>, fits: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look()
    if (fits(value)) return value
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
