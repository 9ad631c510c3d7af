import type { PendingSession } from '../../proto/client/settle.ts'

/**
 * What is needed to find out what became of a wallet that was stored and not yet confirmed by all. Kept apart from the
 * wallets: losing it costs only that a person has to decide. Every promise resolves once the change is durable.
 */
export interface PendingStore {
  /** Before the wallet itself is stored. */
  put(walletId: string, session: PendingSession): Promise<void>
  /** From now on our confirmation may have left; never taken back. */
  markLeaving(walletId: string): Promise<void>
  all(): Promise<ReadonlyMap<string, PendingSession>>
  remove(walletId: string): Promise<void>
}
