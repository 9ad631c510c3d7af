import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { readMaxBytes } from '../proto/client/coordinator.ts'
import { encodeServerParties } from '../proto/client/serverParties.ts'
import { Health } from '../proto/gen/grpc/health_pb.js'
import { ProtocolAbort } from '../tss-wasm/failure.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { startEngine } from '../tss-wasm/worker/client.ts'
import { spawnInNode } from '../tss-wasm/worker/spawn.node.ts'
import { readIfThere } from '../files/dataFolder.ts'
import { openLedger } from './party/ledger.ts'
import { createLog, type Log } from './process/log.ts'
import { openPartyFolder, type PartyFolder } from './party/folder.ts'
import { partyTls } from './party/tls.ts'
import { dayMs, decodePolicy, defaultPolicy, type Policy } from './party/policy.ts'
import { startPreparation } from './party/preparation.ts'
import { runUntilSignalled } from './process/runUntilSignalled.ts'
import { mustBeSafe, unsafeForParty } from './process/production.ts'
import { runServerParty } from './party/serverParty.ts'

const usage = `A Quorate server party: holds a share of each wallet it helps to make, and signs with it.

  node coordinator-stub/serverPartyMain.ts --name server-1 [--coordinator http://127.0.0.1:50051]
                                           [--data FOLDER] [--deadline SECONDS] [--prepare COUNT]
                                           [--policy FILE] [--ca FILE] [--cert FILE --key FILE]
  node coordinator-stub/serverPartyMain.ts --name server-1 [--data FOLDER] --identity

  --data      identity, sealed shares and pre-parameters (default .quorate/NAME)
  --deadline  how long to wait for a message of a round before naming who is silent (default 60)
  --prepare   how many sets of pre-parameters to keep ready (default 2)
  --policy    what it agrees to (docs/POLICY.md; default policy.json in the data folder, if there is one)
  --ca        PEM: who signed the certificate of an https:// coordinator (default: the authorities Node knows)
  --cert      PEM: our certificate and --key, where the coordinator asks for one (its TLS_CLIENT_CA)
  --identity  print the public identity, as the coordinator's --parties file lists it, and end
  CRYPTO_MASTER_KEY  64 hex digits; without it one is made and kept in the data folder
  QUORATE_ENV        "production": does not start without CRYPTO_MASTER_KEY, or with one that is no random value
`

/** The others are told that we leave, if they can be reached in this time. */
const farewellMs = 3000
const reachableMs = 10_000
/** People compare check codes in this time. */
const patienceMs = 10 * 60_000

const { values } = parseArgs({
  options: {
    name: { type: 'string', default: '' },
    coordinator: { type: 'string', default: 'http://127.0.0.1:50051' },
    data: { type: 'string' },
    deadline: { type: 'string', default: '60' },
    policy: { type: 'string' },
    ca: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    prepare: { type: 'string', default: '2' },
    identity: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const { name } = values
const folderPath = resolve(values.data ?? `.quorate/${name}`)
const masterKey = process.env['CRYPTO_MASTER_KEY']
async function openFolder(): Promise<PartyFolder> {
  mustBeSafe(() => unsafeForParty(masterKey))
  return openPartyFolder(folderPath, masterKey, systemRandom)
}

if (values.help || name === '') {
  process.stdout.write(usage)
} else if (values.identity) {
  await using folder = await openFolder()
  process.stdout.write(encodeServerParties([{ name, identity: folder.identity.public }]))
} else {
  const log = createLog(name)
  await runUntilSignalled(log, () => start(log))
}

async function start(log: Log): Promise<AsyncDisposable> {
  const nodeOptions = await partyTls(values.coordinator, values)
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await openFolder())
  const spawnEngine = () => startEngine(spawnInNode)
  const preparation = opened.use(
    await startPreparation(folder, spawnEngine, wholeNumber(values.prepare, '--prepare'), log),
  )
  const policy = await readPolicy(folder.path)
  const ledger = await openLedger(join(folder.path, 'ledger.json'), dayMs)
  const stop = new AbortController()
  const transport = createGrpcTransport({
    baseUrl: values.coordinator,
    // A whole message at once: with the usual 64 KiB the largest takes several round trips.
    nodeOptions: { ...nodeOptions, settings: { initialWindowSize: readMaxBytes } },
    readMaxBytes,
    // Notices within seconds that the coordinator's machine is gone, not only its process.
    pingIntervalMs: 20_000,
  })
  void sayWhetherReachable(transport, log)
  let told = false
  const ended = runServerParty(
    {
      name,
      folder,
      preparation,
      transport,
      startEngine: spawnEngine,
      random: systemRandom,
      policy,
      ledger,
      now: Date.now,
      patienceMs,
      deadlineMs: wholeNumber(values.deadline, '--deadline') * 1000,
      log,
      onConnected() {
        if (!told) process.send?.({ ready: {} })
        told = true
      },
    },
    stop.signal,
  )
  opened.defer(async () => {
    stop.abort(new ProtocolAbort({ kind: 'cancelled' }))
    await Promise.race([ended, setTimeout(farewellMs, undefined, { ref: false })])
  })
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
async function readPolicy(folderPath: string): Promise<Policy> {
  const path = values.policy === undefined ? join(folderPath, 'policy.json') : resolve(values.policy)
  const stored = await readIfThere(path)
  if (stored === undefined && values.policy !== undefined) throw new Error(`there is no policy file ${path}`)
  return stored === undefined ? defaultPolicy : decodePolicy(new TextDecoder().decode(stored))
}

function wholeNumber(text: string, flag: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new Error(`${flag} must be a whole number, not "${text}"`)
  return value
}
