import { SessionState } from '../../proto/gen/coordinator_pb.js'
import type { StorageBudget } from '../sessions/budget.ts'
import type { Database } from '../storage/database.ts'
import { type Budget, type MessageReader, openReader } from './reader.ts'
import { asCursor, type Message, type Page } from '../signals/message.ts'
import { type Stored, storing } from './store.ts'
import { alone, type Neighbours } from '../signals/neighbours.ts'
import { Refusal } from '../process/refusal.ts'
import { isSeat } from '../sessions/rules.ts'
import type { Signals } from '../signals/signals.ts'
import { topics } from '../signals/topics.ts'

/**
 * Mailboxes of a session: a message is stored, then delivered to whoever reads from a cursor, as often as it is asked
 * for. The order is that in which messages were taken, so a sender's own order is kept. Bodies are never opened.
 *
 * Acknowledging removes nothing: a party that acknowledged and lost its memory before its disk had it reads again from
 * where it likes. Messages go when nobody can need them, a minute after the end of their session (sessionStore.ts).
 */
export interface Router {
  /**
   * Resolves once the message is stored for good.
   * @returns the message's cursor; for the same message again the same cursor
   * @throws Refusal INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION, ALREADY_EXISTS, RESOURCE_EXHAUSTED or UNAVAILABLE
   */
  send(sessionId: string, messageId: string, message: Message): Promise<bigint>
  /** The next few messages for `seat` above `after`, in order. @throws Refusal NOT_FOUND */
  pending(sessionId: string, seat: number, after: bigint): Promise<Page>
  /** The same and whatever comes, one by one. */
  open(sessionId: string, seat: number, after: bigint): MessageReader
  /** Remembers that `seat` has everything up to this cursor. @returns what counts now: the highest ever acknowledged */
  acknowledge(sessionId: string, seat: number, upTo: bigint): Promise<bigint>
  /** The cursor up to which `seat` has acknowledged. */
  acknowledged(sessionId: string, seat: number): Promise<bigint>
}

export const largestEnvelope = 1024 * 1024
const longestMessageId = 64

/** A page of what a reader has missed, one message at least: bounds what one slow reader holds in memory. */
const pageLength = 64
const pageBytes = 256 * 1024
/** Of all readers of this process, for messages that wait in memory for slow connections. */
const mostHeldBytes = 128 * 1024 * 1024

export function createRouter(
  database: Database,
  signals: Signals,
  neighbours: Neighbours = alone,
  storage?: StorageBudget,
): Router {
  const budget: Budget = { left: mostHeldBytes }
  const announce = ({ sessionId, cursor, message: { from, to, envelope } }: Stored) => {
    signals.raise(topics.messages(sessionId), { cursor, from, to, envelope })
    neighbours.tell([`message ${sessionId} ${cursor} ${from} ${to}`])
  }
  const store = storing(database, announce, () => storage?.spent() ?? [])
  neighbours.listen((news) => {
    const [, sessionId, cursor, from, to] = /^message (\S+) (\d+) (\d+) (\d+)$/.exec(news ?? '') ?? []
    if (sessionId === undefined || cursor === undefined) return
    const arrival = { cursor: BigInt(cursor), from: Number(from), to: Number(to), envelope: undefined }
    signals.raise(topics.messages(sessionId), arrival)
  })

  const router: Router = {
    async send(sessionId, messageId, message) {
      mustBeMessage(messageId, message)
      storage?.mustStore()
      return store(sessionId, messageId, message)
    },
    async pending(sessionId, seat, after) {
      mustBeCursor(after)
      const most = Math.max(1, Math.min(pageBytes, budget.left))
      const rows = await database.query(
        `select state, last_cursor, cursor, sender, recipient, envelope
         from sessions left join lateral (
           select * from (
             select cursor, sender, recipient, envelope,
               sum(octet_length(envelope)) over (order by cursor) - octet_length(envelope) as earlier
             from messages
             where messages.session_id = sessions.session_id and cursor > $2
               and (recipient = $3 or (recipient = 0 and sender <> $3))
             order by cursor limit ${pageLength}) found
           where earlier < $4) page on true
         where session_id = $1 order by cursor`,
        [sessionId, after, seat, most],
        'page',
      )
      const [first] = rows
      if (first === undefined) throw new Refusal('no_such_session', 'no such session')
      const deliveries = rows
        .filter((row) => row['cursor'] !== null)
        .map((row) => ({
          cursor: asCursor(row['cursor']),
          from: row['sender'] as number,
          to: row['recipient'] as number,
          envelope: row['envelope'] as Uint8Array,
        }))
      const bytes = deliveries.reduce((sum, { envelope }) => sum + envelope.length, 0)
      return {
        deliveries,
        isFull: deliveries.length === pageLength || bytes >= most,
        last: asCursor(first['last_cursor']),
        ended: (first['state'] as SessionState) >= SessionState.COMPLETED,
      }
    },
    open(sessionId, seat, after) {
      const read = (from: bigint) => router.pending(sessionId, seat, from)
      return openReader(topics.messages(sessionId), seat, after, read, signals, budget, neighbours.areThere)
    },
    async acknowledge(sessionId, seat, upTo) {
      mustBeCursor(upTo)
      const [row] = await database.query(
        `insert into acknowledgements (session_id, seat, cursor)
         select session_id, $2, $3 from sessions where session_id = $1 and $3 <= last_cursor
         on conflict (session_id, seat) do update set cursor = greatest(acknowledgements.cursor, excluded.cursor)
         returning cursor`,
        [sessionId, seat, upTo],
      )
      if (row === undefined) throw new Refusal('malformed', 'the session has no message with that number yet')
      return asCursor(row['cursor'])
    },
    async acknowledged(sessionId, seat) {
      const sql = 'select cursor from acknowledgements where session_id = $1 and seat = $2'
      const [row] = await database.query(sql, [sessionId, seat])
      return asCursor(row?.['cursor'] ?? 0)
    },
  }
  return router
}

/** As far as the database counts. @throws Refusal INVALID_ARGUMENT */
function mustBeCursor(cursor: bigint): void {
  if (cursor >= 1n << 63n) throw new Refusal('malformed', 'no session has a message with that number')
}

/** @throws Refusal INVALID_ARGUMENT or RESOURCE_EXHAUSTED */
function mustBeMessage(messageId: string, { from, to, envelope }: Message): void {
  if (!/^[\x21-\x7e]+$/.test(messageId) || messageId.length > longestMessageId) {
    throw new Refusal('malformed', `message id must be 1 to ${longestMessageId} visible ASCII characters`)
  }
  if (envelope.length === 0) throw new Refusal('malformed', 'the envelope is empty')
  if (envelope.length > largestEnvelope) {
    throw new Refusal('too_large', `an envelope is at most ${largestEnvelope} bytes long, not ${envelope.length}`)
  }
  // One that no column holds would take the messages with it that are stored by the same statement.
  if (to !== 0 && !isSeat(to)) throw new Refusal('malformed', `the session has no seat ${to}`)
  if (to === from) throw new Refusal('malformed', 'a seat cannot send a message to itself')
}
