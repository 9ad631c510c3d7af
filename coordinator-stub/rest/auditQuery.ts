import { SessionState } from '../../proto/gen/coordinator_pb.js'
import type { Query, Row } from '../storage/database.ts'

export interface AuditLine {
  /** Continue after this one. */
  readonly entry: number
  readonly time: string
  readonly session_id: string
  readonly seat: number
  readonly event: string
  readonly details: Readonly<Record<string, unknown>>
  /** Of new shares of an account's wallet. */
  readonly account_id?: string
  readonly reshare?: ReshareNews
}

/** What an entry means for new shares; aborted: this attempt has come to nothing, unless somebody confirms it late. */
export const reshareNews = ['proposed', 'confirmed', 'committed', 'aborted', 'retired'] as const
export type ReshareNews = (typeof reshareNews)[number]

export interface AuditPage {
  readonly sessionId: string | undefined
  /** Only of sessions that this back-end ordered, and of new shares of its accounts, as long as they are remembered; undefined: all. */
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
    `with ours as (
       select reshares.session_id, min(account_id) as account_id from reshares join accounts using (account_id)
       where $4::text is null or owned_by = $4 group by reshares.session_id)
     select entry, at_ms, session_id, seat, event, details, account_id from audit left join ours using (session_id)
     where entry > $1 and ($2::text is null or session_id = $2)
       and ($4::text is null or account_id is not null
            or session_id in (select session_id from reservations where ordered_by = $4))
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
    ...ofReshare(row),
  }))
}

function ofReshare({ account_id, event, details }: Row): Pick<AuditLine, 'account_id' | 'reshare'> {
  if (account_id === null) return {}
  const reshare = newsOf(event as string, (details as { readonly state?: SessionState }).state)
  return { account_id: account_id as string, ...(reshare && { reshare }) }
}

function newsOf(event: string, state: SessionState | undefined): ReshareNews | undefined {
  switch (event) {
    case 'created':
      return 'proposed'
    case 'confirmed':
      return state === SessionState.COMPLETED ? 'committed' : 'confirmed'
    case 'withdrawn':
      return 'aborted'
    case 'failed':
      return state === SessionState.FAILED ? 'aborted' : undefined
    case 'retired':
      return 'retired'
    default:
      return undefined
  }
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
