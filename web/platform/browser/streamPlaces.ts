import type { StreamKind, StreamPlaces } from '../../../participant/connection/asking.ts'
import { heldLock } from './heldLock.ts'

/**
 * How many streams of each kind all tabs of a browser hold open together. Over HTTP/1.1 it has six connections to a server:
 * two are left for pages and calls, however many tabs wait. The messages of a ceremony have a place that nobody who merely
 * waits can take.
 */
const most: Readonly<Record<StreamKind, number>> = { offers: 1, requests: 1, session: 1, messages: 1 }

/** Places that end with the tab that holds them, however that ends, because they are Web Locks. */
export function browserStreamPlaces(locks: LockManager = navigator.locks): StreamPlaces {
  return {
    async take(kind) {
      for (let place = 1; place <= most[kind]; place += 1) {
        const lock = await heldLock(locks, `quorate stream of ${kind} ${place}`, { ifAvailable: true })
        if (lock !== undefined) return lock
      }
      return undefined
    },
  }
}
