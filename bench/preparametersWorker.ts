import { loadKernel } from '../tss-wasm/integers/load.web.ts'
import { measurePreParameters } from './preparametersRuns.ts'
import { answer } from './worker.ts'

answer(async (sets) => measurePreParameters(sets as number, await loadKernel()))
