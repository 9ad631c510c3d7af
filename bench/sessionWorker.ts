import { loadKernel } from '../tss-wasm/integers/load.web.ts'
import { wasmArithmetic } from '../tss-wasm/integers/wasm.ts'
import { parsePreParameters } from '../tss-wasm/keyShare/saveData.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { spawnInBrowser } from '../tss-wasm/worker/spawn.web.ts'
import { measureSession, type SessionTimes } from './sessionRuns.ts'
import { answer } from './worker.ts'

interface Request {
  readonly threshold: number
  readonly saved: readonly string[]
  readonly threads: readonly number[]
  readonly runs: number
}

/** Times of every run, by position in `threads`. */
answer(async (input): Promise<SessionTimes[][]> => {
  const { threshold, saved, threads, runs } = input as Request
  const tools = { arithmetic: wasmArithmetic(await loadKernel()), random: systemRandom }
  const preParameters = await Promise.all(saved.map((json) => parsePreParameters(json, tools)))
  const times: SessionTimes[][] = threads.map(() => [])
  for (let run = 0; run < runs; run++) {
    for (const [i, count] of threads.entries()) {
      times[i]?.push(await measureSession({ threshold, preParameters, spawn: () => spawnInBrowser(count) }))
    }
  }
  return times
})
