import type { DBSchema } from 'idb'
import type { HistoryEntry, HistoryStore } from '../historyStore.ts'
import { ownDatabase, storing } from './database.ts'

interface Schema extends DBSchema {
  entries: { key: number; value: HistoryEntry; indexes: { byTime: [walletId: string, atMs: number] } }
}

/** In a database of its own, browser and desktop alike. */
export function browserHistoryStore(name = 'quorate-history'): HistoryStore {
  const database = ownDatabase<Schema>(name, (created) => {
    const entries = created.createObjectStore('entries', { autoIncrement: true })
    entries.createIndex('byTime', ['walletId', 'atMs'])
  })

  return {
    add: (entry) =>
      storing(async () => {
        await (await database()).add('entries', entry)
      }),
    of: (walletId, most) =>
      storing(async () => {
        const range = IDBKeyRange.bound([walletId, 0], [walletId, Infinity])
        const found: HistoryEntry[] = []
        const reading = (await database()).transaction('entries').store.index('byTime')
        for (
          let at = await reading.openCursor(range, 'prev');
          at !== null && found.length < most;
          at = await at.continue()
        )
          found.push(at.value)
        return found
      }),
  }
}
