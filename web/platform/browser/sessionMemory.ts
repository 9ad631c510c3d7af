import { bytesToHex } from '@noble/hashes/utils.js'
import type { DBSchema } from 'idb'
import type { RunLog } from '../../../participant/connection/runs.ts'
import type { ShareUnderWay } from '../../../participant/share/pendingSession.ts'
import type { PendingStore } from '../pendingStore.ts'
import { ownDatabase, storing, strict } from './database.ts'

interface Schema extends DBSchema {
  /** Keys are run ids in hex. */
  runs: { key: string; value: true }
  pending: { key: string; value: ShareUnderWay }
}

/** What this installation remembers of sessions, browser and desktop alike: nothing secret, no shares. */
export function openSessionMemory(name = 'quorate-sessions'): {
  readonly runs: RunLog
  readonly pending: PendingStore
} {
  const database = ownDatabase<Schema>(name, (created) => {
    created.createObjectStore('runs')
    created.createObjectStore('pending', { keyPath: 'sessionId' })
  })

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
    put: (session) =>
      storing(async () => {
        const change = (await database()).transaction('pending', 'readwrite', strict)
        await Promise.all([change.store.put(session), change.done])
      }),
    markLeaving: (sessionId) =>
      storing(async () => {
        const change = (await database()).transaction('pending', 'readwrite', strict)
        const session = await change.store.get(sessionId)
        if (session === undefined) throw new Error('a pending wallet is confirmed')
        await change.store.put({ ...session, isLeaving: true })
        await change.done
      }),
    all: () => storing(async () => (await database()).getAll('pending')),
    remove: (sessionId) =>
      storing(async () => {
        const change = (await database()).transaction('pending', 'readwrite', strict)
        await Promise.all([change.store.delete(sessionId), change.done])
      }),
    // Locks end with the window that holds them, however that ends.
    hold: async (sessionId, work) => navigator.locks.request(lockName(sessionId), work),
    async isHeld(sessionId) {
      const { held = [] } = await navigator.locks.query()
      return held.some(({ name }) => name === lockName(sessionId))
    },
  }
  return { runs, pending }
}

function lockName(sessionId: string): string {
  return `quorate session ${sessionId}`
}
