import { createIdentity } from '../../../tss-wasm/identity/identity.ts'
import type { IdentityStore } from '../identityStore.ts'
import { storing, strict, type Database } from './database.ts'

export function browserIdentityStore(database: Database): IdentityStore {
  return {
    load: () =>
      storing(async () => {
        const known = await (await database).get('identity', 'mine')
        if (known !== undefined) return known
        const made = await createIdentity() // before the transaction, which would end while keys are made
        const change = (await database).transaction('identity', 'readwrite', strict)
        const first = await change.store.get('mine') // another tab may have been quicker
        if (first === undefined) await change.store.put(made, 'mine')
        await change.done
        return first ?? made
      }),
  }
}
