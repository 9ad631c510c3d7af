import { forgetOrders } from '../orders/orders.ts'
import { forgetReshares } from '../orders/reshares.ts'
import { forgetAnswers } from '../rest/idempotency.ts'
import { logBug } from '../process/log.ts'
import type { Services } from '../rpc/services.ts'
import type { Database } from '../storage/database.ts'

const sweepEveryMs = 2000

/** Ends expired sessions every few seconds until disposed. */
export function sweeping({ sessions, requests, budget, now, log }: Services, database: Database): AsyncDisposable {
  let running: Promise<void> = Promise.resolve()
  const sweep = async () => {
    try {
      for (const session of await sessions.sweep(now())) log('expired', { session })
      await forgetOrders(database, now())
      await forgetReshares(database, now())
      await forgetAnswers(database, now())
      await requests.sweep(now())
      await budget.measure()
    } catch (error) {
      logBug(log, error)
    }
  }
  const timer = setInterval(() => {
    running = running.then(sweep)
  }, sweepEveryMs)
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await running
    },
  }
}
