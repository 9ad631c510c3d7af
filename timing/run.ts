// npm run constant-time [-- --samples N --only TEXT --json]: whether secrets show in how long things take. Writes
// docs/reliability/constant-time.json; with --only, the rows of that name. A quiet machine sees more than a busy one.
import { parseArgs } from 'node:util'
import { machine, readReport, today, writeReport } from '../scripts/reliability.ts'
import { loadKernel } from '../tss-wasm/integers/load.node.ts'
import { wasmArithmetic } from '../tss-wasm/integers/wasm.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { fixturePreParameters } from '../tss-wasm/test/protocols/fixtureShare.ts'
import { examine, type Result, type Subject, type Verdict, verdictOf } from './rig.ts'
import { comparisons, exponentiations, leakingPower, presigning } from './subjects.ts'

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
  if (kernel === undefined) continue
  for (const paths of [exponentiations, presigning]) {
    subjects.push(...paths(name, wasmArithmetic(kernel), prepared, systemRandom))
  }
}
subjects.push(...(await comparisons(systemRandom)))

const clock = () => performance.now()
const results: Result[] = []
for (const subject of subjects.filter(({ name }) => name.startsWith('control') || name.includes(values.only))) {
  const result = await examine(subject, { samples, random: systemRandom, clock })
  results.push(result)
  say(`|t| ${result.t.toFixed(1).padStart(6)}  ${result.verdict}: ${result.name}, ${result.fixed}`)
}
const report = readReport('constant-time')
const earlier = (report?.rows ?? []).map(resultOf)
const isAgain = ({ name, fixed }: Result) => results.some((one) => one.name === name && one.fixed === fixed)
const all = values.only === '' ? results : [...results, ...earlier.filter((result) => !isAgain(result))]
const verdict = verdictOf(all)
say(verdict.text)
if (values.json) process.stdout.write(`${JSON.stringify({ ...verdict, results })}\n`)
writeReport('constant-time', {
  command: 'npm run constant-time',
  measured: `${today()}, ${machine()}`,
  columns: ['what', 'fixed secret, against random ones', 'samples', 'largest |t|', 'verdict'],
  rows: all.map(({ name, fixed, samples: taken, t, verdict: found }) => [name, fixed, taken, t.toFixed(1), found]),
  verdict: verdict.text,
})
process.exitCode = verdict.passes ? 0 : 1

/** A row of the report, as it was measured. */
function resultOf([name, fixed, taken, t, found]: readonly (string | number)[]): Result {
  const [what, secret] = [String(name), String(fixed)]
  const isControl = what.startsWith('control')
  return { name: what, fixed: secret, isControl, samples: Number(taken), t: Number(t), verdict: found as Verdict }
}
