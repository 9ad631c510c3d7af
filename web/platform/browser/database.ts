import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import { type Cause, refused } from '../../../tss-wasm/failure.ts'
import type { Identity, PublicIdentity } from '../../../tss-wasm/identity/identity.ts'
import type { SealedPreParameters, SealedShare } from '../../../tss-wasm/worker/api.ts'
import type { WalletRecord } from '../shareStore.ts'

interface Schema extends DBSchema {
  wallets: { key: string; value: WalletRecord }
  shares: { key: string; value: SealedShare }
  preParameters: { key: number; value: SealedPreParameters }
  identity: { key: 'mine'; value: StoredIdentity }
  keys: { key: 'pre-parameters'; value: CryptoKey }
}

/** Sealed under the key of this installation, whose handle every engine keeps: WebKit loses that of an X25519 key. */
export interface StoredIdentity extends Partial<Identity> {
  readonly public: PublicIdentity
  /** Missing in what the first versions stored, which were the handles alone. */
  readonly sealed?: Uint8Array
}

/** Opened when it is first used: a browser that forbids storing fails whoever wants to store, and not the page. */
export type Database = () => Promise<IDBPDatabase<Schema>>

const version = 1

/**
 * Everything this browser keeps for Quorate. `strict` makes a write wait for the disk, not for the system's cache.
 * @param name another one only in tests
 */
export function openDatabase(name = 'quorate'): Database {
  return once((terminated) =>
    openDB<Schema>(name, version, {
      upgrade(database) {
        database.createObjectStore('wallets', { keyPath: 'walletId' })
        database.createObjectStore('shares')
        database.createObjectStore('preParameters', { autoIncrement: true })
        database.createObjectStore('identity')
        database.createObjectStore('keys')
      },
      blocking: giveWay,
      terminated,
    }),
  )
}

/**
 * A database beside it, opened when it is first used: what it holds may be missing or lost without harm to shares.
 * @param upgrade makes the stores of version 1
 */
export function ownDatabase<Schema extends DBSchema>(
  name: string,
  upgrade: (created: IDBPDatabase<Schema>) => void,
): () => Promise<IDBPDatabase<Schema>> {
  return once((terminated) => openDB<Schema>(name, 1, { upgrade, blocking: giveWay, terminated }))
}

/**
 * Where it could not be opened, for lack of room for example, whoever comes next tries again. So it is where the browser
 * has closed it by itself, because the data of this site was cleared: what is opened then is new, and empty.
 * @param open told what to do when the browser does that
 */
function once<T>(open: (terminated: () => void) => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined
  const forget = () => {
    opened = undefined
  }
  return () =>
    (opened ??= open(forget).catch((error: unknown) => {
      forget()
      throw error
    }))
}

let hasGivenWay = false

/** A newer version of the app in another tab must not wait for this one. */
function giveWay(_current: number, _blocked: number | null, event: IDBVersionChangeEvent): void {
  hasGivenWay = true
  ;(event.target as IDBDatabase).close()
}

export const strict = { durability: 'strict' } as const

/** What the browser refuses for its own reasons is the world's fault, in words the app knows; the rest is ours. */
export async function storing<T>(work: () => Promise<T>): Promise<T> {
  if (typeof indexedDB === 'undefined') throw refused('storage', 'not allowed')
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    const what = isForbidden(error) ? 'storage' : refusals[error.name]
    if (what === undefined) throw error
    throw refused(what === 'storage-lost' && hasGivenWay ? 'storage-closed' : what, error.name)
  }
}

/** Chromium, where a person lets sites store nothing, names that as it names a damaged profile, and tells them apart in words. */
function isForbidden({ name, message }: DOMException): boolean {
  return name === 'UnknownError' && message.includes('denied permission')
}

/**
 * Every name of an error that IndexedDB raises for the world's reasons. The others (DataCloneError, InvalidAccessError,
 * ReadOnlyError, SyntaxError) only a fault of ours can raise.
 */
const refusals: Readonly<Record<string, Cause>> = {
  QuotaExceededError: 'storage-full',
  VersionError: 'storage-newer',
  SecurityError: 'storage',
  NotAllowedError: 'storage',
  // The connection is closed, or a transaction did not come to its end.
  InvalidStateError: 'storage-lost',
  AbortError: 'storage-lost',
  TransactionInactiveError: 'storage-lost',
  // The files of the profile do not give back what was written.
  UnknownError: 'storage-damaged',
  NotReadableError: 'storage-damaged',
  TimeoutError: 'storage-damaged',
  EncodingError: 'storage-damaged',
  OperationError: 'storage-damaged',
  DataError: 'storage-damaged', // Chromium: a large value that is gone
  NotFoundError: 'storage-incomplete',
  ConstraintError: 'here-already', // only what `add` finds taken
}
