import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { Code } from '@connectrpc/connect'
import { type Session, SessionKind, SessionSchema, SessionState } from '../proto/gen/coordinator_pb.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { type AuditEntry, writeAudit } from './audit.ts'
import type { Database, Query } from './database.ts'
import { Refusal } from './refusal.ts'
import { advance, hasEnded } from './sessions.ts'
import type { Signals } from './signals.ts'
import type { Watcher } from './authorize.ts'

/** Sessions at rest. Every change goes through `change`, one transaction each, and raises the session's topic. */
export interface SessionStore {
  /** @throws Refusal RESOURCE_EXHAUSTED when the coordinator holds as many sessions as it may */
  add(session: Session): Promise<void>
  /** @throws Refusal NOT_FOUND */
  get(sessionId: string): Promise<Session>
  /** Stores what `next` makes of the session. A throw of `next` leaves everything as it was. @throws Refusal NOT_FOUND */
  change(
    sessionId: string,
    next: (session: Session) => Session,
    audit?: (after: Session) => Omit<AuditEntry, 'sessionId'>,
  ): Promise<Session>
  /** Sessions that have not ended with a seat for this server party or signing key. */
  offeredTo(watcher: Watcher): Promise<readonly Session[]>
  /** Ends what has expired and forgets, messages included, what ended long ago. @returns ids of the newly expired */
  sweep(nowMs: number): Promise<readonly string[]>
}

/** How long the outcome of a new wallet's session can still be asked for after its time was up. */
export const rememberedMs = 30 * 24 * 3600_000
/** Nobody waits for the outcome of a signature. */
const signingRememberedMs = 3600_000

export const topics = {
  session: (sessionId: string) => `session ${sessionId}`,
  messages: (sessionId: string) => `messages ${sessionId}`,
  invitations: (watcher: Watcher) =>
    'serverParty' in watcher ? `invitations ${watcher.serverParty}` : `invitations to ${watcher.signingKey}`,
}

export function createSessionStore(
  database: Database,
  signals: Signals,
  limits: { readonly sessions: number },
): SessionStore {
  const announce = (session: Session) => {
    signals.raise(topics.session(session.sessionId))
    // Message streams end with the session.
    if (hasEnded(session)) signals.raise(topics.messages(session.sessionId))
  }
  const store: SessionStore = {
    async add(session) {
      const parties = session.participants.map((participant) => participant.serverParty).filter((name) => name !== '')
      const identities = session.participants.flatMap(({ offered }) =>
        offered ? [bytesToHex(offered.signingKey)] : [],
      )
      const added = await database.query(
        `insert into sessions (session_id, state, expires_at_ms, seats, server_parties, identities, kind, document)
         select $1, $2, $3, $4, $5, $8, $9, $6 where (select count(*) from sessions where state < ${SessionState.COMPLETED}) < $7
         on conflict (session_id) do nothing returning session_id`,
        [
          session.sessionId,
          session.state,
          session.expiresAtMs,
          session.participants.map((participant) => participant.seat),
          parties,
          toBinary(SessionSchema, session),
          limits.sessions,
          identities,
          session.kind,
        ],
      )
      if (added.length === 0) {
        const [known] = await database.query('select 1 from sessions where session_id = $1', [session.sessionId])
        if (known !== undefined) throw new Refusal(Code.AlreadyExists, 'there is a session with this id')
        throw new Refusal(Code.ResourceExhausted, 'the coordinator holds as many sessions as it may')
      }
      const { sessionId, createdAtMs, creatorSeat, kind, threshold } = session
      const details = { kind, threshold, seats: session.participants.map(({ seat }) => seat) }
      await writeAudit(database, {
        sessionId,
        atMs: Number(createdAtMs),
        seat: creatorSeat,
        event: 'created',
        details,
      })
      for (const serverParty of parties) signals.raise(topics.invitations({ serverParty }))
      for (const signingKey of identities) signals.raise(topics.invitations({ signingKey }))
    },
    get: (sessionId) => read(database, 'select document from sessions where session_id = $1', sessionId),
    async change(sessionId, next, audit) {
      const after = await database.transaction(async (inside) => {
        const before = await read(inside, 'select document from sessions where session_id = $1 for update', sessionId)
        const changed = next(before)
        if (changed !== before) {
          await inside.query('update sessions set state = $2, document = $3 where session_id = $1', [
            sessionId,
            changed.state,
            toBinary(SessionSchema, changed),
          ])
          if (audit !== undefined) await writeAudit(inside, { sessionId, ...audit(changed) })
        }
        return changed
      })
      announce(after)
      return after
    },
    async offeredTo(watcher) {
      const [column, value] =
        'serverParty' in watcher ? ['server_parties', watcher.serverParty] : ['identities', watcher.signingKey]
      const rows = await database.query(
        `select document from sessions where state < $2 and $1 = any (${column}) order by expires_at_ms`,
        [value, SessionState.COMPLETED],
      )
      return rows.map(decode)
    },
    async sweep(nowMs) {
      const late = await database.query('select session_id from sessions where expires_at_ms <= $1 and state < $2', [
        nowMs,
        SessionState.COMPLETED,
      ])
      const ids = late.map((row) => row['session_id'] as string)
      const expired = { type: 'expired' } as const
      const audit = ({ state, run }: Session) => ({
        atMs: nowMs,
        seat: 0,
        event: expired.type,
        details: { state, run },
      })
      for (const id of ids) await store.change(id, (session) => advance(session, expired, nowMs), audit)
      await database.query(
        'delete from messages using sessions where messages.session_id = sessions.session_id and expires_at_ms <= $1',
        [nowMs],
      )
      await database.query('delete from sessions where expires_at_ms <= $1 or (expires_at_ms <= $2 and kind = $3)', [
        nowMs - rememberedMs,
        nowMs - signingRememberedMs,
        SessionKind.SIGN,
      ])
      return ids
    },
  }
  return store
}

async function read(database: Query, sql: string, sessionId: string): Promise<Session> {
  const [row] = await database.query(sql, [sessionId])
  if (row === undefined) throw new Refusal(Code.NotFound, 'there is no such session')
  return decode(row)
}

function decode(row: Readonly<Record<string, unknown>>): Session {
  return fromBinary(SessionSchema, row['document'] as Uint8Array)
}
