// Whole sessions by the product's workers, all parties on this machine, in Node and in Chromium, each party computing in
// one thread and in as many as there are cores: npm run bench -- session [--json] [--quick] [--all] [--runs=3]
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { loadKernel } from '../tss-wasm/integers/load.node.ts'
import { wasmArithmetic } from '../tss-wasm/integers/wasm.ts'
import { parsePreParameters } from '../tss-wasm/keyShare/saveData.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { spawnInNode } from '../tss-wasm/worker/spawn.node.ts'
import { runInChromium } from './chromium.ts'
import { lonelyRow, printRows, type Row } from './rows.ts'
import { savedPreParameters } from './savedPreParameters.ts'
import { measureSession, type SessionTimes } from './sessionRuns.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    /** Also 3-of-5 and 4-of-7. */
    all: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
  },
})
const runs = options.quick ? 1 : Number(options.runs)
const workFolder = resolve(import.meta.dirname, '../.quorate/bench')
const threads = [1, Math.max(2, availableParallelism())]
const tools = { arithmetic: wasmArithmetic(await loadKernel()), random: systemRandom }
const rows: Row[] = []
for (const [threshold, parties] of options.all
  ? ([
      [2, 3],
      [3, 5],
      [4, 7],
    ] as const)
  : ([[2, 3]] as const)) {
  const saved = savedPreParameters.slice(0, parties)
  const preParameters = await Promise.all(saved.map((json) => parsePreParameters(json, tools)))
  const inNode: SessionTimes[][] = threads.map(() => [])
  for (let run = 0; run < runs; run++) {
    for (const [i, count] of threads.entries()) {
      const spawn = () => spawnInNode(undefined, count)
      inNode[i]?.push(await measureSession({ threshold, preParameters, spawn }))
    }
  }
  const entry = join(import.meta.dirname, 'sessionWorker.ts')
  const inChromium = await runInChromium<SessionTimes[][]>(entry, { threshold, saved, threads, runs }, workFolder)
  for (const [runtime, times] of [
    ['Node', inNode],
    ['Chromium', inChromium],
  ] as const) {
    for (const [i, count] of threads.entries()) {
      const suffix = `${threshold}-of-${parties} whole session, ${count === 1 ? '1 thread' : `${count} threads`} each`
      rows.push(lonelyRow(`keygen ${suffix}`, runtime, times[i]?.map(({ keygenMs }) => keygenMs) ?? []))
      rows.push(lonelyRow(`sign ${suffix}`, runtime, times[i]?.map(({ signMs }) => signMs) ?? []))
    }
  }
}
printRows(rows, options.json)
