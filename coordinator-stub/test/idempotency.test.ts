import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { systemRandom } from '../../tss-wasm/random.ts'
import { copyEmptyDatabase } from '../../testkit/emptyDatabase.ts'
import { temporaryFolder } from '../../testkit/harness.ts'
import { runningCoordinator } from '../../testkit/running.ts'
import { makeApiKey } from '../rest/apiKeys.ts'
import { forgetAnswers, keptMs, once } from '../rest/idempotency.ts'
import { openApiDocument } from '../rest/operations.ts'
import type { Database } from '../storage/database.ts'
import { openPGlite } from '../storage/pglite.ts'
import { refusedWith, restClient } from './restClient.ts'

const shop = makeApiKey('shop', systemRandom)
const rival = makeApiKey('rival', systemRandom)
const order = { threshold_n: 2, threshold_t: 2, participants: [{ party_id: 'alice' }, { party_id: 'bob' }] }
const path = '/api/v1/mpc/keygen'
const withKey = (key: string) => ({ 'idempotency-key': key })

describe('a request with an Idempotency-Key', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let coordinator: Awaited<ReturnType<typeof runningCoordinator>>
  let call: ReturnType<typeof restClient>
  before(async () => {
    folder = await temporaryFolder()
    coordinator = await runningCoordinator({ dataFolder: folder.path, apiKeys: `${shop.entry}, ${rival.entry}` })
    call = restClient(coordinator.url, shop.key)
  })
  after(async () => {
    await coordinator[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  it('orders one session, however often it is repeated', async () => {
    const first = await call('POST', path, order, shop.key, withKey('order-17'))
    const again = await call('POST', path, order, shop.key, withKey('order-17'))
    assert.equal(first.status, 201)
    assert.deepEqual(again, first)
    const other = await call('POST', path, order, shop.key, withKey('order-18'))
    assert.notEqual(other.json['session_id'], first.json['session_id'])
  })

  it('orders one session although both requests come at once', async () => {
    const both = await Promise.all([1, 2].map(() => call('POST', path, order, shop.key, withKey('at-once'))))
    const ids = new Set(both.filter(({ status }) => status === 201).map(({ json }) => json['session_id']))
    assert.equal(ids.size, 1)
    const reasons = both
      .filter(({ status }) => status !== 201)
      .map(({ json }) => (json['error'] as { reason: string }).reason)
    assert.ok(reasons.every((reason) => reason === 'idempotency_key_busy'))
  })

  it('is refused with another body or for another operation, with a reason of its own', async () => {
    await call('POST', path, order, shop.key, withKey('order-19'))
    const other = { ...order, life_seconds: 700 }
    const { status, json } = await call('POST', path, other, shop.key, withKey('order-19'))
    assert.deepEqual([status, (json['error'] as { reason: string }).reason], [409, 'idempotency_key_reused'])
    const account = { session_id: '00'.repeat(16), name: 'Till' }
    await refusedWith(call('POST', '/api/v1/accounts', account, shop.key, withKey('order-19')), 409, /another request/)
    await refusedWith(call('POST', path, order, shop.key, withKey('not visible\u00e9')), 400, /Idempotency-Key/)
  })

  it('is nobody else’s: another API key with the same one orders for itself', async () => {
    const mine = await call('POST', path, order, shop.key, withKey('order-20'))
    const theirs = await call('POST', path, order, rival.key, withKey('order-20'))
    assert.notEqual(theirs.json['session_id'], mine.json['session_id'])
  })

  it('can be repeated once what it was refused for is mended', async () => {
    const none = { ...order, participants: [{ party_id: 'alice' }, { party_id: 'nobody', type: 'server' }] }
    await refusedWith(call('POST', path, none, shop.key, withKey('order-21')), 400, /no server party/)
    assert.equal((await call('POST', path, order, shop.key, withKey('order-21'))).status, 201)
  })

  it('is described in /openapi.json', () => {
    const { paths } = openApiDocument() as { paths: Record<string, Record<string, { parameters: { name: string }[] }>> }
    const taking = Object.entries(paths).filter(([, { post }]) =>
      post?.parameters.some(({ name }) => name === 'Idempotency-Key'),
    )
    assert.deepEqual(taking.map(([each]) => each).sort(), ['/api/v1/accounts', path, '/api/v1/mpc/sign'])
  })
})

describe('an answer that is remembered', () => {
  const day = 24 * 60 * 60 * 1000
  const asked = { caller: 'shop', key: 'a key', request: 'POST /x\n{}' }
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let database: Database
  let nowMs = 0
  let made = 0
  const remembering = () => ({ database, random: systemRandom, now: () => nowMs })
  const ask = () =>
    once({ ...asked, key: 'a-key' }, remembering(), () =>
      Promise.resolve({ status: 201, body: { made: ++made, token: 'secret-token' } }),
    )
  before(async () => {
    folder = await temporaryFolder()
    await copyEmptyDatabase(join(folder.path, 'database'))
    database = await openPGlite(join(folder.path, 'database'))
  })
  after(async () => {
    await database.close()
    await folder[Symbol.asyncDispose]()
  })

  it('is so for 24 hours, and then made anew', async () => {
    assert.equal(keptMs, day)
    const first = await ask()
    nowMs = day - 1
    assert.deepEqual(await ask(), first)
    nowMs = day
    assert.notDeepEqual(await ask(), first)
    await forgetAnswers(database, nowMs + day)
    assert.deepEqual(await database.query('select * from idempotency'), [])
  })

  it('cannot be read from the database', async () => {
    await ask()
    const rows = await database.query('select * from idempotency')
    const stored = rows
      .flatMap((row) => Object.values(row))
      .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
    assert.ok(stored.length > 0 && !stored.some((value) => /secret-token|a-key/.test(value)))
  })

  it('is not waited for when the coordinator stopped while it was made', async () => {
    const stopped = once({ ...asked, key: 'stopped' }, remembering(), () => new Promise(() => undefined))
    stopped.catch(() => undefined)
    const again = () =>
      once({ ...asked, key: 'stopped' }, remembering(), () => Promise.resolve({ status: 201, body: 'again' }))
    await assert.rejects(again(), /not answered yet/)
    nowMs += 60_000
    assert.deepEqual(await again(), { status: 201, body: 'again' })
  })
})
