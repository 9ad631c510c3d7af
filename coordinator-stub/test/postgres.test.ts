import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { after, describe, it } from 'node:test'
import { Code } from '@connectrpc/connect'
import { systemRandom } from '../../tss-wasm/random.ts'
import { type Database, migrate } from '../storage/database.ts'
import { createBell } from '../signals/signals.ts'
import { meetNeighbours } from '../storage/notifications.ts'
import { openPostgres } from '../storage/postgres.ts'
import { refused, silent, storage } from '../../testkit/harness.ts'
import { startPostgres } from '../../testkit/postgresServer.ts'

const server = await startPostgres()
const skip = 'unavailable' in server ? server.unavailable : false

if (!('unavailable' in server)) {
  const url = await server.createDatabase()
  const opened: Database[] = []
  storage.open = async () => {
    const database = await openPostgres(url, silent)
    opened.push(database)
    return database
  }
  // The same tests as on PGlite.
  await import('./services.test.ts')
  after(() => Promise.all(opened.map((database) => database.close())))
}

/** A way to a server whose connections can be made silent, as when its machine is gone; new ones come through. */
async function deafWay(port: number) {
  const sockets = new Set<Socket>()
  const listener = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    near.pipe(far).pipe(near)
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    port: (listener.address() as AddressInfo).port,
    silence() {
      for (const socket of sockets) socket.unpipe().pause()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}

const aborted = new AbortController().signal

describe('PostgreSQL', { skip }, () => {
  assert.ok(!('unavailable' in server))

  it('is migrated once by coordinators that start together, and restarts with nothing to do', async () => {
    const url = await server.createDatabase()
    const many = await Promise.all(Array.from({ length: 6 }, () => openPostgres(url, silent)))
    await Promise.all(many.map(migrate))
    const files = (await readdir(new URL('../storage/migrations/', import.meta.url))).sort()
    const rows = await many[0]?.query('select name from migrations order by name')
    assert.deepEqual(
      rows?.map((row) => row['name']),
      files,
    )
    await Promise.all(many.map((database) => database.close()))
  })

  it('runs transactions against each other to the end, deadlocks included', async () => {
    const database = await openPostgres(await server.createDatabase(), silent)
    await database.script(
      'create table pairs (id int primary key, n int not null); insert into pairs values (1,0),(2,0)',
    )
    const both = (first: number, second: number) =>
      database.transaction(async (inside) => {
        await inside.query('update pairs set n = n + 1 where id = $1', [first])
        await inside.query('select pg_sleep(0.02)')
        await inside.query('update pairs set n = n + 1 where id = $1', [second])
      })
    await Promise.all([both(1, 2), both(2, 1), both(1, 2), both(2, 1)])
    assert.deepEqual(await database.query('select n from pairs order by id'), [{ n: 4 }, { n: 4 }])
    const failing = database.transaction(async (inside) => {
      await inside.query('update pairs set n = 99')
      throw new Error('on second thoughts')
    })
    await assert.rejects(failing, /second thoughts/)
    assert.deepEqual(await database.query('select n from pairs order by id'), [{ n: 4 }, { n: 4 }])
    await database.close()
  })

  it('gives back bytes, lists and big numbers as PGlite does', async () => {
    const database = await openPostgres(await server.createDatabase(), silent)
    const [row] = await database.query('select $1::bytea as b, $2::smallint[] as l, $3::bigint as n, $4::text[] as t', [
      new Uint8Array([0, 255, 92]),
      [1, 2],
      2n ** 53n + 1n,
      ['a,"b"', 'c\\'],
    ])
    assert.deepEqual(row?.['b'], new Uint8Array([0, 255, 92]))
    assert.deepEqual(row['l'], [1, 2])
    assert.deepEqual(row['t'], ['a,"b"', 'c\\'])
    assert.equal(BigInt(row['n'] as string), 2n ** 53n + 1n)
    await database.close()
  })

  it('carries news between instances, and says that some were missed after the server has crashed', async () => {
    const url = await server.createDatabase()
    const database = await openPostgres(url, silent)
    await using here = await meetNeighbours(url, systemRandom, silent)
    await using there = await meetNeighbours(url, systemRandom, silent)
    const own: (string | undefined)[] = []
    here.listen((news) => own.push(news))
    const heard: (string | undefined)[] = []
    const bell = createBell()
    there.listen((news) => {
      heard.push(news)
      bell.ring()
    })
    here.tell(['session x 1 2'])
    assert.equal(await bell.wait(120_000, aborted), 'raised')
    await server.restart()
    assert.equal(await bell.wait(120_000, aborted), 'raised')
    here.tell(['session y 1 2'])
    assert.equal(await bell.wait(120_000, aborted), 'raised')
    assert.deepEqual(heard, ['session x 1 2', undefined, 'session y 1 2'])
    assert.ok(own.every((news) => news === undefined))
    await database.close()
  })

  it('has the others look for themselves when there is more news than can wait', async () => {
    const url = await server.createDatabase()
    await using here = await meetNeighbours(url, systemRandom, silent)
    await using there = await meetNeighbours(url, systemRandom, silent)
    const bell = createBell()
    const heard: (string | undefined)[] = []
    there.listen((news) => {
      heard.push(news)
      bell.ring()
    })
    here.tell(Array.from({ length: 20_000 }, (_, at) => `session ${at} 1`))
    assert.equal(await bell.wait(120_000, aborted), 'raised')
    assert.deepEqual(heard, [undefined])
  })

  it('is UNAVAILABLE, and there again, when a connection is silent though it looks alive', async () => {
    const there = new URL(await server.createDatabase())
    await using way = await deafWay(Number(there.port))
    there.port = String(way.port)
    const database = await openPostgres(there.href, silent, 300)
    await database.transaction((inside) => inside.query('select 1'))
    way.silence()
    await refused(database.query('select 1'), Code.Unavailable, /database is unreachable/)
    const inTransaction = () => database.transaction((inside) => inside.query('select 1'))
    assert.deepEqual(await inTransaction(), [{ '?column?': 1 }])
    way.silence()
    await refused(inTransaction(), Code.Unavailable, /database is unreachable/)
    assert.deepEqual(await database.query('select 2 as n'), [{ n: 2 }])
    await database.close()
  })

  it('is UNAVAILABLE, not broken, while it cannot be reached', async () => {
    await refused(
      openPostgres('postgres://quorate@127.0.0.1:1/none', silent),
      Code.Unavailable,
      /database is unreachable/,
    )
  })
})
