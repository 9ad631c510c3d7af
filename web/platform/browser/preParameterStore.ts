import type { PreParameterStore } from '../preParameterStore.ts'
import { storing, strict, type Database } from './database.ts'

export function browserPreParameterStore(database: Database): PreParameterStore {
  return {
    key: () =>
      storing(async () => {
        const known = await (await database()).get('keys', 'pre-parameters')
        if (known !== undefined) return known
        const extractable = false
        const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, extractable, [
          'encrypt',
          'decrypt',
        ])
        const change = (await database()).transaction('keys', 'readwrite', strict)
        const first = await change.store.get('pre-parameters') // another tab may have been quicker
        if (first === undefined) await change.store.put(made, 'pre-parameters')
        await change.done
        return first ?? made
      }),

    count: () => storing(async () => (await database()).count('preParameters')),

    put: (sealed) =>
      storing(async () => {
        const change = (await database()).transaction('preParameters', 'readwrite', strict)
        await Promise.all([change.store.add(sealed), change.done])
      }),

    take: () =>
      storing(async () => {
        const change = (await database()).transaction('preParameters', 'readwrite', strict)
        const cursor = await change.store.openCursor()
        const sealed = cursor?.value
        await cursor?.delete()
        await change.done // only a set whose removal is on the disk is handed out
        return sealed
      }),
  }
}
