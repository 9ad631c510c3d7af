import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import type { RandomSource } from '../../tss-wasm/random.ts'
import { examine, type Kind, largestT, type Subject, verdictOf, welchT } from '../rig.ts'

/** The same bytes in every run: what chance does here it does always. */
function seeded(label: string): RandomSource {
  let counter = 0
  return (length) => {
    counter += 1
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
      createHash('sha256').update(`${label} ${counter} ${i}`).digest(),
    )
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length))
  }
}

/** A machine whose time is ours: `run` takes what `cost` says, and now and then something interrupts it. */
function machine(cost: (secret: number) => number, random: RandomSource) {
  let now = 0
  const noise = () => {
    const [small = 0, rare = 0] = random(2)
    return small / 16 + (rare < 20 ? 40 * small : 0)
  }
  const subject: Subject<number> = {
    name: 'seeded',
    fixed: 'zero',
    prepare: (kind: Kind) => (kind === 'fixed' ? 0 : (random(1)[0] ?? 0)),
    run(secret) {
      now += cost(secret) + noise()
    },
  }
  return { subject, clock: () => now }
}

const setBits = (value: number): number => value.toString(2).replaceAll('0', '').length

describe('the constant-time rig', () => {
  for (const [name, cost, verdict] of [
    ['catches a step for every bit that is set, below interruptions that hide it', setBits, 'leaks'],
    ['catches a branch that half of the secrets take', (n: number) => (n % 2 === 1 ? 4 : 0), 'leaks'],
    ['has nothing against what takes the same time, interrupted as it is', () => 100, 'no evidence of a leak'],
  ] as const) {
    it(name, async () => {
      const random = seeded(name)
      const { subject, clock } = machine(cost, random)
      const result = await examine(subject, { samples: 10_000, random, clock })
      assert.equal(result.verdict, verdict, `|t| = ${result.t}`)
      assert.equal(result.samples, 10_000)
    })
  }

  it('sees below the interruptions only because it crops', () => {
    const random = seeded('cropping')
    const times = (shift: number) =>
      Array.from({ length: 2000 }, () => {
        const [small = 0, rare = 0] = random(2)
        return shift + small / 64 + (rare < 30 ? 100 * small : 0)
      })
    const [one, other] = [times(0), times(1)]
    assert.ok(Math.abs(welchT(one, other)) < 4.5)
    assert.ok(largestT(one, other) > 10)
  })

  it('computes Welch’s t', () => {
    // By hand: means 2 and 5, variances 1 and 4, three samples each: 3 / sqrt(1/3 + 4/3).
    assert.ok(Math.abs(welchT([1, 2, 3], [3, 5, 7]) + 3 / Math.sqrt(5 / 3)) < 1e-12)
  })

  it('counts for nothing when a control is not caught, or there is none', () => {
    const result = {
      name: 'x',
      fixed: '',
      isControl: true,
      samples: 1,
      t: 1,
      verdict: 'no evidence of a leak',
    } as const
    assert.match(verdictOf([result]).text, /counts for nothing/)
    assert.equal(verdictOf([{ ...result, isControl: false }]).passes, false)
    const caught = { ...result, verdict: 'leaks' } as const
    assert.equal(verdictOf([caught, { ...result, isControl: false }]).passes, true)
    assert.equal(verdictOf([caught, { ...caught, isControl: false }]).passes, false)
  })
})
