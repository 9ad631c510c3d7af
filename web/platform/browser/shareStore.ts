import { refused } from '../../../tss-wasm/failure.ts'
import type { SealedShare } from '../../../tss-wasm/worker/api.ts'
import type { ShareStore, WalletRecord } from '../shareStore.ts'
import { storing, strict, type Database } from './database.ts'

export function browserShareStore(database: Database): ShareStore {
  /** In a transaction of its own, after the write: what is confirmed is what the disk gives back. */
  async function readBack(walletId: string, state: WalletRecord['state']): Promise<SealedShare> {
    const stored = await database()
    const [record, share] = await Promise.all([stored.get('wallets', walletId), stored.get('shares', walletId)])
    if (record?.state !== state || share === undefined) throw refused('storage-damaged', 'the wallet did not read back')
    return share
  }

  return {
    putPending: (record, share) =>
      storing(async () => {
        const change = (await database()).transaction(['wallets', 'shares'], 'readwrite', strict)
        // `add` fails where something is already there, and takes the whole transaction with it.
        await Promise.all([
          change.objectStore('wallets').add({ ...record, state: 'pending' }),
          change.objectStore('shares').add(share, record.walletId),
          change.done,
        ])
        const stored = await readBack(record.walletId, 'pending')
        if (indexedDB.cmp(stored, share) !== 0) throw refused('storage-damaged', 'the share did not read back')
      }),

    activate: (walletId) =>
      storing(async () => {
        const change = (await database()).transaction('wallets', 'readwrite', strict)
        const record = await change.store.get(walletId)
        if (record !== undefined) await change.store.put({ ...record, state: 'active' })
        await change.done
        await readBack(walletId, 'active')
      }),

    list: () =>
      storing(async () => (await (await database()).getAll('wallets')).sort((a, b) => a.createdAtMs - b.createdAtMs)),

    getShare: (walletId) => storing(async () => (await database()).get('shares', walletId)),

    replaceShare: (walletId, old, share) =>
      storing(async () => {
        const beside = (await database()).transaction('shares', 'readwrite', strict)
        await Promise.all([beside.store.put(share, nextOf(walletId)), beside.done])
        const change = (await database()).transaction('shares', 'readwrite', strict)
        const [stored, next] = await Promise.all([change.store.get(walletId), change.store.get(nextOf(walletId))])
        const isRight = stored !== undefined && indexedDB.cmp(stored, old) === 0
        const readsBack = next !== undefined && indexedDB.cmp(next, share) === 0
        if (isRight && readsBack) await change.store.put(next, walletId)
        await change.store.delete(nextOf(walletId))
        await change.done
        if (!isRight) throw new Error('the share is another by now')
        const replaced = await (await database()).get('shares', walletId)
        if (!readsBack || indexedDB.cmp(replaced, share) !== 0)
          throw refused('storage-damaged', 'the share did not read back')
      }),

    remove: (walletId) =>
      storing(async () => {
        const change = (await database()).transaction(['wallets', 'shares'], 'readwrite', strict)
        await Promise.all([
          change.objectStore('wallets').delete(walletId),
          change.objectStore('shares').delete(walletId),
          change.done,
        ])
      }),
  }
}

/** Where a share lies until it has been read back; no wallet id looks like that. */
function nextOf(walletId: string): string {
  return `${walletId} next`
}
