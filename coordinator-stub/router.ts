import { Code } from '@connectrpc/connect'
import { SessionState } from '../proto/gen/coordinator_pb.js'
import type { Database, Query } from './database.ts'
import { sameBytes } from '../tss-wasm/bytes.ts'
import { Refusal } from './refusal.ts'
import { mustBe } from './sessionRules.ts'
import type { Signals } from './signals.ts'
import { topics } from './sessionStore.ts'

/** One opaque envelope on its way. `to` 0 is everyone else in the session. */
export interface Message {
  readonly from: number
  readonly to: number
  readonly envelope: Uint8Array
}

export interface Delivery extends Message {
  /** Grows by one with every message of the session; a reader resumes above the last one it has. */
  readonly cursor: bigint
}

/**
 * Mailboxes of a session: a message is stored, then delivered to whoever reads from a cursor, as often as it is asked
 * for. The order is that in which messages were taken, so a sender's own order is kept. Bodies are never opened.
 */
export interface Router {
  /**
   * @returns the message's cursor; for the same message again the same cursor
   * @throws Refusal INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION, ALREADY_EXISTS or RESOURCE_EXHAUSTED
   */
  send(sessionId: string, messageId: string, message: Message): Promise<bigint>
  /** The next few messages for `seat` above `after`, in order; empty when there are none yet. */
  pending(sessionId: string, seat: number, after: bigint): Promise<readonly Delivery[]>
  /** Remembers that `seat` has everything up to this cursor. @returns what counts now: the highest ever acknowledged */
  acknowledge(sessionId: string, seat: number, upTo: bigint): Promise<bigint>
  /** The cursor up to which `seat` has acknowledged. */
  acknowledged(sessionId: string, seat: number): Promise<bigint>
}

export const largestEnvelope = 1024 * 1024
const longestMessageId = 64
const largestSession = 256 * 1024 * 1024
/** Whether there may be more where this page came from. */
export function isFullPage(page: readonly Delivery[]): boolean {
  return page.length === pageLength || page.reduce((sum, { envelope }) => sum + envelope.length, 0) >= pageBytes
}

/** A page of what a reader has missed: bounds what one slow reader holds in memory to 2 MiB. */
const pageLength = 64
const pageBytes = 1024 * 1024

export function createRouter(database: Database, signals: Signals): Router {
  return {
    async send(sessionId, messageId, message) {
      const { from, to, envelope } = message
      if (!/^[\x21-\x7e]+$/.test(messageId) || messageId.length > longestMessageId) {
        throw new Refusal(Code.InvalidArgument, `a message id is 1 to ${longestMessageId} visible ASCII characters`)
      }
      if (envelope.length === 0) throw new Refusal(Code.InvalidArgument, 'the envelope is empty')
      if (envelope.length > largestEnvelope) {
        throw new Refusal(
          Code.ResourceExhausted,
          `an envelope has at most ${largestEnvelope} bytes, this one has ${envelope.length}`,
        )
      }
      if (to === from) throw new Refusal(Code.InvalidArgument, 'a message to oneself')
      const { cursor, isNew } = await database.transaction(async (inside) => {
        const [session] = await inside.query(
          'select state, seats, stored_bytes from sessions where session_id = $1 for update',
          [sessionId],
        )
        if (session === undefined) throw new Refusal(Code.NotFound, 'there is no such session')
        const known = await alreadyTaken(inside, sessionId, messageId, message)
        if (known !== undefined) return { cursor: known, isNew: false }
        mustBe({ state: session['state'] as SessionState }, [SessionState.IN_PROGRESS])
        if (to !== 0 && !(session['seats'] as number[]).includes(to)) {
          throw new Refusal(Code.InvalidArgument, `the session has no seat ${to}`)
        }
        if (Number(session['stored_bytes']) + envelope.length > largestSession) {
          throw new Refusal(Code.ResourceExhausted, 'the session holds as many bytes as it may')
        }
        const [row] = await inside.query(
          `with slot as (
             update sessions set last_cursor = last_cursor + 1, stored_bytes = stored_bytes + octet_length($5::bytea)
             where session_id = $1 returning last_cursor)
           insert into messages (session_id, cursor, sender, recipient, message_id, envelope)
           select $1, last_cursor, $2, $3, $4, $5 from slot returning cursor`,
          [sessionId, from, to, messageId, envelope],
        )
        return { cursor: asCursor(row?.['cursor']), isNew: true }
      })
      if (isNew) signals.raise(topics.messages(sessionId))
      return cursor
    },
    async pending(sessionId, seat, after) {
      const rows = await database.query(
        `select cursor, sender, recipient, envelope from (
           select cursor, sender, recipient, envelope,
             sum(octet_length(envelope)) over (order by cursor) - octet_length(envelope) as earlier
           from messages
           where session_id = $1 and cursor > $2 and (recipient = $3 or (recipient = 0 and sender <> $3))
           order by cursor limit ${pageLength}) page
         where earlier < ${pageBytes} order by cursor`,
        [sessionId, after, seat],
      )
      return rows.map((row) => ({
        cursor: asCursor(row['cursor']),
        from: row['sender'] as number,
        to: row['recipient'] as number,
        envelope: row['envelope'] as Uint8Array,
      }))
    },
    async acknowledge(sessionId, seat, upTo) {
      const [row] = await database.query(
        `insert into acknowledgements (session_id, seat, cursor)
         select session_id, $2, $3 from sessions where session_id = $1 and $3 <= last_cursor
         on conflict (session_id, seat) do update set cursor = greatest(acknowledgements.cursor, excluded.cursor)
         returning cursor`,
        [sessionId, seat, upTo],
      )
      if (row === undefined) throw new Refusal(Code.InvalidArgument, 'the session has no message of that number yet')
      return asCursor(row['cursor'])
    },
    async acknowledged(sessionId, seat) {
      const sql = 'select cursor from acknowledgements where session_id = $1 and seat = $2'
      const [row] = await database.query(sql, [sessionId, seat])
      return asCursor(row?.['cursor'] ?? 0)
    },
  }
}

/** The cursor of a message that was taken under this id before. @throws Refusal ALREADY_EXISTS if it was another one */
async function alreadyTaken(
  inside: Query,
  sessionId: string,
  messageId: string,
  message: Message,
): Promise<bigint | undefined> {
  const [row] = await inside.query(
    'select cursor, recipient, envelope from messages where session_id = $1 and sender = $2 and message_id = $3',
    [sessionId, message.from, messageId],
  )
  if (row === undefined) return undefined
  if (row['recipient'] !== message.to || !sameBytes(row['envelope'] as Uint8Array, message.envelope))
    throw new Refusal(Code.AlreadyExists, 'another message was sent under this message id')
  return asCursor(row['cursor'])
}

function asCursor(value: unknown): bigint {
  return BigInt(value as number | bigint)
}
