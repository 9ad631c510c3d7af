import type { Outcome } from '../../../tss-wasm/failure.ts'
import type { SealedPreParameters, SealedShare } from '../../../tss-wasm/worker/api.ts'
import type { News } from '../platform.ts'
import type { WalletRecord, WalletWords } from '../shareStore.ts'

/**
 * Everything the page may ask of the desktop: this list is the attack surface between them. electron/preload.ts provides
 * it, electron/handlers.ts answers. Failures are values, because an error that is thrown across loses its kind.
 */
export interface DesktopBridge {
  listWallets(): Promise<Outcome<readonly WalletRecord[]>>
  putPending(record: WalletRecord, share: SealedShare): Promise<Outcome<undefined>>
  /** Makes it a wallet, takes it away, or calls it something else. */
  settle(walletId: string, as: 'active' | 'removed' | WalletWords): Promise<Outcome<undefined>>
  replaceShare(walletId: string, old: SealedShare, share: SealedShare): Promise<Outcome<undefined>>
  /** What is known of the epochs of a wallet (`encodeEpochs`), and their shares. */
  epochs(walletId: string, wish: EpochsWish): Promise<Outcome<EpochsAnswer>>
  installation(): Promise<Outcome<Installation>>
  /** How many sets there are; after one more was put there, or one was taken, which is gone from the disk then. */
  prepared(wish: 'look' | 'take' | { readonly put: SealedPreParameters }): Promise<Outcome<Prepared>>
  announce(news: News): Promise<Outcome<undefined>>
  /** Events from before the first listener are kept for it. */
  onEvent(listener: (event: DesktopEvent) => void): void
}

export interface Installation {
  /** 32 bytes, the page's own key: opens its identity and pre-parameters, no share. To be imported and overwritten. */
  readonly pageKey: Uint8Array<ArrayBuffer>
  /** Sealed under `pageKey` (tss-wasm/identity, sealIdentity). */
  readonly identity: Uint8Array<ArrayBuffer>
}

export type EpochsWish =
  | 'look'
  /** Changes what is known, if it is still what it was. */
  | { readonly from: string; readonly to: string }
  | { readonly put: SealedShare; readonly number: number }
  /** The share of an epoch, or the one that signs. */
  | { readonly get: number | 'signing' }
  | { readonly erase: number }

/** How it stands after what was wished. */
export interface EpochsAnswer {
  readonly known: string
  readonly isThere: boolean
  readonly held: readonly number[]
  readonly share?: SealedShare
  /** Whether what was known was still what it had been. */
  readonly isChanged?: boolean
}

export interface Prepared {
  /** Sets that are left. */
  readonly count: number
  readonly taken?: SealedPreParameters
}

export type DesktopEvent =
  /** The person followed an invitation: its path and fragment, `join/...`, checked in form only. */
  | { readonly type: 'invitation'; readonly path: string }
  /** The person opened a backup file with this app. At most 1 MiB, not looked into. */
  | { readonly type: 'backup'; readonly name: string; readonly content: Uint8Array<ArrayBuffer> }

/** The bridge, when the page runs in the desktop app. */
export function desktopBridge(): DesktopBridge | undefined {
  return (globalThis as { quorateDesktop?: DesktopBridge }).quorateDesktop
}
