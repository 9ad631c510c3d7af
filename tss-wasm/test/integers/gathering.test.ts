import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Arithmetic } from '../../integers/arithmetic.ts'
import { gathering } from '../../integers/gathering.ts'
import { referenceArithmetic } from '../../integers/reference.ts'

function counted() {
  const sizes: string[] = []
  const behind: Arithmetic = {
    products(modulus, batch) {
      sizes.push(`${modulus.value}${modulus.factors ? '*' : ''}: ${batch.length}`)
      return referenceArithmetic.products(modulus, batch)
    },
    erase: () => sizes.push('erased'),
  }
  return { sizes, arithmetic: gathering(behind) }
}

const square = (base: bigint) => [{ base, exponent: 2n }]
const twoSteps = async (arithmetic: Arithmetic, value: bigint, base: bigint) => {
  const [once = 0n] = await arithmetic.products({ value }, [square(base)])
  return arithmetic.products({ value }, [square(once), square(once + 1n)])
}

test('calls made side by side become one batch per modulus, step after step', async () => {
  const { sizes, arithmetic } = counted()
  const results = await Promise.all([
    twoSteps(arithmetic, 101n, 3n),
    twoSteps(arithmetic, 103n, 4n),
    twoSteps(arithmetic, 101n, 5n),
  ])
  assert.deepEqual(results, [
    [81n, 100n],
    [50n, 83n],
    [19n, 70n],
  ])
  assert.deepEqual(sizes, ['101: 2', '103: 1', '101: 4', '103: 2'])
})

test('factors that one caller knows serve all, and change nothing', async () => {
  const { sizes, arithmetic } = counted()
  const factors = { primes: [7n, 11n], power: 1 } as const
  const [a, b] = await Promise.all([
    arithmetic.products({ value: 77n }, [square(10n)]),
    arithmetic.products({ value: 77n, factors }, [square(20n), []]),
  ])
  assert.deepEqual([a, b], [[23n], [15n, 1n]])
  assert.deepEqual(sizes, ['77*: 3'])
})

test("one caller's mistake fails that caller alone; erasing reaches what is behind", async () => {
  const { sizes, arithmetic } = counted()
  const good = arithmetic.products({ value: 101n }, [square(3n)])
  await assert.rejects(arithmetic.products({ value: 101n }, [[{ base: 3n, exponent: -1n }]]), RangeError)
  await assert.rejects(arithmetic.products({ value: 100n }, [square(3n)]), RangeError)
  assert.deepEqual(await good, [9n])
  arithmetic.erase()
  assert.deepEqual(sizes, ['101: 1', 'erased'])
})
