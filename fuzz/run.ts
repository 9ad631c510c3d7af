// npm run fuzz -- [--minutes N] [--target NAME] [--seed N] [--json] [--report]: every parser that meets bytes of strangers, by turns,
// guided by which code an input reaches. What reaches new code is kept in fuzz/corpus, and so is what breaks something.
import { parseArgs } from 'node:util'
import { run, type Report } from './campaign.ts'
import { machine, today, writeReport } from '../scripts/reliability.ts'
import { keep, readCorpus } from './corpus.ts'
import { targets } from './targets/index.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    target: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
    json: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
})
const chosen = targets.filter(({ name }) => values.target === undefined || name === values.target)
if (chosen.length === 0)
  throw new Error(`there is no target ${values.target ?? ''}: ${targets.map((t) => t.name).join()}`)
const milliseconds = (Number(values.minutes) * 60_000) / chosen.length
const seed = Number(values.seed)
const say = (line: string) => {
  if (!values.json) console.log(line)
}

say(`seed ${seed}, ${(milliseconds / 1000).toFixed(0)} s for each of ${chosen.length} targets`)
interface Row {
  readonly name: string
  readonly inputs: number
  readonly accepted: number
  readonly slowestMs: number
  readonly grownMiB: number
  readonly findings: number
}
const rows: Row[] = []
let findings = 0
for (const target of chosen) {
  const report = await run({
    target,
    corpus: readCorpus(target.name),
    seed,
    inputs: Infinity,
    milliseconds,
    isGuided: true,
  })
  keep(target.name, report.fresh, 'fresh')
  say(line(report))
  // One input for each way to fail is enough to keep.
  for (const [why, input] of new Map(report.found.map(({ why, input }) => [why, input]))) {
    const [file] = keep(target.name, [input], 'found')
    console.error(`${target.name}: ${why}\n  kept as ${file ?? ''}`)
  }
  findings += report.found.length
  const { name, inputs, accepted, slowestMs, grownMiB, found } = report
  rows.push({ name, inputs, accepted, slowestMs: Math.round(slowestMs), grownMiB, findings: found.length })
}
if (values.json) console.log(JSON.stringify({ seed, minutes: Number(values.minutes), rows }))
if (values.report) {
  const sum = (count: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + count(row), 0)
  writeReport('fuzz', {
    command: `npm run fuzz -- --minutes ${values.minutes} --report`,
    measured: `${today()}, ${machine()}, seed ${seed}`,
    columns: ['parser', 'inputs', 'accepted', 'slowest, ms', 'memory left behind, MiB', 'findings'],
    rows: rows.map((row) => [row.name, row.inputs, row.accepted, row.slowestMs, row.grownMiB, row.findings]),
    verdict: `${sum(({ inputs }) => inputs)} inputs, ${sum((row) => row.findings)} findings.`,
  })
}
process.exitCode = findings === 0 ? 0 : 1

function line({ name, inputs, accepted, slowestMs, grownMiB, fresh, found }: Report): string {
  const facts = [
    `${inputs} inputs`,
    `${accepted} accepted`,
    `slowest ${slowestMs.toFixed(0)} ms`,
    `${grownMiB} MiB more`,
    `${fresh.length} reached new code`,
    `${found.length} findings`,
  ]
  return `${name.padEnd(14)} ${facts.join(', ')}`
}
