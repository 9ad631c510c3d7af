import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { seed } from '../../../testkit/seededRandom.ts'
import { type Action, decide, type Situation } from '../../epoch/decide.ts'
import { live, type Decide, type Draw } from './world.ts'

const schedules = process.env['DEEP'] === '1' ? 100_000 : 10_000

/** xorshift: the same schedule for the same seed, and no secrets here. */
function drawing(schedule: number): Draw {
  let state = createHash('sha256').update(`${seed}/${schedule}`).digest().readInt32BE() || 1
  return (end) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return end <= 0 ? 0 : (state >>> 0) % end
  }
}

describe('any schedule of resharings, deaths, losses and rivals', () => {
  it('leaves somebody who can sign at every instant, and everybody in one epoch at rest', () => {
    const counts = { schedules, steps: 0, attempts: 0, certified: 0, deaths: 0 }
    for (let schedule = 0; schedule < schedules; schedule += 1) {
      const { finding, steps, attempts, certified, deaths } = live(drawing(schedule))
      assert.equal(finding, undefined, `schedule ${schedule}`)
      counts.steps += steps
      counts.attempts += attempts
      counts.certified += certified
      counts.deaths += deaths
    }
    console.log('RESHARING:', JSON.stringify(counts))
    assert.ok(counts.certified > schedules / 10 && counts.deaths > schedules, 'something happens in them')
  })

  const hasConfirmed = ({ attempts, current }: Situation) =>
    attempts.find(({ said, isCertified, number }) => said === 'confirmation' && !isCertified && number !== current)
  const broken: [string, (situation: Situation, right: Action) => Action][] = [
    [
      'the first certificate wins',
      ({ current }, right) => (right.do === 'switch' && (current ?? 0) > 0 ? { do: 'rest' } : right),
    ],
    [
      'a party withdraws after it has confirmed',
      (situation, right) => {
        const attempt = hasConfirmed(situation)?.number
        return attempt === undefined ? right : { do: 'withdraw', attempt }
      },
    ],
    [
      'a share is erased when its successor is confirmed, not certified',
      (situation, right) => {
        const old = situation.held.find((epoch) => epoch === situation.current)
        return old === undefined || hasConfirmed(situation) === undefined ? right : { do: 'erase', epoch: old }
      },
    ],
  ]
  for (const [bug, change] of broken) {
    it(`shows what is wrong where ${bug}`, () => {
      const rule: Decide = (situation) => change(situation, decide(situation))
      // The rarest of them shows in one schedule of two hundred.
      const isFound = Array.from({ length: 10_000 }, (_, schedule) => schedule).some(
        (schedule) => live(drawing(schedule), rule).finding !== undefined,
      )
      assert.ok(isFound)
    })
  }
})
