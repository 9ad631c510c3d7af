import { loadKernel } from '../tss-wasm/integers/load.web.ts'
import { measureModexp } from './modexpRuns.ts'
import { answer } from './worker.ts'

answer((runs) => measureModexp(runs as number, loadKernel))
