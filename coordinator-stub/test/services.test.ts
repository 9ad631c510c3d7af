import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { create } from '@bufbuild/protobuf'
import { Code } from '@connectrpc/connect'
import { sessionBytes } from '../../participant/session/handshake.ts'
import { watchRequest } from '../../participant/session/watchRequest.ts'
import { IdentitySchema, SessionState } from '../../proto/gen/coordinator_pb.js'
import { createIdentity, type Identity } from '../../tss-wasm/identity/identity.ts'
import { signed } from '../../tss-wasm/identity/signed.ts'
import { createTokens } from '../sessions/tokens.ts'
import {
  bearer,
  clients,
  keygenRequest,
  pinnedParty,
  refused,
  rig,
  startedSession,
  tokenKey,
  wireIdentity,
} from '../../testkit/harness.ts'

const noMessage = { messageId: 'm', envelope: new Uint8Array([1]) }

describe('the coordinator', () => {
  it('refuses bad thresholds and seats as INVALID_ARGUMENT and stores nothing', async () => {
    const world = await rig()
    const { sessions } = clients(world.transport)
    await refused(sessions.createSession(keygenRequest({ threshold: 4 })), Code.InvalidArgument, /threshold/)
    await refused(
      sessions.createSession(keygenRequest({ seats: [{ seat: 1 }] })),
      Code.InvalidArgument,
      /2 to 20 seats/,
    )
    const unknown = keygenRequest({ seats: [{ seat: 1 }, { seat: 2, serverParty: 'nobody' }] })
    await refused(sessions.createSession(unknown), Code.InvalidArgument, /server party/)
    assert.deepEqual(await world.database.query('select * from sessions'), [])
  })

  it('answers missing, garbage, forged and expired tokens with UNAUTHENTICATED', async () => {
    const world = await rig()
    const { sessions } = clients(world.transport)
    const { sessionId, joinTokens } = await sessions.createSession(keygenRequest())
    const get = (headers?: { headers: Record<string, string> }) => sessions.getSession({ sessionId }, headers)
    await refused(get(), Code.Unauthenticated, /join token is missing/)
    await refused(get(bearer('garbage')), Code.Unauthenticated, /invalid join token/)
    await refused(get(bearer('x'.repeat(5000))), Code.Unauthenticated, /invalid join token/)
    const forger = createTokens(new Uint8Array(32).fill(8))
    const forged = await forger.issue({ sessionId, seat: 1 }, world.clock.now + 60_000)
    await refused(get(bearer(forged)), Code.Unauthenticated, /invalid join token/)
    const [header, claims] = (joinTokens[1] ?? '').split('.')
    await refused(get(bearer(`${header ?? ''}.${claims ?? ''}.`)), Code.Unauthenticated, /invalid join token/)
    await get(bearer(joinTokens[1]))
    world.clock.now += 700_000
    await refused(get(bearer(joinTokens[1])), Code.Unauthenticated, /expired/)
  })

  it('answers a token of another session with PERMISSION_DENIED, an unknown session with NOT_FOUND', async () => {
    const world = await rig()
    const { sessions, router } = clients(world.transport)
    const one = await startedSession(clients(world.transport))
    const { joinTokens } = await sessions.createSession(keygenRequest())
    const { sessionId } = one
    await refused(sessions.getSession({ sessionId }, bearer(joinTokens[1])), Code.PermissionDenied, /different session/)
    const foreign = router.sendMessage({ sessionId, to: 2, ...noMessage }, bearer(joinTokens[1]))
    await refused(foreign, Code.PermissionDenied, /different session/)
    const absent = '00'.repeat(16)
    await refused(sessions.getSession({ sessionId: absent }, bearer(joinTokens[1])), Code.NotFound, /no such session/)
    const swept = await createTokens(tokenKey).issue({ sessionId: absent, seat: 1 }, world.clock.now + 60_000)
    await refused(sessions.getSession({ sessionId: absent }, bearer(swept)), Code.NotFound, /no such session/)
    assert.deepEqual(await world.database.query('select * from messages'), [])
  })

  it('gives a taken seat to nobody else, and again to who has it', async () => {
    const world = await rig()
    const { sessions } = clients(world.transport)
    const { sessionId, joinTokens } = await sessions.createSession(keygenRequest())
    const join = (seat: number) =>
      sessions.joinSession({ sessionId, identity: wireIdentity(seat) }, bearer(joinTokens[2]))
    await join(2)
    await refused(join(5), Code.AlreadyExists, /taken by a different identity/)
    const { session } = await join(2)
    assert.deepEqual(session?.participants[1]?.identity?.signingKey, wireIdentity(2).signingKey)
  })

  it('answers a creator whose answer got lost again, and nobody who repeats what the invited see', async () => {
    const world = await rig()
    const { sessions } = clients(world.transport)
    const [creator, guest] = [await createIdentity({ extractable: true }), await createIdentity({ extractable: true })]
    const sessionId = 'ab'.repeat(16)
    const opened = (by: Identity) => signed('opening', sessionBytes(sessionId), by)
    const request = keygenRequest({ sessionId, creatorIdentity: create(IdentitySchema, creator.public) })
    const first = await sessions.createSession({ ...request, openingSignature: await opened(creator) })
    const again = await sessions.createSession({ ...request, openingSignature: await opened(creator) })
    assert.deepEqual(again, first)
    assert.equal((await world.database.query('select * from sessions')).length, 1)
    const repeat = async (changes: Parameters<typeof keygenRequest>[0]) =>
      refused(
        sessions.createSession({ ...request, ...changes }),
        Code.AlreadyExists,
        /session with this id already exists/,
      )
    await repeat({})
    await repeat({ openingSignature: await opened(guest) })
    await repeat({ openingSignature: await opened(creator), proposal: new Uint8Array([4]) })
    const asGuest = { creatorIdentity: create(IdentitySchema, guest.public), openingSignature: await opened(guest) }
    await repeat(asGuest)
  })

  it('revokes an invitation once, and gives the token that took its place to the call that comes again', async () => {
    const world = await rig()
    const { sessions } = clients(world.transport)
    const { sessionId, joinTokens } = await sessions.createSession(keygenRequest())
    const join = (seat: number, token: string | undefined) =>
      sessions.joinSession({ sessionId, identity: wireIdentity(seat) }, bearer(token))
    for (const seat of [1, 2]) await join(seat, joinTokens[seat])
    const revoke = (tokenGeneration: number) =>
      sessions.revokeSeat({ sessionId, seat: 2, tokenGeneration }, bearer(joinTokens[1]))
    const { joinToken } = await revoke(0)
    await join(5, joinToken)
    const late = await revoke(0)
    assert.equal(late.session?.participants[1]?.tokenGeneration, 1)
    for (const token of [joinToken, late.joinToken]) await sessions.getSession({ sessionId }, bearer(token))
    await refused(sessions.getSession({ sessionId }, bearer(joinTokens[2])), Code.Unauthenticated, /revoked/)
    const noted = await world.database.query('select 1 from audit where session_id = $1 and event = $2', [
      sessionId,
      'revoked',
    ])
    assert.equal(noted.length, 1)
  })

  it('starts for the creator when all are ready, not before, and not for others', async () => {
    const world = await rig()
    const { sessions } = clients(world.transport)
    const { sessionId, joinTokens } = await sessions.createSession(keygenRequest())
    const start = { sessionId, roster: new Uint8Array([1]), rosterSignature: new Uint8Array(64) }
    await refused(
      sessions.startSession(start, bearer(joinTokens[1])),
      Code.FailedPrecondition,
      /waiting until ready: seat 1, 2, 3/,
    )
    await refused(sessions.startSession(start, bearer(joinTokens[2])), Code.PermissionDenied, /creator/)
    await refused(sessions.markReady({ sessionId }, bearer(joinTokens[2])), Code.FailedPrecondition, /not joined/)
  })

  it('tells watchers every state until the end', async () => {
    const world = await rig()
    const { sessions } = clients(world.transport)
    const { sessionId, tokens } = await startedSession(clients(world.transport))
    const seen: string[] = []
    const watching = (async () => {
      for await (const { session } of sessions.watchSession({ sessionId }, bearer(tokens[2]))) {
        if (session) seen.push(SessionState[session.state])
      }
    })()
    for (const seat of [1, 2, 3]) {
      const outcome = { case: 'confirmation', value: new Uint8Array([seat]) } as const
      await sessions.reportCompletion({ sessionId, outcome }, bearer(tokens[seat]))
    }
    await watching
    assert.equal(seen.at(-1), 'COMPLETED')
    await refused(
      sessions.reportCompletion({ sessionId, outcome: { case: undefined } }, bearer(tokens[1])),
      Code.InvalidArgument,
      /must be a confirmation, a failure, a withdrawal or a retirement/,
    )
  })

  it('takes as much from a seat as it can have to say, so that nobody fills the audit log', async () => {
    const world = await rig()
    const { sessions } = clients(world.transport)
    const { sessionId, tokens } = await startedSession(clients(world.transport))
    const withdraw = (seat: number, fill: number) =>
      sessions.reportCompletion(
        { sessionId, outcome: { case: 'withdrawal', value: new Uint8Array(64).fill(fill) } },
        bearer(tokens[seat]),
      )
    const zero = { case: 'failure', value: { kind: 'cancelled', detail: 'a\0b' } } as const
    await refused(
      sessions.reportCompletion({ sessionId, outcome: zero }, bearer(tokens[2])),
      Code.InvalidArgument,
      /must not contain NUL/,
    )
    const flood = await Promise.allSettled(Array.from({ length: 100 }, (_, n) => withdraw(2, n + 1)))
    const [over] = flood.filter(({ status }) => status === 'rejected')
    assert.ok(over?.status === 'rejected')
    await refused(Promise.reject(over.reason as Error), Code.ResourceExhausted, /changes of this seat/)
    const rows = await world.database.query('select 1 from audit where session_id = $1', [sessionId])
    assert.ok(rows.length < 70, `${rows.length} lines`)
    for (let again = 0; again < 100; again += 1) await withdraw(3, 1)
  })

  it('ends expired sessions, tells watchers, and forgets messages', async () => {
    const world = await rig()
    const { sessions, router } = clients(world.transport)
    const { sessionId, tokens } = await startedSession(clients(world.transport))
    await router.sendMessage({ sessionId, to: 0, ...noMessage }, bearer(tokens[1]))
    const states = sessions.watchSession({ sessionId }, bearer(tokens[2]))[Symbol.asyncIterator]()
    await states.next()
    world.clock.now += 601_000
    assert.deepEqual(await world.services.sessions.sweep(world.clock.now), [sessionId])
    const last = await states.next()
    assert.equal((last.value as { session?: { state: number } }).session?.state, SessionState.EXPIRED)
    assert.deepEqual(await world.database.query('select * from messages'), [])
    await world.services.sessions.sweep(world.clock.now + 31 * 24 * 3_600_000)
    assert.deepEqual(await world.database.query('select * from sessions'), [])
  })

  it('offers a server party its seats, and only to its own signature', async () => {
    const { identity, pinned } = await pinnedParty('server-1')
    const world = await rig({ parties: [pinned] })
    const { sessions } = clients(world.transport)
    const offer = keygenRequest({ seats: [{ seat: 1 }, { seat: 2, serverParty: 'server-1' }] })
    const { sessionId, joinTokens } = await sessions.createSession(offer)
    assert.deepEqual(Object.keys(joinTokens), ['1'], 'the creator gets no token for a server party')

    const watch = async (timeMs: number, name = 'server-1', key = identity) => {
      const request = { serverParty: name, timeMs: BigInt(timeMs) }
      const identitySignature = await signed('watch', watchRequest(name, timeMs), key)
      const stream = sessions.watchInvitations({ ...request, identitySignature })
      return (await stream[Symbol.asyncIterator]().next()).value as { seat: number; joinToken: string }
    }
    const { identity: stranger } = await pinnedParty('x')
    await refused(watch(world.clock.now, 'server-1', stranger), Code.Unauthenticated, /has signed/)
    await refused(watch(world.clock.now, 'server-2'), Code.Unauthenticated, /has signed/)
    await refused(watch(world.clock.now - 600_000), Code.Unauthenticated, /has signed/)
    const { seat, joinToken } = await watch(world.clock.now)
    assert.equal(seat, 2)
    const usurp = sessions.joinSession({ sessionId, identity: wireIdentity(2) }, bearer(joinToken))
    await refused(usurp, Code.PermissionDenied, /reserved for a server party/)
    await sessions.joinSession({ sessionId, identity: { ...identity.public } }, bearer(joinToken))
  })
})

describe('the router', () => {
  it('refuses oversized, unaddressed and early messages, each with its status, and keeps nothing', async () => {
    const world = await rig()
    const { sessions, router } = clients(world.transport)
    const { sessionId, tokens } = await startedSession(clients(world.transport))
    const send = (changes: object) =>
      router.sendMessage({ sessionId, to: 2, ...noMessage, ...changes }, bearer(tokens[1]))
    await refused(send({ envelope: new Uint8Array(1024 * 1024 + 1) }), Code.ResourceExhausted, /at most 1048576/)
    await refused(send({ envelope: new Uint8Array(3 * 1024 * 1024) }), Code.ResourceExhausted, /./)
    await refused(send({ envelope: new Uint8Array() }), Code.InvalidArgument, /empty/)
    await refused(send({ to: 4 }), Code.InvalidArgument, /no seat 4/)
    await refused(send({ to: 1 }), Code.InvalidArgument, /to itself/)
    for (const to of [21, 40_000, 2 ** 32 - 1]) await refused(send({ to }), Code.InvalidArgument, /no seat/)
    await refused(send({ messageId: '' }), Code.InvalidArgument, /message id/)
    await refused(send({ messageId: 'x'.repeat(65) }), Code.InvalidArgument, /message id/)
    const beyond = { sessionId, after: 2n ** 64n - 1n }
    await refused(router.getPendingMessages(beyond, bearer(tokens[1])), Code.InvalidArgument, /with that number/)
    const stream = router.subscribeMessages(beyond, bearer(tokens[1]))[Symbol.asyncIterator]()
    await stream.next()
    await refused(stream.next(), Code.InvalidArgument, /with that number/)
    const acknowledging = router.acknowledgeMessages({ sessionId, upTo: 2n ** 63n }, bearer(tokens[1]))
    await refused(acknowledging, Code.InvalidArgument, /with that number/)
    const early = await sessions.createSession(keygenRequest())
    const tooEarly = router.sendMessage(
      { sessionId: early.sessionId, to: 2, ...noMessage },
      bearer(early.joinTokens[1]),
    )
    await refused(tooEarly, Code.FailedPrecondition, /created, not in progress/)
    assert.deepEqual(await world.database.query('select * from messages'), [])
  })

  it('takes a retried message once, and another one under its id not at all', async () => {
    const world = await rig()
    const { router } = clients(world.transport)
    const { sessionId, tokens } = await startedSession(clients(world.transport))
    const send = (changes: object, seat = 1) =>
      router.sendMessage({ sessionId, to: 3, ...noMessage, ...changes }, bearer(tokens[seat]))
    const first = await send({})
    assert.equal((await send({})).cursor, first.cursor)
    await refused(send({ envelope: new Uint8Array([2]) }), Code.AlreadyExists, /a different message/)
    await refused(send({ to: 2 }), Code.AlreadyExists, /a different message/)
    assert.notEqual((await send({}, 2)).cursor, first.cursor, 'the same id from another sender is another message')
  })

  it('delivers to the reader and to everyone else, in order, resuming from a cursor, with heartbeats', async () => {
    const world = await rig({ heartbeatMs: 20 })
    const { router } = clients(world.transport)
    const { sessionId, tokens } = await startedSession(clients(world.transport))
    const send = (from: number, to: number, at: number) =>
      router.sendMessage({ sessionId, to, messageId: `m${at}`, envelope: new Uint8Array([at]) }, bearer(tokens[from]))
    await send(1, 2, 0)
    await send(1, 3, 1)
    await send(2, 0, 2)
    for (let at = 3; at < 40; at += 1) await send(1, 0, at)

    const read = async (seat: number, after: bigint, count: number) => {
      const got: { cursor: bigint; body: number }[] = []
      let heartbeats = 0
      for await (const { cursor, envelope } of router.subscribeMessages({ sessionId, after }, bearer(tokens[seat]))) {
        if (cursor === 0n) heartbeats += 1
        else got.push({ cursor, body: envelope[0] ?? -1 })
        if (got.length === count && heartbeats > 2) break
      }
      return got
    }
    const all = await read(2, 0n, 38)
    assert.deepEqual(
      all.map(({ body }) => body),
      [0, ...Array.from({ length: 37 }, (_, at) => at + 3)],
    )
    const half = all[10]
    assert.deepEqual(await read(2, half?.cursor ?? 0n, 27), all.slice(11))
    assert.deepEqual(
      (await read(3, 0n, 39)).slice(0, 3).map(({ body }) => body),
      [1, 2, 3],
    )
  })

  it('delivers what was sent before the end, then ends the stream', async () => {
    const world = await rig()
    const { sessions, router } = clients(world.transport)
    const { sessionId, tokens } = await startedSession(clients(world.transport))
    await router.sendMessage({ sessionId, to: 0, ...noMessage }, bearer(tokens[1]))
    const outcome = { case: 'failure', value: { kind: 'cancelled' } } as const
    await sessions.reportCompletion({ sessionId, outcome }, bearer(tokens[1]))
    const cursors: bigint[] = []
    for await (const { cursor } of router.subscribeMessages({ sessionId }, bearer(tokens[2]))) cursors.push(cursor)
    assert.deepEqual(cursors, [0n, 1n])
    await refused(
      router.sendMessage({ sessionId, to: 0, messageId: 'late', envelope: new Uint8Array([1]) }, bearer(tokens[2])),
      Code.FailedPrecondition,
      /failed, not in progress/,
    )
  })

  it('frees what a session held a minute after its end', async () => {
    const world = await rig()
    const { sessions, router } = clients(world.transport)
    const { sessionId, tokens } = await startedSession(clients(world.transport))
    await router.sendMessage({ sessionId, to: 0, ...noMessage }, bearer(tokens[1]))
    const outcome = { case: 'failure', value: { kind: 'cancelled' } } as const
    await sessions.reportCompletion({ sessionId, outcome }, bearer(tokens[1]))
    const kept = async (afterMs: number) => {
      await world.services.sessions.sweep(world.clock.now + afterMs)
      return (await world.database.query('select * from messages')).length
    }
    assert.equal(await kept(59_000), 1)
    assert.equal(await kept(61_000), 0)
    assert.equal((await sessions.getSession({ sessionId }, bearer(tokens[1]))).session?.state, SessionState.FAILED)
  })

  it('gives way to the newest streams of a reader', async () => {
    const world = await rig({ heartbeatMs: 60_000 })
    const { router } = clients(world.transport)
    const { sessionId, tokens } = await startedSession(clients(world.transport))
    const streams = [1, 2, 3, 4].map(() =>
      router.subscribeMessages({ sessionId }, bearer(tokens[2]))[Symbol.asyncIterator](),
    )
    for (const stream of streams) await stream.next()
    await refused(streams[0]?.next() ?? Promise.resolve(), Code.Aborted, /newer stream/)
    for (const stream of streams) await stream.return?.()
  })
})
