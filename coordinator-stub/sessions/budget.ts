import { statfs } from 'node:fs/promises'
import { Refusal } from '../process/refusal.ts'
import type { Database } from '../storage/database.ts'

const mebibyte = 1024 * 1024

/** Bytes. New sessions are refused at half of it, long before those that run are. */
export interface StorageLimits {
  readonly inAll: number
  /** Of the sessions that one address has opened. */
  readonly perAddress: number
  /** Free space on the database's disk below which no session is opened, and below which nothing is stored. */
  readonly freeToOpen: number
  readonly freeToStore: number
}

export const storageLimits: StorageLimits = {
  inAll: 8192 * mebibyte,
  perAddress: 512 * mebibyte,
  freeToOpen: 1024 * mebibyte,
  freeToStore: 256 * mebibyte,
}

/**
 * How much is stored, looked at every few seconds rather than at each call: what is stored in between is bounded by the
 * limits on calls.
 */
export interface StorageBudget {
  /** Before a session is opened. @throws Refusal RESOURCE_EXHAUSTED */
  mustHaveRoomFor(openedBy: string | undefined): void
  /** Before a message is stored. @throws Refusal UNAVAILABLE */
  mustStore(): void
  /** Whose sessions hold as much as one address may: their messages are refused. */
  spent(): readonly string[]
  measure(): Promise<void>
}

/** @param folder where the database is, if it is on a disk of ours */
export function storageBudget(
  database: Database,
  folder: string | undefined,
  limits: StorageLimits = storageLimits,
): StorageBudget {
  let inAll = 0
  let free = Infinity
  let byAddress: ReadonlyMap<string, number> = new Map()
  return {
    mustHaveRoomFor(openedBy) {
      if (free < limits.freeToOpen || inAll > limits.inAll / 2) throw full('new sessions')
      if (openedBy === undefined || (byAddress.get(openedBy) ?? 0) <= limits.perAddress / 2) return
      throw new Refusal(
        'no_room',
        'the sessions of this address have reached their limit of stored bytes; there is room again a minute after one of them ends',
      )
    },
    mustStore() {
      if (free < limits.freeToStore || inAll > limits.inAll) throw full('messages')
    },
    spent: () => [...byAddress].flatMap(([address, bytes]) => (bytes > limits.perAddress ? [address] : [])),
    async measure() {
      const [row] = await database.query('select coalesce(sum(stored_bytes), 0) as bytes from sessions', [], 'stored')
      const rows = await database.query(
        `select opened_by, sum(stored_bytes) as bytes from sessions
         where opened_by is not null group by opened_by having sum(stored_bytes) > $1`,
        [limits.perAddress / 2],
        'stored by address',
      )
      inAll = Number(row?.['bytes'] ?? 0)
      byAddress = new Map(rows.map((each) => [each['opened_by'] as string, Number(each['bytes'])]))
      if (folder === undefined) return
      const { bavail, bsize } = await statfs(folder)
      free = bavail * bsize
    },
  }
}

function full(what: string): Refusal {
  return new Refusal(
    'no_room',
    `the coordinator's storage is too full for ${what}; retry a minute after other sessions end`,
  )
}
