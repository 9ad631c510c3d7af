import { bytesToHex } from '@noble/hashes/utils.js'
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { RunLog } from '../../../proto/client/runs.ts'
import type { PendingSession } from '../../../proto/client/settle.ts'
import type { PendingStore } from '../pendingStore.ts'
import { storing, strict } from './database.ts'

interface Schema extends DBSchema {
  /** Keys are run ids in hex. */
  runs: { key: string; value: true }
  /** Keys are wallet ids. */
  pending: { key: string; value: PendingSession }
}

/** What this installation remembers of sessions, browser and desktop alike: nothing secret, no shares. */
export function openSessionMemory(name = 'quorate-sessions'): {
  readonly runs: RunLog
  readonly pending: PendingStore
} {
  let opened: Promise<IDBPDatabase<Schema>> | undefined
  const database = () =>
    (opened ??= openDB<Schema>(name, 1, {
      upgrade(created) {
        created.createObjectStore('runs')
        created.createObjectStore('pending')
      },
      blocking(_current, _blocked, event) {
        ;(event.target as IDBDatabase).close()
      },
    }))

  const runs: RunLog = {
    enter: (run) =>
      storing(async () => {
        const change = (await database()).transaction('runs', 'readwrite', strict)
        const id = bytesToHex(run)
        const known = await change.store.get(id)
        if (known === undefined) await change.store.add(true, id)
        await change.done
        return known === undefined
      }),
  }
  const pending: PendingStore = {
    put: (walletId, session) =>
      storing(async () => {
        const change = (await database()).transaction('pending', 'readwrite', strict)
        await Promise.all([change.store.put(session, walletId), change.done])
      }),
    markLeaving: (walletId) =>
      storing(async () => {
        const change = (await database()).transaction('pending', 'readwrite', strict)
        const session = await change.store.get(walletId)
        if (session === undefined) throw new Error('a pending wallet is confirmed')
        await change.store.put({ ...session, isLeaving: true }, walletId)
        await change.done
      }),
    all: () =>
      storing(async () => {
        const change = (await database()).transaction('pending')
        const [keys, values] = await Promise.all([change.store.getAllKeys(), change.store.getAll()])
        return new Map(keys.flatMap((key, at) => (values[at] === undefined ? [] : [[key, values[at]] as const])))
      }),
    remove: (walletId) =>
      storing(async () => {
        const change = (await database()).transaction('pending', 'readwrite', strict)
        await Promise.all([change.store.delete(walletId), change.done])
      }),
  }
  return { runs, pending }
}
