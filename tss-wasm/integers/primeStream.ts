import { ProtocolAbort } from '../failure.ts'
import type { Kernel } from './kernel.ts'
import type { PoolWorker, StartWorker } from './poolWorker.ts'
import type { SearchProgress } from './primes.ts'

/** Safe primes as they are found, by several workers at once. */
export interface PrimeStream {
  next(): Promise<bigint>
  /** Resolves once every worker has overwritten its memory and is gone. */
  end(): Promise<void>
}

export interface PrimeStreamSettings {
  readonly size: number
  readonly bits: number
  readonly kernel: Kernel
  readonly start: StartWorker
  /** All workers taken together. */
  readonly onProgress: (progress: SearchProgress) => void
}

/**
 * A search has no memory, so `size` searches side by side find primes `size` times as often, whoever is first. When a
 * worker dies, every call rejects with `engine-crashed`.
 */
export function primeStream({ size, bits, kernel, start, onProgress }: PrimeStreamSettings): PrimeStream {
  const found: bigint[] = []
  const waiting: PromiseWithResolvers<bigint>[] = []
  const ended = Promise.withResolvers<undefined>()
  let erased = 0
  let over: ProtocolAbort | undefined

  function crash(detail: string): void {
    over ??= new ProtocolAbort({ kind: 'engine-crashed', detail })
    for (const worker of workers) worker.terminate()
    for (const { reject } of waiting.splice(0)) reject(over)
    ended.resolve(undefined)
  }

  const counts = Array.from({ length: size }, () => ({ finished: 0, tested: 0, perSecond: 0 }))
  const workers: readonly PoolWorker[] = counts.map((count) => {
    const worker = start({
      onAnswer: (answer) => {
        if (answer.kind === 'prime') {
          count.finished += count.tested
          count.tested = 0
          const next = waiting.shift()
          if (next === undefined) found.push(answer.prime)
          else next.resolve(answer.prime)
        } else if (answer.kind === 'searched') {
          const { tested, perSecond, chancePerTest } = answer.progress
          Object.assign(count, { tested, perSecond })
          onProgress({
            tested: counts.reduce((sum, one) => sum + one.finished + one.tested, 0),
            perSecond: counts.reduce((sum, one) => sum + one.perSecond, 0),
            chancePerTest,
          })
        } else if (answer.kind === 'crashed') {
          crash(answer.detail)
        } else if (answer.kind === 'erased') {
          worker.terminate()
          erased += 1
          if (erased === size) ended.resolve(undefined)
        }
      },
      onCrash: crash,
    })
    worker.post({ kind: 'search', kernel, bits })
    return worker
  })

  return {
    next() {
      if (over !== undefined) return Promise.reject(over)
      const prime = found.shift()
      if (prime !== undefined) return Promise.resolve(prime)
      const next = Promise.withResolvers<bigint>()
      waiting.push(next)
      return next.promise
    },
    end() {
      if (over === undefined) for (const worker of workers) worker.post({ kind: 'erase' })
      return ended.promise
    },
  }
}
