import { readdir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { eraseFile, readIfThere, syncFolder, writeDurably } from '../files/dataFolder.ts'
import type { InTurn } from '../files/inTurn.ts'
import { sameBytes } from '../tss-wasm/bytes.ts'
import { refused } from '../tss-wasm/failure.ts'
import type { RandomSource } from '../tss-wasm/random.ts'
import type { SealedShare } from '../tss-wasm/worker/api.ts'
import type { ShareStore, WalletRecord } from '../web/platform/shareStore.ts'
import { recordedEpochs, withEpochs } from '../web/platform/walletEpochs.ts'
import { described } from '../web/platform/walletWords.ts'
import { decodeRecord, encodeRecord, walletId as walletIdSchema } from './walletRecord.ts'

export interface ShareFilesPorts {
  /** A folder of its own, durably made; nobody else writes there. */
  readonly folder: string
  readonly inTurn: InTurn
  /** AES-256-GCM under a key from the keychain, around what the passphrase sealed; undefined: the passphrase alone. */
  readonly wrapping: (() => Promise<CryptoKey>) | undefined
  readonly random: RandomSource
}

/**
 * Sealed shares as files:
 *
 *   ID.share   the share; only another passphrase for it ever takes its place
 *   ID.N.share the share of epoch N, or of an attempt that may become one, of a wallet that was reshared
 *   ID.next    the share under another passphrase, until it has been read back; does not count
 *   ID.json    the record; without it the share beside it does not count
 *
 * Every file is written beside, flushed, renamed, its folder flushed, and read back (writeDurably). So a crash leaves
 * each wallet as it was or as it was to be.
 */
export function shareFiles({ folder, inTurn, wrapping, random }: ShareFilesPorts): ShareStore {
  const recordFile = (walletId: string) => join(folder, `${walletId}.json`)
  /** Of the epoch that the wallet was made in, or of a later one. */
  const shareFile = (walletId: string, number = 0) =>
    join(folder, `${walletId}${number === 0 ? '' : `.${number}`}.share`)
  const nextFile = (walletId: string) => join(folder, `${walletId}.next`)

  async function record(walletId: string): Promise<WalletRecord | undefined> {
    if (!isFileName(walletId)) return undefined
    const bytes = await readIfThere(recordFile(walletId))
    return bytes && decodeRecord(bytes, `${walletId}.json`)
  }

  async function readShare(walletId: string, file: string): Promise<SealedShare | undefined> {
    const stored = await readIfThere(file)
    if (stored === undefined || !sameBytes(stored.subarray(0, header.length), header))
      return stored as SealedShare | undefined
    if (wrapping === undefined) throw refused('keychain', 'a share is under its key, and it is not used here')
    return unwrap(stored, walletId, await wrapping())
  }

  /** The file of the share that signs. */
  async function currentFile(walletId: string): Promise<string | undefined> {
    const known = await record(walletId)
    return known && shareFile(walletId, known.epochs?.number)
  }

  async function writeShare(walletId: string, share: SealedShare, file: string): Promise<void> {
    await writeDurably(file, wrapping === undefined ? share : await wrap(share, walletId, await wrapping(), random))
    const readBack = await readShare(walletId, file)
    if (readBack === undefined || !sameBytes(readBack, share))
      throw refused('storage-damaged', 'the share did not read back')
  }

  return {
    putPending: (wallet, share) =>
      inTurn(async () => {
        const { walletId } = wallet
        if (!isFileName(walletId)) throw new Error('a wallet id is lower case letters and digits')
        if ((await record(walletId)) !== undefined) throw refused('here-already', 'the wallet is there already')
        await writeShare(walletId, share, shareFile(walletId))
        await writeDurably(recordFile(walletId), encodeRecord({ ...wallet, state: 'pending' }))
      }),

    activate: (walletId) =>
      inTurn(async () => {
        const known = await record(walletId)
        if (known === undefined) throw new Error('no such wallet to activate')
        if (known.state === 'pending')
          await writeDurably(recordFile(walletId), encodeRecord({ ...known, state: 'active' }))
      }),

    list: () =>
      inTurn(async () => {
        const ids = (await readdir(folder)).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5))
        const records = await Promise.all(ids.map(record))
        return records.filter((wallet) => wallet !== undefined).sort((a, b) => a.createdAtMs - b.createdAtMs)
      }),

    getShare: (walletId) =>
      inTurn(async () => {
        const file = await currentFile(walletId)
        return file === undefined ? undefined : readShare(walletId, file)
      }),

    replaceShare: (walletId, old, share) =>
      inTurn(async () => {
        const file = await currentFile(walletId)
        const stored = file === undefined ? undefined : await readShare(walletId, file)
        if (file === undefined || stored === undefined || !sameBytes(stored, old))
          throw refused('storage', 'the share is another by now')
        await writeShare(walletId, share, nextFile(walletId))
        await rename(nextFile(walletId), file)
        await syncFolder(folder)
      }),

    describe: (walletId, words) =>
      inTurn(async () => {
        const known = await record(walletId)
        if (known === undefined) throw new Error('no such wallet to describe')
        await writeDurably(recordFile(walletId), encodeRecord(described(known, words)))
      }),

    remove: (walletId) =>
      inTurn(async () => {
        if (!isFileName(walletId)) return
        // The record first: without it the share does not count.
        const shares = (await numbers(walletId)).map((number) => shareFile(walletId, number))
        for (const file of [recordFile(walletId), nextFile(walletId), ...shares]) {
          if ((await readIfThere(file)) === undefined) continue
          await unlink(file)
          await syncFolder(folder)
        }
      }),

    epochs: {
      read: (walletId) =>
        inTurn(async () => {
          const known = await record(walletId)
          return known && recordedEpochs(known)
        }),
      change: (walletId, next) =>
        inTurn(async () => {
          if (!isFileName(walletId)) throw new Error('a wallet id is lower case letters and digits')
          const known = await record(walletId)
          const before = recordedEpochs(known)
          const epochs = next(before)
          if (epochs === before) return epochs
          const changed = withEpochs(known, { walletId, nowMs: Date.now() }, epochs)
          await writeDurably(recordFile(walletId), encodeRecord(changed))
          return epochs
        }),
      held: (walletId) => inTurn(() => numbers(walletId)),
      putShare: (walletId, number, share) =>
        inTurn(async () => {
          if (!isFileName(walletId)) throw new Error('a wallet id is lower case letters and digits')
          const file = shareFile(walletId, number)
          if ((await readIfThere(file)) !== undefined) throw refused('storage', 'this share is there already')
          await writeShare(walletId, share, file)
        }),
      share: (walletId, number) => inTurn(() => readShare(walletId, shareFile(walletId, number))),
      eraseShare: (walletId, number) => inTurn(() => eraseFile(shareFile(walletId, number))),
    },
  }

  /** Of the epochs and attempts of which a share is here. */
  async function numbers(walletId: string): Promise<readonly number[]> {
    const names = (await readdir(folder)).filter((name) => name.startsWith(walletId) && name.endsWith('.share'))
    const written = names.map((name) => name.slice(walletId.length, -'.share'.length))
    return written.flatMap((text) => (/^(\.[1-9][0-9]*)?$/.test(text) ? [Number(text.slice(1))] : []))
  }
}

function isFileName(walletId: string): boolean {
  return walletIdSchema.safeParse(walletId).success
}

const header = new Uint8Array(utf8ToBytes('quorate-desktop-share\0\x01'))
const nonceLength = 12

/** The wallet id is authenticated too: a file under another name does not open. */
function additionalData(walletId: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(concatBytes(header, utf8ToBytes(walletId)))
}

async function wrap(share: SealedShare, walletId: string, key: CryptoKey, random: RandomSource): Promise<Uint8Array> {
  const iv = random(nonceLength)
  const algorithm = { name: 'AES-GCM', iv, additionalData: additionalData(walletId) }
  const wrapped = await crypto.subtle.encrypt(algorithm, key, new Uint8Array(share))
  return concatBytes(header, iv, new Uint8Array(wrapped))
}

async function unwrap(stored: Uint8Array<ArrayBuffer>, walletId: string, key: CryptoKey): Promise<SealedShare> {
  const iv = stored.subarray(header.length, header.length + nonceLength)
  const algorithm = { name: 'AES-GCM', iv, additionalData: additionalData(walletId) }
  try {
    const share = await crypto.subtle.decrypt(algorithm, key, stored.subarray(header.length + nonceLength))
    return new Uint8Array(share) as SealedShare
  } catch {
    throw refused('share', 'damaged, or stored under another key of the keychain')
  }
}
