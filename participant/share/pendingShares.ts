import type { KeyScheme } from '../../tss-wasm/content/keyScheme.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { NewWallet } from '../../tss-wasm/worker/api.ts'
import type { ShareUnderWay } from './pendingSession.ts'

/** What a new share is to be stored with. */
export interface MadeShare extends NewWallet {
  readonly walletName: string
  readonly roster: Roster
  /** Where it is a share of another scheme's key. */
  readonly key?: KeyScheme
}

/**
 * How a host keeps a share that does not count yet. Every promise resolves once the change is durable; after one that
 * rejects, what is there decides (settleShare.ts).
 */
export interface PendingShares {
  /** What is stored of it now. */
  state(share: ShareUnderWay): Promise<'none' | 'pending' | 'active'>
  /** From now on our confirmation may have left; never taken back. */
  markLeaving(share: ShareUnderWay): Promise<void>
  /** Everybody has confirmed: the pending share is a wallet's, and nothing is to be settled any more. */
  activate(share: ShareUnderWay): Promise<void>
  /** Nobody can count on it: the pending share goes, if there is one, and what was noted. */
  discard(share: ShareUnderWay): Promise<void>
  /** Nothing is to be settled any more; a share stays as it is. */
  forget(share: ShareUnderWay): Promise<void>
}

/** The same, where shares are made. @typeParam Kept what the host calls a wallet that it keeps */
export interface NewShares<Kept> extends PendingShares {
  /** Before the run begins: from now on others may wait for our word. */
  note(share: ShareUnderWay): Promise<void>
  /**
   * The sealed share, as pending and read back, with what is needed to settle it.
   * @throws when there is a share of this wallet already: nothing is ever overwritten
   */
  store(share: ShareUnderWay, made: MadeShare): Promise<Kept>
}
