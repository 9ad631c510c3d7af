import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { readIfThere } from '../../files/dataFolder.ts'
import type { ListedRequests } from '../../participant/requests/requestBox.ts'
import { readMaxBytes } from '../../participant/createCoordinator.ts'
import { encodeServerParties } from '../../participant/session/serverParties.ts'
import { Health } from '../../proto/gen/grpc/health_pb.js'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { dayMs, defaultPolicy, type Policy } from '../../tss-wasm/policy/policy.ts'
import { decodePolicy } from '../../tss-wasm/policy/policyFile.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { startEngine } from '../../tss-wasm/worker/client.ts'
import { spawnInNode } from '../../tss-wasm/worker/spawn.node.ts'
import { warmEngines } from '../../tss-wasm/worker/warmEngines.ts'
import type { Log } from '../process/log.ts'
import { version } from '../process/version.ts'
import { mustBeSafe, unsafeForParty } from '../process/production.ts'
import { type Operator, runErrand } from './errands.ts'
import { openPartyFolder, type PartyFolder } from './folder.ts'
import { openLedger } from './ledger.ts'
import { openApprovedByOperator } from './byOperator.ts'
import { openCommandDoor } from './commandDoor.ts'
import { partyCommands } from './commands.ts'
import { openHistory } from './history.ts'
import { operatorRequests } from './operatorRequests.ts'
import type { PartyRequests } from './requests.ts'
import { startPreparation } from './preparation.ts'
import { operatorAt } from './operator.ts'
import { readSchemeSettings } from './schemes.ts'
import { runServerParty } from './serverParty.ts'
import type { SessionPorts } from './sessionPorts.ts'
import type { PartySettings } from './settings.ts'
import { startSigner } from './signer.ts'
import { partyTls } from './tls.ts'
import { createUnderWay } from './underWay.ts'

/** Runs that are under way when the party is stopped have this long to come to their end. */
const drainMs = 120_000
/** The others are told that we leave, if they can be reached in this time. */
const farewellMs = 3000
const reachableMs = 10_000
/** People compare check codes in this time. */
const patienceMs = 10 * 60_000

async function openFolder({ dataFolder, masterKey }: PartySettings): Promise<PartyFolder> {
  mustBeSafe(() => unsafeForParty(masterKey))
  return openPartyFolder(dataFolder, masterKey, systemRandom)
}

/** The public identity, as the coordinator's list of parties has it; made and kept if there is none yet. */
export async function describeParty(settings: PartySettings): Promise<string> {
  await using folder = await openFolder(settings)
  const { name, label, operator } = settings
  const said = { ...(label !== undefined && { label }), ...(operator !== undefined && { operator }) }
  return encodeServerParties([{ name, identity: folder.identity.public, ...said, names: true }])
}

/** Takes part until it is disposed of. `process.send`, if there is a parent, tells it when the coordinator first hears us. */
export async function startParty(
  settings: PartySettings,
  log: Log,
  atTerminal = (comparing: boolean): Operator => operatorAt(process, comparing),
): Promise<AsyncDisposable> {
  const { name, label = name, coordinator, deadlineMs, errand } = settings
  const nodeOptions = await partyTls(coordinator, settings.tls)
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await openFolder(settings))
  const freshEngine = () => startEngine(spawnInNode)
  const preparation = opened.use(await startPreparation(folder, freshEngine, settings.prepare, log))
  const policy = await readPolicy(folder.path, settings.policyFile)
  const schemes = await readSchemeSettings(folder.path)
  const ledger = await openLedger(join(folder.path, 'ledger.json'), dayMs)
  const runEngine = settings.freshWorkers ? freshEngine : opened.use(warmEngines(spawnInNode)).start
  const stop = new AbortController()
  const closing = new AbortController()
  const underWay = createUnderWay()
  const transport = createGrpcTransport({
    baseUrl: coordinator,
    // A whole message at once: with the usual 64 KiB the largest takes several round trips.
    nodeOptions: { ...nodeOptions, settings: { initialWindowSize: readMaxBytes } },
    readMaxBytes,
    // Notices within seconds that the coordinator's machine is gone, not only its process.
    pingIntervalMs: 20_000,
  })
  void sayWhetherReachable(transport, log)
  let told = false
  const byOperator = await openApprovedByOperator(join(folder.path, 'approved.log'), Date.now())
  const { promise: asking, resolve: onAsking } = Promise.withResolvers<{
    readonly requests: PartyRequests
    readonly reading: ListedRequests
  }>()
  const ended = runServerParty(
    {
      name,
      label,
      folder,
      preparation,
      transport,
      startEngine: runEngine,
      random: systemRandom,
      policy,
      schemes,
      ledger,
      underWay,
      now: Date.now,
      patienceMs,
      deadlineMs,
      log,
      byOperator,
      history: openHistory(join(folder.path, 'history.log')),
      onRequests(requests, reading) {
        onAsking({ requests, reading })
      },
      ...(errand !== undefined && {
        errand: (ports: SessionPorts, until: AbortSignal) =>
          runErrand(ports, errand.errand, atTerminal(errand.comparing), until),
      }),
      onConnected() {
        if (!told) process.send?.({ ready: {} })
        told = true
      },
    },
    stop.signal,
    closing.signal,
  )
  opened.defer(async () => {
    closing.abort(new ProtocolAbort({ kind: 'cancelled' }))
    await Promise.race([ended, underWay.none(), setTimeout(drainMs, undefined, { ref: false })])
    stop.abort(new ProtocolAbort({ kind: 'cancelled' }))
    await Promise.race([ended, setTimeout(farewellMs, undefined, { ref: false })])
  })
  if (settings.signer !== undefined) {
    const { requests } = await asking
    opened.use(await startSigner(folder, settings.signer, { requests, log }))
  }
  if (settings.takesCommands === true) {
    const { requests, reading } = await asking
    const operator = operatorRequests({ folder, policy, ledger, byOperator, reading, requests, now: Date.now })
    const commands = partyCommands({ status: { name, coordinator, version }, folder, requests, operator })
    opened.use(await openCommandDoor(folder.path, commands, log))
  }
  const running = opened.move()
  return { [Symbol.asyncDispose]: () => running.disposeAsync() }
}

/** Whoever runs us is to hear of a wrong address or certificate; the party itself goes on trying. */
async function sayWhetherReachable(transport: Transport, log: Log): Promise<void> {
  try {
    await createClient(Health, transport).check({}, { timeoutMs: reachableMs })
  } catch (error) {
    log('not-connected', { reason: ConnectError.from(error).message })
  }
}

/** A file that was named must be there; without any, the default holds. */
async function readPolicy(folder: string, named: string | undefined): Promise<Policy> {
  const path = named ?? join(folder, 'policy.json')
  const stored = await readIfThere(path)
  if (stored === undefined && named !== undefined) throw new Error(`policy file ${path} does not exist`)
  return stored === undefined ? defaultPolicy : decodePolicy(new TextDecoder().decode(stored))
}
