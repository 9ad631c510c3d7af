import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { PartyFolder } from '../../coordinator-stub/party/folder.ts'
import { writeDurably } from '../../files/dataFolder.ts'
import { memoryRuns } from '../../participant/connection/runs.ts'
import { createCoordinator } from '../../participant/createCoordinator.ts'
import { type LocalStack, startLocalStack } from '../../testkit/localStack.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { systemClock } from '../../tss-wasm/round/clock.ts'
import type { SearchProgress } from '../../tss-wasm/worker/api.ts'
import { startEngine } from '../../tss-wasm/worker/client.ts'
import { spawnInNode } from '../../tss-wasm/worker/spawn.node.ts'
import type { CeremonyEvent } from '../../web/jobs/ceremony.ts'
import { unlockPeriods } from '../../web/jobs/unlockPeriods.ts'
import type { Ports } from '../../web/jobs/ports.ts'
import { ownReservations } from '../../web/jobs/preParameterReservations.ts'
import { keepPrepared } from '../../web/jobs/preparePreParameters.ts'
import {
  memoryIdentityStore,
  memoryPendingStore,
  memoryPreParameterStore,
  memoryShareStore,
} from '../../web/test/memoryStores.ts'

/** A coordinator, server parties, and a party in this process. Disposing stops and removes them. */
export interface Demo extends AsyncDisposable {
  readonly stack: LocalStack
  readonly ports: Ports
}

export interface DemoOptions {
  /** Names of the server parties. */
  readonly parties: readonly string[]
  /** What every server party agrees to, where the default is not enough. */
  readonly policy?: object
  /** Sets of pre-parameters that each keeps ready; left out: one. */
  readonly prepareAhead?: number
  /** Of each server party, before it starts. */
  readonly beforeStart?: (folder: PartyFolder) => Promise<void>
}

/**
 * What a person has around the app, in one process of its own: it runs the very jobs the web app runs; only what is outside
 * them differs: gRPC instead of gRPC-Web, threads instead of web workers, memory instead of IndexedDB.
 */
export async function startDemo({ parties, policy, prepareAhead = 1, beforeStart }: DemoOptions): Promise<Demo> {
  await using opened = new AsyncDisposableStack()
  const dataFolder = await mkdtemp(join(tmpdir(), 'quorate-demo-'))
  opened.defer(() => rm(dataFolder, { recursive: true, force: true }))
  const stack = opened.use(
    await startLocalStack({
      dataFolder,
      port: 0,
      grpcPort: 0,
      parties,
      prepareAhead,
      logs: 'ignore',
      random: systemRandom,
      async beforeStart(_name, folder) {
        if (policy !== undefined)
          await writeDurably(join(folder.path, 'policy.json'), utf8ToBytes(JSON.stringify(policy)))
        await beforeStart?.(folder)
      },
    }),
  )
  const preParameters = memoryPreParameterStore()
  const newEngine = () => startEngine(spawnInNode)
  const sayNews = news()
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
      { preParameters, startEngine: newEngine, exclusively: (_name, work) => work(), reservations: ownReservations() },
      (state) => {
        if (state.state === 'searching' && state.progress !== undefined) sayNews(state.progress)
      },
    ),
    unlocked: unlockPeriods({ clock: systemClock, now: () => Date.now() }, () => undefined),
    startEngine: newEngine,
    clock: systemClock,
    now: () => Date.now(),
    deadlines: { joinMs: 60_000, readyMs: 600_000, roundMs: 120_000 },
  }
  const held = opened.move()
  return { stack, ports, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

export function passphrase(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(utf8ToBytes('a passphrase for the demo only'))
}

/** Prints the stages of a ceremony; the time from everybody's start to the result. */
export function watching() {
  let started = 0
  let ended = 0
  const stages: { readonly name: string; readonly at: number }[] = []
  return {
    watch: (event: CeremonyEvent): void => {
      if (event.type === 'progress' && event.progress.type === 'stage') {
        const { name } = event.progress
        say(`  ${name}`)
        stages.push({ name, at: performance.now() })
      }
      if (event.type !== 'step') return
      if (event.step === 'computing') started = performance.now()
      else if (started > 0 && ended === 0) ended = performance.now()
    },
    computingMs: () => Math.round(ended - started),
    /** From the beginning of one stage to that of another, or to the result. */
    betweenMs(from: string, to?: string): number {
      const at = (name: string) => stages.find((stage) => stage.name === name)?.at ?? Number.NaN
      return Math.round(to === undefined ? ended - at(from) : at(to) - at(from))
    },
  }
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

/** One line for each prime, and one in the long waits between. */
function news(): (progress: SearchProgress) => void {
  let last = { found: -1, at: 0 }
  return ({ found, expectedRemainingMs }) => {
    const now = performance.now()
    if (found === last.found && now - last.at < 5000) return
    last = { found, at: now }
    const wait = Number.isFinite(expectedRemainingMs) ? `, about ${seconds(expectedRemainingMs)} to go` : ''
    say(`  safe primes: ${found} of 4${wait}`)
  }
}
