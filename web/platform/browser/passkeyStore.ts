import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Passkey, PasskeyStore } from '../passkeys.ts'
import { storing, strict } from './database.ts'

interface Schema extends DBSchema {
  passkeys: { key: string; value: Passkey }
}

/** In a database of its own, by wallet id. */
export function browserPasskeyStore(name = 'quorate-passkeys'): PasskeyStore {
  let opened: Promise<IDBPDatabase<Schema>> | undefined
  const database = () =>
    (opened ??= openDB<Schema>(name, 1, {
      upgrade(created) {
        created.createObjectStore('passkeys', { keyPath: 'walletId' })
      },
      blocking(_current, _blocked, event) {
        ;(event.target as IDBDatabase).close()
      },
    }))

  return {
    get: (walletId) => storing(async () => (await database()).get('passkeys', walletId)),
    all: () => storing(async () => (await database()).getAll('passkeys')),
    put: (passkey) =>
      storing(async () => {
        const change = (await database()).transaction('passkeys', 'readwrite', strict)
        await Promise.all([change.store.put(passkey), change.done])
      }),
    remove: (walletId) =>
      storing(async () => {
        const change = (await database()).transaction('passkeys', 'readwrite', strict)
        await Promise.all([change.store.delete(walletId), change.done])
      }),
  }
}
