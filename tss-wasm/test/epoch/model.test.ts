import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Action, type Attempt, decide, type Situation } from '../../epoch/decide.ts'

/**
 * Every order of events: epoch 0 is a 2-of-3 key of parties 1, 2, 3. Attempt 1 hands it to 1, 2, c; attempt 2, which
 * supersedes it, to 1, 2, d. Parties store, die, change their mind, and hear of certificates whenever it pleases anybody.
 */
const parties = ['1', '2', '3', 'c', 'd'] as const
const numbers = [1, 2] as const
const members: Readonly<Record<number, readonly string[]>> = {
  0: ['1', '2', '3'],
  1: ['1', '2', 'c'],
  2: ['1', '2', 'd'],
}
const threshold = 2

interface PartyState {
  readonly held: readonly number[]
  readonly current: number | undefined
  readonly confirmed: readonly number[]
  readonly withdrawn: readonly number[]
}
interface State {
  readonly dealt: readonly number[]
  readonly parties: readonly PartyState[]
}
type Decide = (situation: Situation) => Action

const with_ = (list: readonly number[], ...more: readonly number[]) => [...new Set([...list, ...more])].sort()
const without = (list: readonly number[], gone: number) => list.filter((one) => one !== gone)
const isMember = (name: string, number: number) => members[number]?.includes(name) === true
const at = (state: State, name: string): PartyState =>
  state.parties[parties.findIndex((one) => one === name)] ?? assert.fail(name)
const isCertified = (state: State, number: number) =>
  members[number]?.every((name) => at(state, name).confirmed.includes(number)) === true
const isAborted = (state: State, number: number) =>
  members[number]?.some((name) => at(state, name).withdrawn.includes(number)) === true

/** Both ways of every yes or no. */
const subsets = (list: readonly number[]): number[][] =>
  list.reduce<number[][]>((all, one) => all.flatMap((some) => [some, [...some, one]]), [[]])

function* movesOf(state: State, rule: Decide): Generator<readonly [name: string, next: State]> {
  const atParent = ['1', '2', '3'].filter((name) => at(state, name).held.includes(0) && at(state, name).current === 0)
  for (const number of numbers) {
    const isNext = number === 1 || state.dealt.includes(1)
    if (!state.dealt.includes(number) && isNext && atParent.length >= threshold)
      yield [`attempt ${number} is dealt`, { ...state, dealt: with_(state.dealt, number) }]
  }
  for (const [i, name] of parties.entries()) {
    const own = at(state, name)
    const put = (next: PartyState): State => ({
      ...state,
      parties: state.parties.map((one, j) => (j === i ? next : one)),
    })
    const open = state.dealt.filter(
      (number) => isMember(name, number) && !own.confirmed.includes(number) && !own.withdrawn.includes(number),
    )
    for (const number of open) {
      const isAway = own.current !== undefined && own.current > 0
      if (!own.held.includes(number) && !isAway)
        yield [`${name} stores ${number}`, put({ ...own, held: with_(own.held, number) })]
      yield [`${name} objects to ${number}`, put({ ...own, withdrawn: with_(own.withdrawn, number) })]
    }
    for (const certificates of subsets(numbers.filter((number) => isCertified(state, number)))) {
      for (const aborts of subsets(numbers.filter((number) => isAborted(state, number)))) {
        for (const running of subsets(open.filter((number) => !own.held.includes(number)))) {
          const attempts = state.dealt.map((number): Attempt => ({
            number,
            parent: 0,
            isMember: isMember(name, number),
            isStored: own.held.includes(number),
            isRunning: running.includes(number),
            said: own.confirmed.includes(number)
              ? 'confirmation'
              : own.withdrawn.includes(number)
                ? 'withdrawal'
                : 'nothing',
            isHeard: true,
            isCertified: certificates.includes(number),
            isAborted: aborts.includes(number),
          }))
          const action = rule({ current: own.current, attempts, held: own.held, unspoken: [] })
          const next = perform(own, action)
          if (next !== own) yield [`${name}: ${JSON.stringify(action)}`, put(next)]
        }
      }
    }
  }
}

function perform(own: PartyState, action: Action): PartyState {
  switch (action.do) {
    case 'switch':
      return { ...own, current: action.to }
    case 'leave':
      return { ...own, current: action.under }
    case 'erase':
      return { ...own, held: without(own.held, action.epoch) }
    case 'drop':
      return { ...own, held: without(own.held, action.attempt) }
    case 'confirm':
      return { ...own, confirmed: with_(own.confirmed, action.attempt) }
    case 'withdraw':
      return { ...own, withdrawn: with_(own.withdrawn, action.attempt) }
    case 'repeat':
    case 'say retired':
    case 'report loss':
    case 'ask':
    case 'rest':
      return own
  }
}

/** RESHARING 4.4: t hold an unretired share of the parent, or all members of the highest certified attempt hold theirs. */
function whyBad(state: State): string | undefined {
  for (const number of numbers) if (isCertified(state, number) && isAborted(state, number)) return `${number} is both`
  const signable = (number: number): readonly string[] =>
    parties.filter((name) => at(state, name).held.includes(number) && (at(state, name).current ?? 0) <= number)
  const top = numbers.findLast((number) => isCertified(state, number))
  const isComplete = top !== undefined && members[top]?.every((name) => signable(top).includes(name)) === true
  return isComplete || signable(0).length >= threshold ? undefined : 'nobody can sign'
}

/** Once nothing happens any more, but for objections: one epoch for everybody who is in it. */
function whyTorn(state: State): string | undefined {
  const top = numbers.findLast((number) => isCertified(state, number)) ?? 0
  const acting = parties.filter((name) => at(state, name).current === top && at(state, name).held.includes(top))
  const isWhole = top === 0 ? acting.length >= threshold : acting.join() === members[top]?.join()
  const isClean = parties.every((name) => at(state, name).held.every((epoch) => epoch >= top))
  return isWhole && isClean ? undefined : `epoch ${top} is used by ${acting.join()}`
}

function search(rule: Decide): { states: number; atRest: number; findings: string[] } {
  const nobody: PartyState = { held: [], current: undefined, confirmed: [], withdrawn: [] }
  const start: State = {
    dealt: [],
    parties: parties.map((name) => (isMember(name, 0) ? { ...nobody, held: [0], current: 0 } : nobody)),
  }
  const seen = new Map<string, { readonly state: State; readonly before: string; readonly move: string }>()
  const first = JSON.stringify(start)
  seen.set(first, { state: start, before: '', move: 'start' })
  const queue = [first]
  const findings: string[] = []
  let atRest = 0
  for (let key = queue.pop(); key !== undefined && findings.length === 0; key = queue.pop()) {
    const { state } = seen.get(key) ?? assert.fail()
    let isAtRest = true
    for (const [move, next] of movesOf(state, rule)) {
      if (!move.includes('objects')) isAtRest = false
      const name = JSON.stringify(next)
      if (seen.has(name)) continue
      seen.set(name, { state: next, before: key, move })
      queue.push(name)
    }
    if (isAtRest) atRest += 1
    const why = whyBad(state) ?? (isAtRest ? whyTorn(state) : undefined)
    if (why === undefined) continue
    const path: string[] = [why]
    for (let at = key; at !== ''; at = seen.get(at)?.before ?? '') path.unshift(seen.get(at)?.move ?? '')
    findings.push(path.join(' < '))
  }
  return { states: seen.size, atRest, findings }
}

describe('every order of two rival attempts', () => {
  it('leaves somebody who can sign at every instant, and one epoch at rest', () => {
    const { states, atRest, findings } = search(decide)
    console.log(`RESHARING: ${states} states, ${atRest} at rest`)
    assert.deepEqual(findings, [])
    assert.ok(states > 10_000 && atRest > 50)
  })

  const broken: [string, Decide][] = [
    [
      'the first certificate wins',
      (situation) => {
        const action = decide(situation)
        return action.do === 'switch' && (situation.current ?? 0) > 0 ? { do: 'rest' } : action
      },
    ],
    [
      'a party withdraws after it has confirmed',
      (situation) => {
        const late = situation.attempts.find(
          ({ said, isCertified, number }) => said === 'confirmation' && !isCertified && number !== situation.current,
        )
        return late === undefined ? decide(situation) : { do: 'withdraw', attempt: late.number }
      },
    ],
    [
      'a share retires before its successor is certified',
      (situation) => {
        const early = situation.attempts.some(({ said }) => said === 'confirmation') && situation.held.includes(0)
        return early ? { do: 'erase', epoch: 0 } : decide(situation)
      },
    ],
  ]
  for (const [bug, rule] of broken) {
    it(`shows what is wrong where ${bug}`, () => {
      assert.ok(search(rule).findings.length > 0)
    })
  }
})
