import { systemRandom } from '../random.ts'
import type { Arithmetic, Modulus, Product } from './arithmetic.ts'
import type { Kernel } from './kernel.ts'
import { findSafePrime, type SearchProgress } from './primes.ts'
import { wasmArithmetic } from './wasm.ts'

/** A worker as a pool sees it; pool.node.ts and pool.web.ts make them. */
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
  /** Safe primes, one after the other, until `erase`. */
  | { readonly kind: 'search'; readonly kernel: Kernel; readonly bits: number }
  /** All scratch memory to zeros; the last message. */
  | { readonly kind: 'erase' }

export type FromWorker =
  | { readonly kind: 'values'; readonly id: number; readonly values: readonly bigint[] }
  | { readonly kind: 'failed'; readonly id: number; readonly detail: string }
  | { readonly kind: 'prime'; readonly prime: bigint }
  | { readonly kind: 'searched'; readonly progress: SearchProgress }
  | { readonly kind: 'erased' }
  /** Browsers tell nobody of a rejected promise in a worker, so it says so itself. */
  | { readonly kind: 'crashed'; readonly detail: string }

/** The inside of a worker: what it does with each message. */
export function poolServer(answer: (message: FromWorker) => void): (message: ToWorker) => void {
  let arithmetic: Arithmetic | undefined
  let searching: Promise<void> | undefined
  let over = false

  async function search(kernel: Kernel, bits: number): Promise<void> {
    const onProgress = (progress: SearchProgress): void => {
      answer({ kind: 'searched', progress })
    }
    while (!over) {
      const found = findSafePrime({ bits, kernel, random: systemRandom, onProgress, shouldStop: () => over })
      const prime = await found.catch((error: unknown) => {
        if (!over) throw error
      })
      if (prime !== undefined) answer({ kind: 'prime', prime })
    }
  }

  async function serve(message: ToWorker): Promise<void> {
    switch (message.kind) {
      case 'start':
        arithmetic = wasmArithmetic(message.kernel)
        return
      case 'search':
        searching = search(message.kernel, message.bits)
        return searching
      case 'erase':
        over = true
        await searching
        arithmetic?.erase()
        answer({ kind: 'erased' })
        return
      case 'products':
        try {
          if (arithmetic === undefined) throw new Error('asked before it was started')
          answer({ kind: 'values', id: message.id, values: await arithmetic.products(message.modulus, message.batch) })
        } catch (error) {
          answer({ kind: 'failed', id: message.id, detail: detailOf(error) })
        }
    }
  }

  return (message) => {
    serve(message).catch((error: unknown) => {
      answer({ kind: 'crashed', detail: detailOf(error) })
    })
  }
}

function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown'
}
