// Sets of pre-parameters, made as the app makes them, in one thread: npm run bench -- preparameters [--json] [--quick]
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { loadKernel } from '../tss-wasm/integers/load.node.ts'
import { runInChromium } from './chromium.ts'
import { measurePreParameters } from './preparametersRuns.ts'
import { lonelyRow, printRows, type Row } from './rows.ts'

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
})
const sets = values.quick ? 3 : 10
const workFolder = resolve(import.meta.dirname, '../.quorate/bench')
const inNode = await measurePreParameters(sets, await loadKernel())
const entry = join(import.meta.dirname, 'preparametersWorker.ts')
const inChromium = await runInChromium<readonly number[]>(entry, sets, workFolder)
printRows([rowOf('Node', inNode), rowOf('Chromium', inChromium)], values.json)

/** The wait is geometric: its mean, not its median, says how long several sets take. */
function rowOf(runtime: string, ms: readonly number[]): Row {
  return lonelyRow(`pre-parameters, mean of ${sets}`, runtime, ms, ms.reduce((sum, one) => sum + one, 0) / ms.length)
}
