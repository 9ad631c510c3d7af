import { constants, readdirSync } from 'node:fs'
import { access, open, readdir, stat, statfs, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { z } from 'zod'
import type { PartyStatus } from '../../coordinator-stub/party/commands.ts'
import { partyTls } from '../../coordinator-stub/party/tls.ts'
import { version } from '../../coordinator-stub/process/version.ts'
import { CoordinatorService } from '../../proto/gen/coordinator_pb.js'
import { Health } from '../../proto/gen/grpc/health_pb.js'
import { RequestService } from '../../proto/gen/requests_pb.js'
import { RouterService } from '../../proto/gen/router_pb.js'
import { systemRandom } from '../../tss-wasm/random.ts'
import { command, dataFolder, pathOf, storedWallets } from './party.ts'
import { type Answer, type Call, Failed } from './table.ts'
import { aligned } from './words.ts'

/** One thing that was looked at. */
interface Finding {
  readonly check: 'party' | 'storage' | 'coordinator' | 'clock' | 'proxy' | 'versions'
  readonly found: 'right' | 'doubtful' | 'wrong'
  /** What it is, and what to do about it. */
  readonly says: string
}

interface Patient {
  readonly folder: string
  /** gRPC; undefined: where the running party reaches it, or where one would by itself. */
  readonly coordinator: string | undefined
  readonly ca: string | undefined
}

const usualCoordinator = 'http://127.0.0.1:50051'
/** So far apart clocks may be: with more, requests are of the future for others (SPEC 11), and hours of policies are shifted. */
const wrongAfterMs = 300_000
const doubtfulAfterMs = 10_000
const answersWithinMs = 30_000
const leastFree = 200 * 1024 * 1024

export async function doctor(call: Call): Promise<Answer> {
  const ca = call.option('ca')
  const findings = await examine({
    ...{ folder: dataFolder(call), coordinator: call.option('coordinator') },
    ca: ca === undefined ? undefined : pathOf(ca),
  })
  const isWrong = findings.some(({ found }) => found === 'wrong')
  return {
    json: { healthy: !isWrong, findings },
    text: aligned(findings.map(({ check, found, says }) => [check, found, says])),
    status: isWrong ? 1 : 0,
  }
}

/** Looks at everything that a party lives of. Nothing is changed, but for one file that is written and removed again. */
async function examine({ folder, coordinator, ca }: Patient): Promise<readonly Finding[]> {
  const [party, status] = await partyIn(folder)
  const address = coordinator ?? status?.coordinator ?? usualCoordinator
  return [party, ...(await storage(folder)), ...(await wayTo(address, ca)), node()]
}

const statusSchema: z.ZodType<PartyStatus> = z.object({
  name: z.string(),
  coordinator: z.string(),
  version: z.string(),
})

async function partyIn(folder: string): Promise<readonly [Finding, PartyStatus | undefined]> {
  try {
    const status = statusSchema.parse(await command(folder, 'quorate_status', undefined, answersWithinMs))
    const { name } = status
    if (status.version === version) return [right('party', `${name} runs, in version ${version}`), status]
    const says = `${name} runs in version ${status.version}, and this is ${version}: restart it`
    return [{ check: 'party', found: 'doubtful', says }, status]
  } catch (error) {
    if (!(error instanceof Failed)) throw error
    return [{ check: 'party', found: 'doubtful', says: error.message }, undefined]
  }
}

async function storage(folder: string): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  const say = (found: Finding['found'], says: string) => findings.push({ check: 'storage', found, says })
  try {
    const { wallets, damaged } = await storedWallets(folder)
    const { mode } = await stat(folder)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      say('wrong', `others on this machine can look into ${folder}: chmod 700`)
    await tryWriting(folder)
    const { bavail, bsize } = await statfs(folder)
    const free = bavail * bsize
    const megabytes = Math.floor(free / 1024 / 1024)
    if (free < leastFree)
      say('doubtful', `only ${megabytes} MB are free: shares and limits must be written down to sign`)
    for (const file of damaged) say('wrong', `wallets/${file} cannot be read: restore it from a backup of the folder`)
    const shares = new Set(readdirSync(join(folder, 'wallets')).filter((name) => name.endsWith('.share')))
    for (const { walletId, state, epochs } of wallets) {
      const number = epochs?.number ?? 0
      const file = `${walletId}${number === 0 ? '' : `.${number}`}.share`
      if (state === 'active' && !shares.has(file))
        say('wrong', `the share of wallet ${walletId} is missing: restore the folder, or replace this member`)
    }
    const prepared = (await readdir(join(folder, 'prepared')).catch(() => [])).filter((name) =>
      name.endsWith('.sealed'),
    )
    if (prepared.length === 0) say('doubtful', 'no pre-parameters are ready: the next new wallet takes minutes longer')
    const active = wallets.filter(({ state }) => state === 'active').length
    say(
      'right',
      `${folder} can be written, ${megabytes} MB free; ${active} wallets sign, ${prepared.length} sets ready`,
    )
  } catch (error) {
    say('wrong', error instanceof Error ? error.message : String(error))
  }
  return findings
}

/** As shares are: written, flushed, read back. @throws Error in the system's words */
async function tryWriting(folder: string): Promise<void> {
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  const path = join(folder, `.doctor-${Buffer.from(systemRandom(8)).toString('hex')}`)
  const file = await open(path, 'wx+', 0o600)
  try {
    const written = systemRandom(4096)
    await file.writeFile(written)
    await file.sync()
    const { buffer, bytesRead } = await file.read(Buffer.alloc(written.length), 0, written.length, 0)
    if (bytesRead !== written.length || !buffer.equals(written))
      throw new Error(`${path} does not read back as written`)
  } finally {
    await file.close()
    await unlink(path)
  }
}

async function wayTo(address: string, ca: string | undefined): Promise<readonly Finding[]> {
  let transport: Transport
  try {
    transport = createGrpcTransport({ baseUrl: address, nodeOptions: await partyTls(address, { ca }) })
  } catch (error) {
    return [{ check: 'coordinator', found: 'wrong', says: error instanceof Error ? error.message : String(error) }]
  }
  const proxy = proxyOf(process.env)
  const health = createClient(Health, transport)
  const askedMs = Date.now()
  let date = ''
  try {
    await health.check({}, { timeoutMs: answersWithinMs, onHeader: (headers) => (date = headers.get('date') ?? '') })
  } catch (error) {
    const says = `${address} cannot be reached: ${ConnectError.from(error).message}`
    const hint = proxy && `${proxy} is set, and parties do not take it: they connect by themselves`
    return [
      { check: 'coordinator', found: 'wrong', says },
      ...(hint === undefined ? [] : [{ check: 'proxy', found: 'wrong', says: hint } as const]),
    ]
  }
  const answeredMs = Date.now()
  return [
    right('coordinator', `${address} answers within ${answeredMs - askedMs} ms`),
    clock(date, askedMs, answeredMs),
    await streams(transport, proxy),
    await services(transport),
  ]
}

/** By the second in which it answered, which is all that it says. */
function clock(date: string, askedMs: number, answeredMs: number): Finding {
  const theirsMs = Date.parse(date)
  if (Number.isNaN(theirsMs))
    return { check: 'clock', found: 'doubtful', says: 'the coordinator does not say its time' }
  // It said so at any moment of that second, while we waited.
  const ahead = Math.max(0, askedMs - (theirsMs + 1000))
  const behind = Math.max(0, theirsMs - answeredMs)
  const apart = Math.max(ahead, behind)
  if (apart < doubtfulAfterMs) return right('clock', 'this clock and the coordinator’s agree')
  const says = `this clock is ${Math.round(apart / 1000)} s ${ahead > 0 ? 'ahead of' : 'behind'} the coordinator’s: set both by NTP`
  return { check: 'clock', found: apart < wrongAfterMs ? 'doubtful' : 'wrong', says }
}

/** Whether the first message of a stream comes at once: what collects answers before it passes them on cuts parties off. */
async function streams(transport: Transport, proxy: string | undefined): Promise<Finding> {
  const over = new AbortController()
  const timer = setTimeout(() => {
    over.abort()
  }, answersWithinMs)
  try {
    const watched = createClient(Health, transport).watch({}, { signal: over.signal })
    const { done } = await watched[Symbol.asyncIterator]().next()
    if (done !== true) {
      const ignored = proxy === undefined ? '' : `; ${proxy} is set, and parties do not take it`
      return right('proxy', `streams pass at once${ignored}`)
    }
  } catch {
    // Said below.
  } finally {
    clearTimeout(timer)
    over.abort()
  }
  const says = 'a stream does not pass: what stands between has to hand gRPC on unbuffered (docs/OPERATIONS.md)'
  return { check: 'proxy', found: 'wrong', says }
}

/** Whether the coordinator has all that this version speaks. */
async function services(transport: Transport): Promise<Finding> {
  for (const { typeName } of [CoordinatorService, RouterService, RequestService]) {
    try {
      await createClient(Health, transport).check({ service: typeName }, { timeoutMs: answersWithinMs })
    } catch (error) {
      const isOlder = ConnectError.from(error).code === Code.NotFound
      const says = isOlder ? `the coordinator does not know ${typeName}: it is older than this version` : String(error)
      return { check: 'versions', found: 'wrong', says }
    }
  }
  return right('versions', `the coordinator serves all that version ${version} speaks`)
}

const oldestNode = [22, 18] as const

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isNew = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
  const says = `Node ${process.versions.node}`
  if (isNew) return right('versions', says)
  return { check: 'versions', found: 'wrong', says: `${says} is older than ${oldestNode.join('.')}` }
}

/** The name of the variable; its value may hold a password. */
function proxyOf(environment: NodeJS.ProcessEnv): string | undefined {
  return Object.keys(environment).find((name) => /^(https?|all)_proxy$/i.test(name) && environment[name] !== '')
}

function right(check: Finding['check'], says: string): Finding {
  return { check, found: 'right', says }
}
