import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Arithmetic } from '../../integers/arithmetic.ts'
import { computingMs, measurePow } from '../../worker/speed.ts'
import { defaultThreads } from '../../worker/threads.ts'

describe('how many threads compute', () => {
  for (const [cores, memoryGb, threads] of [
    [1, 8, 1],
    [2, 8, 1],
    [4, 8, 3],
    [16, 32, 4],
    [8, 2, 2],
    [8, 1, 2],
  ] as const) {
    test(`${threads} on ${cores} cores with ${memoryGb} GB`, () => {
      assert.equal(defaultThreads(cores, memoryGb), threads)
    })
  }

  test('one where the engine says nothing of use, and by cores alone where it hides the memory', () => {
    assert.equal(defaultThreads(undefined), 1)
    assert.equal(defaultThreads(Number.NaN), 1)
    assert.equal(defaultThreads(0), 1)
    assert.equal(defaultThreads(8), 4)
  })
})

describe('how long a ceremony computes', () => {
  test('by the fastest of a few exponentiations, so that a pause does not count', async ({ mock }) => {
    let nowMs = 0
    mock.method(performance, 'now', () => nowMs)
    const trialsMs = [300, 8, 20]
    const arithmetic: Arithmetic = {
      products(_modulus, batch) {
        assert.equal(batch.length, 4)
        nowMs += trialsMs.shift() ?? assert.fail('one trial too many')
        return Promise.resolve(batch.map(() => 1n))
      },
      erase: () => undefined,
    }
    assert.equal(await measurePow(arithmetic), 2)
    assert.deepEqual(trialsMs, [])
  })

  test('as the bench measured it where the bench was run', () => {
    const there = { powMs: 2.48, threads: 1 }
    assert.ok(Math.abs(computingMs('create', 3, there) - 1360) < 100)
    assert.ok(Math.abs(computingMs('sign', 2, there) - 1.45 * 155) < 10)
  })

  test('longer with a slower kernel and more people, shorter with more threads', () => {
    const [slow, fast] = [
      { powMs: 8, threads: 1 },
      { powMs: 2, threads: 1 },
    ]
    assert.equal(computingMs('create', 3, slow), 4 * computingMs('create', 3, fast))
    assert.ok(computingMs('sign', 5, fast) > computingMs('sign', 2, fast))
    assert.ok(computingMs('create', 3, { ...fast, threads: 4 }) < computingMs('create', 3, fast) / 2)
  })
})
