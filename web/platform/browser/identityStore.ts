import { createIdentity, sealIdentity, unsealIdentity } from '../../../tss-wasm/identity/identity.ts'
import { systemRandom } from '../../../tss-wasm/random.ts'
import type { IdentityStore } from '../identityStore.ts'
import { storing, strict, type Database, type StoredIdentity } from './database.ts'

/** @param key of this installation, under which the copy for shares lies beside the keys that cannot be read */
export function browserIdentityStore(database: Database, key: () => Promise<CryptoKey>): IdentityStore {
  const load = () =>
    storing(async () => {
      const known = await (await database()).get('identity', 'mine')
      if (known !== undefined) return known
      const made = await newIdentity(await key()) // before the transaction, which would end while keys are made
      const change = (await database()).transaction('identity', 'readwrite', strict)
      const first = await change.store.get('mine') // another tab may have been quicker
      if (first === undefined) await change.store.put(made, 'mine')
      await change.done
      return first ?? made
    })
  return { load, sealed: async () => (await load()).sealed }
}

/** What is kept as keys cannot be read; what can be read is sealed. */
async function newIdentity(key: CryptoKey): Promise<StoredIdentity> {
  const sealed = await sealIdentity(await createIdentity({ extractable: true }), key, systemRandom)
  return { ...(await unsealIdentity(sealed, key)), sealed }
}
