import { collectGarbage } from '../testkit/collectGarbage.ts'
import { coverage, type Coverage } from './coverage.ts'
import { dice, mutated } from './mutate.ts'
import type { Target } from './target.ts'

export interface Campaign {
  readonly target: Target
  /** Inputs of earlier campaigns, beside the target's seeds. */
  readonly corpus: readonly Uint8Array[]
  readonly seed: number
  /** Ends after so many inputs, or so many milliseconds, whichever is first. */
  readonly inputs: number
  readonly milliseconds: number
  /** Asks V8 after every input which blocks ran, and goes on from those that reached new ones. */
  readonly isGuided: boolean
}

export interface Found {
  readonly input: Uint8Array
  readonly why: string
}

export interface Report {
  readonly name: string
  readonly inputs: number
  readonly accepted: number
  /** Of processor time: whatever else the machine does. */
  readonly slowestMs: number
  /** How much more memory the process held after it than before, in MiB, after collecting. */
  readonly grownMiB: number
  /** Inputs that reached code which no earlier one had. */
  readonly fresh: readonly Uint8Array[]
  readonly found: readonly Found[]
}

/** An input that takes longer hangs whoever reads it. */
export const slowMs = 1000
/** What reading may leave behind. */
export const largestGrowthMiB = 128
const mostFound = 20
const ours =
  /\/(tss-wasm|participant|proto|coordinator-stub|electron|web|fuzz\/test)\/|node_modules\/(micro-eth-signer|age-encryption|@scure)/

/** Asking V8 what ran takes longer than most parsers do: it is asked once for so many inputs. */
const batch = 64

export async function run({ target, isGuided, ...limits }: Campaign): Promise<Report> {
  const seeds = await target.seeds()
  const corpus = [...seeds, ...limits.corpus]
  const guide = isGuided ? coverage(ours) : undefined
  const roll = dice(limits.seed)
  const words = target.words ?? []
  const fresh: Uint8Array[] = []
  const found: Found[] = []
  const memoryBefore = memory()
  const ends = performance.now() + limits.milliseconds
  let [inputs, accepted, slowestMs] = [0, 0, 0]

  async function read(input: Uint8Array): Promise<void> {
    inputs += 1
    const started = process.cpuUsage()
    try {
      if (await target.read(input.slice())) accepted += 1
      else if (inputs <= seeds.length) throw new Error('a seed is refused')
    } catch (error) {
      found.push({ input, why: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
    const { user, system } = process.cpuUsage(started)
    const took = (user + system) / 1000
    if (took > slowMs) found.push({ input, why: `reading took ${Math.round(took)} ms of processor time` })
    slowestMs = Math.max(slowestMs, took)
  }

  /** Which of these ran what nothing before them did. */
  async function reaching(guide: Coverage, tried: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const which: Uint8Array[] = []
    for (const input of guide.news(false) ? tried : []) {
      await read(input)
      if (guide.news(true)) which.push(input)
    }
    return which
  }

  for (const input of corpus) await read(input)
  guide?.news(true)
  while (inputs < limits.inputs && performance.now() < ends && found.length < mostFound) {
    const tried = Array.from({ length: Math.min(batch, limits.inputs - inputs) }, () =>
      mutated({ corpus, words }, roll),
    )
    for (const input of tried) await read(input)
    if (guide === undefined) continue
    const reached = await reaching(guide, tried)
    corpus.push(...reached)
    fresh.push(...reached)
  }
  guide?.stop()
  const grownMiB = memory() - memoryBefore
  if (grownMiB > largestGrowthMiB) found.push({ input: new Uint8Array(), why: `${grownMiB} MiB are held afterwards` })
  return { name: target.name, inputs, accepted, slowestMs, grownMiB, fresh, found }
}

function memory(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return Math.round((heapUsed + external) / 2 ** 20)
}
