// npm run bench -- coordinator [--json]: sessions and messages per second and delivery latency of the coordinator, with
// the messages of 2-of-3 keygens in their real sizes (tss-lib-v2-wire.md 12.4), on PGlite and on PostgreSQL.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { type CoordinatorSettings, startCoordinator } from '../coordinator-stub/coordinator.ts'
import { bearer, type Clients, clients, keygenRequest, silent, wireIdentity } from '../coordinator-stub/test/harness.ts'
import { startPostgres } from '../coordinator-stub/test/postgresServer.ts'
import { systemRandom } from '../tss-wasm/random.ts'

/** Each party sends these, in order: broadcasts to all, private messages to each of the other two. */
const rounds = [
  { bytes: 133_755, isPrivate: false },
  { bytes: 42_033, isPrivate: true },
  { bytes: 3720, isPrivate: false },
  { bytes: 3435, isPrivate: false },
]
const seats = [1, 2, 3]
/** Each seat receives, from each of two others, one message of every round. */
const expectedEach = 2 * rounds.length
/** Connections, so that streams of many parties do not share one. */
const connections = 8

interface Figures {
  readonly database: string
  readonly sessions: number
  readonly seconds: number
  readonly sessionsPerSecond: number
  readonly messagesPerSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly lost: number
}

async function runSession(services: readonly Clients[], latencies: number[]): Promise<number> {
  const [first] = services
  if (first === undefined) throw new Error('no connection')
  const at = (seat: number) => services[seat % services.length] ?? first
  const { sessionId, joinTokens } = await first.sessions.createSession(keygenRequest())
  await Promise.all(
    seats.map(async (seat) => {
      const { sessions } = at(seat)
      await sessions.joinSession({ sessionId, identity: wireIdentity(seat) }, bearer(joinTokens[seat]))
      await sessions.markReady({ sessionId }, bearer(joinTokens[seat]))
    }),
  )
  const start = { sessionId, roster: new Uint8Array([9]), rosterSignature: new Uint8Array(64) }
  await first.sessions.startSession(start, bearer(joinTokens[1]))
  const sentAt = new Map<string, number>()
  let received = 0
  await Promise.all(
    seats.map(async (seat) => {
      const { router, sessions } = at(seat)
      const heard = rounds.map(() => Promise.withResolvers<undefined>())
      const counts = rounds.map(() => 0)
      const reading = (async () => {
        let mine = 0
        const leave = new AbortController()
        const options = { ...bearer(joinTokens[seat]), signal: leave.signal }
        for await (const { cursor, envelope, from } of router.subscribeMessages({ sessionId }, options)) {
          if (cursor === 0n) continue
          const round = envelope[0] ?? 0
          latencies.push(performance.now() - (sentAt.get(`${from} ${round}`) ?? 0))
          received += 1
          mine += 1
          counts[round] = (counts[round] ?? 0) + 1
          if (counts[round] === 2) heard[round]?.resolve(undefined)
          if (mine === expectedEach) break
        }
        leave.abort()
      })()
      for (const [index, { bytes, isPrivate }] of rounds.entries()) {
        const envelope = new Uint8Array(bytes).fill(seat)
        envelope[0] = index
        const to = isPrivate ? seats.filter((other) => other !== seat) : [0]
        sentAt.set(`${seat} ${index}`, performance.now())
        for (const reader of to) {
          const message = { sessionId, to: reader, messageId: `${index} ${reader}`.replace(' ', '-'), envelope }
          await router.sendMessage(message, bearer(joinTokens[seat]))
        }
        // As in a ceremony: the next round needs everybody's message of this one.
        await heard[index]?.promise
      }
      await reading
      const outcome = { case: 'confirmation', value: new Uint8Array([1]) } as const
      await sessions.reportCompletion({ sessionId, outcome }, bearer(joinTokens[seat]))
    }),
  )
  return received
}

async function measure(database: string, databaseUrl: string | undefined, count: number): Promise<Figures> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'quorate-bench-'))
  const settings: CoordinatorSettings = {
    dataFolder,
    port: 0,
    grpcPort: 0,
    host: '127.0.0.1',
    webFolder: undefined,
    partiesFile: undefined,
    joinTokenSecret: Buffer.from(systemRandom(32)).toString('hex'),
    databaseUrl,
    heartbeatMs: 10_000,
  }
  try {
    await using coordinator = await startCoordinator(settings, systemRandom, silent)
    const services = Array.from({ length: connections }, () =>
      clients(createGrpcTransport({ baseUrl: coordinator.grpcUrl })),
    )
    await runSession(services, [])
    const latencies: number[] = []
    const started = performance.now()
    const outcomes = await Promise.allSettled(
      Array.from({ length: count }, (_, at) => runSession(rotated(services, at), latencies)),
    )
    const seconds = (performance.now() - started) / 1000
    for (const outcome of outcomes) if (outcome.status === 'rejected') console.error(String(outcome.reason))
    const sorted = latencies.toSorted((a, b) => a - b)
    const at = (part: number) => Math.round(sorted[Math.floor(part * (sorted.length - 1))] ?? NaN)
    return {
      database,
      sessions: count,
      seconds: Number(seconds.toFixed(1)),
      sessionsPerSecond: Number((count / seconds).toFixed(1)),
      messagesPerSecond: Math.round(latencies.length / seconds),
      p50: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
      lost: count * seats.length * expectedEach - latencies.length,
    }
  } finally {
    await rm(dataFolder, { recursive: true, force: true })
  }
}

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const at = by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}

const counts = [1, 100, 1000]
const all: Figures[] = []
const server = await startPostgres()
for (const count of counts) all.push(await measure('PGlite', undefined, count))
if (!('unavailable' in server)) {
  for (const count of counts) all.push(await measure('PostgreSQL', await server.createDatabase(), count))
  await server.stop()
}
if (process.argv.includes('--json')) process.stdout.write(JSON.stringify(all) + '\n')
else console.table(all)
