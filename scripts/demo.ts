// npm run demo [-- --json]: the main job in a terminal: a coordinator, two server parties and this process as the third party create a 2-of-3
// wallet over the network and sign an Ethereum transaction. It runs the very jobs the web app runs; only what is outside
// them differs: gRPC instead of gRPC-Web, threads instead of web workers, memory instead of IndexedDB.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { parseTransaction, recoverTransactionAddress, type TransactionSerializedEIP1559 } from 'viem'
import { startLocalStack } from '../testkit/localStack.ts'
import { createCoordinator } from '../participant/createCoordinator.ts'
import { memoryRuns } from '../participant/connection/runs.ts'
import { ethereumAddress } from '../tss-wasm/content/ethereum.ts'
import { encodeTransaction } from '../tss-wasm/content/transaction.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { systemClock } from '../tss-wasm/round/clock.ts'
import { startEngine } from '../tss-wasm/worker/client.ts'
import type { SearchProgress } from '../tss-wasm/worker/api.ts'
import { spawnInNode } from '../tss-wasm/worker/spawn.node.ts'
import type { CeremonyEvent } from '../web/jobs/ceremony.ts'
import { createWallet } from '../web/jobs/createWallet.ts'
import type { Ports } from '../web/jobs/ports.ts'
import { keepPrepared } from '../web/jobs/preparePreParameters.ts'
import { signContent } from '../web/jobs/signContent.ts'
import {
  memoryIdentityStore,
  memoryPendingStore,
  memoryPreParameterStore,
  memoryShareStore,
} from '../web/test/memoryStores.ts'

const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}
let lastNews = { found: -1, at: 0 }
const passphrase = (): Uint8Array<ArrayBuffer> => new Uint8Array(utf8ToBytes('a passphrase for the demo only'))

const dataFolder = await mkdtemp(join(tmpdir(), 'quorate-demo-'))
try {
  say('starting a coordinator and two server parties ...')
  await using stack = await startLocalStack({
    dataFolder,
    port: 0,
    grpcPort: 0,
    parties: ['server-1', 'server-2'],
    prepareAhead: 1,
    logs: 'ignore',
    random: systemRandom,
  })
  const preParameters = memoryPreParameterStore()
  const newEngine = () => startEngine(spawnInNode)
  const ports: Ports = {
    coordinator: createCoordinator(createGrpcTransport({ baseUrl: stack.grpcUrl }), {
      random: systemRandom,
      runs: memoryRuns(),
    }),
    shares: memoryShareStore(),
    pending: memoryPendingStore(),
    identity: memoryIdentityStore(),
    preParameters,
    preparation: keepPrepared(
      { preParameters, startEngine: newEngine, exclusively: (_name, work) => work() },
      (state) => {
        if (state.state === 'searching' && state.progress !== undefined) sayNews(state.progress)
      },
    ),
    startEngine: newEngine,
    clock: systemClock,
    now: () => Date.now(),
    deadlines: { joinMs: 60_000, readyMs: 600_000, roundMs: 120_000 },
  }
  const never = new AbortController().signal

  say('making pre-parameters: two 2048-bit moduli of safe primes ...')
  const searching = performance.now()
  await ports.preparation.ready()
  const preparationMs = performance.now() - searching

  say('creating a 2-of-3 wallet ...')
  const watchKeygen = watching()
  const form = { name: 'Demo', threshold: 2, serverParties: stack.parties, passphrase: passphrase() }
  const wallet = await createWallet(ports, form, watchKeygen.watch, never)
  const address = ethereumAddress(wallet.publicKey)
  say(`wallet ${address}`)

  say('signing a transaction ...')
  const unsigned = encodeTransaction({
    chainId: 1n,
    nonce: 0n,
    maxPriorityFeePerGas: 1_000_000_000n,
    maxFeePerGas: 30_000_000_000n,
    gasLimit: 21_000n,
    to: '0x000000000000000000000000000000000000dEaD',
    value: 10n ** 15n,
    data: new Uint8Array(),
    accessList: [],
  })
  const watchSign = watching()
  const coSigners = wallet.seats.filter(({ seat }) => seat !== wallet.mySeat).slice(0, 1)
  const content = { type: 'ethereum-transaction', unsigned } as const
  const signed = await signContent(
    ports,
    { wallet, content, coSigners, passphrase: passphrase() },
    watchSign.watch,
    never,
  )

  // Checked by a library that is not ours: the sender recovered from the raw transaction is the wallet.
  const raw = signed.result as TransactionSerializedEIP1559
  const sender = await recoverTransactionAddress({ serializedTransaction: raw })
  const { r, s } = parseTransaction(raw)
  const [ours] = signed.signatures
  const report = {
    address,
    publicKey: bytesToHex(wallet.publicKey),
    keygenMs: watchKeygen.computingMs(),
    signMs: watchSign.computingMs(),
    preparationMs: Math.round(preparationMs),
    signature: { r: ours?.r, s: ours?.s, v: ours?.recovery },
    rawTransaction: raw,
    verified: sender === address && r === ours?.r && s === ours?.s,
  }
  say(`keygen ${seconds(report.keygenMs)}, signature ${seconds(report.signMs)}, verified: ${report.verified}`)
  if (options.json) console.log(JSON.stringify(report))
  else console.log(JSON.stringify(report, null, 2))
  process.exitCode = report.verified ? 0 : 1
} finally {
  await rm(dataFolder, { recursive: true, force: true })
}

/** One line for each prime, and one in the long waits between. */
function sayNews({ found, expectedRemainingMs }: SearchProgress): void {
  const now = performance.now()
  if (found === lastNews.found && now - lastNews.at < 5000) return
  lastNews = { found, at: now }
  const wait = Number.isFinite(expectedRemainingMs) ? `, about ${seconds(expectedRemainingMs)} to go` : ''
  say(`  safe primes: ${found} of 4${wait}`)
}

/** Prints the stages of a ceremony; the time from everybody's start to the result. */
function watching() {
  let started = 0
  let ended = 0
  return {
    watch: (event: CeremonyEvent): void => {
      if (event.type === 'progress' && event.progress.type === 'stage') say(`  ${event.progress.name}`)
      if (event.type !== 'step') return
      if (event.step === 'computing') started = performance.now()
      else if (started > 0 && ended === 0) ended = performance.now()
    },
    computingMs: () => Math.round(ended - started),
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
