import { Code, ConnectError, type Interceptor } from '@connectrpc/connect'
import type { Ports } from '../web/jobs/ports.ts'

export type When = 'before' | 'after'

/** As if its machine lost power: from then on no call is answered and nothing is written. */
export interface Mortal {
  /** Stands between it and the coordinator. */
  readonly meddle: Interceptor
  /** Its stores, which outlive it. */
  stores(ports: Ports): Ports
  readonly died: Promise<undefined>
  readonly isDead: () => boolean
  /** It dies now, if it has not, and whatever still waits of it ends: a case is over. Resolves when what it wrote is written. */
  bury(): Promise<void>
  /** What it did so far: calls to the coordinator, and what it wrote. */
  readonly steps: string[]
}

/** When the caller does not wait any more, whatever answers or does not. */
function givenUp(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error)
    })
  })
}

/** What changes a store. Who dies around a look into one dies around the step before it. */
const writes = ['put', 'putPending', 'markLeaving', 'activate', 'remove', 'take', 'change', 'putShare', 'eraseShare']

/** Dies around its step number `index`, or around the first step for which `index` says so. */
export function mortal(index: number | ((step: string) => boolean), when: When): Mortal {
  const { promise: died, resolve: die } = Promise.withResolvers<undefined>()
  const steps: string[] = []
  let dead = false
  const { promise: buried, reject } = Promise.withResolvers<never>()
  buried.catch(() => undefined)
  const forever = () => buried
  const underWay = new Set<Promise<unknown>>()
  const noted = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work)
    const settled = () => underWay.delete(work)
    work.then(settled, settled)
    return work
  }

  async function step<T>(name: string, take: () => Promise<T>): Promise<T> {
    if (dead) return forever()
    const isLast = typeof index === 'number' ? steps.length === index : index(name)
    steps.push(name)
    if (!isLast) return take()
    if (when === 'after') await take()
    dead = true
    die(undefined)
    return forever()
  }

  function mortalStore<T extends object>(store: T): T {
    return new Proxy(store, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name)
        if (typeof method === 'object' && method !== null) return mortalStore(method)
        if (typeof method !== 'function') return method
        return (...given: unknown[]): unknown => {
          const use = () => noted(Promise.resolve(Reflect.apply(method, target, given) as unknown))
          if (writes.includes(String(name))) return step(String(name), use)
          return dead ? forever() : use()
        }
      },
    })
  }

  return {
    meddle: (next) => (request) =>
      Promise.race([step(request.method.name, () => next(request)), givenUp(request.signal)]),
    stores: (ports) => ({
      ...ports,
      shares: mortalStore(ports.shares),
      pending: mortalStore(ports.pending),
      preParameters: mortalStore(ports.preParameters),
    }),
    died,
    isDead: () => dead,
    async bury() {
      dead = true
      // Not for the network to mend: nobody tries again.
      reject(new ConnectError('the case is over', Code.PermissionDenied))
      await Promise.allSettled(underWay)
    },
    steps,
  }
}
