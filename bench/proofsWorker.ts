import { loadKernel } from '../tss-wasm/integers/load.web.ts'
import { measureProofs } from './proofsRuns.ts'
import { answer } from './worker.ts'

interface Request {
  readonly runs: number
  readonly saved: readonly string[]
}

answer(async (input) => measureProofs(input as Request, await loadKernel()))
