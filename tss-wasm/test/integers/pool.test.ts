import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolAbort } from '../../failure.ts'
import type { Arithmetic, Product } from '../../integers/arithmetic.ts'
import { bytesToInteger } from '../../integers/bytes.ts'
import { loadKernel } from '../../integers/load.node.ts'
import { startWorker } from '../../integers/pool.node.ts'
import { type PoolWorker, pooledArithmetic } from '../../integers/pool.ts'
import { referenceArithmetic } from '../../integers/reference.ts'
import { seededRandom } from '../seededRandom.ts'

const kernel = await loadKernel()
const random = seededRandom('pool')
const draw = (bits: number): bigint => bytesToInteger(random(bits / 8))
const modulus = { value: draw(512) | (1n << 511n) | 1n }
const batch = Array.from({ length: 13 }, (_, i): Product => {
  const term = { base: draw(512), exponent: draw(8 * (i + 1)), secretBits: 128 }
  return i % 3 === 0 ? [term] : [term, { base: 7n, exponent: BigInt(i), fixed: true }]
})

test('the same values for any number of workers and any length of the batch', async () => {
  for (const size of [1, 2, 3]) {
    const pool = pooledArithmetic(size, kernel, startWorker)
    try {
      for (const length of [0, 1, 2, 5, 13]) {
        const some = batch.slice(0, length)
        assert.deepEqual(await pool.products(modulus, some), await referenceArithmetic.products(modulus, some))
      }
      const [first, second] = await Promise.all([pool.products(modulus, batch), pool.products(modulus, batch)])
      assert.deepEqual(first, second)
      await assert.rejects(pool.products({ value: 4n }, batch), RangeError)
    } finally {
      pool.erase()
    }
    await assert.rejects(pool.products(modulus, batch), /erased/)
  }
})

test('a crashed worker is a named failure of this call and of all later ones', async () => {
  const workers: PoolWorker[] = []
  const pool: Arithmetic = pooledArithmetic(2, kernel, (events) => {
    const worker = startWorker(events)
    workers.push(worker)
    return worker
  })
  const crashed = (error: unknown): boolean => error instanceof ProtocolAbort && error.failure.kind === 'engine-crashed'
  // Not a module: a worker that is told to start with it throws, as one out of memory would.
  workers[1]?.post({ kind: 'start', kernel: { name: 'portable', module: {} } })
  await assert.rejects(pool.products(modulus, batch), crashed)
  await assert.rejects(pool.products(modulus, batch), crashed)
})
