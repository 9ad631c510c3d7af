import type { DBSchema } from 'idb'
import type { Passkey, PasskeyStore } from '../passkeys.ts'
import { ownDatabase, storing, strict } from './database.ts'

interface Schema extends DBSchema {
  passkeys: { key: string; value: Passkey }
}

/** In a database of its own, by wallet id. */
export function browserPasskeyStore(name = 'quorate-passkeys'): PasskeyStore {
  const database = ownDatabase<Schema>(name, (created) => {
    created.createObjectStore('passkeys', { keyPath: 'walletId' })
  })

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
