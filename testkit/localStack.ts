import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encodeServerParties, type PinnedParty } from '../participant/session/serverParties.ts'
import type { RandomSource } from '../tss-wasm/random.ts'
import { writeDurably } from '../files/dataFolder.ts'
import { openPartyFolder, type PartyFolder } from '../coordinator-stub/party/folder.ts'

export interface LocalStackOptions {
  /** One folder below it for each process. */
  readonly dataFolder: string
  /** 0 takes any free port. */
  readonly port: number
  readonly grpcPort: number
  /** The built web app, if it is to be served. */
  readonly webFolder?: string
  /** CORS_ORIGINS: the app is served elsewhere. */
  readonly corsOrigins?: string | undefined
  /** NODES and TOKENS: Ethereum nodes that the app asks, and tokens that it offers. */
  readonly chain?: { readonly NODES: string; readonly TOKENS: string } | undefined
  /** Serve https to other computers too, with this certificate, which is for `localhost` among others. PEM files. */
  readonly lan?: { readonly cert: string; readonly key: string } | undefined
  /** Names of the server parties. */
  readonly parties: readonly string[]
  readonly roundDeadlineSeconds?: number
  /** How many sets of pre-parameters each party keeps ready. */
  readonly prepareAhead?: number
  /** Where the processes' log lines go: our standard error (default), NAME.log in the data folder, or nowhere. */
  readonly logs?: 'inherit' | 'files' | 'ignore'
  readonly random: RandomSource
  /** Says by how many milliseconds the processes' clocks are ahead (movedClock.ts). */
  readonly clockFile?: string
  /** How the server parties reach the coordinator that is at this address, where there is something in between. */
  readonly wayTo?: (grpcUrl: string) => Promise<string>
  /** Called with a party's folder before the party starts. */
  readonly beforeStart?: (name: string, folder: PartyFolder) => Promise<void>
  /** A process has ended that nobody stopped. */
  readonly onLost?: (name: string, code: number | null) => void
}

/** The coordinator and its server parties as processes of their own. Disposing stops them. */
export interface LocalStack extends AsyncDisposable {
  /** Web app, gRPC-Web, /quorate.json */
  readonly url: string
  /** gRPC over HTTP/2 */
  readonly grpcUrl: string
  readonly parties: readonly PinnedParty[]
  /** By name; the coordinator is "coordinator". */
  readonly pids: Readonly<Record<string, number>>
  /** As if its machine had lost power. Resolves when it is gone. */
  kill(name: string): Promise<void>
  /** Starts a killed process again, on its old folder and ports. */
  restart(name: string): Promise<void>
  stop(): Promise<void>
}

const coordinatorName = 'coordinator'
/** All addresses of this machine. */
const everywhere = '0.0.0.0'
/** It ends what hangs: a start takes seconds, and one that fails says so. */
const readyWithinMs = 300_000
const stopWithinMs = 8000

interface Program {
  readonly file: string
  readonly args: readonly string[]
  readonly environment?: NodeJS.ProcessEnv
}

/** @throws Error when a process does not get ready; the others are stopped then */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  await mkdir(options.dataFolder, { recursive: true, mode: 0o700 })
  const running = new Map<string, ChildProcess>()
  const programs = new Map<string, Program>()
  await using opened = new AsyncDisposableStack()
  opened.defer(async () => {
    const children = [...running.values()]
    running.clear()
    await Promise.all(children.map(stopProcess))
  })

  const { clockFile } = options
  const preloaded = new URL('movedClock.ts', import.meta.url)
  const clock = clockFile && { NODE_OPTIONS: `--import=${preloaded.href}`, MOVED_CLOCK: clockFile }

  async function launch(name: string): Promise<Record<string, unknown>> {
    const program = programs.get(name)
    if (program === undefined) throw new Error(`there is no process named ${name}`)
    const logs = options.logs ?? 'inherit'
    const log = logs === 'files' ? openSync(join(options.dataFolder, `${name}.log`), 'a', 0o600) : logs
    const child = fork(fileURLToPath(new URL(`../coordinator-stub/${program.file}`, import.meta.url)), program.args, {
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, ...program.environment, ...clock },
    })
    if (typeof log === 'number') closeSync(log) // the child has its own
    running.set(name, child)
    let ready = false
    child.once('exit', (code) => {
      if (running.get(name) !== child) return
      running.delete(name)
      if (ready) options.onLost?.(name, code)
    })
    const said = await readiness(name, child)
    ready = true
    return said
  }

  const pinned: PinnedParty[] = []
  for (const name of options.parties) {
    await using folder = await openPartyFolder(partyFolder(name), process.env['CRYPTO_MASTER_KEY'], options.random)
    pinned.push({ name, identity: folder.identity.public, names: true })
    await options.beforeStart?.(name, folder)
  }
  const partiesFile = join(options.dataFolder, 'parties.json')
  await writeDurably(partiesFile, new TextEncoder().encode(encodeServerParties(pinned)))
  const coordinator = (port: string, grpcPort: string): Program => ({
    file: 'main.ts',
    args: [
      ...['--port', port, '--grpc-port', grpcPort, '--parties', partiesFile],
      ...['--data', join(options.dataFolder, coordinatorName)],
      ...(options.webFolder === undefined ? [] : ['--web', options.webFolder]),
      ...(options.lan === undefined ? [] : ['--host', everywhere]),
    ],
    environment: {
      ...(options.corsOrigins !== undefined && { CORS_ORIGINS: options.corsOrigins }),
      ...options.chain,
      ...(options.lan !== undefined && { TLS_CERT: options.lan.cert, TLS_KEY: options.lan.key }),
    },
  })
  programs.set(coordinatorName, coordinator(String(options.port), String(options.grpcPort)))
  const ready = (await launch(coordinatorName)) as { url: string; grpcUrl: string }
  const [url, grpcUrl] = [ready.url, ready.grpcUrl].map((address) => address.replace(everywhere, 'localhost')) as [
    string,
    string,
  ]
  // Whatever ports it got, it gets again after a restart.
  programs.set(coordinatorName, coordinator(new URL(url).port, new URL(grpcUrl).port))
  const way = (await options.wayTo?.(grpcUrl)) ?? grpcUrl
  for (const name of options.parties) {
    const args = ['--name', name, '--data', partyFolder(name), '--coordinator', way]
    if (options.lan !== undefined) args.push('--ca', options.lan.cert)
    if (options.roundDeadlineSeconds !== undefined) args.push('--deadline', String(options.roundDeadlineSeconds))
    if (options.prepareAhead !== undefined) args.push('--prepare', String(options.prepareAhead))
    programs.set(name, { file: 'serverPartyMain.ts', args })
  }
  await Promise.all(options.parties.map(launch))

  function partyFolder(name: string): string {
    return join(options.dataFolder, name)
  }
  const stack = opened.move()
  return {
    url,
    grpcUrl,
    parties: pinned,
    get pids() {
      return Object.fromEntries([...running].map(([name, child]) => [name, child.pid ?? 0]))
    },
    async kill(name) {
      const child = running.get(name)
      if (child === undefined) throw new Error(`${name} is not running`)
      running.delete(name)
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
    async restart(name) {
      await launch(name)
    },
    stop: () => stack.disposeAsync(),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** What the process says of itself once it can be used. */
async function readiness(name: string, child: ChildProcess): Promise<Record<string, unknown>> {
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>()
  child.once('message', (message: { ready?: Record<string, unknown>; failed?: string }) => {
    if (message.ready !== undefined) resolve(message.ready)
    else reject(new Error(`${name}: ${message.failed ?? 'it did not start'}`))
  })
  child.once('exit', (code) => {
    reject(new Error(`${name} ended with code ${code ?? 'none'} before it was ready; its log says why`))
  })
  const timer = setTimeout(() => {
    reject(new Error(`${name} was not ready within ${readyWithinMs / 1000} seconds`))
  }, readyWithinMs)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const cut = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
  await gone
  clearTimeout(cut)
}
