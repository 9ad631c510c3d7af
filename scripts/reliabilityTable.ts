// node scripts/reliabilityTable.ts: writes the figures of docs/reliability/*.json (scripts/reliability.ts says what they are)
// into docs/RELIABILITY.md, each between the markers of its name.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { format, type Options } from 'prettier'
import { placeIn } from './markers.ts'
import { root } from './project.ts'
import type { Report } from './reliability.ts'

const page = join(root, 'docs', 'RELIABILITY.md')
const folder = join(root, 'docs', 'reliability')

/** The page as it must be. @throws Error for a report without a place, or markers without their end */
export async function written(
  text = readFileSync(page, 'utf8'),
  reports: Readonly<Record<string, Report>> = readReports(),
): Promise<string> {
  let whole = text
  for (const [rig, report] of Object.entries(reports)) {
    const { before, after } = placeIn(whole, 'docs/RELIABILITY.md', rig)
    whole = `${before}\n\n${section(report)}\n\n${after}`
  }
  return format(whole, {
    parser: 'markdown',
    ...(JSON.parse(readFileSync(join(root, '.prettierrc.json'), 'utf8')) as Options),
  })
}

function section({ command, measured, columns, rows, verdict }: Report): string {
  const row = (cells: Report['rows'][number]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`
  const table = [row(columns), row(columns.map(() => '---')), ...rows.map(row)].join('\n')
  return [`\`${command}\` (${measured})`, table, ...(verdict === undefined ? [] : [verdict])].join('\n\n')
}

function readReports(): Record<string, Report> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return Object.fromEntries(
    files.map((name) => [
      name.slice(0, -'.json'.length),
      JSON.parse(readFileSync(join(folder, name), 'utf8')) as Report,
    ]),
  )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(page, await written())
