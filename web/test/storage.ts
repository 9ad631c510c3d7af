// What e2e/storage.spec.ts calls in the browser: the stores on a real IndexedDB.
import { bytesToHex } from '@noble/hashes/utils.js'
import type { SealedPreParameters, SealedShare } from '../../tss-wasm/worker/api.ts'
import { openDatabase } from '../platform/browser/database.ts'
import { browserIdentityStore } from '../platform/browser/identityStore.ts'
import { browserPreParameterStore } from '../platform/browser/preParameterStore.ts'
import { browserShareStore } from '../platform/browser/shareStore.ts'
import { shareStoreContract, walletRecord } from './shareStoreContract.ts'

const shared = openDatabase('quorate-storage-test')

const kept = browserShareStore(openDatabase('quorate-kept'))

export const storageTests = {
  /** Each promise on a database of its own; what was broken, by name. */
  async contract(): Promise<Record<string, string>> {
    const ends = await Promise.all(
      shareStoreContract.map(async (promise, i) => {
        const open = () => Promise.resolve(browserShareStore(openDatabase(`quorate-contract-${i}`)))
        const [end] = await Promise.allSettled([promise.check(open)])
        return [promise.name, end.status === 'fulfilled' ? 'kept' : String(end.reason)] as const
      }),
    )
    return Object.fromEntries(ends)
  },
  /** What becomes of a wallet whose share has no room: the error, and what is there afterwards through another handle. */
  async withoutRoom(bytes: number) {
    const name = 'quorate-without-room'
    const share = new Uint8Array(bytes).map((_, i) => (i * i * 31) >> 3) as SealedShare
    const [end] = await Promise.allSettled([browserShareStore(openDatabase(name)).putPending(walletRecord('a'), share)])
    const again = browserShareStore(openDatabase(name))
    const error = end.status === 'rejected' ? String(end.reason) : 'stored'
    return { error, wallets: (await again.list()).length, hasShare: (await again.getShare('a')) !== undefined }
  },
  /** A store that is used before and after the data of the site is cleared. */
  async count(): Promise<number> {
    await kept.remove('none')
    return (await kept.list()).length
  },
  async putTwice(): Promise<string> {
    const share = Uint8Array.of(1) as SealedShare
    const ends: string[] = []
    for (let i = 0; i < 2; i++) {
      const [end] = await Promise.allSettled([kept.putPending(walletRecord('a'), share)])
      ends.push(end.status === 'rejected' ? String(end.reason) : 'stored')
    }
    return ends.join(', ')
  },
  async withoutStores(): Promise<string> {
    const name = 'quorate-without-stores'
    const request = indexedDB.open(name, 1)
    await new Promise((resolve) => {
      request.onsuccess = resolve
    })
    request.result.close()
    const [end] = await Promise.allSettled([browserShareStore(openDatabase(name)).list()])
    return end.status === 'rejected' ? String(end.reason) : 'listed'
  },
  async identity() {
    const {
      public: known,
      signing,
      encryption,
    } = await browserIdentityStore(shared, () => browserPreParameterStore(shared).key()).load()
    const extractable = [signing.privateKey, encryption.privateKey].map((key) => key.extractable)
    return { signingKey: bytesToHex(known.signingKey), extractable }
  },
  async stock(sets: number): Promise<boolean> {
    const store = browserPreParameterStore(shared)
    for (let i = 0; i < sets; i++) await store.put(Uint8Array.of(i) as SealedPreParameters)
    return (await store.key()).extractable
  },
  /** Takes until there is nothing left; what it got. */
  async takeAll(): Promise<number[]> {
    const store = browserPreParameterStore(shared)
    const taken: number[] = []
    for (let next = await store.take(); next !== undefined; next = await store.take()) taken.push(next[0] ?? -1)
    return taken
  },
}

export type StorageTests = typeof storageTests
Object.assign(globalThis, { storageTests })
