import { Refusal } from '../process/refusal.ts'
import type { Database } from '../storage/database.ts'
import type { RequestLimits } from './limits.ts'

/** What members tell the others of their wallet of themselves: sealed, one entry for each seat of a mailbox. */
export interface NoticeStore {
  /** In place of what the seat told before. @throws Refusal NOT_FOUND for a mailbox without key, RESOURCE_EXHAUSTED */
  putNotice(notice: NewNotice): Promise<void>
  /** @throws Refusal NOT_FOUND */
  readNotice(mailbox: string, seat: number): Promise<Uint8Array>
}

export interface NewNotice {
  readonly mailbox: string
  readonly seat: number
  readonly entry: Uint8Array
  /** Whom limits count it for; undefined: nobody. */
  readonly openedBy: string | undefined
}

export interface NoticeHead {
  readonly mailbox: string
  readonly seat: number
  readonly version: number
}

/** @param announce tells whoever watches a mailbox */
export function createNoticeStore(
  database: Database,
  limits: RequestLimits,
  announce: (mailbox: string) => Promise<void>,
): NoticeStore {
  return {
    async putNotice({ mailbox, seat, entry, openedBy }) {
      const [room] = await database.query(
        `with others as (
           select coalesce(sum(octet_length(entry)), 0) as bytes,
             coalesce(sum(octet_length(entry)) filter (where opened_by = $4), 0) as address_bytes
           from mailbox_notices where mailbox <> $1 or seat <> $2),
         known as (select count(*) as keys from mailbox_keys where mailbox = $1),
         added as (
           insert into mailbox_notices (mailbox, seat, version, entry, opened_by)
           select $1, $2, 1, $3, $4 from others, known
           where keys > 0 and bytes < $5 and address_bytes < $6
           on conflict (mailbox, seat) do update
             set entry = excluded.entry, opened_by = excluded.opened_by, version = mailbox_notices.version + 1
           returning 1)
         select (select count(*) from added) as added, keys from known`,
        [mailbox, seat, entry, openedBy ?? null, limits.noticeBytes, limits.bytesPerAddress],
        'put notice',
      )
      if (Number(room?.['keys'] ?? 0) === 0) throw new Refusal('not_found', 'no such mailbox')
      if (Number(room?.['added'] ?? 0) === 0) {
        throw new Refusal('no_room', 'as much is told here, by this address or by all, as may be')
      }
      await announce(mailbox)
    },

    async readNotice(mailbox, seat) {
      const sql = 'select entry from mailbox_notices where mailbox = $1 and seat = $2'
      const [row] = await database.query(sql, [mailbox, seat], 'read notice')
      if (row === undefined) throw new Refusal('not_found', 'this seat tells nothing')
      return row['entry'] as Uint8Array
    },
  }
}

/** What is told in these mailboxes, in one statement. */
export async function noticesIn(
  database: Database,
  mailboxes: readonly string[],
): Promise<ReadonlyMap<string, readonly NoticeHead[]>> {
  const rows = await database.query(
    'select mailbox, seat, version from mailbox_notices where mailbox = any ($1::text[]) order by seat',
    [mailboxes],
    'list notices',
  )
  const heads = rows.map((row) => ({
    mailbox: row['mailbox'] as string,
    seat: Number(row['seat']),
    version: Number(row['version']),
  }))
  return Map.groupBy(heads, ({ mailbox }) => mailbox)
}
