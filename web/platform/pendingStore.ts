import type { PendingSession } from '../../participant/share/pendingSession.ts'

/** A session in which we make, or made, a share that does not count yet. */
export interface SessionUnderWay extends PendingSession {
  /** Empty before there is a share. */
  readonly walletId: string
  readonly mySeat: number
}

/**
 * What is needed to find out what became of new wallets after an interruption. Kept apart from the wallets: losing it costs
 * only that a person has to decide. Every promise resolves once the change is durable.
 */
export interface PendingStore {
  /** Before the run begins, and again before its wallet is stored. */
  put(session: SessionUnderWay): Promise<void>
  /** From now on our confirmation may have left; never taken back. */
  markLeaving(sessionId: string): Promise<void>
  all(): Promise<readonly SessionUnderWay[]>
  remove(sessionId: string): Promise<void>
  /** While `work` runs, in this window or another, nobody else settles this session. */
  hold<T>(sessionId: string, work: () => Promise<T>): Promise<T>
  isHeld(sessionId: string): Promise<boolean>
}
