import type { SealedShare } from '../../tss-wasm/worker/api.ts'
import type { ShareStore, WalletRecord } from '../platform/shareStore.ts'

/** One promise of `ShareStore`. `open` gives a new handle to the same storage, which is empty at the start. */
export interface Promised {
  readonly name: string
  check(open: () => Promise<ShareStore>): Promise<void>
}

export function walletRecord(walletId: string, createdAtMs = 1): WalletRecord {
  const key = (fill: number) => new Uint8Array(32).fill(fill)
  return {
    walletId,
    name: `wallet ${walletId}`,
    state: 'pending',
    sessionId: '00'.repeat(16),
    publicKey: new Uint8Array(33).fill(2),
    threshold: 2,
    mySeat: 1,
    seats: [
      { seat: 1, label: 'me', signingKey: key(1), encryptionKey: key(2) },
      { seat: 2, label: 'server-1', serverParty: 'server-1', signingKey: key(3), encryptionKey: key(4) },
    ],
    createdAtMs,
  }
}

export function sealedShare(...bytes: number[]): SealedShare {
  return Uint8Array.from(bytes) as SealedShare
}

/** Runs anywhere, with any test runner or none: in Node for files, in Chromium for IndexedDB. */
export const shareStoreContract: readonly Promised[] = [
  {
    name: 'a new wallet is pending, and its share reads back byte for byte through another handle',
    async check(open) {
      await (await open()).putPending({ ...walletRecord('a'), state: 'active' }, sealedShare(1, 2, 3))
      const again = await open()
      same(await again.list(), [walletRecord('a')])
      same(await again.getShare('a'), sealedShare(1, 2, 3))
    },
  },
  {
    name: 'a restored wallet keeps its own identity, and an imported one seats whose holder is not known',
    async check(open) {
      const [mine, theirs] = walletRecord('a').seats
      if (mine === undefined || theirs === undefined) throw new Error('a record has two seats')
      const unknown = { ...theirs, signingKey: new Uint8Array(), encryptionKey: new Uint8Array() }
      const record = {
        ...walletRecord('a'),
        sessionId: '',
        seats: [mine, unknown],
        sealedIdentity: Uint8Array.of(1, 2, 3),
      }
      await (await open()).putPending(record, sealedShare(1))
      same(await (await open()).list(), [record])
    },
  },
  {
    name: 'a wallet and its members are called what the person says, and nothing else of it changes',
    async check(open) {
      const store = await open()
      await store.putPending(walletRecord('a'), sealedShare(1))
      await store.activate('a')
      await store.describe('a', { name: 'Trip', labels: { 2: 'Bank' }, isArchived: true })
      const [me, server] = walletRecord('a').seats
      const renamed = { ...walletRecord('a'), state: 'active', name: 'Trip', seats: [me, { ...server, label: 'Bank' }] }
      same(await (await open()).list(), [{ ...renamed, isArchived: true }])
      await store.describe('a', { name: 'Trip', labels: {}, isArchived: false })
      same(await (await open()).list(), [{ ...renamed, isArchived: false }])
      same(await store.getShare('a'), sealedShare(1))
      await fails(store.describe('a', { name: 'Tr\u200bip', labels: {}, isArchived: false }))
      await fails(store.describe('b', { name: 'Trip', labels: {}, isArchived: false }))
    },
  },
  {
    name: 'nothing is ever overwritten',
    async check(open) {
      const store = await open()
      await store.putPending(walletRecord('a'), sealedShare(1))
      await fails(store.putPending({ ...walletRecord('a'), name: 'other' }, sealedShare(2)))
      await store.activate('a')
      await fails(store.putPending(walletRecord('a'), sealedShare(3)))
      same(await store.list(), [{ ...walletRecord('a'), state: 'active' }])
      same(await store.getShare('a'), sealedShare(1))
    },
  },
  {
    name: 'of two handles that store the same wallet at once, one wins whole',
    async check(open) {
      const [first, second] = [await open(), await open()]
      const ends = await Promise.allSettled([
        first.putPending({ ...walletRecord('a'), name: 'first' }, sealedShare(1)),
        second.putPending({ ...walletRecord('a'), name: 'second' }, sealedShare(2)),
      ])
      same(ends.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
      const [record] = await first.list()
      same(await first.getShare('a'), sealedShare(record?.name === 'first' ? 1 : 2))
    },
  },
  {
    name: 'activating is durable and changes nothing else; a wallet that is not there cannot be activated',
    async check(open) {
      const store = await open()
      await store.putPending(walletRecord('a'), sealedShare(1))
      await store.activate('a')
      await store.activate('a')
      same(await (await open()).list(), [{ ...walletRecord('a'), state: 'active' }])
      await fails(store.activate('b'))
      same((await store.list()).length, 1)
    },
  },
  {
    name: 'the list is in order of creation',
    async check(open) {
      const store = await open()
      for (const [id, at] of [
        ['b', 2],
        ['c', 3],
        ['a', 1],
      ] as const)
        await store.putPending(walletRecord(id, at), sealedShare(at))
      same(
        (await store.list()).map(({ walletId }) => walletId),
        ['a', 'b', 'c'],
      )
    },
  },
  {
    name: 'removing takes record and share, and only of that wallet; an unknown one has no share',
    async check(open) {
      const store = await open()
      await store.putPending(walletRecord('a'), sealedShare(1))
      await store.putPending(walletRecord('b'), sealedShare(2))
      await store.remove('a')
      await store.remove('never there')
      same(
        (await store.list()).map(({ walletId }) => walletId),
        ['b'],
      )
      same(await store.getShare('a'), undefined)
      same(await store.getShare('b'), sealedShare(2))
      await store.putPending(walletRecord('a'), sealedShare(9))
      same(await store.getShare('a'), sealedShare(9))
    },
  },
  {
    name: 'a share is replaced whole, for the one who knows the old one; a wallet that is not there gets none',
    async check(open) {
      const store = await open()
      await store.putPending(walletRecord('a'), sealedShare(1, 2, 3))
      await store.replaceShare('a', sealedShare(1, 2, 3), sealedShare(4, 5))
      same(await (await open()).getShare('a'), sealedShare(4, 5))
      await fails(store.replaceShare('a', sealedShare(1, 2, 3), sealedShare(6)))
      await fails(store.replaceShare('b', sealedShare(1), sealedShare(6)))
      same(await (await open()).getShare('a'), sealedShare(4, 5))
      same(await store.list(), [walletRecord('a')])
    },
  },
  {
    name: 'a pending share of a later epoch lies beside the one that signs, and takes its place in one step',
    async check(open) {
      const { epochs } = await open()
      await (await open()).putPending(walletRecord('a'), sealedShare(1))
      await (await open()).activate('a')
      await epochs.putShare('a', 3, sealedShare(3, 3))
      await fails(epochs.putShare('a', 3, sealedShare(4)))
      same(await (await open()).getShare('a'), sealedShare(1))
      same([...(await epochs.held('a'))].sort(), [0, 3])
      await epochs.change('a', (now) => {
        if (now.current === undefined) throw new Error('the wallet is here')
        return {
          ...now,
          highest: 3,
          current: { ...now.current, number: 3, hash: new Uint8Array(32).fill(7), threshold: 2 },
        }
      })
      same(await (await open()).getShare('a'), sealedShare(3, 3))
      const again = await (await open()).epochs.read('a')
      same([again?.current?.number, again?.highest, again?.current?.mySeat], [3, 3, 1])
      const [record] = await (await open()).list()
      same([record?.name, record?.state, record?.seats[1]?.label], ['wallet a', 'active', 'server-1'])
    },
  },
  {
    name: 'the share of an epoch that is over is erased, alone, and a passphrase changes that of the one in use',
    async check(open) {
      const store = await open()
      await store.putPending(walletRecord('a'), sealedShare(1))
      await store.putPending(walletRecord('b'), sealedShare(2))
      await store.epochs.putShare('a', 1, sealedShare(5))
      await store.epochs.change('a', (now) => {
        if (now.current === undefined) throw new Error('the wallet is here')
        return { ...now, highest: 1, current: { ...now.current, number: 1 } }
      })
      await store.epochs.eraseShare('a', 0)
      await store.epochs.eraseShare('a', 0)
      same(await store.epochs.held('a'), [1])
      same(await store.epochs.share('a', 0), undefined)
      await store.replaceShare('a', sealedShare(5), sealedShare(6))
      same(await (await open()).epochs.share('a', 1), sealedShare(6))
      same(await store.getShare('b'), sealedShare(2))
      await store.remove('a')
      same(await store.epochs.held('a'), [])
      same(await store.getShare('b'), sealedShare(2))
    },
  },
  {
    name: 'changes of the epochs that come at once are made one after the other',
    async check(open) {
      const [first, second] = [await open(), await open()]
      await first.putPending(walletRecord('a'), sealedShare(1))
      const more = async (store: ShareStore) =>
        store.epochs.change('a', (now) => ({
          ...now,
          highest: now.highest + 1,
          unspoken: [...now.unspoken, now.highest],
        }))
      await Promise.all([more(first), more(second), more(first)])
      same((await first.epochs.read('a'))?.unspoken, [0, 1, 2])
      same(await first.epochs.read('never there'), undefined)
    },
  },
  {
    name: 'what went in and what came out are copies',
    async check(open) {
      const store = await open()
      const share = sealedShare(1, 2, 3)
      await store.putPending(walletRecord('a'), share)
      share.fill(0)
      ;(await store.getShare('a'))?.fill(0)
      same(await store.getShare('a'), sealedShare(1, 2, 3))
    },
  },
]

function same(actual: unknown, expected: unknown): void {
  const [got, wanted] = [plain(actual), plain(expected)]
  if (got !== wanted) throw new Error(`expected ${wanted}, got ${got}`)
}

function plain(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Uint8Array) return `bytes ${part.join(' ')}`
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part ?? null
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

async function fails(promise: Promise<unknown>): Promise<void> {
  const [end] = await Promise.allSettled([promise])
  if (end.status === 'fulfilled') throw new Error('expected a refusal')
}
