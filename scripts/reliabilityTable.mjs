// node scripts/reliabilityTable.mjs: writes the figures of docs/reliability/*.json (scripts/reliability.ts says what they are)
// into docs/RELIABILITY.md, each between the markers of its name.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { format } from 'prettier'

const root = resolve(import.meta.dirname, '..')
const page = join(root, 'docs', 'RELIABILITY.md')
const folder = join(root, 'docs', 'reliability')

/** The page as it must be. @throws Error for a report without a place, or markers without their end */
export async function written(text = readFileSync(page, 'utf8'), reports = readReports()) {
  let whole = text
  for (const [rig, report] of Object.entries(reports)) {
    const [begin, end] = [`<!-- ${rig}:begin -->`, `<!-- ${rig}:end -->`]
    const [from, to] = [whole.indexOf(begin), whole.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`docs/RELIABILITY.md has no place for ${rig}: ${begin} ... ${end}`)
    whole = `${whole.slice(0, from + begin.length)}\n\n${section(report)}\n\n${whole.slice(to)}`
  }
  return format(whole, { parser: 'markdown', ...JSON.parse(readFileSync(join(root, '.prettierrc.json'), 'utf8')) })
}

function section({ command, measured, columns, rows, verdict }) {
  const row = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`
  const table = [row(columns), row(columns.map(() => '---')), ...rows.map(row)].join('\n')
  return [`\`${command}\` (${measured})`, table, ...(verdict === undefined ? [] : [verdict])].join('\n\n')
}

function readReports() {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return Object.fromEntries(
    files.map((name) => [name.slice(0, -'.json'.length), JSON.parse(readFileSync(join(folder, name), 'utf8'))]),
  )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(page, await written())
