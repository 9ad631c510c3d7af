import type { RecordedEpochs } from '../../participant/reshare/recordedEpochs.ts'
import type { EpochStore } from '../../participant/reshare/walletEpochs.ts'
import type { SealedShare } from '../../tss-wasm/worker/api.ts'

/** What is kept beside the sealed share so that wallets can be listed without opening anything. Nothing secret. */
export interface WalletRecord {
  readonly walletId: string
  readonly name: string
  /**
   * pending: our share is stored, not everybody has confirmed yet; not to be shown as a wallet (ARCHITECTURE 2.7). joining:
   * we are to become a member by resharing. left: we were one, and the wallet goes on without us.
   */
  readonly state: 'pending' | 'active' | 'joining' | 'left'
  readonly sessionId: string
  readonly publicKey: Uint8Array
  readonly threshold: number
  readonly mySeat: number
  readonly seats: readonly WalletSeat[]
  readonly createdAtMs: number
  /** Put aside by its person; it goes on signing. */
  readonly isArchived?: boolean
  /** Of a restored wallet: the identity that the others know its seat by, sealed under this installation's key. */
  readonly sealedIdentity?: Uint8Array
  /** Once the wallet is reshared: seats and threshold are of its epoch. */
  readonly epochs?: RecordedEpochs
  /** When this device switched to that epoch, in milliseconds since 1970. */
  readonly renewedAtMs?: number
}

export interface WalletSeat {
  readonly seat: number
  /** What this device calls it. */
  readonly label: string
  /** What it called itself in the roster that everybody signed; missing where it did not. */
  readonly name?: string
  /** Name under which the coordinator knows it, for a server party. */
  readonly serverParty?: string
  /** 32 bytes each; none where an imported share does not say whose the seat is: nobody signs with it then. */
  readonly signingKey: Uint8Array
  readonly encryptionKey: Uint8Array
}

/** What the person calls a wallet and its members on this device, and whether it is put aside. Nothing depends on it. */
export interface WalletWords {
  readonly name: string
  /** By seat; those that are not given stay as they are. */
  readonly labels: Readonly<Record<number, string>>
  readonly isArchived: boolean
}

/**
 * Wallets on this device. Browser (IndexedDB) and desktop (files) implement it; one contract suite runs against both.
 * Every promise resolves only when the change is durable and was read back.
 */
export interface ShareStore {
  /** Stores a new wallet as pending. @throws if the wallet is there already: nothing is ever overwritten. */
  putPending(record: WalletRecord, share: SealedShare): Promise<void>
  activate(walletId: string): Promise<void>
  list(): Promise<readonly WalletRecord[]>
  /** The one that signs. */
  getShare(walletId: string): Promise<SealedShare | undefined>
  /**
   * The same share under another passphrase. The new one is stored beside and read back before it takes the old one's
   * place in one step: a crash leaves the one or the other, whole.
   * @throws if what is stored is not `old`, or if the new one does not read back: the old one stays then
   */
  replaceShare(walletId: string, old: SealedShare, share: SealedShare): Promise<void>
  /** Changes what the wallet and its members are called here, and nothing else. @throws if there is no such wallet */
  describe(walletId: string, words: WalletWords): Promise<void>
  /** Only for a pending wallet whose creation failed, or on the person's explicit wish. */
  remove(walletId: string): Promise<void>
  /** Of wallets that are reshared. */
  readonly epochs: EpochStore
}
