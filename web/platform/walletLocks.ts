/** One tab at a time works with a wallet. */
export interface WalletLocks {
  /**
   * Waits until no other tab works with it, or takes it from the one that does.
   * @param onWaiting called when it has to wait
   * @returns rejects with an AbortError when `signal` ends the waiting
   */
  acquire(walletId: string, how: 'wait' | 'take', signal: AbortSignal, onWaiting: () => void): Promise<HeldWallet>
}

export interface HeldWallet extends Disposable {
  /** Resolves when another tab has taken it, or it was let go. */
  readonly lost: Promise<void>
}
