import type { WalletLocks } from '../walletLocks.ts'
import { heldLock } from './heldLock.ts'

/** By Web Locks, which end with the tab that holds them, however that ends. */
export function browserWalletLocks(locks: LockManager = navigator.locks): WalletLocks {
  return {
    async acquire(walletId, how, signal, onWaiting) {
      const name = `quorate wallet ${walletId}`
      const first = await heldLock(locks, name, how === 'take' ? { steal: true } : { ifAvailable: true })
      if (first !== undefined) return first
      onWaiting()
      const turn = await heldLock(locks, name, { signal })
      if (turn === undefined) throw new Error('a lock that is waited for is granted')
      return turn
    },
  }
}
