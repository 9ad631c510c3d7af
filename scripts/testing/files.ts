// Runs test files, four at a time: many of them wait about half of their time. A file that hangs, because a test failed and
// left a server open or because a promise never settles, is ended and counted as failed: nothing can hold up the whole run.
// What else runs meanwhile takes the place of some of the four.
import type { ChildProcess } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../project.ts'
import { end, type FileOutcome, runFile } from './file.ts'

const atOnce = 4
const folders = [
  'chain',
  'coordinator-stub',
  'electron',
  'engines',
  'fuzz',
  'interop',
  'model',
  'participant',
  'scripts',
  'sdk',
  'soak',
  'system',
  'timing',
  'tss-wasm',
  'web',
]
/** They take longest, so they begin first: what is short fills the gaps at the end. Roughly in order of their time. */
const longest = [
  'sdk/test/sdk',
  'engines/test/mainJob',
  'engines/test/threeEngines',
  'tss-wasm/test/protocols/presignCheats',
  'system/reshareKill',
  'tss-wasm/test/protocols/reshare',
  'system/kill',
  'tss-wasm/test/worker/ceremony',
  'tss-wasm/test/protocols/attacks',
  'engines/test/windows',
  'coordinator-stub/test/interrupted',
  'tss-wasm/test/protocols/presign',
  'tss-wasm/test/protocols/kill',
  'tss-wasm/test/protocols/cheaters',
  'interop/test/live',
  'tss-wasm/test/worker/ended',
  'tss-wasm/test/protocols/reshareReplay',
  'fuzz/test/fuzz',
  'electron/test/party',
  'coordinator-stub/test/orders',
  'coordinator-stub/test/userShares',
  'tss-wasm/test/worker/reshare',
  'coordinator-stub/test/serverParty',
  'tss-wasm/test/protocols/sign',
  'system/ceremonies',
  'system/maliciousCoordinator',
  'tss-wasm/test/proofs/affineGroupOpen',
  'coordinator-stub/test/crowd',
  'scripts/test/reproducible',
].map((name) => `${name}.test.ts`)

/** The paths of all test files, those that take longest first. */
export function testFiles(): readonly string[] {
  const rank = (file: string) => (longest.includes(file) ? longest.indexOf(file) : longest.length)
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        (file) => `${folder}/${file.replaceAll('\\', '/')}`,
      ),
    )
    .filter((file) => file.endsWith('.test.ts') && !file.includes('/node_modules/'))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
}

/** What runs beside the files, and how many of them it takes the place of until it is over. */
export interface Beside {
  readonly over: Promise<unknown>
  readonly files: number
}

/**
 * Runs them and prints each file's output when it ends. One at least runs at any time, whatever is beside it.
 * @param beside in the order in which they end
 * @returns what became of each
 */
export async function runTestFiles(
  files: readonly string[],
  environment: NodeJS.ProcessEnv,
  beside: readonly Beside[],
): Promise<ReadonlyMap<string, FileOutcome>> {
  const outcomes = new Map<string, FileOutcome>()
  const waiting = [...files]
  const running = new Set<ChildProcess>()
  const endAll = () => {
    running.forEach(end)
  }
  process.on('exit', endAll)
  const going = new Set(beside)
  const ends = beside.map((each) => each.over.then(() => going.delete(each)))
  const room = () => Math.max(1, atOnce - [...going].reduce((sum, each) => sum + each.files, 0))
  const next = async (slot: number) => {
    for (const end of ends) if (slot >= room()) await end
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const outcome = await runFile(file, environment, running)
      const [seconds, ofProcessor] = [outcome.seconds, outcome.processorSeconds].map((each) => each.toFixed(1))
      process.stdout.write(`\n${file}, ${seconds} s, ${ofProcessor} s of processor time\n${outcome.text}`)
      outcomes.set(file, outcome)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, (_, slot) => next(slot)))
  process.off('exit', endAll)
  return outcomes
}
