// npm run --silent bench -- --json | node scripts/benchTable.ts: writes what was measured in Chromium into the README,
// between its markers, with machine and date. The last line that is read counts.
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { Row } from '../bench/rows.ts'
import { writeBetweenMarkers } from './markers.ts'
import { stop } from './project.ts'

const line = readFileSync(0, 'utf8').trim().split('\n').at(-1) ?? ''
const { rows } = JSON.parse(line) as { readonly rows: readonly Row[] }
const wanted =
  /^(modexp [\d/]+( square)?|pre-parameters.*|(keygen|sign|presign|sign online|reshare) \d-of-\d(, each of \d+)?|longest .*)$/
const shown = rows.filter(({ name, runtime }) => runtime === 'Chromium' && wanted.test(name))
if (shown.length === 0) stop('nothing was measured in Chromium')

const ms = (value: number) => (value >= 1000 ? `${(value / 1000).toPrecision(3)} s` : `${value.toPrecision(3)} ms`)
const times = (ratio: number) =>
  ratio >= 1 ? `${ratio.toPrecision(2)} times faster` : `${(1 / ratio).toPrecision(2)} times slower`
const [cpu] = cpus()
writeBetweenMarkers('README.md', 'bench', [
  'Quorate in headless Chromium, one thread, per party; pre-parameters are given. Medians, of pre-parameters the mean.',
  'BigInt and gmp-wasm run in the same Chromium, OpenSSL and native tss-lib as native code, the others in Node; all in the',
  'same run, tss-lib as Go wasm once. The main thread is that of the whole app. Machine and day:',
  `${cpu?.model.trim() ?? 'unknown processor'}, ${new Date().toISOString().slice(0, 10)}.`,
  '',
  '| measure | Quorate | against | their time | Quorate is |',
  '|---|---|---|---|---|',
  ...shown.map(({ name, ms: ours, peer, peerMs, ratio }) =>
    peer === undefined || peerMs === undefined || ratio === undefined
      ? `| ${name} | ${ms(ours)} | | | |`
      : `| ${name} | ${ms(ours)} | ${peer} | ${ms(peerMs)} | ${times(ratio)} |`,
  ),
])
