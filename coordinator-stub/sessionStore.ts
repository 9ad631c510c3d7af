import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { Code } from '@connectrpc/connect'
import { type Session, SessionSchema, SessionState } from '../proto/gen/coordinator_pb.js'
import type { Database, Query } from './database.ts'
import { Refusal } from './refusal.ts'
import { advance, hasEnded } from './sessions.ts'
import type { Signals } from './signals.ts'

/** Sessions at rest. Every change goes through `change`, one transaction each, and raises the session's topic. */
export interface SessionStore {
  /** @throws Refusal RESOURCE_EXHAUSTED when the coordinator holds as many sessions as it may */
  add(session: Session): Promise<void>
  /** @throws Refusal NOT_FOUND */
  get(sessionId: string): Promise<Session>
  /** Stores what `next` makes of the session. A throw of `next` leaves everything as it was. @throws Refusal NOT_FOUND */
  change(sessionId: string, next: (session: Session) => Session): Promise<Session>
  /** Sessions with a seat for this server party that have not ended. */
  offeredTo(serverParty: string): Promise<readonly Session[]>
  /** Ends what has expired and forgets, messages included, what ended long ago. @returns ids of the newly expired */
  sweep(nowMs: number): Promise<readonly string[]>
}

/** How long the outcome of a session can still be asked for after its time was up. */
const rememberedMs = 3600_000

export const topics = {
  session: (sessionId: string) => `session ${sessionId}`,
  messages: (sessionId: string) => `messages ${sessionId}`,
  invitations: (serverParty: string) => `invitations ${serverParty}`,
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
      const added = await database.query(
        `insert into sessions (session_id, state, expires_at_ms, seats, server_parties, document)
         select $1, $2, $3, $4, $5, $6 where (select count(*) from sessions) < $7 returning session_id`,
        [
          session.sessionId,
          session.state,
          session.expiresAtMs,
          session.participants.map((participant) => participant.seat),
          parties,
          toBinary(SessionSchema, session),
          limits.sessions,
        ],
      )
      if (added.length === 0)
        throw new Refusal(Code.ResourceExhausted, 'the coordinator holds as many sessions as it may')
      for (const party of parties) signals.raise(topics.invitations(party))
    },
    get: (sessionId) => read(database, 'select document from sessions where session_id = $1', sessionId),
    async change(sessionId, next) {
      const after = await database.transaction(async (inside) => {
        const before = await read(inside, 'select document from sessions where session_id = $1 for update', sessionId)
        const changed = next(before)
        if (changed !== before) {
          await inside.query('update sessions set state = $2, document = $3 where session_id = $1', [
            sessionId,
            changed.state,
            toBinary(SessionSchema, changed),
          ])
        }
        return changed
      })
      announce(after)
      return after
    },
    async offeredTo(serverParty) {
      const rows = await database.query(
        'select document from sessions where state < $2 and $1 = any (server_parties) order by expires_at_ms',
        [serverParty, SessionState.COMPLETED],
      )
      return rows.map(decode)
    },
    async sweep(nowMs) {
      const late = await database.query('select session_id from sessions where expires_at_ms <= $1 and state < $2', [
        nowMs,
        SessionState.COMPLETED,
      ])
      const ids = late.map((row) => row['session_id'] as string)
      for (const id of ids) await store.change(id, (session) => advance(session, { type: 'expired' }, nowMs))
      await database.query(
        'delete from messages using sessions where messages.session_id = sessions.session_id and expires_at_ms <= $1',
        [nowMs],
      )
      await database.query('delete from sessions where expires_at_ms <= $1', [nowMs - rememberedMs])
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
