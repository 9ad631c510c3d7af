import type { Query } from '../storage/database.ts'

export interface AuditLine {
  /** Continue after this one. */
  readonly entry: number
  readonly time: string
  readonly session_id: string
  readonly seat: number
  readonly event: string
  readonly details: Readonly<Record<string, unknown>>
}

export interface AuditPage {
  readonly sessionId: string | undefined
  /** Only of sessions that this back-end ordered, as long as orders are remembered; undefined: all. */
  readonly orderedBy: string | undefined
  readonly after: number
  readonly limit: number
}

/** A page of the audit log, oldest first. */
export async function queryAudit(
  database: Query,
  { sessionId, orderedBy, after, limit }: AuditPage,
): Promise<readonly AuditLine[]> {
  const rows = await database.query(
    `select entry, at_ms, session_id, seat, event, details from audit
     where entry > $1 and ($2::text is null or session_id = $2)
       and ($4::text is null or session_id in (select session_id from reservations where ordered_by = $4))
     order by entry limit $3`,
    [after, sessionId ?? null, limit, orderedBy ?? null],
  )
  return rows.map((row) => ({
    entry: Number(row['entry']),
    time: new Date(Number(row['at_ms'])).toISOString(),
    session_id: row['session_id'] as string,
    seat: row['seat'] as number,
    event: row['event'] as string,
    details: row['details'] as AuditLine['details'],
  }))
}

/** 0 when there is none. */
export async function lastAuditEntry(database: Query): Promise<number> {
  const [row] = await database.query('select coalesce(max(entry), 0) as entry from audit')
  return Number(row?.['entry'])
}

/** RFC 4180. A field that a spreadsheet would run as a formula gets an apostrophe: details are what parties said. */
export function auditAsCsv(lines: readonly AuditLine[]): string {
  const rows = lines.map(({ entry, time, session_id, seat, event, details }) =>
    [String(entry), time, session_id, String(seat), event, JSON.stringify(details)].map(field).join(','),
  )
  return ['entry,time,session_id,seat,event,details', ...rows].map((row) => row + '\r\n').join('')
}

function field(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
