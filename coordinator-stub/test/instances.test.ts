import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Code } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { create } from '@bufbuild/protobuf'
import { FailureSchema, SessionState } from '../../proto/gen/coordinator_pb.js'
import {
  bearer,
  clients,
  keygenRequest,
  refused,
  silent,
  startedSession,
  temporaryFolder,
  wireIdentity,
} from '../../testkit/harness.ts'
import { createRouter } from '../messages/router.ts'
import { advance } from '../sessions/advance.ts'
import { createSessionStore } from '../sessions/store.ts'
import { createSignals } from '../signals/signals.ts'
import { openPostgres } from '../storage/postgres.ts'
import { startPostgres } from '../../testkit/postgresServer.ts'
import { runningCoordinator } from '../../testkit/running.ts'

const server = await startPostgres()
const skip = 'unavailable' in server ? server.unavailable : false

const settings = (dataFolder: string, databaseUrl: string | undefined) => ({
  dataFolder,
  joinTokenSecret: 'a5'.repeat(32),
  databaseUrl,
  // So long that only signals can be in time.
  heartbeatMs: 60_000,
})

describe('several coordinators on one PostgreSQL', { skip }, () => {
  assert.ok(!('unavailable' in server))

  it('serve one session between them: what is sent or changed at one is delivered at the other', async () => {
    await using folders = await temporaryFolder()
    const url = await server.createDatabase()
    const start = (name: string) => runningCoordinator(settings(`${folders.path}/${name}`, url))
    await using here = await start('a')
    await using there = await start('b')
    const one = clients(createGrpcTransport({ baseUrl: here.grpcUrl }))
    const two = clients(createGrpcTransport({ baseUrl: there.grpcUrl }))

    const { sessionId, tokens } = await startedSession(one)
    const arriving = two.router.subscribeMessages({ sessionId }, bearer(tokens[2]))[Symbol.asyncIterator]()
    await arriving.next()
    const states = two.sessions.watchSession({ sessionId }, bearer(tokens[3]))[Symbol.asyncIterator]()
    await states.next()
    const envelope = new Uint8Array(130_000).fill(7)
    const { cursor } = await one.router.sendMessage({ sessionId, to: 0, messageId: 'm', envelope }, bearer(tokens[1]))
    const { value } = (await arriving.next()) as { value: { cursor: bigint; envelope: Uint8Array } }
    assert.equal(value.cursor, cursor)
    assert.ok(Buffer.from(envelope).equals(value.envelope))

    const outcome = { case: 'failure', value: { kind: 'cancelled' } } as const
    await one.sessions.reportCompletion({ sessionId, outcome }, bearer(tokens[1]))
    const changed = (await states.next()) as { value: { session?: { state: SessionState } } }
    assert.equal(changed.value.session?.state, SessionState.FAILED)
    assert.equal((await arriving.next()).done, true, 'the stream of messages ends with the session')
  })

  it('number the messages of a session without a gap or a double when all send at once', async () => {
    await using folders = await temporaryFolder()
    const url = await server.createDatabase()
    const start = (name: string) => runningCoordinator(settings(`${folders.path}/${name}`, url))
    await using here = await start('a')
    await using there = await start('b')
    const at = [here, there].map(({ grpcUrl }) => clients(createGrpcTransport({ baseUrl: grpcUrl })))
    const [one] = at
    assert.ok(one)
    const { sessionId, tokens } = await startedSession(one)
    const each = 30
    const sendAll = async (seat: number, services: typeof one) => {
      for (let n = 0; n < each; n += 1) {
        const message = { sessionId, to: 0, messageId: `m${n}`, envelope: new Uint8Array([seat, n]) }
        await services.router.sendMessage(message, bearer(tokens[seat]))
      }
    }
    const read: number[][] = []
    const cursors: bigint[] = []
    const reading = (async () => {
      for await (const { cursor, envelope } of one.router.subscribeMessages({ sessionId }, bearer(tokens[3]))) {
        if (cursor > 0n) read.push([...envelope])
        if (cursor > 0n) cursors.push(cursor)
        if (read.length === at.length * each) break
      }
    })()
    await Promise.all(at.map((services, index) => sendAll(index + 1, services)))
    await reading
    assert.deepEqual(
      cursors,
      cursors.map((_, index) => BigInt(index + 1)),
    )
    for (const seat of [1, 2]) {
      const mine = read.filter(([from]) => from === seat).map(([, n]) => n)
      assert.deepEqual(
        mine,
        mine.map((_, index) => index),
      )
    }
  })

  it('refuse at one what was revoked at the other, whatever they remember', async () => {
    await using folders = await temporaryFolder()
    const url = await server.createDatabase()
    const start = (name: string) => runningCoordinator(settings(`${folders.path}/${name}`, url))
    await using here = await start('a')
    await using there = await start('b')
    const [one, two] = [here, there].map(({ grpcUrl }) => clients(createGrpcTransport({ baseUrl: grpcUrl })))
    assert.ok(one && two)
    const { sessionId, joinTokens } = await one.sessions.createSession(keygenRequest())
    for (const seat of [1, 2]) {
      const identity = wireIdentity(seat)
      await one.sessions.joinSession({ sessionId, identity }, bearer(joinTokens[seat]))
    }
    await two.sessions.joinSession({ sessionId, identity: wireIdentity(2) }, bearer(joinTokens[2]))
    await one.sessions.revokeSeat({ sessionId, seat: 2, tokenGeneration: 0 }, bearer(joinTokens[1]))
    const stale = bearer(joinTokens[2])
    const join = two.sessions.joinSession({ sessionId, identity: wireIdentity(2) }, stale)
    await refused(join, Code.Unauthenticated, /revoked/)
    await refused(two.sessions.markReady({ sessionId }, stale), Code.Unauthenticated, /revoked/)
    await refused(two.sessions.getSession({ sessionId }, stale), Code.Unauthenticated, /revoked/)
    const stream = two.router.subscribeMessages({ sessionId }, stale)[Symbol.asyncIterator]()
    await refused(stream.next(), Code.Unauthenticated, /revoked/)
  })

  it('find, while it is quiet, what another stored that died before it could tell', async () => {
    await using folders = await temporaryFolder()
    const url = await server.createDatabase()
    const database = await openPostgres(url, silent)
    await using there = await runningCoordinator({ ...settings(folders.path, url), heartbeatMs: 100 })
    const two = clients(createGrpcTransport({ baseUrl: there.grpcUrl }))
    const { sessionId, tokens } = await startedSession(two)
    const arriving = two.router.subscribeMessages({ sessionId }, bearer(tokens[2]))[Symbol.asyncIterator]()
    await arriving.next()
    const states = two.sessions.watchSession({ sessionId }, bearer(tokens[3]))[Symbol.asyncIterator]()
    await states.next()

    const mute = { areThere: true, tell: () => undefined, listen: () => undefined }
    const router = createRouter(database, createSignals(), mute)
    await router.send(sessionId, 'm', { from: 1, to: 0, envelope: new Uint8Array([7]) })
    for (;;) {
      const { value } = (await arriving.next()) as { value: { cursor: bigint; envelope: Uint8Array } }
      if (value.cursor === 0n) continue
      assert.deepEqual([...value.envelope], [7])
      break
    }
    const sessions = createSessionStore(database, createSignals(), { sessions: 10 }, mute)
    const failed = { type: 'failed', seat: 1, failure: create(FailureSchema, { kind: 'cancelled' }) } as const
    await sessions.change(sessionId, (session) => advance(session, failed, Date.now()))
    let state: SessionState | undefined
    for await (const { session } of { [Symbol.asyncIterator]: () => states }) state = session?.state ?? state
    assert.equal(state, SessionState.FAILED, 'the stream ends with the session')
    await database.close()
  })

  it('are refused without a join token key of their own', async () => {
    await using folders = await temporaryFolder()
    const alone = { ...settings(folders.path, await server.createDatabase()), joinTokenSecret: undefined }
    await assert.rejects(runningCoordinator(alone), /JOIN_TOKEN_SECRET must be set/)
  })

  it('answer a creator that asks both at once with one session', async () => {
    await using folders = await temporaryFolder()
    const url = await server.createDatabase()
    const start = (name: string) => runningCoordinator(settings(`${folders.path}/${name}`, url))
    await using here = await start('a')
    await using there = await start('b')
    const sessionId = 'ab'.repeat(16)
    const create = ({ grpcUrl }: { grpcUrl: string }) =>
      clients(createGrpcTransport({ baseUrl: grpcUrl })).sessions.createSession(keygenRequest({ sessionId }))
    const answers = await Promise.allSettled([create(here), create(there)])
    const [lost] = answers.filter(({ status }) => status === 'rejected')
    assert.ok(lost?.status === 'rejected')
    await refused(Promise.reject(lost.reason as Error), Code.AlreadyExists, /session with this id/)
  })
})
