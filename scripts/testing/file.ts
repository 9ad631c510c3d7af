// Runs one test file as a process of its own, with whatever that process starts in one group, so that nothing outlives it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../project.ts'
import { type Ended, type Outcome, outcomeOf } from './outcome.ts'

const limitSeconds = process.env['DEEP'] === undefined ? 480 : 3600
const entry = join(import.meta.dirname, 'entry.ts')
const events = join(import.meta.dirname, 'events.ts')

export interface FileOutcome extends Outcome {
  readonly text: string
  readonly seconds: number
  /** Of processor time; 0 when the process was ended before it could say. */
  readonly processorSeconds: number
}

/**
 * @param running holds the process while it lives
 * @returns what became of the tests; a file that took too long, ended with an error or ran no test has failed
 */
export async function runFile(
  file: string,
  environment: NodeJS.ProcessEnv,
  running: Set<ChildProcess>,
): Promise<FileOutcome> {
  const began = performance.now()
  const folder = await mkdtemp(join(tmpdir(), 'quorate-tests-'))
  const told = join(folder, 'events')
  const cost = join(folder, 'cost')
  const options = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[`--test-reporter=${events}`, `--test-reporter-destination=${told}`],
    `--test-timeout=${limitSeconds * 1000}`,
  ]
  // The fuzzer is guided by V8's coverage, which is coarse for code from a cache.
  const own = file.startsWith('fuzz/') ? { NODE_DISABLE_COMPILE_CACHE: '1' } : {}
  const child = spawn(process.execPath, [...options, entry, file], {
    cwd: root,
    env: { ...environment, ...own, QUORATE_TEST_COST: cost },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  }
  const faults: string[] = []
  const limit = setTimeout(() => {
    faults.push(`it took more than ${limitSeconds} s and was ended`)
    end(child)
  }, limitSeconds * 1000)
  const closed = once(child, 'close')
  const [status] = (await once(child, 'exit')) as [number | null]
  clearTimeout(limit)
  running.delete(child)
  end(child)
  await closed
  const outcome = outcomeOf(await endedIn(told))
  const processorSeconds = Number(await readFile(cost, 'utf8').catch(() => 0))
  await rm(folder, { recursive: true, force: true })
  // A throw outside a test, a hook of the file that failed, something that was left open.
  if (status !== 0 && outcome.failed === 0) faults.push(`the process ended with ${status ?? 'a signal'}`)
  if (outcome.tests === 0 && outcome.skipped.length === 0) faults.push('it ran no test')
  return {
    ...outcome,
    failed: outcome.failed > 0 ? outcome.failed : Math.min(1, faults.length),
    text:
      text.replace(/^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+\n/gm, '') +
      faults.map((fault) => `✖ ${fault}\n`).join(''),
    seconds: (performance.now() - began) / 1000,
    processorSeconds,
  }
}

/** Ends a process and whatever it has started and left. */
export function end(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' })
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // nothing of it was left
  }
}

/** What the reporter wrote, up to where it was when the process was ended. */
async function endedIn(told: string): Promise<readonly Ended[]> {
  const text = await readFile(told, 'utf8').catch(() => '')
  const lines = text.split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as Ended)
}
