// npm run --silent bench -- --json | node scripts/benchTable.mjs: writes what was measured in Chromium into the README,
// between its markers, with machine and date. The last line that is read counts.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { root, stop } from './setup.mjs'

const [begin, end] = ['<!-- bench:begin -->', '<!-- bench:end -->']
const line = readFileSync(0, 'utf8').trim().split('\n').at(-1)
const { rows } = JSON.parse(line)
const wanted = /^(modexp [\d/]+( square)?|pre-parameters.*|(keygen|sign) \d-of-\d|longest .*)$/
const shown = rows.filter(({ name, runtime }) => runtime === 'Chromium' && wanted.test(name))
if (shown.length === 0) stop('nothing was measured in Chromium')

const ms = (value) => (value >= 1000 ? `${(value / 1000).toPrecision(3)} s` : `${value.toPrecision(3)} ms`)
const times = ({ ratio }) =>
  ratio >= 1 ? `${ratio.toPrecision(2)} times faster` : `${(1 / ratio).toPrecision(2)} times slower`
const table = [
  '| measure | Quorate | against | their time | Quorate is |',
  '|---|---|---|---|---|',
  ...shown.map((row) =>
    row.peer === undefined
      ? `| ${row.name} | ${ms(row.ms)} | | | |`
      : `| ${row.name} | ${ms(row.ms)} | ${row.peer} | ${ms(row.peerMs)} | ${times(row)} |`,
  ),
]
const [cpu] = cpus()
const machine = `${cpu?.model.trim() ?? 'unknown processor'}, ${new Date().toISOString().slice(0, 10)}`
const text = [
  begin,
  '',
  `Quorate in headless Chromium, one thread, per party; pre-parameters are given. Medians, of pre-parameters the mean.`,
  'BigInt and gmp-wasm run in the same Chromium, OpenSSL and native tss-lib as native code, the others in Node; all in the',
  'same run, tss-lib as Go wasm once. The main thread is that of the whole app. Machine and day:',
  `${machine}.`,
  '',
  ...table,
  '',
  end,
].join('\n')

const path = join(root, 'README.md')
const readme = readFileSync(path, 'utf8')
const [from, to] = [readme.indexOf(begin), readme.indexOf(end)]
if (from < 0 || to < from) stop('README.md has no markers for the table')
writeFileSync(path, readme.slice(0, from) + text + readme.slice(to + end.length))
