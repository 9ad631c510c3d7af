import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { bearer, clients, startedSession, temporaryFolder } from '../../testkit/harness.ts'
import { startPostgres } from '../../testkit/postgresServer.ts'
import { coordinatorOn, runningCoordinator } from '../../testkit/running.ts'

const server = await startPostgres('pg_dump')
const skip = 'unavailable' in server ? server.unavailable : false

/** A coordinator with a session in it, stopped; `restored` starts one on the copy, which must know the session. */
async function roundTrip(
  first: { folder: string; url: string | undefined },
  copy: () => Promise<{ folder: string; url: string | undefined }>,
): Promise<void> {
  const settings = ({ folder, url }: { folder: string; url: string | undefined }) => ({
    dataFolder: folder,
    joinTokenSecret: url === undefined ? undefined : '5c'.repeat(32),
    databaseUrl: url,
  })
  let session: Awaited<ReturnType<typeof startedSession>>
  const envelope = new Uint8Array([0, 255, 7])
  {
    await using running = await runningCoordinator(settings(first))
    const services = clients(createGrpcTransport({ baseUrl: running.grpcUrl }))
    session = await startedSession(services)
    const { sessionId, tokens } = session
    await services.router.sendMessage({ sessionId, to: 2, messageId: 'm', envelope }, bearer(tokens[1]))
  }
  await using restored = await coordinatorOn(settings(await copy()))
  const { router } = clients(createGrpcTransport({ baseUrl: restored.grpcUrl }))
  const { sessionId, tokens } = session
  const { messages } = await router.getPendingMessages({ sessionId }, bearer(tokens[2]))
  assert.deepEqual(
    messages.map((message) => [...message.envelope]),
    [[...envelope]],
  )
  await router.sendMessage({ sessionId, to: 3, messageId: 'n', envelope }, bearer(tokens[1]))
}

describe('backup and restore', () => {
  it('of PGlite: a copy of the folder goes on where it stopped', async () => {
    await using folder = await temporaryFolder()
    const [original, copy] = [join(folder.path, 'a'), join(folder.path, 'b')]
    await roundTrip({ folder: original, url: undefined }, async () => {
      await cp(original, copy, { recursive: true })
      return { folder: copy, url: undefined }
    })
  })

  it('of PostgreSQL: pg_dump into an empty database goes on where it stopped', { skip }, async () => {
    assert.ok(!('unavailable' in server))
    await using folder = await temporaryFolder()
    const [from, to] = [await server.createDatabase(), await server.createDatabase()]
    const file = join(folder.path, 'dump')
    const dumped = () =>
      spawnSync(join(server.programs, 'pg_dump'), ['--format=custom', `--file=${file}`, from], { encoding: 'utf8' })
    await roundTrip({ folder: join(folder.path, 'a'), url: from }, () => {
      assert.equal(dumped().status, 0)
      const restored = spawnSync(join(server.programs, 'pg_restore'), ['--exit-on-error', `--dbname=${to}`, file], {
        encoding: 'utf8',
      })
      assert.equal(restored.status, 0, restored.stderr)
      return Promise.resolve({ folder: join(folder.path, 'b'), url: to })
    })
  })
})
