import { createIdentity, type Identity, sealIdentity, unsealIdentity } from '../../../tss-wasm/identity/identity.ts'
import { systemRandom } from '../../../tss-wasm/random.ts'
import type { IdentityStore } from '../identityStore.ts'
import { storing, strict, type Database, type StoredIdentity } from './database.ts'

/** @param key of this installation, under which the identity lies sealed */
export function browserIdentityStore(database: Database, key: () => Promise<CryptoKey>): IdentityStore {
  const stored = () =>
    storing(async () => {
      const known = await (await database()).get('identity', 'mine')
      if (isUsable(known)) return known
      const made = await newIdentity(await key()) // before the transaction, which would end while keys are made
      const change = (await database()).transaction('identity', 'readwrite', strict)
      const first = await change.store.get('mine') // another tab may have been quicker
      if (!isUsable(first)) await change.store.put(made, 'mine')
      await change.done
      return isUsable(first) ? first : made
    })
  return {
    async load() {
      const { sealed, signing, encryption, public: known } = await stored()
      if (sealed !== undefined) return unsealIdentity(sealed, await key())
      if (signing === undefined || encryption === undefined) throw new Error('a usable identity has its keys')
      return { signing, encryption, public: known }
    },
    sealed: async () => (await stored()).sealed,
  }
}

/** WebKit gives null for a record with a key that it could not keep: nobody has ever used such an identity. */
function isUsable(record: StoredIdentity | null | undefined): record is StoredIdentity {
  return record?.sealed !== undefined || (record?.signing !== undefined && record.encryption !== undefined)
}

async function newIdentity(key: CryptoKey): Promise<StoredIdentity> {
  const made: Identity = await createIdentity({ extractable: true })
  return { public: made.public, sealed: await sealIdentity(made, key, systemRandom) }
}
