// npm run --silent bench -- coordinator --json | node scripts/coordinatorTable.mjs: writes what was measured into
// docs/OPERATIONS.md, between its markers, with machine, date and how busy the machine was. Rows that were not measured
// this time stay as they are.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { root, stop } from './setup.mjs'

const [begin, end] = ['<!-- coordinator:begin -->', '<!-- coordinator:end -->']
const { rows: measured } = JSON.parse(readFileSync(0, 'utf8').trim().split('\n').at(-1))
const figures = measured.flatMap((row) => row.figures ?? [])
if (figures.length === 0) stop('nothing was measured')

const path = join(root, 'docs', 'OPERATIONS.md')
const text = readFileSync(path, 'utf8')
const [from, to] = [text.indexOf(begin), text.indexOf(end)]
if (from < 0 || to < from) stop('docs/OPERATIONS.md has no markers for the table')

const [cpu] = cpus()
const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, ${new Date().toISOString().slice(0, 10)}`
const key = (cells) => cells.slice(0, 3).join(' ')
const rows = new Map()
for (const line of text
  .slice(from, to)
  .split('\n')
  .filter((each) => /^\| P/.test(each))) {
  const cells = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
  rows.set(key(cells), cells)
}
for (const each of figures) {
  const alive = each.load === 'paced' ? `${each.sessions}, ${each.aliveSeconds} s each` : String(each.sessions)
  const ms = [each.p50, each.p95, each.p99, each.longest].map((value) => value.toFixed(0))
  const rates = [each.sessionsPerSecond, each.messagesPerSecond].map(String)
  const cells = [
    each.database,
    each.load,
    alive,
    ...rates,
    ...ms,
    each.lost + each.failed,
    each.cpuOfSession,
    each.loadBefore,
    each.partiesLate,
    each.coordinatorLate,
  ].map(String)
  rows.set(key(cells), cells)
}
const header =
  'database|load|sessions|sessions/s|messages/s|p50 ms|p95 ms|p99 ms|longest ms|lost|CPU ms a session|machine’s load before|parties late p95 ms|coordinator late p99 ms'
const line = (cells) => `| ${cells.join(' | ')} |`
const table = [line(header.split('|')), line(header.split('|').map(() => '---')), ...[...rows.values()].map(line)]
const block = `${begin}\n\nMeasured on ${machine}.\n\n${table.join('\n')}\n\n`
writeFileSync(path, text.slice(0, from) + block + text.slice(to))
