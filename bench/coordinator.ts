// npm run bench -- coordinator [--json] [--quick] [--load=paced|burst] [--sessions=N] [--database=NAME]:
// sessions and messages per second and delivery latency of the coordinator, with the messages of 2-of-3 keygens in their real sizes (WIRE 12.4), on PGlite and on
// PostgreSQL. Coordinator, database and parties are processes of their own, on this machine. Two kinds of load:
//
//   paced  so many sessions are alive at any time, of any age: people come one after the other, then the parties compute as
//          long as a keygen takes natively in tss-lib (4 seconds) and send in between. What delivery takes as long as the
//          coordinator is not overloaded. 100 sessions of a minute are 1.7 new ones and 25 messages taken a second.
//   burst  so many sessions begin at once and do nothing but send. What it can do at most; latency is then the length of
//          the queue. 1000 of them only with --sessions=1000: it takes minutes.
//
// The parties' processes say how late their own event loops were: that is in the latency too, and not the coordinator's.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startPostgres } from '../testkit/postgresServer.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import type { Load, Outcome } from './coordinatorClients.ts'
import { deliveriesOfSession } from './coordinatorSession.ts'

const metricsKey = 'of this run'

interface Wanted {
  readonly kind: 'paced' | 'burst'
  readonly sessions: number
  /** Of paced sessions, from creation to the last confirmation; the keygen itself takes 4 of them. */
  readonly aliveSeconds: number
}

/** One row of the table in docs/OPERATIONS.md. */
export interface Figures {
  readonly database: string
  readonly load: Wanted['kind']
  readonly sessions: number
  readonly aliveSeconds: number
  readonly sessionsPerSecond: number
  readonly messagesPerSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly longest: number
  readonly lost: number
  readonly failed: number
  /** Milliseconds of one core for a session, by the coordinator's process; with PGlite that is the database too. */
  readonly cpuOfSession: number
  /** Of the machine, before: 0 is idle. */
  readonly loadBefore: number
  /** Milliseconds by which the parties' own processes are late to hear of anything, p95. */
  readonly partiesLate: number
  /** The same of the coordinator, p99. */
  readonly coordinatorLate: number
}

const computeMs = [400, 1400, 1400, 800]
const computeSeconds = computeMs.reduce((sum, ms) => sum + ms, 0) / 1000
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    load: { type: 'string' },
    sessions: { type: 'string' },
    database: { type: 'string' },
  },
})
const measuredSeconds = values.quick ? 10 : 20
/** Until so many sessions are there, without a rush that says nothing about the rest. */
const warmUpOf = (sessions: number) => (sessions < 100 ? 5 : sessions < 1000 ? 15 : 40)
const all: readonly Wanted[] = [
  { kind: 'paced', sessions: 1, aliveSeconds: 5 },
  { kind: 'paced', sessions: 100, aliveSeconds: 60 },
  { kind: 'paced', sessions: 1000, aliveSeconds: 300 },
  { kind: 'burst', sessions: 1, aliveSeconds: 0 },
  { kind: 'burst', sessions: 100, aliveSeconds: 0 },
  { kind: 'burst', sessions: 1000, aliveSeconds: 0 },
]

const runs = all.filter(
  ({ kind, sessions }) =>
    (values.load ?? kind) === kind &&
    (values.sessions ?? (kind === 'burst' && sessions === 1000 ? '' : String(sessions))) === String(sessions),
)

async function measure(database: string, databaseUrl: string | undefined, wanted: Wanted): Promise<Figures> {
  const warmUpSeconds = warmUpOf(wanted.sessions)
  const takes = wanted.kind === 'paced' ? `about ${warmUpSeconds + measuredSeconds} seconds` : 'as long as it takes'
  console.error(`${database}, ${wanted.kind}, ${wanted.sessions} sessions: ${takes}`)
  const folder = await mkdtemp(join(tmpdir(), 'quorate-bench-'))
  const loadBefore = loadavg()[0] ?? 0
  const secret = Buffer.from(systemRandom(32)).toString('hex')
  const coordinator = fork(
    fileURLToPath(new URL('../coordinator-stub/main.ts', import.meta.url)),
    ['--port', '0', '--grpc-port', '0', '--data', folder],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {
        ...process.env,
        JOIN_TOKEN_SECRET: secret,
        METRICS_KEY: metricsKey,
        ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      },
    },
  )
  try {
    const [{ ready }] = (await once(coordinator, 'message')) as [{ ready: { url: string; grpcUrl: string } }]
    await clientsOf({ grpcUrl: ready.grpcUrl, sessions: 3, pace: undefined })
    const pace = {
      gatherMs: (wanted.aliveSeconds - computeSeconds) * 1000,
      computeMs,
      warmUpSeconds,
      measuredSeconds,
    }
    const processes = wanted.sessions < 100 ? 1 : 2
    const cpuBefore = await metric(ready.url, 'process_cpu_seconds_total')
    const outcomes = await Promise.all(
      Array.from({ length: processes }, () =>
        clientsOf({
          grpcUrl: ready.grpcUrl,
          sessions: wanted.sessions / processes,
          pace: wanted.kind === 'paced' ? pace : undefined,
        }),
      ),
    )
    const cpu = (await metric(ready.url, 'process_cpu_seconds_total')) - cpuBefore
    const coordinatorLate = (await metric(ready.url, 'nodejs_eventloop_lag_p99_seconds')) * 1000 - lagResolutionMs
    const finished = outcomes.reduce((sum, { sessions }) => sum + sessions, 0)
    for (const reason of outcomes.flatMap(({ failures }) => failures).slice(0, 3)) console.error(reason)
    const latencies = outcomes.flatMap((outcome) => outcome.latencies).sort((a, b) => a - b)
    const part = (share: number) => Number((latencies[Math.floor(share * (latencies.length - 1))] ?? NaN).toFixed(1))
    const seconds = Math.max(...outcomes.map((outcome) => outcome.seconds))
    return {
      database,
      load: wanted.kind,
      sessions: wanted.sessions,
      aliveSeconds: wanted.aliveSeconds,
      sessionsPerSecond: Number((latencies.length / deliveriesOfSession / seconds).toFixed(1)),
      messagesPerSecond: Math.round(latencies.length / seconds),
      p50: part(0.5),
      p95: part(0.95),
      p99: part(0.99),
      longest: part(1),
      lost: outcomes.reduce((sum, { lost }) => sum + lost, 0),
      failed: outcomes.reduce((sum, { failures }) => sum + failures.length, 0),
      cpuOfSession: Number(((cpu / Math.max(1, finished)) * 1000).toFixed(0)),
      loadBefore: Number(loadBefore.toFixed(1)),
      partiesLate: Number(Math.max(...outcomes.map(({ lateMs }) => lateMs)).toFixed(1)),
      coordinatorLate: Number(Math.max(0, coordinatorLate).toFixed(1)),
    }
  } finally {
    coordinator.kill('SIGKILL')
    if (coordinator.exitCode === null && coordinator.signalCode === null) await once(coordinator, 'exit')
    await rm(folder, { recursive: true, force: true })
  }
}

async function clientsOf(load: Load): Promise<Outcome> {
  const child = fork(fileURLToPath(new URL('coordinatorClients.ts', import.meta.url)), [], {
    serialization: 'advanced',
    // As the coordinator does for itself: else it is their garbage collection that is measured.
    execArgv: ['--max-old-space-size=4096', '--external-memory-accounted-in-global-limit'],
  })
  child.send(load)
  const [outcome] = (await once(child, 'message')) as [Outcome]
  return outcome
}

/** What the coordinator's own measurement adds to every delay. */
const lagResolutionMs = 10

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${metricsKey}` } })).text()
  return Number(new RegExp(`^${name} ([\\d.e-]+)`, 'm').exec(text)?.[1])
}

const figures: Figures[] = []
const report = (next: Figures) => {
  figures.push(next)
  console.error(JSON.stringify(next))
}
if ((values.database ?? 'PGlite') === 'PGlite') {
  for (const wanted of runs) report(await measure('PGlite', undefined, wanted))
}
if ((values.database ?? 'PostgreSQL') === 'PostgreSQL') {
  const server = await startPostgres('initdb', { durable: true, atEnd: () => undefined })
  if (!('unavailable' in server)) {
    for (const wanted of runs) report(await measure('PostgreSQL', await server.createDatabase(), wanted))
    await server.stop()
  }
}
const rows = figures.map((each) => ({
  name: `coordinator ${each.load} ${each.sessions} p95`,
  runtime: each.database,
  ms: each.p95,
  spread: [each.p50, each.p99],
  figures: each,
}))
if (values.json) process.stdout.write(`${JSON.stringify({ rows })}\n`)
else console.table(figures)
