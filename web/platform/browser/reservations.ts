import { bytesToHex } from '@noble/hashes/utils.js'
import { systemRandom } from '../../../tss-wasm/random.ts'
import type { Reservations } from '../../jobs/preParameterReservations.ts'
import { heldLock } from './heldLock.ts'

/**
 * By Web Locks: one for each set of pre-parameters that a tab counts on.
 * @param prefix what their names begin with
 */
export function browserReservations(locks: LockManager = navigator.locks, prefix = 'quorate set '): Reservations {
  /** A lock that is let go of is listed for a moment longer. */
  const over = new Set<string>()
  return {
    async count() {
      const { held = [] } = await locks.query()
      return held.filter(({ name = '' }) => name.startsWith(prefix) && !over.has(name)).length
    },
    async hold() {
      const name = `${prefix}${bytesToHex(systemRandom(16))}`
      const lock = await heldLock(locks, name, {})
      if (lock === undefined) throw new Error('a lock that nobody else knows is granted')
      return {
        [Symbol.dispose]() {
          over.add(name)
          lock[Symbol.dispose]()
        },
      }
    },
  }
}
