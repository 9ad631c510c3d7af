import type { Failure, Session } from '../../proto/gen/coordinator_pb.js'
import type { Query } from '../storage/database.ts'
import type { Event } from './events.ts'

/** One line of the audit log. What parties report is recorded as their claim, not as fact. */
export interface AuditEntry {
  readonly atMs: number
  readonly sessionId: string
  /** 0: the coordinator itself */
  readonly seat: number
  readonly event: Event['type'] | 'created' | 'making-user-share' | 'using-user-share' | 'recovering-user-share'
  readonly details: Readonly<Record<string, unknown>>
}

/** For what changes no session: changes are written with their entry, in one statement (sessionStore.ts). */
export async function writeAudit(
  database: Query,
  { atMs, sessionId, seat, event, details }: AuditEntry,
): Promise<void> {
  await database.query('insert into audit (at_ms, session_id, seat, event, details) values ($1, $2, $3, $4, $5)', [
    atMs,
    sessionId,
    seat,
    event,
    JSON.stringify(details),
  ])
}

/** Everything that is known of a session, oldest first. */
export async function readAudit(database: Query, sessionId: string): Promise<readonly AuditEntry[]> {
  const rows = await database.query(
    'select at_ms, session_id, seat, event, details from audit where session_id = $1 order by entry',
    [sessionId],
  )
  return rows.map((row) => ({
    atMs: Number(row['at_ms']),
    sessionId: row['session_id'] as string,
    seat: row['seat'] as number,
    event: row['event'] as AuditEntry['event'],
    details: row['details'] as AuditEntry['details'],
  }))
}

/** What of an event is worth keeping, and the state it left the session in. No keys, tokens, rosters or bodies. */
export function auditDetails(event: Event, { state, run, runSeats }: Session): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case 'failed':
      return { state, run, ...inAudit(event.failure), ...(event.available === true && { available: true }) }
    case 'started':
      return { state, run, seats: runSeats }
    case 'revoked':
      return { state, target: event.target }
    case 'joined':
      return { state, run, ...(event.ready === true && { ready: true }) }
    case 'join-refused':
    case 'published':
    case 'code-opened':
    case 'ready':
    case 'confirmed':
    case 'withdrawn':
    case 'retired':
    case 'expired':
      return { state, run }
  }
}

function inAudit({ kind, parties, check, detail, waitedMs }: Failure) {
  return { kind, parties, check, detail, waitedMs: Number(waitedMs) }
}
