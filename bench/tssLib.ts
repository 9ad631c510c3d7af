import { spawnSync, type SpawnSyncOptionsWithStringEncoding } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

const source = resolve(import.meta.dirname, 'go')
const preParameters = resolve(import.meta.dirname, '../tss-wasm/test/fixtures/tss-lib')

/** Milliseconds per party of each run, by scheme ("2-of-3"). */
export interface TssLibTimes {
  readonly keygen: Readonly<Record<string, readonly number[]>>
  readonly sign: Readonly<Record<string, readonly number[]>>
  /** Of one new member: the whole resharing divided by these. */
  readonly reshare: Readonly<Record<string, readonly number[]>>
}

/** Runs tss-lib v2 natively, one thread. @returns undefined where Go is not installed or cannot build it */
export function measureTssLib(workFolder: string, runs: number, all: boolean): TssLibTimes | undefined {
  const program = build(join(workFolder, 'tss-lib'), {})
  if (program === undefined) return undefined
  return measured(spawnSync(program, [preParameters, String(runs), ...(all ? [] : ['2-of-3'])], piped))
}

/** The same program compiled to WebAssembly, under this Node: minutes per ceremony, so 2-of-3 once. */
export function measureTssLibWasm(workFolder: string): TssLibTimes | undefined {
  const program = build(join(workFolder, 'tss-lib.wasm'), { GOOS: 'js', GOARCH: 'wasm' })
  const goRoot = spawnSync('go', ['env', 'GOROOT'], piped).stdout.trim()
  if (program === undefined || goRoot === '') return undefined
  const runner = join(goRoot, 'lib', 'wasm', 'wasm_exec_node.js')
  return measured(
    spawnSync(process.execPath, ['--stack-size=8192', runner, program, preParameters, '1', '2-of-3'], piped),
  )
}

const piped: SpawnSyncOptionsWithStringEncoding = {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  maxBuffer: 1 << 24,
}

function build(output: string, target: NodeJS.ProcessEnv): string | undefined {
  mkdirSync(resolve(output, '..'), { recursive: true })
  const env = { ...process.env, ...target }
  return spawnSync('go', ['build', '-o', output, '.'], { cwd: source, env, stdio: 'ignore' }).status === 0
    ? output
    : undefined
}

function measured(run: { readonly status: number | null; readonly stdout: string }): TssLibTimes | undefined {
  return run.status === 0 ? (JSON.parse(run.stdout) as TssLibTimes) : undefined
}
