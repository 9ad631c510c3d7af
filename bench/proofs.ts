// Every proof by itself, in one thread: npm run bench -- proofs [--json] [--quick]
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { loadKernel } from '../tss-wasm/integers/load.node.ts'
import { runInChromium } from './chromium.ts'
import { measureProofs } from './proofsRuns.ts'
import { lonelyRow, printRows } from './rows.ts'
import { savedPreParameters } from './savedPreParameters.ts'

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
})
const workFolder = resolve(import.meta.dirname, '../.quorate/bench')
const request = { runs: values.quick ? 1 : 5, saved: savedPreParameters.slice(0, 2) }
const inNode = await measureProofs(request, await loadKernel())
const entry = join(import.meta.dirname, 'proofsWorker.ts')
const inChromium = await runInChromium<Record<string, number[]>>(entry, request, workFolder)
const rows = Object.keys(inNode).flatMap((name) => [
  lonelyRow(name, 'Node', inNode[name] ?? []),
  lonelyRow(name, 'Chromium', inChromium[name] ?? []),
])
printRows(rows, values.json)
