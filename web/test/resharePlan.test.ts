import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { nothingChosen, planOf, problemOf, type Choice } from '../app/reshare/plan.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { pinnedParty } from './doubles.ts'

const seats = ['Mine', 'Ben', 'Eva'].map((label, i) => ({ seat: 1 + i, label, ...pinnedParty('', 10 * i).identity }))
const wallet: WalletRecord = {
  ...{ walletId: 'a wallet', name: 'Club', state: 'active', sessionId: '', publicKey: new Uint8Array(33) },
  ...{ threshold: 2, mySeat: 1, seats, createdAtMs: 0 },
}
const chosen = (choice: Partial<Choice>): Choice => ({ ...nothingChosen, ...choice })
const person = (name: string, id = 0) => ({ id, name })

function placesOf(...asked: Parameters<typeof planOf>): string[] {
  return planOf(...asked).places.map((place) =>
    place.kind === 'stays' ? place.seat.label : place.kind === 'server' ? place.party.name : `new ${place.label}`,
  )
}

suite('a change of a wallet, by what was chosen', () => {
  test('a lost device is left out, and the new one sits in its place', () => {
    const choice = chosen({ target: 2, newName: ' Ben’s phone ' })
    assert.deepEqual(placesOf('replace', wallet, choice), ['Mine', 'new Ben’s phone', 'Eva'])
    const { leaving, absent, threshold, reason } = planOf('replace', wallet, choice)
    assert.deepEqual([leaving, absent.map(({ label }) => label), threshold, reason], [[], ['Ben'], 2, 'device'])
    assert.equal(problemOf('replace', wallet, choice), undefined)
  })

  test('a device that moves takes part once more', () => {
    const choice = chosen({ target: 1, newName: 'Laptop' })
    assert.deepEqual(placesOf('move', wallet, choice), ['new Laptop', 'Ben', 'Eva'])
    const { leaving, absent } = planOf('move', wallet, choice)
    assert.deepEqual([leaving.map(({ label }) => label), absent], [['Mine'], []])
  })

  test('members stay, leave and join in one change', () => {
    const choice = chosen({
      parts: { 2: 'helps', 3: 'absent' },
      servers: [pinnedParty('server-1', 50)],
      people: [person('Zoe')],
      threshold: 3,
    })
    assert.deepEqual(placesOf('members', wallet, choice), ['Mine', 'server-1', 'new Zoe'])
    assert.equal(planOf('members', wallet, choice).threshold, 3)
    assert.equal(problemOf('members', wallet, choice), undefined)
  })

  test('never asks for more signers than there are members', () => {
    const choice = chosen({ parts: { 3: 'helps' }, threshold: 3 })
    assert.equal(planOf('members', wallet, choice).threshold, 2)
  })

  test('what is chosen for one change has no effect on another', () => {
    const left = chosen({ target: 2, newName: 'x', parts: { 2: 'absent' }, people: [person('Zoe')], threshold: 3 })
    assert.deepEqual(placesOf('renew', wallet, left), ['Mine', 'Ben', 'Eva'])
    assert.equal(planOf('renew', wallet, left).threshold, 2)
    assert.deepEqual(placesOf('threshold', wallet, left), ['Mine', 'Ben', 'Eva'])
  })

  test('says what stands in the way', () => {
    const cases: readonly (readonly [
      Parameters<typeof problemOf>[0],
      Partial<Choice>,
      ReturnType<typeof problemOf>,
    ])[] = [
      ['replace', {}, 'noDevice'],
      ['replace', { target: 2, newName: ' ' }, 'noName'],
      ['threshold', {}, 'sameNumber'],
      ['threshold', { threshold: 3 }, undefined],
      ['renew', {}, undefined],
      ['members', {}, 'nothing'],
      ['members', { people: [person('')] }, 'noName'],
      ['members', { parts: { 2: 'absent', 3: 'absent' } }, 'tooFew'],
      ['members', { parts: { 2: 'absent', 3: 'absent' }, people: [person('Zoe')] }, 'tooFewNow'],
      ['members', { people: Array.from({ length: 18 }, (_, id) => person('Zoe', id)) }, 'tooMany'],
    ]
    for (const [change, choice, problem] of cases)
      assert.equal(problemOf(change, wallet, chosen(choice)), problem, `${change} ${JSON.stringify(choice)}`)
  })
})
