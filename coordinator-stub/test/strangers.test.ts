import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect, createServer, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import { Code } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { watchRequest } from '../../participant/session/watchRequest.ts'
import { SessionKind } from '../../proto/gen/coordinator_pb.js'
import { signed } from '../../tss-wasm/identity/signed.ts'
import {
  bearer,
  type Clients,
  clients,
  invitationFor,
  keygenRequest,
  pinnedParty,
  refused,
  type Rig,
  rig,
  startedSession,
  temporaryFolder,
  wireIdentity,
} from '../../testkit/harness.ts'
import { runningCoordinator } from '../../testkit/running.ts'
import { connectionLimits } from '../limits/connectionLimits.ts'
import { createRouter } from '../messages/router.ts'
import { createSessionStore } from '../sessions/store.ts'
import { storageBudget } from '../sessions/budget.ts'

const mebibyte = 1024 * 1024

function send({ router }: Clients, sessionId: string, token: string | undefined, messageId: string, bytes: number) {
  return router.sendMessage({ sessionId, to: 0, messageId, envelope: new Uint8Array(bytes).fill(1) }, bearer(token))
}

describe('a seat that fills what it may', () => {
  it('is refused, and the others of its session still send', async () => {
    const at = await rig()
    const all = clients(at.transport)
    const { sessionId, tokens } = await startedSession(all)
    await send(all, sessionId, tokens[1], 'first', mebibyte)
    // As if it had sent all but the last of them.
    const share = (256 * mebibyte) / 3
    await at.database.query('update seat_usage set bytes = $1 where seat = 1', [Math.floor(share - mebibyte)])
    await refused(
      send(all, sessionId, tokens[1], 'last', mebibyte),
      Code.ResourceExhausted,
      /this seat has reached its limit of bytes/,
    )
    await send(all, sessionId, tokens[2], 'honest', mebibyte)
    await send(all, sessionId, tokens[3], 'honest', mebibyte)
  })
})

describe('the bytes that one address may store', () => {
  const small = { inAll: 8 * mebibyte, perAddress: 2 * mebibyte, freeToOpen: 0, freeToStore: 0 }

  function limited(at: Rig) {
    const budget = storageBudget(at.database, undefined, small)
    const { services } = at
    const sessions = createSessionStore(at.database, services.signals, { sessions: 100, perAddress: 3 })
    const router = createRouter(at.database, services.signals, undefined, budget)
    return { budget, sessions, router }
  }
  const fill = async (sessionId: string, { router, budget }: ReturnType<typeof limited>, count: number) => {
    for (let n = 0; n < count; n += 1) {
      await router.send(sessionId, `fill${n}`, { from: 1, to: 0, envelope: new Uint8Array(mebibyte) })
    }
    await budget.measure()
  }

  it('are counted over all its sessions, refuse new ones first, and leave other addresses alone', async () => {
    const at = await rig()
    const all = clients(at.transport)
    const parts = limited(at)
    const [theirs, ours] = [await startedSession(all), await startedSession(all)]
    const openedBy = (sessionId: string, address: string) =>
      at.database.query('update sessions set opened_by = $2 where session_id = $1', [sessionId, address])
    await openedBy(theirs.sessionId, '203.0.113.7')
    await openedBy(ours.sessionId, '203.0.113.8')
    await fill(theirs.sessionId, parts, 2)
    assert.throws(() => {
      parts.budget.mustHaveRoomFor('203.0.113.7')
    }, /reached their limit of stored bytes; there is room again/)
    parts.budget.mustHaveRoomFor('203.0.113.8')
    const message = { from: 2, to: 0, envelope: new Uint8Array(10) }
    await refused(parts.router.send(theirs.sessionId, 'late', message), Code.ResourceExhausted, /room again a minute/)
    await parts.router.send(ours.sessionId, 'ours', message)
  })

  it('and those of all refuse new sessions long before the messages of those that run', async () => {
    const at = await rig()
    const parts = limited(at)
    const { sessionId } = await startedSession(clients(at.transport))
    await fill(sessionId, parts, 5)
    assert.throws(() => {
      parts.budget.mustHaveRoomFor(undefined)
    }, /too full for new sessions; retry a minute/)
    await parts.router.send(sessionId, 'runs-on', { from: 2, to: 0, envelope: new Uint8Array(mebibyte) })
    await fill(sessionId, parts, 8)
    await refused(
      parts.router.send(sessionId, 'no-more', { from: 2, to: 0, envelope: new Uint8Array(1) }),
      Code.ResourceExhausted,
      /too full for messages/,
    )
  })

  it('a disk that is nearly full refuses new sessions while those that run go on', async () => {
    const at = await rig()
    await using folder = await temporaryFolder()
    const never = Number.MAX_SAFE_INTEGER
    const budget = storageBudget(at.database, folder.path, { ...small, freeToOpen: never, freeToStore: 0 })
    await budget.measure()
    assert.throws(() => {
      budget.mustHaveRoomFor(undefined)
    }, /too full for new sessions/)
    budget.mustStore()
  })

  it('are free again when its sessions have ended', async () => {
    const at = await rig()
    const parts = limited(at)
    const all = clients(at.transport)
    const { sessionId, tokens } = await startedSession(all)
    await at.database.query("update sessions set opened_by = '203.0.113.7'")
    await fill(sessionId, parts, 2)
    await all.sessions.reportCompletion(
      { sessionId, outcome: { case: 'failure', value: { kind: 'cancelled' } } },
      bearer(tokens[1]),
    )
    at.clock.now += 61_000
    await at.services.sessions.sweep(at.clock.now)
    await parts.budget.measure()
    parts.budget.mustHaveRoomFor('203.0.113.7')
  })

  it('do not grow with sessions that ended before anything ran: they are forgotten', async () => {
    const at = await rig()
    const all = clients(at.transport)
    const { sessionId, joinTokens } = await all.sessions.createSession(keygenRequest({ lifeSeconds: 24 * 3600 }))
    const cancelled = { sessionId, outcome: { case: 'failure', value: { kind: 'cancelled' } } } as const
    await all.sessions.reportCompletion(cancelled, bearer(joinTokens[1]))
    at.clock.now += 540_000
    await at.services.sessions.sweep(at.clock.now)
    assert.equal((await at.services.sessions.get(sessionId)).failure?.kind, 'cancelled')
    at.clock.now += 61_000
    await at.services.sessions.sweep(at.clock.now)
    await refused(at.services.sessions.get(sessionId), Code.NotFound, /no such session/)
  })
})

describe('the sessions that one address may have alive', () => {
  it('are bounded, so that others open theirs, and it is said when there is room again', async () => {
    const at = await rig()
    const sessions = createSessionStore(at.database, at.services.signals, { sessions: 100, perAddress: 2 })
    const all = clients(at.transport)
    const { session } = await all.sessions.createSession(keygenRequest())
    assert.ok(session)
    const add = (n: number, address: string) =>
      sessions.add({ ...session, sessionId: n.toString(16).padStart(32, '0') }, address)
    await add(1, '203.0.113.7')
    await add(2, '203.0.113.7')
    await refused(add(3, '203.0.113.7'), Code.ResourceExhausted, /this address .*; retry in \d+ s/)
    await add(4, '203.0.113.8')
  })

  it('when all others have taken what there is, are a few more', async () => {
    const at = await rig()
    const sessions = createSessionStore(at.database, at.services.signals, { sessions: 12, spare: 2 })
    const all = clients(at.transport)
    const { session } = await all.sessions.createSession(keygenRequest())
    assert.ok(session)
    const add = (n: number, address: string) =>
      sessions.add({ ...session, sessionId: n.toString(16).padStart(32, '0') }, address)
    for (let n = 1; n < 12; n += 1) await add(n, '203.0.113.7')
    await refused(add(12, '203.0.113.7'), Code.ResourceExhausted, /reached its limit of sessions; retry in/)
    await add(13, '203.0.113.8')
    await add(14, '203.0.113.9')
    await refused(add(15, '203.0.113.10'), Code.ResourceExhausted, /coordinator has reached its limit of sessions/)
  })
})

describe('offers to a server party', () => {
  async function offered(at: Rig, identity: Awaited<ReturnType<typeof pinnedParty>>['identity'], until: number) {
    const seen: { sessionId: string; awaits: number }[] = []
    const timeMs = BigInt(at.clock.now)
    const identitySignature = await signed('watch', watchRequest('server-1', at.clock.now), identity)
    const request = { serverParty: 'server-1', timeMs, identitySignature }
    for await (const { sessionId, awaits } of clients(at.transport).sessions.watchInvitations(request)) {
      // A heartbeat ends what was there at once.
      if (sessionId === '') break
      seen.push({ sessionId, awaits })
      if (seen.length === until) break
    }
    return seen
  }

  it('do not come again once it has declined, while the others go on', async () => {
    const { identity, pinned } = await pinnedParty('server-1')
    const at = await rig({ parties: [pinned] })
    const all = clients(at.transport)
    const seats = [{ seat: 1 }, { seat: 2 }, { seat: 3, serverParty: 'server-1' }]
    const request = keygenRequest({ kind: SessionKind.SIGN, seats })
    const { sessionId } = await all.sessions.createSession(request)
    assert.equal((await offered(at, identity, 1)).length, 1)
    const { joinToken } = await invitationFor(at, 'server-1', identity)
    const declined = { sessionId, outcome: { case: 'failure', value: { kind: 'refused' } } } as const
    const { session } = await all.sessions.reportCompletion(declined, bearer(joinToken))
    assert.equal(session?.failure, undefined)
    assert.deepEqual(await offered(at, identity, 1), [])
  })

  it('say that it is awaited only when everybody else has a seat', async () => {
    const { identity, pinned } = await pinnedParty('server-1')
    const at = await rig({ parties: [pinned] })
    const all = clients(at.transport)
    const seats = [{ seat: 1 }, { seat: 2 }, { seat: 3, serverParty: 'server-1' }]
    const { sessionId, joinTokens } = await all.sessions.createSession(keygenRequest({ seats }))
    const join = (seat: number) =>
      all.sessions.joinSession({ sessionId, identity: wireIdentity(seat) }, bearer(joinTokens[seat]))
    const seen: number[] = []
    const timeMs = BigInt(at.clock.now)
    const identitySignature = await signed('watch', watchRequest('server-1', at.clock.now), identity)
    for await (const offer of all.sessions.watchInvitations({ serverParty: 'server-1', timeMs, identitySignature })) {
      if (offer.sessionId === '') continue
      seen.push(offer.awaits)
      if (seen.length === 1) {
        await join(1)
        await join(2)
      } else break
    }
    assert.deepEqual(seen, [0, 2])
  })
})

describe('connections and bodies that never end', () => {
  async function connected(sockets: DisposableStack, url: string, localAddress: string): Promise<Socket> {
    const port = Number(new URL(url).port)
    const socket = sockets.adopt(connect({ port, host: '127.0.0.1', localAddress }), (open) => {
      open.destroy()
    })
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    return socket
  }

  it('of one address take no more than its share, and one too many is told so', async () => {
    const count = connectionLimits((address) => (address === '127.0.0.1' ? undefined : address), 2)
    const server = createServer(count)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    using sockets = new DisposableStack()
    sockets.defer(() => server.close())
    const address = server.address()
    assert.ok(address !== null && typeof address === 'object')
    const url = `http://127.0.0.1:${address.port}`
    const [first] = [await connected(sockets, url, '127.0.0.9'), await connected(sockets, url, '127.0.0.9')]
    const refusedOne = await connected(sockets, url, '127.0.0.9')
    const [answer] = (await once(refusedOne, 'data')) as [Buffer]
    assert.match(String(answer), /^HTTP\/1\.1 429 .*Retry-After: 10/s)
    const other = await connected(sockets, url, '127.0.0.10')
    assert.equal(other.readyState, 'open')
    first.destroy()
    await once(first, 'close')
    for (;;) {
      const again = await connected(sockets, url, '127.0.0.9')
      const held = await Promise.race([
        once(again, 'data').then(() => false),
        new Promise<boolean>((resolve) => setImmediate(resolve, true)),
      ])
      if (held) break
    }
  })

  it('are cut off after ten seconds on both ports, and streams are not', async () => {
    await using folder = await temporaryFolder()
    await using coordinator = await runningCoordinator({ dataFolder: folder.path })
    const at = clients(createGrpcTransport({ baseUrl: coordinator.grpcUrl }))
    const { sessionId, tokens } = await startedSession(at)
    const stream = at.router.subscribeMessages({ sessionId }, bearer(tokens[1]))[Symbol.asyncIterator]()
    await stream.next()
    using sockets = new DisposableStack()
    const before = performance.now()
    const plain = await connected(sockets, coordinator.url, '127.0.0.1')
    plain.write(
      'POST /quorate.v1.RouterService/SendMessage HTTP/1.1\r\nHost: c\r\nContent-Type: application/proto\r\nContent-Length: 100000\r\n\r\nabc',
    )
    plain.resume()
    const session = sockets.adopt(connectHttp2(coordinator.grpcUrl), (open) => {
      open.destroy()
    })
    const endless = session.request({
      ':method': 'POST',
      ':path': '/quorate.v1.RouterService/SendMessage',
      'content-type': 'application/grpc+proto',
      te: 'trailers',
    })
    endless.on('error', () => undefined)
    endless.write(Buffer.from([0, 0, 1, 0, 0, 1]))
    endless.resume()
    await Promise.all([once(plain, 'close'), once(endless, 'close')])
    const tookMs = performance.now() - before
    // Ten seconds; a busy machine is late, and never early.
    assert.ok(tookMs > 8000, `cut off after ${tookMs.toFixed(0)} ms`)
    await send(at, sessionId, tokens[2], 'still-here', 10)
    for (;;) {
      const { done, value } = (await stream.next()) as { done?: boolean; value: { cursor: bigint } }
      assert.notEqual(done, true)
      if (value.cursor > 0n) break
    }
  })
})
