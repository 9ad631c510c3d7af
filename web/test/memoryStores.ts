import { sameBytes } from '../../tss-wasm/bytes.ts'
import { createIdentity } from '../../tss-wasm/identity/identity.ts'
import { refused } from '../../tss-wasm/failure.ts'
import type { SealedPreParameters, SealedShare } from '../../tss-wasm/worker/api.ts'
import type { IdentityStore } from '../platform/identityStore.ts'
import type { ShareUnderWay } from '../../participant/share/pendingSession.ts'
import type { PendingStore } from '../platform/pendingStore.ts'
import type { PreParameterStore } from '../platform/preParameterStore.ts'
import type { ShareStore, WalletRecord } from '../platform/shareStore.ts'
import { recordedEpochs, withEpochs } from '../platform/walletEpochs.ts'
import { described } from '../platform/walletWords.ts'

export type Shelf = Map<string, { record: WalletRecord; shares: Map<number, SealedShare> }>

/** The work is done at once; a throw becomes a rejection. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work())
  })
}

export function memoryShareStore(shelf: Shelf = new Map()): ShareStore {
  return {
    putPending: (record, share) =>
      promised(() => {
        if (shelf.has(record.walletId)) throw refused('here-already', 'the wallet is there already')
        shelf.set(
          record.walletId,
          structuredClone({ record: { ...record, state: 'pending' as const }, shares: new Map([[0, share]]) }),
        )
      }),
    activate: (walletId) =>
      promised(() => {
        const kept = shelf.get(walletId)
        if (kept === undefined) throw new Error('no such wallet')
        kept.record = { ...kept.record, state: 'active' }
      }),
    list: () =>
      promised(() => {
        const records = structuredClone([...shelf.values()].map(({ record }) => record))
        return records.sort((a, b) => a.createdAtMs - b.createdAtMs)
      }),
    getShare: (walletId) => promised(() => structuredClone(current(walletId))),
    replaceShare: (walletId, old, share) =>
      promised(() => {
        const [kept, stored] = [shelf.get(walletId), current(walletId)]
        if (kept === undefined || stored === undefined || !sameBytes(stored, old))
          throw new Error('the share is another by now')
        kept.shares.set(numberOf(kept.record), structuredClone(share))
      }),
    describe: (walletId, words) =>
      promised(() => {
        const kept = shelf.get(walletId)
        if (kept === undefined) throw new Error('no such wallet to describe')
        kept.record = described(kept.record, words)
      }),
    remove: (walletId) => promised(() => void shelf.delete(walletId)),
    epochs: {
      read: (walletId) =>
        promised(() =>
          shelf.has(walletId) ? structuredClone(recordedEpochs(shelf.get(walletId)?.record)) : undefined,
        ),
      change: (walletId, next) =>
        promised(() => {
          const kept = shelf.get(walletId)
          const before = structuredClone(recordedEpochs(kept?.record))
          const epochs = next(before)
          if (epochs === before) return epochs
          const record = withEpochs(kept?.record, { walletId, nowMs: Date.now() }, structuredClone(epochs))
          shelf.set(walletId, { record, shares: kept?.shares ?? new Map<number, SealedShare>() })
          return structuredClone(epochs)
        }),
      held: (walletId) => promised(() => [...(shelf.get(walletId)?.shares.keys() ?? [])]),
      putShare: (walletId, number, share) =>
        promised(() => {
          const kept = shelf.get(walletId)
          if (kept === undefined || kept.shares.has(number))
            throw new Error('the share is stored already, or for no wallet')
          kept.shares.set(number, structuredClone(share))
        }),
      share: (walletId, number) => promised(() => structuredClone(shelf.get(walletId)?.shares.get(number))),
      eraseShare: (walletId, number) => promised(() => void shelf.get(walletId)?.shares.delete(number)),
    },
  }

  function numberOf({ epochs }: WalletRecord): number {
    return epochs?.number ?? 0
  }

  function current(walletId: string): SealedShare | undefined {
    const kept = shelf.get(walletId)
    return kept?.shares.get(numberOf(kept.record))
  }
}

export function memoryPendingStore(sessions = new Map<string, ShareUnderWay>()): PendingStore {
  const held = new Set<string>()
  return {
    put: (session) => promised(() => void sessions.set(session.sessionId, structuredClone(session))),
    markLeaving: (sessionId) =>
      promised(() => {
        const session = sessions.get(sessionId)
        if (session === undefined) throw new Error('no such session')
        sessions.set(sessionId, { ...session, isLeaving: true })
      }),
    all: () => promised(() => structuredClone([...sessions.values()])),
    remove: (sessionId) => promised(() => void sessions.delete(sessionId)),
    async hold(sessionId, work) {
      held.add(sessionId)
      try {
        return await work()
      } finally {
        held.delete(sessionId)
      }
    },
    isHeld: (sessionId) => promised(() => held.has(sessionId)),
  }
}

export function memoryIdentityStore(): IdentityStore {
  const made = createIdentity()
  return { load: () => made, sealed: () => Promise.resolve(undefined) }
}

export function memoryPreParameterStore(stock: SealedPreParameters[] = []): PreParameterStore {
  const made = crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  return {
    key: () => made,
    count: () => promised(() => stock.length),
    put: (sealed) => promised(() => void stock.push(sealed)),
    take: () => promised(() => stock.shift()),
  }
}
