import type { HeldWallet } from '../walletLocks.ts'

/**
 * A Web Lock, which ends with the tab that holds it, however that ends.
 * @returns undefined: with `ifAvailable`, when somebody else has it
 * @throws AbortError when it is no longer waited for
 */
export function heldLock(locks: LockManager, name: string, options: LockOptions): Promise<HeldWallet | undefined> {
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
