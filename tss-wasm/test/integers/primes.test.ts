import assert from 'node:assert/strict'
import { checkPrimeSync } from 'node:crypto'
import { test } from 'node:test'
import { loadKernel } from '../../integers/load.node.ts'
import { findSafePrime, type SearchProgress } from '../../integers/primes.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'

for (const [bits, kernelName] of [
  [64, 'portable'],
  [65, 'relaxed-simd'],
  [256, 'portable'],
  [256, 'relaxed-simd'],
  [1024, 'relaxed-simd'],
] as const) {
  test(`a safe prime of ${bits} bits (${kernelName})`, async () => {
    const progress: SearchProgress[] = []
    const p = await findSafePrime({
      bits,
      kernel: await loadKernel(kernelName),
      random: seededRandom(`safe prime ${bits}`),
      onProgress: (step) => progress.push(step),
    })
    assert.ok(p.toString(2).length === bits && p.toString(2).startsWith('11'), 'length and top bits')
    assert.ok(checkPrimeSync(p) && checkPrimeSync((p - 1n) / 2n), 'OpenSSL agrees')
    for (const { chancePerTest, perSecond } of progress)
      assert.ok(chancePerTest > 0 && chancePerTest < 1 && perSecond > 0)
  })
}

test('the search stops when told to', async () => {
  const search = { bits: 2048, kernel: await loadKernel(), random: seededRandom('stopped'), shouldStop: () => true }
  await assert.rejects(findSafePrime(search), { name: 'AbortError' })
})

test('one seed, one prime', async () => {
  const search = async () => findSafePrime({ bits: 128, kernel: await loadKernel(), random: seededRandom('twice') })
  assert.equal(await search(), await search())
})
