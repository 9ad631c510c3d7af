import { SessionState } from '../../proto/gen/coordinator_pb.js'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import type { Database, Query, Value } from '../storage/database.ts'
import { Refusal } from '../process/refusal.ts'
import { asCursor, type Message } from '../signals/message.ts'
import { mustBe } from '../sessions/rules.ts'

export interface Stored {
  readonly sessionId: string
  readonly cursor: bigint
  readonly message: Message
}

/** A call of send that waits for its message to be stored. */
interface Waiting {
  readonly sessionId: string
  readonly messageId: string
  readonly message: Message
  readonly resolve: (cursor: bigint) => void
  readonly reject: (error: unknown) => void
}

/** Bytes of a session, shared evenly by its seats: none of them takes what another needs. */
const largestSession = 256 * 1024 * 1024
/** What a message takes beside its envelope, so that empty ones are not free. */
const messageOverhead = 512
/** What one statement stores: it is committed as one, which costs about as much as committing one message. */
const mostInBatch = 32
const mostBatchBytes = 1024 * 1024
/** Envelopes that wait for the database; more than this, and callers are told to come back. */
const mostWaitingBytes = 256 * 1024 * 1024
/** Batches under way at once, if the database can. A session's messages are all in one lane, so that they keep their order. */
const mostLanes = 4

/**
 * Stores messages, those that wait at the same time together. Resolves when they are durable; `announce` is called before,
 * in the order of a session's cursors.
 */
export function storing(
  database: Database,
  announce: (stored: Stored) => void,
  spent: () => readonly string[],
): (sessionId: string, messageId: string, message: Message) => Promise<bigint> {
  const lanes = Math.min(mostLanes, database.width)
  const queues: Waiting[][] = Array.from({ length: lanes }, () => [])
  const busy = new Set<Waiting[]>()
  let waitingBytes = 0

  async function work(queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      const batch = takeBatch(queue)
      try {
        const cursors = await storeNew(database, batch, spent())
        for (const [at, cursor] of cursors) settle(batch[at], cursor)
        // Whatever is not new or may not be stored is looked at by itself.
        for (const [at, one] of batch.entries()) {
          if (cursors.has(at)) continue
          await storeOrRefuse(database, one, spent()).then((cursor) => {
            settle(one, cursor)
          }, one.reject)
        }
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
      for (const { message } of batch) waitingBytes -= message.envelope.length
    }
    busy.delete(queue)
  }

  function settle(one: Waiting | undefined, cursor: bigint): void {
    if (one === undefined) return
    announce({ sessionId: one.sessionId, cursor, message: one.message })
    one.resolve(cursor)
  }

  return (sessionId, messageId, message) => {
    if (waitingBytes + message.envelope.length > mostWaitingBytes) {
      throw new Refusal('unavailable', 'too many messages are waiting for the database')
    }
    waitingBytes += message.envelope.length
    const queue = queues[Number.parseInt(sessionId.slice(-4), 16) % lanes] ?? queues[0] ?? []
    return new Promise((resolve, reject) => {
      queue.push({ sessionId, messageId, message, resolve, reject })
      if (busy.has(queue)) return
      busy.add(queue)
      // Whatever comes in with the same turn of the event loop goes along.
      setImmediate(() => void work(queue))
    })
  }
}

/** The first messages that wait, none twice: the second of two that are the same waits for the next batch. */
function takeBatch(queue: Waiting[]): readonly Waiting[] {
  const ids = new Set<string>()
  let bytes = 0
  let length = 0
  for (const { sessionId, messageId, message } of queue.slice(0, mostInBatch)) {
    const id = `${sessionId} ${message.from} ${messageId}`
    bytes += message.envelope.length
    if (ids.has(id) || (length > 0 && bytes > mostBatchBytes)) break
    ids.add(id)
    length += 1
  }
  return queue.splice(0, length)
}

const columns = 7

/**
 * One statement for all: gives the next cursors of each session to its messages, in the order of the batch, and stores
 * them. The row locks, taken in the order of session ids, are held until the commit, so that cursors become visible in the
 * order in which they were given.
 * @returns cursors by place in the batch. Not those that were stored before, have no reader, or whose session does not
 * run or is full: for these nothing has changed.
 */
async function storeNew(
  database: Query,
  batch: readonly Waiting[],
  spent: readonly string[],
): Promise<ReadonlyMap<number, bigint>> {
  const types = ['int', 'text', 'smallint', 'smallint', 'text', 'int', 'bytea']
  const parameter = (row: number, column: number) => `$${2 + row * columns + column}`
  const rows = (wanted: readonly number[]) =>
    batch
      .map((_, row) => `(${wanted.map((column) => `${parameter(row, column)}::${types[column] ?? ''}`).join(',')})`)
      .join(',')
  const values = batch.flatMap(({ sessionId, messageId, message }, at): Value[] => {
    const { from, to, envelope } = message
    return [at, sessionId, from, to, messageId, envelope.length + messageOverhead, envelope]
  })
  const stored = await database.query(
    `with sent (place, session_id, sender, recipient, message_id, bytes) as (values ${rows([0, 1, 2, 3, 4, 5])}),
     locked as (
       select session_id, last_cursor, stored_bytes, seats from sessions
       where session_id in (select session_id from sent) and state = ${SessionState.IN_PROGRESS}
         and (opened_by is null or opened_by <> all ($1::text[]))
       order by session_id for update),
     fresh as (
       select sent.*, last_cursor + row_number() over (partition by session_id order by place) as cursor
       from sent join locked using (session_id)
       where (recipient = 0 or recipient = any (seats))
         and (
           select coalesce(sum(bytes), 0) from seat_usage used
           where used.session_id = sent.session_id and used.seat = sent.sender
         ) + (
           select sum(bytes) from sent other where other.session_id = sent.session_id and other.sender = sent.sender
         ) <= ${largestSession} / cardinality(seats)
         and not exists (
           select 1 from messages old where old.session_id = sent.session_id
             and old.sender = sent.sender and old.message_id = sent.message_id)),
     added as (
       insert into messages (session_id, cursor, sender, recipient, message_id, envelope)
       select session_id, cursor, sender, recipient, message_id, envelope
       from fresh join (values ${rows([0, 6])}) as bodies (place, envelope) using (place)
       on conflict do nothing returning session_id, cursor),
     counted as (
       update sessions set last_cursor = last_cursor + n, stored_bytes = stored_bytes + grown
       from (select session_id, count(*) as n, sum(bytes) as grown from fresh group by session_id) growth
       where sessions.session_id = growth.session_id),
     used as (
       insert into seat_usage (session_id, seat, bytes)
       select session_id, sender, sum(bytes) from fresh group by session_id, sender
       on conflict (session_id, seat) do update set bytes = seat_usage.bytes + excluded.bytes)
     select place, cursor
     from fresh join added using (session_id, cursor) order by place`,
    [spent, ...values],
    `store ${batch.length}`,
  )
  return new Map(stored.map((row) => [row['place'] as number, asCursor(row['cursor'])]))
}

/** One message by itself: its cursor, also when it was stored before. @throws Refusal for why it may not be stored */
function storeOrRefuse(
  database: Database,
  { sessionId, messageId, message }: Waiting,
  spent: readonly string[],
): Promise<bigint> {
  const { from, to, envelope } = message
  const bytes = envelope.length + messageOverhead
  return database.transaction(async (inside) => {
    const [session] = await inside.query(
      'select state, seats, opened_by from sessions where session_id = $1 for update',
      [sessionId],
    )
    if (session === undefined) throw new Refusal('no_such_session', 'no such session')
    const known = await alreadyStored(inside, sessionId, messageId, message)
    if (known !== undefined) return known
    mustBe({ state: session['state'] as SessionState }, [SessionState.IN_PROGRESS])
    if (to !== 0 && !(session['seats'] as number[]).includes(to)) {
      throw new Refusal('malformed', `the session has no seat ${to}`)
    }
    if (spent.includes((session['opened_by'] as string | null) ?? '')) {
      throw new Refusal(
        'no_room',
        'the sessions of one address have reached their limit of stored bytes; there is room again a minute after one of them ends',
      )
    }
    const [used] = await inside.query('select bytes from seat_usage where session_id = $1 and seat = $2', [
      sessionId,
      from,
    ])
    if (Number(used?.['bytes'] ?? 0) + bytes > largestSession / (session['seats'] as number[]).length) {
      throw new Refusal('no_room', 'this seat has reached its limit of bytes in a session')
    }
    const [row] = await inside.query(
      `with slot as (
         update sessions set last_cursor = last_cursor + 1, stored_bytes = stored_bytes + $6
         where session_id = $1 returning last_cursor),
       used as (
         insert into seat_usage (session_id, seat, bytes) values ($1, $2, $6)
         on conflict (session_id, seat) do update set bytes = seat_usage.bytes + excluded.bytes)
       insert into messages (session_id, cursor, sender, recipient, message_id, envelope)
       select $1, last_cursor, $2, $3, $4, $5 from slot
       returning cursor`,
      [sessionId, from, to, messageId, envelope, bytes],
    )
    return asCursor(row?.['cursor'])
  })
}

/** The cursor of a message that was taken under this id before. @throws Refusal ALREADY_EXISTS if it was another one */
async function alreadyStored(
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
    throw new Refusal('message_differs', 'a different message was sent with this message id')
  return asCursor(row['cursor'])
}
