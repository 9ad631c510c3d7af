// npm run constant-time [-- --samples N --only TEXT --json]: whether secrets show in how long things take. Writes
// docs/reliability/constant-time.json unless --only is given. A quiet machine sees more than a busy one.
import { parseArgs } from 'node:util'
import { machine, today, writeReport } from '../scripts/reliability.ts'
import { loadKernel } from '../tss-wasm/integers/load.node.ts'
import { wasmArithmetic } from '../tss-wasm/integers/wasm.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { fixturePreParameters } from '../tss-wasm/test/protocols/fixtureShare.ts'
import { examine, type Result, type Subject, verdictOf } from './rig.ts'
import { comparisons, exponentiations, leakingPower } from './subjects.ts'

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '10000' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
})
const samples = Number(values.samples)
const say = (line: string): void => {
  if (!values.json) process.stdout.write(`${line}\n`)
}

const prepared = fixturePreParameters(0)
const subjects: Subject<unknown>[] = [leakingPower(systemRandom)]
for (const name of ['relaxed-simd', 'portable'] as const) {
  const kernel = await loadKernel(name).catch((error: unknown) => {
    say(`${name} is left out: ${String(error)}`)
  })
  if (kernel) subjects.push(...exponentiations(name, wasmArithmetic(kernel), prepared, systemRandom))
}
subjects.push(...(await comparisons(systemRandom)))

const clock = () => performance.now()
const results: Result[] = []
for (const subject of subjects.filter(({ name }) => name.startsWith('control') || name.includes(values.only))) {
  const result = await examine(subject, { samples, random: systemRandom, clock })
  results.push(result)
  say(`|t| ${result.t.toFixed(1).padStart(6)}  ${result.verdict}: ${result.name}, ${result.fixed}`)
}
const verdict = verdictOf(results)
say(verdict.text)
if (values.json) process.stdout.write(`${JSON.stringify({ ...verdict, results })}\n`)
if (values.only === '') {
  writeReport('constant-time', {
    command: 'npm run constant-time',
    measured: `${today()}, ${machine()}`,
    columns: ['what', 'fixed secret, against random ones', 'samples', 'largest |t|', 'verdict'],
    rows: results.map(({ name, fixed, samples: taken, t, verdict: found }) => [
      name,
      fixed,
      taken,
      t.toFixed(1),
      found,
    ]),
    verdict: verdict.text,
  })
}
process.exitCode = verdict.passes ? 0 : 1
