import { ProtocolAbort } from '../failure.ts'
import type { Arithmetic, Modulus, Product } from './arithmetic.ts'
import type { Kernel } from './kernel.ts'
import { checkModulus, checkProduct } from './limits.ts'
import { bitLength } from './numberTheory.ts'
import type { FromWorker, PoolWorker, StartWorker } from './poolWorker.ts'
import { wasmArithmetic } from './wasm.ts'

/** `Arithmetic` whose workers are gone once `closed` resolves: after `erase`, or after one of them died. */
export interface PooledArithmetic extends Arithmetic {
  readonly closed: Promise<void>
}

interface Job {
  readonly work: number
  readonly resolve: (values: readonly bigint[]) => void
  readonly reject: (reason: unknown) => void
}

interface Member {
  readonly worker: PoolWorker
  readonly jobs: Map<number, Job>
}

/** One exponentiation of 2048 bits modulo as many, a few milliseconds: the unit in which work is reckoned. */
const unit = 2048 ** 3
/** Less than this is done sooner than it is told. */
const leastWork = unit / 2
/** What a worker gets of a batch at least: both lanes of a kernel filled once ... */
const leastShare = 2 * unit
/** ... and enough exponentiations of a fixed base to be worth a table of its own. */
const leastFixedShare = 24 * unit

/**
 * `Arithmetic` spread over `size` workers; what is too little to spread is computed here. Values are those of one thread
 * for any size. When a worker dies, everything outstanding and everything asked later rejects with `engine-crashed`.
 */
export function pooledArithmetic(size: number, kernel: Kernel, start: StartWorker): PooledArithmetic {
  if (!Number.isInteger(size) || size < 1 || size > 64) throw new RangeError('a pool has 1 to 64 workers')
  const closed = Promise.withResolvers<undefined>()
  const local = wasmArithmetic(kernel)
  /** Who has the tables of a modulus. */
  const homes = new Map<bigint, Member>()
  let nextId = 0
  let erased = 0
  let over: Error | undefined

  function crash(detail: string): void {
    over ??= new ProtocolAbort({ kind: 'engine-crashed', detail })
    local.erase()
    for (const { worker, jobs } of members) {
      worker.terminate()
      for (const { reject } of jobs.values()) reject(over)
      jobs.clear()
    }
    closed.resolve(undefined)
  }

  function answered(member: Member, answer: FromWorker): void {
    if (answer.kind === 'erased') {
      member.worker.terminate()
      erased += 1
      if (erased === size) closed.resolve(undefined)
    } else if (answer.kind === 'crashed') {
      crash(answer.detail)
    } else if (answer.kind === 'values' || answer.kind === 'failed') {
      const job = member.jobs.get(answer.id)
      member.jobs.delete(answer.id)
      if (answer.kind === 'values') job?.resolve(answer.values)
      else job?.reject(new Error(answer.detail))
    }
  }

  const members = Array.from({ length: size }, (): Member => {
    const worker = start({
      onAnswer: (answer) => {
        answered(member, answer)
      },
      onCrash: crash,
    })
    const member: Member = { worker, jobs: new Map() }
    worker.post({ kind: 'start', kernel })
    return member
  })

  function ask({ worker, jobs }: Member, modulus: Modulus, share: readonly Entry[]): Promise<readonly bigint[]> {
    const id = nextId++
    return new Promise((resolve, reject) => {
      jobs.set(id, { work: workOf(modulus, share), resolve, reject })
      worker.post({ kind: 'products', id, modulus, batch: share.map(({ terms }) => terms) })
    })
  }

  /** Those with the least to do, who has the modulus' tables first. */
  function idlest(modulus: Modulus, count: number): readonly Member[] {
    const home = homes.get(modulus.value)
    const load = (member: Member): number => [...member.jobs.values()].reduce((sum, job) => sum + job.work, 0)
    const chosen = members.toSorted((a, b) => Number(b === home) - Number(a === home) || load(a) - load(b))
    if (home === undefined && chosen[0] !== undefined) homes.set(modulus.value, chosen[0])
    return chosen.slice(0, count)
  }

  return {
    closed: closed.promise,
    async products(modulus, batch) {
      if (over !== undefined) throw over
      checkModulus(modulus)
      batch.forEach(checkProduct)
      const entries = batch.map((terms, index) => ({ index, terms }))
      const work = workOf(modulus, entries)
      if (work < leastWork) return local.products(modulus, batch)
      const isFixed = batch.some((terms) => terms.some(({ uses }) => uses !== undefined))
      const parts = Math.max(1, Math.min(size, Math.floor(work / (isFixed ? leastFixedShare : leastShare))))
      const shares = dealt(entries, parts)
      const chosen = idlest(modulus, shares.length)
      const results = new Array<bigint>(batch.length)
      await Promise.all(
        chosen.map(async (member, i) => {
          const share = shares[i] ?? []
          const values = await ask(member, modulus, share)
          share.forEach(({ index }, j) => (results[index] = values[j] ?? 0n))
        }),
      )
      return results
    },
    erase() {
      if (over !== undefined) return
      over = new Error('arithmetic used after it was erased')
      local.erase()
      for (const { worker, jobs } of members) {
        for (const { reject } of jobs.values()) reject(over)
        jobs.clear()
        worker.post({ kind: 'erase' })
      }
    },
  }
}

interface Entry {
  readonly index: number
  readonly terms: Product
}

/** Longest first, two by two in turn: kernels with two lanes want neighbours of like length. */
function dealt(entries: readonly Entry[], parts: number): Entry[][] {
  const byLength = entries.toSorted((a, b) => bitsOf(b.terms) - bitsOf(a.terms))
  const shares = Array.from({ length: parts }, (_, i) => byLength.filter((_entry, at) => (at >> 1) % parts === i))
  return shares.filter((share) => share.length > 0)
}

function bitsOf(terms: Product): number {
  return terms.reduce((sum, { exponent, secretBits }) => sum + (secretBits ?? bitLength(exponent)), 0)
}

function workOf({ value }: Modulus, entries: readonly Entry[]): number {
  return bitLength(value) ** 2 * entries.reduce((sum, { terms }) => sum + bitsOf(terms), 0)
}
