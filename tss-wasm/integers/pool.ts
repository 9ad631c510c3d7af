import { ProtocolAbort } from '../failure.ts'
import type { Arithmetic, Modulus, Product } from './arithmetic.ts'
import type { Kernel } from './kernel.ts'
import { checkModulus, checkProduct } from './limits.ts'
import { bitLength } from './numberTheory.ts'
import { wasmArithmetic } from './wasm.ts'

/** A worker as the pool sees it; pool.node.ts and pool.web.ts make them. */
export interface PoolWorker {
  post(message: ToWorker): void
  terminate(): void
}

/** What a worker tells: an answer, or that it died and why. */
export interface PoolEvents {
  readonly onAnswer: (answer: FromWorker) => void
  readonly onCrash: (detail: string) => void
}

export type StartWorker = (events: PoolEvents) => PoolWorker

export type ToWorker =
  | { readonly kind: 'start'; readonly kernel: Kernel }
  | { readonly kind: 'products'; readonly id: number; readonly modulus: Modulus; readonly batch: readonly Product[] }
  | { readonly kind: 'erase' }

export type FromWorker =
  | { readonly kind: 'values'; readonly id: number; readonly values: readonly bigint[] }
  | { readonly kind: 'failed'; readonly id: number; readonly detail: string }
  | { readonly kind: 'erased' }

interface Job {
  readonly resolve: (values: readonly bigint[]) => void
  readonly reject: (reason: unknown) => void
}

/**
 * `Arithmetic` spread over `size` workers. Values are those of one thread for any size. When a worker dies, everything
 * outstanding and everything asked later rejects with `engine-crashed`.
 */
export function pooledArithmetic(size: number, kernel: Kernel, start: StartWorker): Arithmetic {
  if (!Number.isInteger(size) || size < 1 || size > 64) throw new RangeError('a pool has 1 to 64 workers')
  const jobs = new Map<number, Job>()
  let nextId = 0
  let nextWorker = 0
  let over: Error | undefined

  function crash(detail: string): void {
    over ??= new ProtocolAbort({ kind: 'engine-crashed', detail })
    for (const worker of workers) worker.terminate()
    for (const { reject } of jobs.values()) reject(over)
    jobs.clear()
  }

  const workers = Array.from({ length: size }, () => {
    const worker = start({
      onAnswer: (answer) => {
        if (answer.kind === 'erased') {
          worker.terminate()
          return
        }
        const job = jobs.get(answer.id)
        jobs.delete(answer.id)
        if (answer.kind === 'values') job?.resolve(answer.values)
        else job?.reject(new Error(answer.detail))
      },
      onCrash: crash,
    })
    worker.post({ kind: 'start', kernel })
    return worker
  })

  function ask(modulus: Modulus, batch: readonly Product[]): Promise<readonly bigint[]> {
    const id = nextId++
    const worker = workers[nextWorker++ % size]
    return new Promise((resolve, reject) => {
      jobs.set(id, { resolve, reject })
      worker?.post({ kind: 'products', id, modulus, batch })
    })
  }

  return {
    async products(modulus, batch) {
      if (over !== undefined) throw over
      checkModulus(modulus)
      batch.forEach(checkProduct)
      const shares = dealt(batch, size)
      const answers = await Promise.all(
        shares.map((share) =>
          ask(
            modulus,
            share.map(({ terms }) => terms),
          ),
        ),
      )
      const results = new Array<bigint>(batch.length)
      shares.forEach((share, i) => {
        share.forEach(({ index }, j) => (results[index] = answers[i]?.[j] ?? 0n))
      })
      return results
    },
    erase() {
      over ??= new Error('arithmetic used after it was erased')
      for (const worker of workers) worker.post({ kind: 'erase' })
    },
  }
}

interface Entry {
  readonly index: number
  readonly terms: Product
}

/** Longest first, two by two in turn: kernels with two lanes want neighbours of like length. */
function dealt(batch: readonly Product[], size: number): Entry[][] {
  const byWork = batch.map((terms, index) => ({ index, terms })).sort((a, b) => work(b.terms) - work(a.terms))
  const shares = Array.from({ length: size }, (_, i) => byWork.filter((_entry, at) => (at >> 1) % size === i))
  return shares.filter((share) => share.length > 0)
}

function work(terms: Product): number {
  return terms.reduce((sum, { exponent, secretBits }) => sum + (secretBits ?? bitLength(exponent)), 0)
}

/** The inside of a worker: what it does with each message. */
export function poolServer(answer: (message: FromWorker) => void): (message: ToWorker) => Promise<void> {
  let arithmetic: Arithmetic | undefined
  return async (message) => {
    switch (message.kind) {
      case 'start':
        arithmetic = wasmArithmetic(message.kernel)
        return
      case 'erase':
        arithmetic?.erase()
        answer({ kind: 'erased' })
        return
      case 'products':
        try {
          if (arithmetic === undefined) throw new Error('asked before it was started')
          answer({ kind: 'values', id: message.id, values: await arithmetic.products(message.modulus, message.batch) })
        } catch (error) {
          answer({ kind: 'failed', id: message.id, detail: error instanceof Error ? error.message : 'unknown' })
        }
    }
  }
}
