import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { type Session, SessionKind, SessionSchema, SessionState } from '../../proto/gen/coordinator_pb.js'
import type { AuditEntry } from './audit.ts'
import type { Database } from '../storage/database.ts'
import { alone, type Neighbours } from '../signals/neighbours.ts'
import { Refusal } from '../process/refusal.ts'
import { createOfferNews } from './offerNews.ts'
import { createSessionCache, type Known } from './cache.ts'
import { advance, hasEnded } from './advance.ts'
import type { Signals } from '../signals/signals.ts'
import { topics, type Watcher } from '../signals/topics.ts'
import { awaitsParties, offersOf } from './offered.ts'
import { messagesRememberedMs, neverRunRememberedMs, rememberedMs, signingRememberedMs } from './retention.ts'

/** Sessions at rest. Every change goes through `change`, one statement each, and raises the session's topic. */
export interface SessionStore {
  /**
   * @param openedBy whom limits count it for (limits/callerAddress.ts); undefined: nobody
   * @throws Refusal RESOURCE_EXHAUSTED when the coordinator, or this address, has as many sessions as it may
   */
  add(session: Session, openedBy?: string): Promise<void>
  /** As the database has it now. @throws Refusal NOT_FOUND */
  get(sessionId: string): Promise<Session>
  /**
   * As this instance knows it, which may be a moment older than another instance's last change; whoever subscribes to its
   * topic is woken then.
   * @param wasQuiet nobody has been heard of for a while: another instance may have died before it could tell
   * @throws Refusal NOT_FOUND
   */
  latest(sessionId: string, wasQuiet?: boolean): Promise<Session>
  /**
   * With the seats as they are now: once a session has started nobody joins by another token and none is revoked, so that
   * what is known of it is good for ever. @throws Refusal NOT_FOUND
   */
  seated(sessionId: string): Promise<Session>
  /**
   * Stores what `next` makes of the session. `next` may be called more than once, when somebody else was faster. A throw
   * of it leaves everything as it was. @throws Refusal NOT_FOUND
   */
  change(
    sessionId: string,
    next: (session: Session) => Session,
    audit?: (after: Session) => Omit<AuditEntry, 'sessionId'>,
  ): Promise<Session>
  /**
   * Sessions that have not ended with a seat for this server party or signing key which it has not declined.
   * @param since the position of an earlier answer: only those of which there was news after it, where that is known
   */
  offeredTo(watcher: Watcher, since?: number): Promise<Offers>
  /** Ends what has expired and forgets, messages included, what ended long ago. @returns ids of the newly expired */
  sweep(nowMs: number): Promise<readonly string[]>
}

export interface Offers {
  readonly live: readonly OfferedSession[]
  /** Whether these are all of them. */
  readonly isAll: boolean
  readonly position: number
}

export interface OfferedSession {
  readonly sessionId: string
  /** As `awaitsParties`. */
  readonly awaits: number
  readonly openedBy: string | undefined
}

/** Of sessions that have not ended. */
export interface SessionLimits {
  readonly sessions: number
  /** Beyond that: for addresses that have few. */
  readonly spare?: number
  /** Opened by one address; undefined: no limit of its own. */
  readonly perAddress?: number | undefined
}

/** So many an address may have when others have taken all but what is spare. */
const few = 10

export function createSessionStore(
  database: Database,
  signals: Signals,
  limits: SessionLimits,
  neighbours: Neighbours = alone,
): SessionStore {
  const cache = createSessionCache()
  const news = createOfferNews()
  /** The change under way of each session; the next one waits for it, instead of losing against it. */
  const changing = new Map<string, Promise<unknown>>()

  function announceOffer(topic: string, sessionId: string): void {
    news.add(topic, sessionId)
    signals.raise(topic)
  }

  function announce(sessionId: string, ended: boolean): void {
    signals.raise(topics.session(sessionId))
    signals.raise(topics.anySession)
    // Message streams end with the session.
    if (ended) signals.raise(topics.messages(sessionId))
  }

  neighbours.listen((heard) => {
    if (heard === undefined) {
      cache.clear()
      news.missed()
      signals.raiseAll()
      return
    }
    if (heard.startsWith('invitations ')) {
      news.missed()
      signals.raise(heard)
    }
    const [, sessionId, revision, ended] = /^session (\S+) (\d+)( ended)?$/.exec(heard) ?? []
    if (sessionId === undefined) return
    cache.supersede(sessionId, Number(revision))
    announce(sessionId, ended !== undefined)
  })

  async function load(sessionId: string): Promise<Known> {
    const [row] = await database.query(
      'select document, revision from sessions where session_id = $1',
      [sessionId],
      'session',
    )
    if (row === undefined) throw new Refusal('no_such_session', 'no such session')
    const document = row['document'] as Uint8Array
    const known = { session: fromBinary(SessionSchema, document), revision: Number(row['revision']) }
    cache.put(sessionId, known, document.length)
    return known
  }

  /** @returns false when the row is no longer at `revision` */
  async function replace(
    { session: before, revision }: Known,
    after: Session,
    audit: Omit<AuditEntry, 'sessionId'> | undefined,
  ): Promise<boolean> {
    const { sessionId } = after
    const document = toBinary(SessionSchema, after)
    const endedAtMs = hasEnded(after) && !hasEnded(before) ? (audit?.atMs ?? null) : null
    const { parties, identities } = offersOf(after)
    const awaits = awaitsParties(after)
    // Those who come last are told when it is their turn.
    const due = awaits > awaitsParties(before) ? parties.map((serverParty) => topics.invitations({ serverParty })) : []
    const rows = await database.query(
      `with changed as (
         update sessions set state = $3, document = $4, revision = revision + 1, ended_at_ms = coalesce(ended_at_ms, $5),
           server_parties = $10, identities = $11, awaits_parties = $12, has_run = $13 > 0
         where session_id = $1 and revision = $2 returning session_id, state, revision),
       noted as (
         insert into audit (at_ms, session_id, seat, event, details)
         select $6, session_id, $7, $8, $9::jsonb from changed where $8::text is not null)
       select 1 from changed`,
      [
        ...[sessionId, revision, after.state, document, endedAtMs],
        ...(audit === undefined
          ? [null, null, null, null]
          : [audit.atMs, audit.seat, audit.event, JSON.stringify(audit.details)]),
        ...[parties, identities, awaits, after.run],
      ],
      'change',
    )
    if (rows.length === 0) return false
    cache.put(sessionId, { session: after, revision: revision + 1 }, document.length)
    announce(sessionId, hasEnded(after))
    for (const topic of due) announceOffer(topic, sessionId)
    neighbours.tell([`session ${sessionId} ${revision + 1}${hasEnded(after) ? ' ended' : ''}`, ...due])
    return true
  }

  const store: SessionStore = {
    async add(session, openedBy) {
      const { parties, identities } = offersOf(session)
      const invitations = [
        ...parties.map((serverParty) => topics.invitations({ serverParty })),
        ...identities.map((signingKey) => topics.invitations({ signingKey })),
      ]
      const { sessionId, createdAtMs, creatorSeat, kind, threshold } = session
      const seats = session.participants.map(({ seat }) => seat)
      const document = toBinary(SessionSchema, session)
      const added = await database.query(
        `with added as (
           insert into sessions (session_id, state, expires_at_ms, seats, server_parties, identities, kind, document,
             stored_bytes, opened_by, awaits_parties, has_run)
           select $1, $2, $3, $4, $5, $6, $7, $8, $15, $13, $16, false
           from (
             select (select count(*) from sessions where state < ${SessionState.COMPLETED}) as all_alive,
               (select count(*) from sessions where state < ${SessionState.COMPLETED} and opened_by = $13) as own) alive
           where own < $14 and (all_alive < $9 or (all_alive < $17 and own < ${few}))
           on conflict (session_id) do nothing returning session_id),
         noted as (
           insert into audit (at_ms, session_id, seat, event, details)
           select $10, session_id, $11, 'created', $12::jsonb from added)
         select session_id from added`,
        [
          ...[
            sessionId,
            session.state,
            session.expiresAtMs,
            seats,
            parties,
            identities,
            kind,
            document,
            limits.sessions,
          ],
          ...[createdAtMs, creatorSeat, JSON.stringify({ kind, threshold, seats })],
          ...[openedBy ?? null, limits.perAddress ?? Number.MAX_SAFE_INTEGER, document.length, awaitsParties(session)],
          limits.sessions + (limits.spare ?? 0),
        ],
        'add',
      )
      if (added.length === 0) {
        const [known] = await database.query('select 1 from sessions where session_id = $1', [sessionId])
        if (known !== undefined) throw new Refusal('session_exists', 'a session with this id already exists')
        throw await fullFor(openedBy, Number(createdAtMs))
      }
      cache.put(sessionId, { session, revision: 0 }, document.length)
      for (const topic of invitations) announceOffer(topic, sessionId)
      neighbours.tell(invitations)
    },
    get: async (sessionId) => (await load(sessionId)).session,
    latest: async (sessionId, wasQuiet = false) =>
      ((wasQuiet && neighbours.areThere ? undefined : cache.get(sessionId)) ?? (await load(sessionId))).session,
    async seated(sessionId) {
      const known = cache.get(sessionId)
      return known !== undefined && known.session.run > 0 ? known.session : store.get(sessionId)
    },
    async change(sessionId, next, audit) {
      const mine = (changing.get(sessionId) ?? Promise.resolve()).then(() => changeNow(sessionId, next, audit))
      const done = mine.catch(() => undefined)
      changing.set(sessionId, done)
      try {
        return await mine
      } finally {
        if (changing.get(sessionId) === done) changing.delete(sessionId)
      }
    },
    async offeredTo(watcher, since) {
      const position = news.position()
      const ids = since === undefined ? undefined : news.since(topics.invitations(watcher), since)
      if (ids?.length === 0) return { live: [], isAll: false, position }
      const [column, value] =
        'serverParty' in watcher ? ['server_parties', watcher.serverParty] : ['identities', watcher.signingKey]
      const rows = await database.query(
        `select session_id, awaits_parties, opened_by from sessions
         where state < ${SessionState.COMPLETED} and $1 = any (${column}) ${ids === undefined ? '' : 'and session_id = any ($2::text[])'}
         order by expires_at_ms`,
        ids === undefined ? [value] : [value, ids],
        `offered ${column}${ids === undefined ? '' : ' lately'}`,
      )
      const live = rows.map((row) => ({
        sessionId: row['session_id'] as string,
        awaits: Number(row['awaits_parties']),
        openedBy: (row['opened_by'] as string | null) ?? undefined,
      }))
      return { live, isAll: ids === undefined, position }
    },
    async sweep(nowMs) {
      const late = await database.query(
        `select session_id from sessions where expires_at_ms <= $1 and state < ${SessionState.COMPLETED}`,
        [nowMs],
      )
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
        `with finished as (
           update sessions set is_emptied = true, stored_bytes = octet_length(document)
           where not is_emptied and (ended_at_ms <= $1 or expires_at_ms <= $2) returning session_id)
         delete from messages using finished where messages.session_id = finished.session_id`,
        [nowMs - messagesRememberedMs, nowMs],
      )
      await database.query(
        `delete from sessions where expires_at_ms <= $1 or (expires_at_ms <= $2 and kind = $3)
           or (ended_at_ms <= $4 and not has_run)`,
        [nowMs - rememberedMs, nowMs - signingRememberedMs, SessionKind.SIGN, nowMs - neverRunRememberedMs],
      )
      return ids
    },
  }

  /** Which limit stood against a new session, and when the first of its sessions is over at the latest. */
  async function fullFor(openedBy: string | undefined, nowMs: number): Promise<Refusal> {
    const [own] = await database.query(
      `select count(*) as n, min(expires_at_ms) as next from sessions where state < ${SessionState.COMPLETED} and opened_by = $1`,
      [openedBy ?? null],
    )
    const isOwn = Number(own?.['n'] ?? 0) >= (limits.perAddress ?? Infinity)
    const [any] = isOwn
      ? [own]
      : await database.query(`select min(expires_at_ms) as next from sessions where state < ${SessionState.COMPLETED}`)
    const seconds = Math.max(1, Math.ceil((Number(any?.['next'] ?? nowMs) - nowMs) / 1000))
    const who = isOwn
      ? 'this address has reached its limit of sessions'
      : 'the coordinator has reached its limit of sessions'
    return new Refusal('no_room', `${who}; retry in ${seconds} s, or when one ends`)
  }

  /** On what we know; what it refuses, or leaves as it is, is decided again on what the database says. */
  async function changeNow(
    sessionId: string,
    next: (session: Session) => Session,
    audit: ((after: Session) => Omit<AuditEntry, 'sessionId'>) | undefined,
  ): Promise<Session> {
    const remembered = cache.get(sessionId)
    if (remembered !== undefined) {
      const after = attempt(next, remembered.session)
      const isChanged = after !== undefined && after !== remembered.session
      if (isChanged && (await replace(remembered, after, audit?.(after)))) return after
    }
    for (;;) {
      const known = await load(sessionId)
      const after = next(known.session)
      if (after === known.session || (await replace(known, after, audit?.(after)))) return after
    }
  }
  return store
}

/** undefined when it refuses. */
function attempt(next: (session: Session) => Session, session: Session): Session | undefined {
  try {
    return next(session)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
