import 'fake-indexeddb/auto'
import { join } from 'node:path'
import { openPartyFolder, type PartyFolder } from '../coordinator-stub/party/folder.ts'
import { openDesktopFolder } from '../electron/desktopFolder.ts'
import { noKeychain, ports } from '../electron/test/folders.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { openDatabase } from '../web/platform/browser/database.ts'
import { browserShareStore } from '../web/platform/browser/shareStore.ts'
import { labelByKeys } from '../web/platform/seatLabel.ts'
import type { ShareStore, WalletRecord } from '../web/platform/shareStore.ts'

/** What outlives a program: it is opened once by each that runs on it, and closed when that has ended. */
export interface Disk {
  open(): Promise<{ readonly shares: ShareStore; readonly close: () => Promise<void> }>
}

let databases = 0

/** IndexedDB, as another library has it in memory. */
export function browserDisk(): Disk {
  databases += 1
  const name = `disk ${databases}`
  return {
    async open() {
      const database = openDatabase(name)
      const opened = await database()
      return {
        shares: browserShareStore(database),
        close() {
          opened.close()
          return Promise.resolve()
        },
      }
    },
  }
}

/** The files of the desktop app. */
export function desktopDisk(path: string): Disk {
  return {
    async open() {
      const folder = await openDesktopFolder(path, ports(noKeychain()))
      return { shares: folder.shares, close: async () => folder[Symbol.asyncDispose]() }
    },
  }
}

/** The folder of a server party, with the wallets of one id, as a person's jobs look at stores. */
export function partyDisk(path: string, walletId: string): Disk {
  return {
    async open() {
      const folder = await openPartyFolder(join(path, 'party'), '07'.repeat(32), systemRandom)
      return { shares: partyShares(folder, walletId), close: async () => folder[Symbol.asyncDispose]() }
    },
  }
}

function partyShares(folder: PartyFolder, onlyId: string): ShareStore {
  return {
    async putPending({ walletId, name, publicKey, threshold, mySeat, seats }, share) {
      const known = seats.map(({ seat, signingKey, encryptionKey }) => ({
        seat: seat as PartyId,
        identity: { signingKey, encryptionKey },
      }))
      const wallet = { walletId, name, publicKey, threshold, mySeat: mySeat as PartyId, seats: known }
      await folder.putPending({ ...wallet, state: 'pending', pending: undefined }, share)
    },
    activate: (walletId) => folder.activate(walletId),
    async list() {
      const wallet = await folder.wallet(onlyId)
      if (wallet === undefined) return []
      const { walletId, name, state, publicKey, threshold, mySeat, epochs } = wallet
      const seats = wallet.seats.map(({ seat, identity }) => ({ seat, ...identity, ...labelByKeys(identity) }))
      const record: WalletRecord = {
        ...{ walletId, name, state, publicKey, threshold, mySeat, seats, sessionId: '', createdAtMs: 0 },
        ...(epochs && { epochs }),
      }
      return [record]
    },
    getShare: (walletId) => folder.share(walletId),
    describe: () => Promise.reject(new Error('a server party has no names of its own for members')),
    replaceShare: () => Promise.reject(new Error('a server party has one master key')),
    remove: () => Promise.reject(new Error('a server party removes nothing')),
    epochs: folder.epochs,
  }
}
