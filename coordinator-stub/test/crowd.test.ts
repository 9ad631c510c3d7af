import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { create, toBinary } from '@bufbuild/protobuf'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { SubscribeMessagesRequestSchema } from '../../proto/gen/router_pb.js'
import { collectGarbage } from '../../testkit/collectGarbage.ts'
import { bearer, clients, keygenRequest, startedSession, temporaryFolder } from '../../testkit/harness.ts'
import { startPostgres } from '../../testkit/postgresServer.ts'
import { runningCoordinator } from '../../testkit/running.ts'

const server = await startPostgres()
const skip = 'unavailable' in server ? server.unavailable : false
const mebibyte = 1024 * 1024

function heldBytes(): number {
  collectGarbage()
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return arrayBuffers + heapUsed
}

/** On PostgreSQL: what is stored is then not in this process, whose memory is looked at. */
async function coordinatorIn(dataFolder: string) {
  assert.ok(!('unavailable' in server))
  const databaseUrl = await server.createDatabase()
  return runningCoordinator({ dataFolder, joinTokenSecret: 'a5'.repeat(32), databaseUrl, heartbeatMs: 3_600_000 })
}

/** What has been delivered is freed a little later. A minute after, whatever is still held above `limit` is a leak. */
async function heldOnceBelow(limit: number): Promise<number> {
  const untilMs = performance.now() + 60_000
  for (;;) {
    const held = heldBytes()
    if (held < limit || performance.now() > untilMs) return held
    await setTimeout(50)
  }
}

async function connected(sockets: DisposableStack, url: string): Promise<Socket> {
  const socket = sockets.adopt(connect(Number(new URL(url).port), '127.0.0.1'), (open) => {
    open.destroy()
  })
  await once(socket, 'connect')
  return socket
}

/** Asks for a stream by gRPC-Web and reads nothing of it until it is told to. */
async function unreadStream(
  sockets: DisposableStack,
  url: string,
  sessionId: string,
  token: string | undefined,
): Promise<Socket> {
  const socket = await connected(sockets, url)
  socket.pause()
  const message = toBinary(SubscribeMessagesRequestSchema, create(SubscribeMessagesRequestSchema, { sessionId }))
  const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message])
  const head = [
    'POST /quorate.v1.RouterService/SubscribeMessages HTTP/1.1',
    'Host: coordinator',
    'Content-Type: application/grpc-web+proto',
    `Authorization: Bearer ${token ?? ''}`,
    `Content-Length: ${frame.length}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  socket.write(frame)
  return socket
}

describe('a coordinator among many', { skip }, () => {
  it('holds little for readers that do not read, gives the others everything in time, and them too once they read', async () => {
    await using folder = await temporaryFolder()
    await using coordinator = await coordinatorIn(folder.path)
    const at = clients(createGrpcTransport({ baseUrl: coordinator.grpcUrl }))
    const { sessionId, tokens } = await startedSession(at)
    using sockets = new DisposableStack()
    const slow = await Promise.all(
      [2, 2, 3].map((seat) => unreadStream(sockets, coordinator.url, sessionId, tokens[seat])),
    )
    const count = 64
    const read: number[] = []
    const reading = (async () => {
      for await (const { cursor, envelope } of at.router.subscribeMessages({ sessionId }, bearer(tokens[2]))) {
        if (cursor > 0n) read.push(envelope[0] ?? -1)
        if (read.length === count) return
      }
    })()
    const before = heldBytes()
    for (let n = 0; n < count; n += 1) {
      const envelope = new Uint8Array(mebibyte).fill(n)
      await at.router.sendMessage({ sessionId, to: 0, messageId: `m${n}`, envelope }, bearer(tokens[1]))
    }
    await reading
    assert.deepEqual(
      read,
      read.map((_, n) => n),
    )
    const most = 8 * slow.length
    const grown = ((await heldOnceBelow(before + most * mebibyte)) - before) / mebibyte
    assert.ok(grown < most, `${grown.toFixed(0)} MiB for ${slow.length} readers of ${count} MiB each`)

    const [late] = slow
    assert.ok(late)
    let bytes = 0
    late.on('data', (chunk) => {
      bytes += chunk.length
      if (bytes > count * mebibyte) late.destroy()
    })
    late.resume()
    await once(late, 'close')
    assert.ok(bytes > count * mebibyte)
  })

  it('serves a ceremony while thousands of streams and half-open connections do nothing', async () => {
    await using folder = await temporaryFolder()
    await using coordinator = await coordinatorIn(folder.path)
    const at = clients(createGrpcTransport({ baseUrl: coordinator.grpcUrl }))
    const before = heldBytes()
    const leave = new AbortController()
    using leaving = new DisposableStack()
    leaving.defer(() => {
      leave.abort()
    })
    const connections = Array.from({ length: 4 }, () => clients(createGrpcTransport({ baseUrl: coordinator.grpcUrl })))
    const seats = Array.from({ length: 20 }, (_, index) => ({ seat: index + 1 }))
    let opened = 0
    for (let n = 0; n < 20; n += 1) {
      const { sessionId, joinTokens } = await at.sessions.createSession(keygenRequest({ seats, threshold: 2 }))
      const { router } = connections[n % connections.length] ?? at
      const streams = [...seats, ...seats, ...seats].map(({ seat }) => {
        const options = { ...bearer(joinTokens[seat]), signal: leave.signal }
        return router.subscribeMessages({ sessionId }, options)[Symbol.asyncIterator]().next()
      })
      opened += (await Promise.all(streams)).length
    }
    using sockets = new DisposableStack()
    const halfOpen = await Promise.all(
      Array.from({ length: 1000 }, async () => {
        const socket = await connected(sockets, coordinator.url)
        socket.write('POST /quorate.v1.RouterService/SubscribeMessages HTTP/1.1\r\nHost: c')
        return socket
      }),
    )
    const each = (heldBytes() - before) / (opened + halfOpen.length)
    assert.ok(each < 64 * 1024, `${Math.round(each / 1024)} KiB a stream, client's half included`)

    const { sessionId, tokens } = await startedSession(at)
    const reading = at.router.subscribeMessages({ sessionId }, bearer(tokens[2]))[Symbol.asyncIterator]()
    await reading.next()
    const envelope = new Uint8Array(130_000).fill(7)
    await at.router.sendMessage({ sessionId, to: 0, messageId: 'm', envelope }, bearer(tokens[1]))
    // Because it was sent: the next heartbeat, which would bring it too, comes after an hour.
    const { value } = (await reading.next()) as { value: { envelope: Uint8Array } }
    assert.equal(value.envelope.length, envelope.length)
  })
})
