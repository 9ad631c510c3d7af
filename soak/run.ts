// npm run soak -- [--ceremonies N] [--fault TEXT] [--seed N] [--engines threads] [--server-party] [--reshare] [--report]: ceremonies of three people
// (or two and a server party, which signs) over the network, through a proxy that does what networks do. Success, time, and whether
// anybody's share was lost, by fault. With --reshare they renew their shares before they sign.
import { setTimeout as pause } from 'node:timers/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bytesToHex } from '@noble/hashes/utils.js'
import { startLocalStack, type LocalStack } from '../testkit/localStack.ts'
import { hasNginx, startNginx } from '../testkit/nginx.ts'
import { fixturePreParameters } from '../testkit/person.ts'
import { startPostgres, type PostgresServer } from '../testkit/postgresServer.ts'
import { dice } from '../fuzz/mutate.ts'
import { machine, today, withEarlier, writeReport } from '../scripts/reliability.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import {
  anotherTab,
  areInOneEpoch,
  keygen,
  overGrpc,
  overWeb,
  renew,
  sign,
  somePeople,
  wallets,
  type Ended,
  type Engines,
  type Told,
} from './ceremony.ts'
import { deviceTime, type DeviceTime, type Turns, turns } from './deviceTime.ts'
import { faults, type Fault } from './faults.ts'
import { startProxy, type Proxy } from './proxy.ts'

const { values } = parseArgs({
  options: {
    ceremonies: { type: 'string', default: '50' },
    fault: { type: 'string', default: '' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
    engines: { type: 'string', default: 'remembered' },
    'server-party': { type: 'boolean', default: false },
    reshare: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
})
const count = Number(values.ceremonies)
const engines: Engines = values.engines === 'threads' ? 'threads' : 'remembered'
const withServerParty = values['server-party']
const withReshare = values.reshare
if (withReshare && withServerParty) throw new Error('--reshare is of three people')
const twoMinutesMs = 120_000
const roll = dice(Number(values.seed))
console.log(`seed ${values.seed}, ${count} ceremonies for each fault`)

const rows: (Soaked | undefined)[] = []
for (const fault of faults.filter(({ name }) => name.includes(values.fault))) {
  const row = await soak(fault)
  rows.push(row)
  console.log(
    row === undefined ? `${fault.name}: ${fault.behind ?? 'PostgreSQL'} cannot be started here` : JSON.stringify(row),
  )
  if (row !== undefined && values.report) report(row)
}
process.exit(rows.every((row) => row?.lost === 0 && made(row).every(({ succeeded }) => succeeded === count)) ? 0 : 1)

function made({ keygen, renewal, sign }: Soaked) {
  return withReshare ? [keygen, renewal, sign] : [keygen, sign]
}

/** Replaces the row of this fault, and leaves those of an earlier run: faults may be tried one by one. */
function report({ fault, isOfDevices, keygen, renewal, sign, meddled, calls, restarts, lost }: Soaked): void {
  const others = `${withServerParty ? ' --server-party' : ''}${withReshare ? ' --reshare' : ''}`
  const words = { threads: 'computing as in the app', remembered: 'powers remembered between ceremonies' }
  const row = [
    withServerParty ? `${fault}; with a server party` : fault,
    ...columnsOf(withReshare ? renewal : keygen),
    ...columnsOf(sign),
    `${meddled} of ${calls}`,
    restarts,
    lost,
  ]
  // What devices and people do has a table of its own: it is run by itself.
  const rig = withReshare ? 'soakReshare' : isOfDevices ? 'soakDevices' : 'soak'
  const order = (what: unknown) => faults.findIndex(({ name }) => String(what).startsWith(name))
  writeReport(rig, {
    command: `npm run soak -- --ceremonies ${count} --engines ${engines}${others} --report`,
    measured: `${today()}, ${machine()}, seed ${values.seed}; ${words[engines]}`,
    columns: ['fault', withReshare ? 'shares renewed' : 'wallets made', 'p50, s', 'p95, s', 'signed', 'p50, s', 'p95, s', 'calls meddled with', 'restarts', 'shares lost'], // prettier-ignore
    rows: withEarlier(rig, [row]).toSorted(([a], [b]) => order(a) - order(b)),
  })
}

type Soaked = NonNullable<Awaited<ReturnType<typeof soak>>>

async function soak(fault: Fault) {
  const folder = await mkdtemp(join(tmpdir(), 'quorate-soak-'))
  await using opened = new AsyncDisposableStack()
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  if (fault.behind !== undefined && !hasNginx) return undefined
  let postgres: PostgresServer | undefined
  if (fault.restarts === 'database') {
    const atEnd = (tidy: () => Promise<void>) => {
      opened.defer(tidy)
    }
    const started = await startPostgres('initdb', { durable: true, atEnd })
    if ('unavailable' in started) return undefined
    postgres = started
    process.env['DATABASE_URL'] = await started.createDatabase()
    process.env['JOIN_TOKEN_SECRET'] = bytesToHex(systemRandom(32))
    opened.defer(() => {
      delete process.env['DATABASE_URL']
      delete process.env['JOIN_TOKEN_SECRET']
    })
  }
  let proxy: Proxy | undefined
  const stack = opened.use(
    await startLocalStack({
      dataFolder: folder,
      port: 0,
      grpcPort: 0,
      parties: withServerParty ? ['server-1'] : [],
      prepareAhead: 0,
      async beforeStart(_, party) {
        for (let i = 0; i < count; i++) await party.addPrepared(await fixturePreParameters(4, party.masterKey))
      },
      async wayTo(grpcUrl) {
        proxy = opened.use(await startProxy(grpcUrl, (path) => fault.fate(path, roll)))
        return proxy.url
      },
      logs: 'files',
      random: systemRandom,
    }),
  )
  if (proxy === undefined) throw new Error('the way to the coordinator leads through the proxy')
  const ended = { keygen: [] as Ended[], renewal: [] as Ended[], sign: [] as Ended[] }
  let [lost, restarts] = [0, 0]
  const nginx = fault.behind === undefined ? undefined : opened.use(await startNginx(stack.url))
  const shared = proxy
  const proxies = [shared]
  const turn = turns()
  const ceremony = async () => {
    const time = deviceTime()
    // What happens to the network of one ceremony happens to no other.
    const own = fault.twoMinutes === undefined ? shared : await startProxy(stack.grpcUrl, () => ({}))
    if (own !== shared) proxies.push(opened.use(own))
    const transport = nginx === undefined ? overGrpc(own.url) : overWeb(nginx.url)
    const people = await somePeople(3 - stack.parties.length, transport, engines, time.clock)
    const tabs = fault.inTwoTabs === true ? people.slice(1).map((guest) => anotherTab(guest, transport)) : []
    const world = { stack, postgres, proxy: own, time, turn }
    const waiting = absence(fault, world)
    const interrupt = interruption(fault, world, () => (restarts += 1))
    ended.keygen.push(await keygen(people, { onProgress: interrupt.perhaps, ...waiting }, stack.parties, tabs))
    await interrupt.over()
    const held = await wallets(people)
    if (held === 'LOST') lost += 1
    if (held !== 'all') return
    if (withReshare) {
      const renewing = interruption(fault, world, () => (restarts += 1))
      ended.renewal.push(await renew(people, { onProgress: renewing.perhaps }))
      await renewing.over()
      if (!(await areInOneEpoch(people))) lost += 1
    }
    const again = interruption(fault, world, () => (restarts += 1))
    ended.sign.push(await sign(people, { onProgress: again.perhaps, ...waiting }, tabs))
    await again.over()
  }
  // One after the other; but while one waits for its two minutes to pass, the others go on.
  await Promise.all(
    Array.from({ length: count }, async () => {
      await turn.take()
      try {
        await ceremony()
      } finally {
        turn.give()
      }
    }),
  )
  for (const outcome of [...ended.keygen, ...ended.renewal, ...ended.sign])
    if ('failed' in outcome) console.log(`  ${outcome.failed}`)
  return {
    fault: fault.name,
    isOfDevices: fault.twoMinutes !== undefined || fault.behind !== undefined || fault.inTwoTabs === true,
    keygen: summary(ended.keygen),
    renewal: summary(ended.renewal),
    sign: summary(ended.sign),
    lost,
    restarts,
    calls: sum(proxies.map(({ counts }) => counts.calls)),
    meddled: sum(proxies.map(({ counts }) => counts.meddled)),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0)
}

interface World {
  readonly stack: LocalStack
  readonly postgres: PostgresServer | undefined
  /** Between the people of one ceremony and the coordinator. */
  readonly proxy: Proxy
  readonly time: DeviceTime
  readonly turn: Turns
}

/** The network is away while people wait for each other. */
function absence({ twoMinutes }: Fault, { proxy, turn }: World): Pick<Told, 'whileWaiting'> {
  if (twoMinutes !== 'without a network') return {}
  return {
    async whileWaiting(seated) {
      while (proxy.watching() < seated) await pause(20)
      proxy.setAway(true)
      await turn.waitBeside(twoMinutesMs)
      proxy.setAway(false)
    },
  }
}

/** Kills and starts again, or closes all lids, once, after some message of the ceremony. */
function interruption(
  { restarts, twoMinutes }: Fault,
  { stack, postgres, proxy, time, turn }: World,
  done: () => void,
) {
  let left = 1 + roll(4)
  let working: Promise<void> | undefined
  const work = async () => {
    if (twoMinutes === 'asleep') {
      time.closeLids()
      proxy.setAway(true)
      await turn.waitBeside(twoMinutesMs)
      proxy.setAway(false)
      time.openLids()
      return
    }
    if (restarts === 'database') await postgres?.restart()
    else {
      await stack.kill('coordinator')
      await stack.restart('coordinator')
    }
    done()
  }
  return {
    perhaps: () => {
      left -= 1
      if (left === 0 && (restarts !== undefined || twoMinutes === 'asleep')) working = work()
    },
    over: async () => working,
  }
}

function columnsOf({ tried, succeeded, p50Ms, p95Ms }: ReturnType<typeof summary>) {
  return [`${succeeded} of ${tried}`, (p50Ms / 1000).toFixed(1), (p95Ms / 1000).toFixed(1)]
}

function summary(outcomes: readonly Ended[]) {
  const times = outcomes.flatMap((outcome) => ('ms' in outcome ? [outcome.ms] : [])).sort((a, b) => a - b)
  const quantile = (of: number) => Math.round(times[Math.min(times.length - 1, Math.floor(of * times.length))] ?? 0)
  return { tried: outcomes.length, succeeded: times.length, p50Ms: quantile(0.5), p95Ms: quantile(0.95) }
}
