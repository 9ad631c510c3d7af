import assert from 'node:assert/strict'
import { checkPrimeSync } from 'node:crypto'
import { test } from 'node:test'
import { ProtocolAbort } from '../../failure.ts'
import type { Product } from '../../integers/arithmetic.ts'
import { bytesToInteger } from '../../integers/bytes.ts'
import { loadKernel } from '../../integers/load.node.ts'
import { startWorker } from '../../integers/pool.node.ts'
import { pooledArithmetic } from '../../integers/pool.ts'
import { primeStream } from '../../integers/primeStream.ts'
import { referenceArithmetic } from '../../integers/reference.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'

const kernel = await loadKernel()
const random = seededRandom('pool')
const draw = (bits: number): bigint => bytesToInteger(random(bits / 8))
const modulus = { value: draw(2048) | (1n << 2047n) | 1n }
const batch = Array.from({ length: 13 }, (_, i): Product => {
  const term = { base: draw(2048), exponent: draw(128 * (i + 1)), secretBits: 1664 }
  return i % 3 === 0 ? [term] : [term, { base: 7n, exponent: BigInt(i), uses: 20 }]
})

test('the same values for any number of workers and any length of the batch', async () => {
  for (const size of [1, 2, 3]) {
    const pool = pooledArithmetic(size, kernel, startWorker)
    try {
      for (const length of [0, 1, 2, 5, 13]) {
        const some = batch.slice(0, length)
        assert.deepEqual(await pool.products(modulus, some), await referenceArithmetic.products(modulus, some))
      }
      const square = { value: modulus.value ** 2n, root: modulus.value }
      const some = batch.slice(0, 5)
      assert.deepEqual(await pool.products(square, some), await referenceArithmetic.products(square, some))
      const [first, second] = await Promise.all([pool.products(modulus, batch), pool.products(modulus, batch)])
      assert.deepEqual(first, second)
      await assert.rejects(pool.products({ value: 4n }, batch), RangeError)
    } finally {
      pool.erase()
      await pool.closed
    }
    await assert.rejects(pool.products(modulus, batch), /erased/)
  }
})

test('a crashed worker is a named failure of this call and of all later ones', async () => {
  let started = 0
  const pool = pooledArithmetic(2, kernel, (events) => {
    const worker = startWorker(events)
    const isSecond = started++ === 1
    // Not a module: a worker that is told to start with it throws, as one out of memory would.
    const broken = { kind: 'start', kernel: { name: 'portable', module: {} } } as const
    return {
      ...worker,
      post: (message) => {
        worker.post(isSecond && message.kind === 'products' ? broken : message)
      },
    }
  })
  const crashed = (error: unknown): boolean => error instanceof ProtocolAbort && error.failure.kind === 'engine-crashed'
  // Enough for both workers, without the tables that only one of them would build.
  const plain = batch.filter((terms) => terms.length === 1)
  await assert.rejects(pool.products(modulus, [...plain, ...plain]), crashed)
  await assert.rejects(pool.products(modulus, batch), crashed)
  await pool.closed
})

test('one worker builds the tables of a modulus', async () => {
  const asked: number[] = []
  let started = 0
  const pool = pooledArithmetic(2, kernel, (events) => {
    const worker = startWorker(events)
    const name = started++
    return {
      ...worker,
      post: (message) => {
        if (message.kind === 'products') asked.push(name)
        worker.post(message)
      },
    }
  })
  const fixed = (bits: number): Product => [{ base: 7n, exponent: draw(bits), uses: 20 }]
  const small = [fixed(2048), fixed(2048)]
  for (let call = 0; call < 3; call++) {
    const [ours, expected] = await Promise.all([
      pool.products(modulus, small),
      referenceArithmetic.products(modulus, small),
    ])
    assert.deepEqual(ours, expected)
  }
  assert.equal(new Set(asked).size, 1)
  pool.erase()
  await pool.closed
})

test('safe primes come from several searches at once, until the stream ends', async () => {
  const stream = primeStream({ size: 2, bits: 512, kernel, start: startWorker, onProgress: () => undefined })
  const primes = await Promise.all([stream.next(), stream.next(), stream.next()])
  await stream.end()
  assert.equal(new Set(primes).size, 3)
  for (const p of primes) assert.ok(checkPrimeSync(p) && checkPrimeSync((p - 1n) / 2n) && p.toString(2).length === 512)
})

test('a crashed search is a named failure', async () => {
  const broken = { name: 'portable', module: {} as WebAssembly.Module } as const
  const stream = primeStream({ size: 2, bits: 512, kernel: broken, start: startWorker, onProgress: () => undefined })
  await assert.rejects(
    stream.next(),
    (error: unknown) => error instanceof ProtocolAbort && error.failure.kind === 'engine-crashed',
  )
  await stream.end()
})
