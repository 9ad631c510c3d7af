import { sameBytes } from '../../tss-wasm/bytes.ts'
import { Refusal } from '../process/refusal.ts'
import { alone, type Neighbours } from '../signals/neighbours.ts'
import type { Signals } from '../signals/signals.ts'
import { topics } from '../signals/topics.ts'
import type { Database, Row } from '../storage/database.ts'
import { createNoticeStore, type NoticeHead, noticesIn, type NoticeStore } from './notices.ts'
import { type RequestLimits, requestLimits, rememberedAfterMs, keyRememberedMs, leaseMs } from './limits.ts'

/** Requests at rest: sealed entries by mailbox and id. Locators, mailboxes and ids are lower-case hex. */
export interface RequestStore extends NoticeStore {
  /** @returns all records under the locator, the first first @throws Refusal RESOURCE_EXHAUSTED */
  putKey(key: NewKey, nowMs: number): Promise<readonly StoredKey[]>
  /** @throws Refusal NOT_FOUND for a mailbox that nobody has a key of, ALREADY_EXISTS, RESOURCE_EXHAUSTED */
  put(request: NewRequest, nowMs: number): Promise<void>
  /** @throws Refusal NOT_FOUND, RESOURCE_EXHAUSTED */
  append(mailbox: string, requestId: string, entry: Uint8Array): Promise<void>
  /** @param after how many the caller has @throws Refusal NOT_FOUND */
  read(mailbox: string, requestId: string, after: number): Promise<Page>
  /** Of each locator that has a key: its keys, and the heads of what waits and is told under them. One statement each, however many. */
  list(locators: readonly string[], nowMs: number): Promise<readonly Listed[]>
  /** @returns the claim that holds: this one, or another whose lease lasts @throws Refusal NOT_FOUND */
  meet(mailbox: string, requestId: string, claim: string, nowMs: number): Promise<string>
  /** Forgets what has long expired, and keys that nothing waits under. */
  sweep(nowMs: number): Promise<void>
}

export interface NewKey {
  readonly locator: string
  readonly mailbox: string
  readonly record: Uint8Array
  /** Whom limits count it for; undefined: nobody. */
  readonly openedBy: string | undefined
}

export interface StoredKey {
  readonly mailbox: string
  readonly record: Uint8Array
}

export interface NewRequest {
  readonly mailbox: string
  readonly requestId: string
  readonly expiresAtMs: number
  readonly entry: Uint8Array
  readonly openedBy: string | undefined
}

export interface Page {
  readonly entries: readonly Uint8Array[]
  /** How many there are in all. */
  readonly of: number
}

export interface Listed {
  readonly locator: string
  readonly keys: readonly StoredKey[]
  readonly requests: readonly Head[]
  readonly notices: readonly NoticeHead[]
}

export interface Head {
  readonly mailbox: string
  readonly requestId: string
  readonly expiresAtMs: number
  readonly entries: number
}

/** Bytes of entries in one answer, unless a single one is longer. */
const longestPage = 1024 * 1024

export function createRequestStore(
  database: Database,
  signals: Signals,
  neighbours: Neighbours = alone,
  limits: RequestLimits = requestLimits,
): RequestStore {
  neighbours.listen((heard) => {
    if (heard?.startsWith('mailbox ') === true) signals.raise(heard)
  })

  /** Who watches the locators that lead to this mailbox is told. */
  async function announce(mailbox: string): Promise<void> {
    const rows = await database.query('select locator from mailbox_keys where mailbox = $1', [mailbox], 'locators')
    const news = rows.map((row) => topics.mailbox(row['locator'] as string))
    for (const topic of news) signals.raise(topic)
    neighbours.tell(news)
  }

  async function keysOf(locators: readonly string[]): Promise<readonly (StoredKey & { readonly locator: string })[]> {
    const rows = await database.query(
      'select locator, mailbox, record from mailbox_keys where locator = any ($1::text[]) order by locator, position',
      [locators],
      'mailbox keys',
    )
    return rows.map((row) => ({
      locator: row['locator'] as string,
      mailbox: row['mailbox'] as string,
      record: row['record'] as Uint8Array,
    }))
  }

  async function mustBeThere(mailbox: string, requestId: string): Promise<Row> {
    const sql = 'select entries, stored_bytes, meeting from requests where mailbox = $1 and request_id = $2'
    const [row] = await database.query(sql, [mailbox, requestId], 'request')
    if (row === undefined) throw new Refusal('not_found', 'no such request')
    return row
  }

  return {
    ...createNoticeStore(database, limits, announce),

    async putKey({ locator, mailbox, record, openedBy }, nowMs) {
      const known = await keysOf([locator])
      if (known.some((each) => sameBytes(each.record, record))) return known
      const added = await database.query(
        `insert into mailbox_keys (locator, position, mailbox, record, opened_by, created_at_ms)
         select $1, coalesce(max(position) + 1, 0), $2, $3, $4, $5 from mailbox_keys where locator = $1
         having count(*) < $6
           and (select count(*) from mailbox_keys where opened_by = $4) < $7
           and (select count(*) from mailbox_keys) < $8
         on conflict do nothing returning 1`,
        [
          ...[locator, mailbox, record, openedBy ?? null, nowMs],
          ...[limits.keysPerLocator, limits.keysPerAddress, limits.keys],
        ],
        'put mailbox key',
      )
      const now = await keysOf([locator])
      // Two at the same moment: the other one was first.
      if (added.length === 0 && now.length === known.length) {
        throw new Refusal(
          'no_room',
          'there are as many mailbox keys as there may be, of this wallet, address or in all',
        )
      }
      signals.raise(topics.mailbox(locator))
      neighbours.tell([topics.mailbox(locator)])
      return now
    },

    async put({ mailbox, requestId, expiresAtMs, entry, openedBy }, nowMs) {
      const added = await database.query(
        `with room as (
           select (select count(*) from mailbox_keys where mailbox = $1) as keys,
             (select count(*) from requests where mailbox = $1 and expires_at_ms > $7) as open,
             (select coalesce(sum(stored_bytes), 0) from requests where mailbox = $1) as own_bytes,
             (select coalesce(sum(stored_bytes), 0) from requests where opened_by = $5) as address_bytes,
             (select coalesce(sum(stored_bytes), 0) from requests) as all_bytes),
         added as (
           insert into requests (mailbox, request_id, expires_at_ms, entries, stored_bytes, opened_by)
           select $1, $2, $3, 1, $6, $5 from room
           where keys > 0 and open < $8 and own_bytes < $9 and address_bytes < $10 and all_bytes < $11
           on conflict do nothing returning 1),
         entered as (
           insert into request_entries (mailbox, request_id, position, entry) select $1, $2, 0, $4 from added)
         select (select count(*) from added) as added, room.* from room`,
        [
          ...[mailbox, requestId, expiresAtMs, entry, openedBy ?? null, entry.length, nowMs],
          ...[limits.openPerMailbox, limits.bytesPerMailbox, limits.bytesPerAddress, limits.bytes],
        ],
        'put request',
      )
      const [room] = added
      if (Number(room?.['added'] ?? 0) === 0) {
        const [first] = await database.query(
          'select entry from request_entries where mailbox = $1 and request_id = $2 and position = 0',
          [mailbox, requestId],
        )
        if (first !== undefined && sameBytes(first['entry'] as Uint8Array, entry)) return
        if (first !== undefined) throw new Refusal('message_differs', 'another request lies under this id')
        if (Number(room?.['keys'] ?? 0) === 0) throw new Refusal('not_found', 'no such mailbox')
        throw full(room ?? {}, limits)
      }
      await announce(mailbox)
    },

    async append(mailbox, requestId, entry) {
      const [room] = await database.query(
        `with known as (
           select 1 from request_entries where mailbox = $1 and request_id = $2 and entry = $3),
         room as (select coalesce(sum(stored_bytes), 0) as own_bytes from requests where mailbox = $1),
         grown as (
           update requests set entries = entries + 1, stored_bytes = stored_bytes + $4
           where mailbox = $1 and request_id = $2 and entries < $5 and not exists (select 1 from known)
             and (select own_bytes from room) < $6
           returning entries),
         entered as (
           insert into request_entries (mailbox, request_id, position, entry)
           select $1, $2, entries - 1, $3 from grown)
         select (select count(*) from known) as known, (select count(*) from grown) as grown`,
        [mailbox, requestId, entry, entry.length, limits.entriesPerRequest, limits.bytesPerMailbox],
        'append entry',
      )
      if (Number(room?.['known'] ?? 0) > 0) return
      if (Number(room?.['grown'] ?? 0) === 0) {
        await mustBeThere(mailbox, requestId)
        throw new Refusal('no_room', 'this request, or its wallet, has as many entries as it may have')
      }
      await announce(mailbox)
    },

    async read(mailbox, requestId, after) {
      const { entries: of } = await mustBeThere(mailbox, requestId)
      const rows = await database.query(
        `select entry from (
           select entry, position, sum(octet_length(entry)) over (order by position) as upto from request_entries
           where mailbox = $1 and request_id = $2 and position >= $3) as page
         where upto <= $4 or position = $3 order by position`,
        [mailbox, requestId, after, longestPage],
        'read request',
      )
      return { entries: rows.map((row) => row['entry'] as Uint8Array), of: Number(of) }
    },

    async list(locators, nowMs) {
      const keys = await keysOf(locators)
      const rows = await database.query(
        `select mailbox, request_id, expires_at_ms, entries from requests
         where mailbox = any ($1::text[]) and expires_at_ms > $2 order by expires_at_ms`,
        [keys.map(({ mailbox }) => mailbox), nowMs - rememberedAfterMs],
        'list requests',
      )
      const byMailbox = new Map<string, Head[]>()
      for (const row of rows) {
        const mailbox = row['mailbox'] as string
        const head = {
          mailbox,
          requestId: row['request_id'] as string,
          expiresAtMs: Number(row['expires_at_ms']),
          entries: Number(row['entries']),
        }
        const heads = byMailbox.get(mailbox)
        if (heads === undefined) byMailbox.set(mailbox, [head])
        else heads.push(head)
      }
      const notices = await noticesIn(
        database,
        keys.map(({ mailbox }) => mailbox),
      )
      const byLocator = Map.groupBy(keys, ({ locator }) => locator)
      return [...byLocator].map(([locator, own]) => ({
        locator,
        keys: own,
        requests: own.flatMap(({ mailbox }) => byMailbox.get(mailbox) ?? []),
        notices: own.flatMap(({ mailbox }) => notices.get(mailbox) ?? []),
      }))
    },

    async meet(mailbox, requestId, claim, nowMs) {
      const [met] = await database.query(
        `update requests set meeting = $3, meeting_until_ms = $4
         where mailbox = $1 and request_id = $2 and (meeting is null or meeting = $3 or meeting_until_ms <= $5)
         returning meeting`,
        [mailbox, requestId, claim, nowMs + leaseMs, nowMs],
        'meet',
      )
      if (met !== undefined) return claim
      return (await mustBeThere(mailbox, requestId))['meeting'] as string
    },

    async sweep(nowMs) {
      await database.query(
        'delete from requests where expires_at_ms <= $1',
        [nowMs - rememberedAfterMs],
        'forget requests',
      )
      await database.query(
        `delete from mailbox_keys where created_at_ms <= $1
           and not exists (select 1 from requests where requests.mailbox = mailbox_keys.mailbox)`,
        [nowMs - keyRememberedMs],
        'forget mailbox keys',
      )
      await database.query(
        `delete from mailbox_notices where not exists (
           select 1 from mailbox_keys where mailbox_keys.mailbox = mailbox_notices.mailbox)`,
        [],
        'forget notices',
      )
    },
  }
}

/** Which limit stood against a new request. */
function full(room: Row, limits: RequestLimits): Refusal {
  const of = (column: string) => Number(room[column] ?? 0)
  const isOwn = of('open') >= limits.openPerMailbox || of('own_bytes') >= limits.bytesPerMailbox
  if (isOwn)
    return new Refusal('no_room', 'as many requests of this wallet wait as may; withdrawn ones count until they expire')
  const whose = of('address_bytes') >= limits.bytesPerAddress ? 'this address has' : 'the coordinator has'
  return new Refusal('no_room', `${whose} as many requests as there may be; there is room again when some expire`)
}
