import type { ShareUnderWay } from '../../participant/share/pendingSession.ts'

/**
 * What is needed to find out what became of new wallets after an interruption. Kept apart from the wallets: losing it costs
 * only that a person has to decide. Every promise resolves once the change is durable.
 */
export interface PendingStore {
  /** Before the run begins, and again before its wallet is stored. */
  put(session: ShareUnderWay): Promise<void>
  /** From now on our confirmation may have left; never taken back. */
  markLeaving(sessionId: string): Promise<void>
  all(): Promise<readonly ShareUnderWay[]>
  remove(sessionId: string): Promise<void>
  /** While `work` runs, in this window or another, nobody else settles this session. */
  hold<T>(sessionId: string, work: () => Promise<T>): Promise<T>
  isHeld(sessionId: string): Promise<boolean>
}
