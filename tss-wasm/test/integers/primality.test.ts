import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isProbablePrime, smallFactor, smallPrimes } from '../../integers/primality.ts'
import { referenceArithmetic } from '../../integers/reference.ts'
import { systemRandom } from '../../random.ts'

test('Miller-Rabin knows primes from composites, Carmichael numbers and squares included', async () => {
  const tools = { arithmetic: referenceArithmetic, random: systemRandom }
  const prime = (n: bigint) => isProbablePrime(n, 20, tools)
  for (const n of [2n, 3n, 997n, 1009n, (1n << 127n) - 1n, (1n << 521n) - 1n])
    assert.equal(await prime(n), true, `${n}`)
  const carmichaelWithLargeFactors = 1009n * 2017n * 3025n
  const composites = [
    0n,
    1n,
    4n,
    561n,
    1009n * 1009n,
    carmichaelWithLargeFactors,
    (1n << 127n) - 3n,
    ((1n << 61n) - 1n) ** 2n,
  ]
  for (const n of composites) assert.equal(await prime(n), false, `${n}`)
})

test('small factors are found below 1000', () => {
  assert.equal(smallPrimes.length, 168)
  assert.equal(smallFactor(1009n * 991n), 991n)
  assert.equal(smallFactor(1009n * 1013n), undefined)
})
