import { refused } from '../../../tss-wasm/failure.ts'
import type { SealedShare } from '../../../tss-wasm/worker/api.ts'
import type { EpochStore } from '../../../participant/reshare/walletEpochs.ts'
import type { ShareStore, WalletRecord } from '../shareStore.ts'
import { described } from '../walletWords.ts'
import { numberIn, recordedEpochs, shareName, withEpochs } from '../walletEpochs.ts'
import { storing, strict, type Database } from './database.ts'

export function browserShareStore(database: Database): ShareStore {
  /** In a transaction of its own, after the write: what is confirmed is what the disk gives back. */
  async function readBack(walletId: string, state: WalletRecord['state']): Promise<SealedShare> {
    const stored = await database()
    const record = await stored.get('wallets', walletId)
    const share = await stored.get('shares', currentName(record, walletId))
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

    getShare: (walletId) =>
      storing(async () => {
        const read = (await database()).transaction(['wallets', 'shares'])
        const record = await read.objectStore('wallets').get(walletId)
        return read.objectStore('shares').get(currentName(record, walletId))
      }),

    replaceShare: (walletId, old, share) =>
      storing(async () => {
        const beside = (await database()).transaction('shares', 'readwrite', strict)
        await Promise.all([beside.store.put(share, nextOf(walletId)), beside.done])
        const change = (await database()).transaction(['wallets', 'shares'], 'readwrite', strict)
        const shares = change.objectStore('shares')
        const name = currentName(await change.objectStore('wallets').get(walletId), walletId)
        const [stored, next] = await Promise.all([shares.get(name), shares.get(nextOf(walletId))])
        const isRight = stored !== undefined && indexedDB.cmp(stored, old) === 0
        const readsBack = next !== undefined && indexedDB.cmp(next, share) === 0
        if (isRight && readsBack) await shares.put(next, name)
        await shares.delete(nextOf(walletId))
        await change.done
        if (!isRight) throw new Error('the share is another by now')
        const replaced = await (await database()).get('shares', name)
        if (!readsBack || indexedDB.cmp(replaced, share) !== 0)
          throw refused('storage-damaged', 'the share did not read back')
      }),

    describe: (walletId, words) =>
      storing(async () => {
        const change = (await database()).transaction('wallets', 'readwrite', strict)
        const record = await change.store.get(walletId)
        if (record !== undefined) await change.store.put(described(record, words))
        await change.done
        if (record === undefined) throw new Error('no such wallet to describe')
      }),

    remove: (walletId) =>
      storing(async () => {
        const change = (await database()).transaction(['wallets', 'shares'], 'readwrite', strict)
        await Promise.all([
          change.objectStore('wallets').delete(walletId),
          change.objectStore('shares').delete(allOf(walletId)),
          change.objectStore('shares').delete(walletId),
          change.done,
        ])
      }),

    epochs: browserEpochStore(database),
  }
}

function browserEpochStore(database: Database): EpochStore {
  return {
    read: (walletId) =>
      storing(async () => {
        const record = await (await database()).get('wallets', walletId)
        return record && recordedEpochs(record)
      }),
    // One transaction: nothing comes between what is read and what is written.
    change: (walletId, next) =>
      storing(async () => {
        const change = (await database()).transaction('wallets', 'readwrite', strict)
        const known = await change.store.get(walletId)
        const before = recordedEpochs(known)
        const epochs = next(before)
        if (epochs !== before) await change.store.put(withEpochs(known, { walletId, nowMs: Date.now() }, epochs))
        await change.done
        return epochs
      }),
    held: (walletId) =>
      storing(async () => {
        const names = await (await database()).getAllKeys('shares')
        return names.flatMap((name) => numberIn(name, walletId) ?? [])
      }),
    putShare: (walletId, number, share) =>
      storing(async () => {
        const change = (await database()).transaction('shares', 'readwrite', strict)
        await Promise.all([change.store.add(share, shareName(walletId, number)), change.done])
        const stored = await (await database()).get('shares', shareName(walletId, number))
        if (indexedDB.cmp(stored, share) !== 0) throw new Error('the share did not read back')
      }),
    share: (walletId, number) => storing(async () => (await database()).get('shares', shareName(walletId, number))),
    eraseShare: (walletId, number) =>
      storing(async () => {
        const name = shareName(walletId, number)
        const change = (await database()).transaction('shares', 'readwrite', strict)
        const stored = await change.store.get(name)
        // What the browser keeps of the old value is out of reach.
        if (stored !== undefined) await change.store.put(new Uint8Array(stored.length) as SealedShare, name)
        await change.store.delete(name)
        await change.done
        if ((await (await database()).get('shares', name)) !== undefined) throw new Error('the share is still there')
      }),
  }
}

function currentName(record: WalletRecord | undefined, walletId: string): string {
  return shareName(walletId, record?.epochs?.number ?? 0)
}

/** Shares of later epochs, and whatever else lies beside the first. */
function allOf(walletId: string): IDBKeyRange {
  return IDBKeyRange.bound(`${walletId} `, `${walletId} \uffff`)
}

/** Where a share lies until it has been read back; no wallet id looks like that. */
function nextOf(walletId: string): string {
  return `${walletId} next`
}
