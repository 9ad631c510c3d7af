import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'

/**
 * What a rig measured, as it leaves it in docs/reliability/<rig>.json. `node scripts/reliabilityTable.ts` makes a table
 * of it in docs/RELIABILITY.md, between the markers of that name.
 */
export interface Report {
  /** What was run to get this. */
  readonly command: string
  /** When, and on what. */
  readonly measured: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
  /** What the figures say, in a sentence; it stands under the table. */
  readonly verdict?: string
}

const folder = join(import.meta.dirname, '..', 'docs', 'reliability')

export function readReport(rig: string): Report | undefined {
  const file = join(folder, `${rig}.json`)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined
}

export function writeReport(rig: string, report: Report): void {
  const file = join(folder, `${rig}.json`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`)
}

/** `rows`, and those of the rig's last report that are about something else: what they are about stands in the first column. */
export function withEarlier(rig: string, rows: Report['rows']): Report['rows'] {
  const about = new Set(rows.map(([what]) => what))
  return [...(readReport(rig)?.rows ?? []).filter(([what]) => !about.has(what ?? '')), ...rows]
}

/** 2026-11-21 */
export function today(): string {
  return new Date().toISOString().slice(0, 10)
}

export function machine(): string {
  const all = cpus()
  return `${all.length} cores of ${all[0]?.model.trim() ?? 'an unknown processor'}`
}
