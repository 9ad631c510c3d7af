// npm run --silent bench -- coordinator --json | node scripts/coordinatorTable.ts: writes what was measured into
// docs/OPERATIONS.md, between its markers, with machine, date and how busy the machine was. Rows that were not measured
// this time stay as they are.
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import type { Figures } from '../bench/coordinator.ts'
import { placeIn, writeBetweenMarkers } from './markers.ts'
import { root, stop } from './project.ts'

const page = 'docs/OPERATIONS.md'
const said = readFileSync(0, 'utf8').trim().split('\n').at(-1) ?? ''
const { rows: measured } = JSON.parse(said) as { readonly rows: readonly { readonly figures?: Figures }[] }
const figures = measured.flatMap((row) => row.figures ?? [])
if (figures.length === 0) stop('nothing was measured')

/** By database, load and sessions: a row that is measured again takes the place of the old one. */
const rows = new Map<string, readonly string[]>()
const keep = (cells: readonly string[]) => rows.set(cells.slice(0, 3).join(' '), cells)
for (const line of placeIn(readFileSync(join(root, page), 'utf8'), page, 'coordinator').between.split('\n')) {
  if (line.startsWith('| P'))
    keep(
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}
for (const each of figures) {
  const alive = each.load === 'paced' ? `${each.sessions}, ${each.aliveSeconds} s each` : String(each.sessions)
  const ms = [each.p50, each.p95, each.p99, each.longest].map((value) => value.toFixed(0))
  const rates = [each.sessionsPerSecond, each.messagesPerSecond]
  const late = [each.loadBefore, each.partiesLate, each.coordinatorLate]
  keep(
    [each.database, each.load, alive, ...rates, ...ms, each.lost + each.failed, each.cpuOfSession, ...late].map(String),
  )
}
const header =
  'database|load|sessions|sessions/s|messages/s|p50 ms|p95 ms|p99 ms|longest ms|lost|CPU ms a session|machine’s load before|parties late p95 ms|coordinator late p99 ms'
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const [cpu, ...others] = cpus()
writeBetweenMarkers(page, 'coordinator', [
  `Measured on ${others.length + 1} × ${cpu?.model.trim() ?? 'unknown processor'}, ${new Date().toISOString().slice(0, 10)}.`,
  '',
  line(header.split('|')),
  line(header.split('|').map(() => '---')),
  ...[...rows.values()].map(line),
])
