// npm run bench -- scale [--json] [--quick]: what a signature costs the servers, and what grows with a company. CPU time, not
// time of day, so that others on the machine count for less:
//
//   signature   2-of-3 over the network, one after the other: by process, and all together with the person's
//   distance    round trips of a signature, from the time of day over ways of 0, 20 and 100 ms
//   news        commits at several coordinators' worth of connections to one PostgreSQL, each told to another instance;
//               milliseconds of the day for each commit, and until the other has heard of it
//   party       the ledger with 60,000 charges of a day, the folder with 10,000 wallets
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { openPartyFolder } from '../coordinator-stub/party/folder.ts'
import { openLedger } from '../coordinator-stub/party/ledger.ts'
import { dayMs } from '../tss-wasm/policy/policy.ts'
import { encodeRecord } from '../coordinator-stub/party/wallet.ts'
import { meetNeighbours } from '../coordinator-stub/storage/notifications.ts'
import { openPostgres } from '../coordinator-stub/storage/postgres.ts'
import { silent } from '../testkit/harness.ts'
import { longWayTo } from '../testkit/farAway.ts'
import { createWallet, offers, person, sign } from '../testkit/person.ts'
import { startPostgres } from '../testkit/postgresServer.ts'
import { runningStack } from '../testkit/running.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { cpuMsOf } from './processTimes.ts'
import { lonelyRow, median, printRows, type Row } from './rows.ts'

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
})
const runtime = `node ${process.versions.node}`
const signatures = values.quick ? 5 : 20
const newsMs = values.quick ? 2000 : 5000
const writers = 30
const chargesOfDay = 60_000
const wallets = 10_000

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'quorate-scale-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function cpuMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

async function ofSignatures(): Promise<Row[]> {
  return inFolder(async (dataFolder) => {
    await using stack = await runningStack({ dataFolder })
    const me = await person(createGrpcTransport({ baseUrl: stack.grpcUrl }))
    const wallet = await createWallet(me, stack.parties)
    const [coSigner] = offers(stack.parties)
    if (coSigner === undefined) throw new Error('there is no server party')
    const signOnce = (n: number) =>
      sign(me, wallet, coSigner, { type: 'ethereum-message', message: new TextEncoder().encode(`number ${n}`) })
    // The first of a process counts for more.
    await signOnce(0)
    const { coordinator = 0, 'server-1': party = 0 } = stack.pids
    const costs: [coordinator: number, party: number, all: number][] = []
    for (let n = 1; n <= signatures; n += 1) {
      const before = [coordinator, party].map(cpuMsOf)
      const mine = await cpuMs(() => signOnce(n))
      const [ofCoordinator = 0, ofParty = 0] = [coordinator, party].map((pid, at) => cpuMsOf(pid) - (before[at] ?? 0))
      costs.push([ofCoordinator, ofParty, ofCoordinator + ofParty + mine])
    }
    const names = ['the coordinator', 'a server party', 'all processes']
    return names.map((name, at) => {
      const each = costs.map((cost) => cost[at] ?? 0)
      return lonelyRow(`CPU of a signature: ${name}`, runtime, each, mean(each))
    })
  })
}

/** A tick of the kernel is long: the mean of many says more than any of them. */
function mean(of: readonly number[]): number {
  return of.reduce((sum, value) => sum + value, 0) / of.length
}

/** A stack so far from everybody else, and the person who signs with its first party. */
async function ofDistance(): Promise<Row[]> {
  const points: [roundTripMs: number, tookMs: number][] = []
  for (const roundTripMs of [0, 20, 100]) {
    await inFolder(async (dataFolder) => {
      await using opened = new AsyncDisposableStack()
      const far = async (url: string) => opened.use(await longWayTo(url, roundTripMs / 2)).url
      const stack = opened.use(await runningStack({ dataFolder, wayTo: far }))
      const me = await person(createGrpcTransport({ baseUrl: await far(stack.grpcUrl) }))
      const wallet = await createWallet(me, stack.parties)
      const [coSigner] = offers(stack.parties)
      if (coSigner === undefined) throw new Error('there is no server party')
      for (let n = 0; n <= signatures; n += 1) {
        const began = performance.now()
        await sign(me, wallet, coSigner, { type: 'ethereum-message', message: new TextEncoder().encode(`number ${n}`) })
        if (n > 0) points.push([roundTripMs, performance.now() - began])
      }
    })
  }
  const times = [0, 20, 100].map((way) => median(points.filter(([each]) => each === way).map(([, ms]) => ms)))
  const [near = NaN, , distant = NaN] = times
  console.error(`${((distant - near) / 100).toFixed(1)} round trips a signature, until all have confirmed it`)
  return [0, 20, 100].map((way, at) => lonelyRow(`a signature over ${way} ms`, runtime, [times[at] ?? NaN]))
}

async function ofNews(): Promise<Row[]> {
  const tidying: (() => Promise<void>)[] = []
  const server = await startPostgres('initdb', { durable: true, atEnd: (tidy) => tidying.push(tidy) })
  if ('unavailable' in server) return []
  await using opened = new AsyncDisposableStack()
  for (const tidy of tidying) opened.defer(tidy)
  const url = await server.createDatabase()
  const databases = await Promise.all([1, 2, 3].map(() => openPostgres(url, silent)))
  for (const database of databases) opened.adopt(database, (open) => open.close())
  await databases[0]?.script('create table written (what text)')
  const here = opened.use(await meetNeighbours(url, systemRandom, silent))
  const there = opened.use(await meetNeighbours(url, systemRandom, silent))
  const committedAt = new Map<string, number>()
  const latencies: number[] = []
  const allHeard = Promise.withResolvers<undefined>()
  let written = 0
  let isOver = false
  there.listen((news = '') => {
    const at = committedAt.get(news)
    if (at !== undefined) latencies.push(performance.now() - at)
    if (isOver && latencies.length === written) allHeard.resolve(undefined)
  })
  const began = performance.now()
  const write = async (writer: number) => {
    const database = databases[writer % databases.length]
    for (let n = 0; performance.now() < began + newsMs; n += 1) {
      const what = `${writer} ${n}`
      await database?.query('insert into written values ($1)', [what], 'write')
      committedAt.set(what, performance.now())
      written += 1
      here.tell([what])
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
  isOver = true
  const tookMs = performance.now() - began
  here.tell(['the end'])
  if (latencies.length < written) await allHeard.promise
  console.error(`${Math.round((written / tookMs) * 1000)} commits a second by ${writers} writers`)
  return [
    lonelyRow(`a commit with news, ${writers} writers`, 'PostgreSQL', [tookMs / written]),
    lonelyRow('until another instance hears of it', 'PostgreSQL', latencies),
  ]
}

async function ofParty(): Promise<Row[]> {
  return inFolder(async (folder) => {
    const path = join(folder, 'ledger.json')
    const nowMs = 1_800_000_000_000
    const walletId = (n: number) => n.toString(16).padStart(32, '0')
    const charge = (n: number) => ({ atMs: nowMs, request: `r${n}`, walletId: walletId(n % 50), amount: '1' })
    const lines = Array.from({ length: chargesOfDay }, (_, n) => `${JSON.stringify(charge(n))}\n`)
    await writeFile(path, lines.join(''))
    const ledger = await openLedger(path, dayMs)
    const charging: number[] = []
    for (let n = 0; n < 50; n += 1) {
      const what = { request: `new ${n}`, walletId: walletId(n) }
      charging.push(await cpuMs(() => ledger.charge(what, nowMs, () => [{ chainId: 1, amount: 1n }])))
    }

    const party = join(folder, 'party')
    await mkdir(join(party, 'wallets'), { recursive: true })
    const key = new Uint8Array(32)
    const seats = [1, 2, 3].map((seat) => ({
      seat: seat as PartyId,
      identity: { signingKey: key, encryptionKey: key },
    }))
    for (let n = 0; n < wallets; n += 1) {
      const known = { walletId: walletId(n), name: `wallet ${n}`, publicKey: new Uint8Array(33).fill(2), threshold: 2 }
      const wallet = { ...known, state: 'active', mySeat: 2 as PartyId, seats, pending: undefined } as const
      await writeFile(join(party, 'wallets', `${walletId(n)}.json`), encodeRecord(wallet))
    }
    await using opened = await openPartyFolder(party, undefined, systemRandom)
    const looking: number[] = []
    for (let n = 0; n < 50; n += 1) looking.push(await cpuMs(() => opened.pendingWallets(() => undefined)))
    return [
      lonelyRow(`CPU of a charge, ${chargesOfDay} of the day`, runtime, charging),
      lonelyRow(`CPU of a look for pending wallets among ${wallets}`, runtime, looking),
    ]
  })
}

printRows([...(await ofParty()), ...(await ofNews()), ...(await ofSignatures()), ...(await ofDistance())], values.json)
