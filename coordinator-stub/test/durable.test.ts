import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fsyncSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { Code, ConnectError } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { systemRandom } from '../../tss-wasm/random.ts'
import { DurableFolder } from '../storage/durableFolder.ts'
import { openEngine } from '../storage/pgliteEngine.ts'
import { openPGlite } from '../storage/pglite.ts'
import { copyEmptyDatabase } from '../../testkit/emptyDatabase.ts'
import { bearer, clients, startedSession, temporaryFolder } from '../../testkit/harness.ts'

describe('PGlite in a folder', () => {
  it('answers when what it stored is on the disk, not when the disk does not take it, and has then lost nothing', async () => {
    await using folder = await temporaryFolder()
    let flushed = 0
    let isBroken = false
    const disk = new DurableFolder(folder.path, (descriptor) => {
      if (isBroken) throw new Error('EIO')
      flushed += 1
      fsyncSync(descriptor)
    })
    const engine = await openEngine(disk)
    const flushesOf = async (work: () => Promise<unknown>) => {
      const before = flushed
      await work()
      return flushed - before
    }
    const insert = (n: number) => engine.query('insert into notes values ($1)', [n], 'note')
    await engine.script('create table notes (n int)')
    assert.equal(await flushesOf(() => insert(1)), 1)
    assert.equal(await flushesOf(() => engine.query('select n from notes')), 0)
    await engine.script('begin')
    assert.equal(await flushesOf(() => insert(2)), 0)
    assert.equal(await flushesOf(() => engine.script('commit')), 1)
    // Data files too, before the log that has their changes may go.
    assert.ok((await flushesOf(() => engine.script('checkpoint'))) > 3)

    isBroken = true
    await assert.rejects(insert(3))

    // What is open above has died with its disk; the folder is as after a crash.
    const database = await openPGlite(folder.path)
    const kept = await database.query('select n from notes where n < 3 order by n')
    assert.deepEqual(kept, [{ n: 1 }, { n: 2 }])
    await database.close()
  })
})

describe('a coordinator whose database has stopped', () => {
  it('ends, for whoever runs it to see and to start it again, and answers until then', async () => {
    await using folder = await temporaryFolder()
    const database = join(folder.path, 'database')
    await copyEmptyDatabase(database)
    const main = new URL('../main.ts', import.meta.url).pathname
    const args = ['--port', '0', '--grpc-port', '0', '--data', folder.path]
    const child = fork(main, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    using tidy = new DisposableStack()
    tidy.defer(() => child.kill('SIGKILL'))
    const said = text(child.stderr ?? assert.fail())
    const [{ ready }] = (await once(child, 'message')) as [{ ready: { grpcUrl: string } }]
    const ended = once(child, 'exit')
    const at = clients(createGrpcTransport({ baseUrl: ready.grpcUrl }))
    const { sessionId, tokens } = await startedSession(at)
    await rm(join(database, 'pg_wal'), { recursive: true })
    // Its log goes to a new file after 16 MiB, for which there is no folder.
    const send = (n: number) => {
      const message = { sessionId, to: 0, messageId: `m${n}`, envelope: systemRandom(1_000_000) }
      return at.router.sendMessage(message, { ...bearer(tokens[1]), timeoutMs: 300_000 })
    }
    const refused = await (async () => {
      for (let n = 0; n < 40; n += 1) await send(n)
    })().catch((error: unknown) => ConnectError.from(error))
    assert.ok(refused && [Code.Internal, Code.Unavailable].includes(refused.code), String(refused))
    assert.deepEqual(await ended, [1, null])
    assert.match(await said, /"event":"stopping","because":"the database has stopped/)
  })
})
