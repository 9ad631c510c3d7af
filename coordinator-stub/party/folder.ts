import { mkdir, readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesToHex } from '@noble/hashes/utils.js'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { createIdentity, type Identity, sealIdentity, unsealIdentity } from '../../tss-wasm/identity/identity.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { SealedPreParameters, SealedShare } from '../../tss-wasm/worker/api.ts'
import type { RunLog } from '../../participant/connection/runs.ts'
import { epochsOf, recordOf } from '../../participant/reshare/recordedEpochs.ts'
import { type EpochStore, nothingKnown, type WalletEpochs } from '../../participant/reshare/walletEpochs.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { openRunLog } from './runLog.ts'
import { openSessionNotes, type SessionNotes } from './sessionNotes.ts'
import {
  eraseFile,
  openDataFolder,
  readIfThere,
  secretFromFile,
  secretFromHex,
  syncFolder,
  writeDurably,
} from '../../files/dataFolder.ts'
import { openPendingIndex } from './pendingIndex.ts'
import { inTurn } from '../../files/inTurn.ts'
import { decodeRecord, encodeRecord, type NamedParty, type PartyWallet } from './wallet.ts'

/**
 * What a server party keeps, in its own folder:
 *
 *   identity.sealed     its identity, under the master key
 *   wallets/ID.share    a sealed share; written once, never again
 *   pending/ID          empty: the wallet may be pending (party/pendingIndex.ts)
 *   wallets/ID.N.share  the same of epoch N of a wallet that was reshared, or of an attempt that may become one
 *   wallets/ID.json     what is known of the wallet; nothing secret. Without it the share beside it does not count
 *   sessions/ID.json    sessions in which a share is being made: who may be waiting for our word
 *   runs.log            ids of the runs it has taken part in, one line each; only ever appended to
 *   schemes.json        which keys of other schemes it makes and signs with (party/schemes.ts); without it, none
 *   policy.json         what it agrees to (docs/POLICY.md), written by whoever runs it; ledger.json, what it has agreed to,
 *                       one line each
 *   history.log         what it has signed, one line of JSON each; only ever appended to (`npm run cli -- history export`)
 *   approved.log        requests that its operator has approved by hand, until they end
 *   commands.json       while it runs: where `npm run cli` reaches it, and the key for that
 *   evidence/*.json     of parties that were caught cheating (`npm run evidence`)
 *   resharing/ID.json   plans of new members that it was asked about, and when it last took part (party/askedPlans.ts)
 *   prepared/*.sealed   pre-parameters for wallets to come; each is deleted before it is used
 *   master.key          only when CRYPTO_MASTER_KEY is not given (development)
 */
export interface PartyFolder extends AsyncDisposable {
  readonly path: string
  readonly identity: Identity
  /** AES-256-GCM. Opens and closes shares and pre-parameters. */
  readonly masterKey: CryptoKey
  /** @throws Error when its record is damaged: that is not the same as having no such wallet */
  wallet(walletId: string): Promise<PartyWallet | undefined>
  /** Those of which not everybody has confirmed yet, as far as their records can be read; `onDamaged` hears of the others. */
  pendingWallets(onDamaged: (walletId: string) => void): Promise<readonly PartyWallet[]>
  /** Those that sign by ECDSA, as far as their records can be read: requests, presignatures and renewals are theirs. */
  activeWallets(): Promise<readonly PartyWallet[]>
  /** Changes whenever a wallet's record does. */
  walletsVersion(): Promise<number>
  /** Reads every record, one after the other; for whoever has time. `onDamaged` hears of those that cannot be read. */
  checkWallets(onDamaged: (walletId: string) => void): Promise<void>
  /** @throws when the wallet is there already: nothing is ever overwritten */
  putPending(wallet: PartyWallet, share: SealedShare): Promise<void>
  activate(walletId: string): Promise<void>
  /** Writes down, where it is new, how the coordinator calls those who hold other shares of a wallet that is here. */
  nameParties(walletId: string, names: readonly NamedParty[]): Promise<void>
  /** From now on our confirmation may have left. */
  markLeaving(walletId: string): Promise<void>
  readonly runs: RunLog
  readonly notes: SessionNotes
  /** Only for a wallet that nobody can count on yet: before our confirmation has left. */
  discard(walletId: string): Promise<void>
  /** The one that signs. */
  share(walletId: string): Promise<SealedShare>
  /** Of wallets that are reshared. */
  readonly epochs: EpochStore
  /** Wallets of which something may be to be done about an epoch; until `epochsAreSettled`. */
  unsettledEpochs(): Promise<readonly string[]>
  epochsAreSettled(walletId: string): Promise<void>
  prepared(): Promise<readonly string[]>
  addPrepared(sealed: SealedPreParameters): Promise<void>
  /** Reads a set and deletes it, durably, so that it can never serve twice. */
  takePrepared(name: string): Promise<SealedPreParameters>
}

/** @param masterKeyHex 64 hex digits, or undefined: made once, in a file of mode 0600 */
export async function openPartyFolder(
  path: string,
  masterKeyHex: string | undefined,
  random: RandomSource,
): Promise<PartyFolder> {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await openDataFolder(path))
  const wallets = join(folder.path, 'wallets')
  const preparedSets = join(folder.path, 'prepared')
  for (const inner of [wallets, preparedSets]) await mkdir(inner, { recursive: true, mode: 0o700 })
  const masterKey = await importMasterKey(
    masterKeyHex === undefined
      ? await secretFromFile(join(folder.path, 'master.key'), () => random(32))
      : secretFromHex(masterKeyHex, 'CRYPTO_MASTER_KEY'),
  )
  const identity = await loadIdentity(join(folder.path, 'identity.sealed'), masterKey, random)
  const recordFile = (walletId: string) => join(wallets, `${walletId}.json`)
  /** Of the epoch that a wallet was made in, or of a later one. */
  const shareFile = (walletId: string, epoch = 0) => join(wallets, `${walletId}${epoch === 0 ? '' : `.${epoch}`}.share`)

  const record = async (walletId: string): Promise<PartyWallet | undefined> => {
    const bytes = await readIfThere(recordFile(walletId))
    return bytes && decodeRecord(bytes)
  }
  const changing = inTurn()
  const runs = await openRunLog(join(folder.path, 'runs.log'))
  const notes = await openSessionNotes(join(folder.path, 'sessions'))
  const walletIds = async () =>
    (await readdir(wallets)).filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5))
  const mayBePending = async () => {
    const found: string[] = []
    for (const walletId of await walletIds()) {
      // Damaged: whoever settles pending wallets says so.
      const wallet = await record(walletId).catch(() => undefined)
      if (wallet?.state !== 'active') found.push(walletId)
    }
    return found
  }
  const pendingIds = await openPendingIndex(join(folder.path, 'pending'), mayBePending)
  const open = opened.move()
  return {
    path: folder.path,
    identity,
    masterKey,
    runs,
    notes,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
    wallet: record,
    async pendingWallets(onDamaged) {
      const found: PartyWallet[] = []
      for (const walletId of pendingIds.ids()) {
        try {
          const wallet = await record(walletId)
          if (wallet?.pending !== undefined) found.push(wallet)
        } catch {
          onDamaged(walletId)
        }
      }
      return found
    },
    async activeWallets() {
      const found: PartyWallet[] = []
      for (const walletId of await walletIds()) {
        const wallet = await record(walletId).catch(() => undefined)
        if (wallet?.state === 'active' && wallet.key === undefined) found.push(wallet)
      }
      return found
    },
    // A record is written beside and moved: its folder tells.
    walletsVersion: async () => (await stat(wallets)).mtimeMs,
    async unsettledEpochs() {
      const found = await Promise.all(
        pendingIds.ids().map(async (walletId) => {
          const wallet = await record(walletId).catch(() => undefined)
          return wallet?.epochs === undefined ? [] : [walletId]
        }),
      )
      return found.flat()
    },
    epochsAreSettled: (walletId) => pendingIds.remove(walletId),
    async checkWallets(onDamaged) {
      for (const walletId of await walletIds()) {
        await record(walletId).catch(() => {
          onDamaged(walletId)
        })
      }
    },
    nameParties: (walletId, names) =>
      changing(async () => {
        const wallet = await record(walletId)
        const known = wallet?.serverParties ?? []
        const isNew = ({ name, signingKey }: NamedParty) =>
          !known.some((one) => one.name === name && sameBytes(one.signingKey, signingKey))
        const fresh = names.filter(isNew)
        if (wallet === undefined || fresh.length === 0) return
        const kept = known.filter((one) => !fresh.some(({ signingKey }) => sameBytes(signingKey, one.signingKey)))
        await writeDurably(recordFile(walletId), encodeRecord({ ...wallet, serverParties: [...kept, ...fresh] }))
      }),
    async putPending(wallet, share) {
      if ((await record(wallet.walletId)) !== undefined) throw new Error('this wallet is already stored')
      await pendingIds.add(wallet.walletId)
      await writeDurably(shareFile(wallet.walletId), share)
      await writeDurably(recordFile(wallet.walletId), encodeRecord({ ...wallet, state: 'pending' }))
    },
    async markLeaving(walletId) {
      const wallet = await record(walletId)
      if (wallet?.pending === undefined) throw new Error('only a pending wallet can be confirmed')
      const pending = { ...wallet.pending, isLeaving: true }
      await writeDurably(recordFile(walletId), encodeRecord({ ...wallet, pending }))
    },
    async activate(walletId) {
      const wallet = await record(walletId)
      if (wallet === undefined) throw new Error('no such wallet to activate')
      await writeDurably(recordFile(walletId), encodeRecord({ ...wallet, state: 'active', pending: undefined }))
      await pendingIds.remove(walletId)
    },
    async discard(walletId) {
      const wallet = await record(walletId)
      if (wallet?.state !== 'pending') throw new Error('only a pending wallet can be discarded')
      // The record first: without it the share does not count.
      await unlink(recordFile(walletId))
      await unlink(shareFile(walletId))
      await syncFolder(wallets)
      await pendingIds.remove(walletId)
    },
    async share(walletId) {
      const bytes = await readIfThere(shareFile(walletId, (await record(walletId))?.epochs?.number))
      if (bytes === undefined) throw new Error(`the share of wallet ${walletId} is missing`)
      return bytes as SealedShare
    },
    epochs: {
      async read(walletId) {
        const wallet = await record(walletId)
        return wallet && epochsOf(wallet)
      },
      change: (walletId, next) =>
        changing(async () => {
          const known = await record(walletId)
          const before = known === undefined ? nothingKnown : epochsOf(known)
          const epochs = next(before)
          if (epochs === before) return epochs
          await pendingIds.add(walletId)
          const changed = recordOf(epochs)
          const { place } = changed.epochs
          const wallet = known ?? newMember(walletId, epochs)
          await writeDurably(
            recordFile(walletId),
            encodeRecord({ ...wallet, ...changed, state: place === 'member' ? 'active' : place }),
          )
          return epochs
        }),
      async held(walletId) {
        const names = (await readdir(wallets)).filter((name) => name.startsWith(walletId) && name.endsWith('.share'))
        return names.map((name) => Number(name.slice(walletId.length + 1, -'.share'.length)))
      },
      async putShare(walletId, epoch, share) {
        if ((await readIfThere(shareFile(walletId, epoch))) !== undefined)
          throw new Error('this share is stored already')
        await writeDurably(shareFile(walletId, epoch), share)
      },
      share: async (walletId, epoch) => (await readIfThere(shareFile(walletId, epoch))) as SealedShare | undefined,
      eraseShare: (walletId, epoch) => eraseFile(shareFile(walletId, epoch)),
    },
    async prepared() {
      return (await readdir(preparedSets)).filter((file) => file.endsWith('.sealed')).sort()
    },
    async addPrepared(sealed) {
      await writeDurably(join(preparedSets, `${bytesToHex(random(8))}.sealed`), sealed)
    },
    async takePrepared(name) {
      const bytes = await readIfThere(join(preparedSets, name))
      if (bytes === undefined) throw new Error('these pre-parameters have already been used')
      await unlink(join(preparedSets, name))
      await syncFolder(preparedSets)
      return bytes as SealedPreParameters
    },
  }
}

/** A wallet that this party comes to by resharing. */
function newMember(walletId: string, { attempts }: WalletEpochs): PartyWallet {
  const [first] = attempts
  if (first === undefined) throw new Error('a wallet is joined by an attempt to reshare')
  const { walletName: name, handover } = first
  const { publicKey, threshold } = handover
  const none = { seats: [], mySeat: 1 as PartyId, madeAtMs: undefined, pending: undefined }
  return { walletId, name, state: 'joining', publicKey, threshold, ...none }
}

async function importMasterKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
  } finally {
    bytes.fill(0)
  }
}

/** Made once. A file that does not open is an error: a new identity would orphan every wallet of the old one. */
async function loadIdentity(path: string, key: CryptoKey, random: RandomSource): Promise<Identity> {
  const stored = await readIfThere(path)
  if (stored !== undefined) return unsealIdentity(stored, key)
  await writeDurably(path, await sealIdentity(await createIdentity({ extractable: true }), key, random))
  return loadIdentity(path, key, random)
}
