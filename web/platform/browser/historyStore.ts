import type { DBSchema } from 'idb'
import { isCheck } from '../../../tss-wasm/checks.ts'
import { type Failure, isFailureKind, isGaveUp, isRefusal } from '../../../tss-wasm/failure.ts'
import type { HistoryEntry, HistoryStore } from '../historyStore.ts'
import { ownDatabase, storing } from './database.ts'

interface Schema extends DBSchema {
  entries: {
    key: number | `request ${string}`
    value: HistoryEntry
    indexes: { byTime: [walletId: string, atMs: number] }
  }
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
        const own = entry.request && (`request ${entry.request.name}` as const)
        await (await database()).put('entries', entry, own)
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
          found.push(readable(at.value))
        return found
      }),
  }
}

/** Another version of the app may have written it, with reasons that this one has no words for. */
function readable(entry: HistoryEntry): HistoryEntry {
  const { end } = entry
  if (end.type !== 'failed' || isKnown(end.failure)) return entry
  return {
    ...entry,
    end: { ...end, failure: { kind: 'refused', what: 'unknown', detail: JSON.stringify(end.failure) } },
  }
}

function isKnown(failure: Failure): boolean {
  if (!isFailureKind(failure.kind)) return false
  if (failure.kind === 'refused') return isRefusal(failure.what)
  if (failure.kind === 'misbehaviour') return isCheck(failure.check)
  return failure.kind !== 'peer-gave-up' || isGaveUp(failure.why)
}
