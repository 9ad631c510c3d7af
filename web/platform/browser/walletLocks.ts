import type { HeldWallet, WalletLocks } from '../walletLocks.ts'

/** By Web Locks, which end with the tab that holds them, however that ends. */
export function browserWalletLocks(locks: LockManager = navigator.locks): WalletLocks {
  function hold(name: string, options: LockOptions): Promise<HeldWallet | undefined> {
    const granted = Promise.withResolvers<HeldWallet | undefined>()
    const letGo = Promise.withResolvers<undefined>()
    const held = locks.request(name, options, async (lock) => {
      if (lock === null) {
        granted.resolve(undefined)
        return
      }
      granted.resolve({
        get lost() {
          return lost // Node grants a free lock before `request` has returned
        },
        [Symbol.dispose]() {
          letGo.resolve(undefined)
        },
      })
      await letGo.promise
    })
    held.catch(granted.reject) // stolen or no longer waited for: an AbortError
    const lost = held.then(
      () => undefined,
      () => undefined,
    )
    return granted.promise
  }

  return {
    async acquire(walletId, how, signal, onWaiting) {
      const name = `quorate wallet ${walletId}`
      const first = await hold(name, how === 'take' ? { steal: true } : { ifAvailable: true })
      if (first !== undefined) return first
      onWaiting()
      const turn = await hold(name, { signal })
      if (turn === undefined) throw new Error('a lock that is waited for is granted')
      return turn
    },
  }
}
