import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { CeremonyEvent } from '../jobs/ceremony.ts'
import { advance, awaited, type Ceremony, type Presence } from '../state/ceremony.ts'

const party = (seat: number, name: string | undefined) => ({ seat, name, presence: 'invited' as const, received: 0 })
const begun: Ceremony = {
  kind: 'create',
  walletName: 'Family',
  step: 'joining',
  parties: [party(1, undefined), party(2, 'Ana'), party(3, 'server-1')],
  startedAtMs: 0,
  lastNewsMs: 0,
}

const presence = (...states: readonly Presence[]): CeremonyEvent => ({
  type: 'presence',
  participants: states.map((state, i) => ({ seat: (i + 1) as PartyId, serverParty: i === 2 ? 'server-1' : '', state })),
})
const received = (from: number): CeremonyEvent => ({
  type: 'progress',
  progress: { type: 'received', from: from as PartyId, round: 'r' },
})

/** Each event a second after the one before. */
function after(...events: readonly CeremonyEvent[]): Ceremony {
  return events.reduce((ceremony, event, i) => advance(ceremony, event, 1000 * (i + 1)), begun)
}

const names = (ceremony: Ceremony) => awaited(ceremony).map(({ name }) => name)

suite('whom a ceremony waits for', () => {
  test('is who has not come, then who has not agreed, then whose message is missing, then who has not confirmed', () => {
    const come = [presence('joined', 'invited', 'joined')]
    assert.deepEqual(names(after(...come)), ['Ana'])
    const comparing: CeremonyEvent[] = [{ type: 'step', step: 'comparing' }, presence('ready', 'joined', 'ready')]
    assert.deepEqual(names(after(...comparing)), ['Ana'])
    const computing: CeremonyEvent[] = [
      { type: 'step', step: 'computing' },
      presence('computing', 'computing', 'computing'),
    ]
    assert.deepEqual(names(after(...computing)), [])
    assert.deepEqual(names(after(...computing, received(2))), ['server-1'])
    const confirming: CeremonyEvent[] = [
      { type: 'step', step: 'confirming' },
      presence('completed', 'completed', 'computing'),
    ]
    assert.deepEqual(names(after(...confirming)), ['server-1'])
  })

  test('is counted from what last came, not from what was said again', () => {
    const come = presence('joined', 'invited', 'joined')
    assert.equal(after(come, come, come).lastNewsMs, 1000)
    assert.equal(after(come, { type: 'step', step: 'computing' }, received(2)).lastNewsMs, 3000)
  })

  test('is said to be unheard of while it is, which is no news of it', () => {
    const come = presence('joined', 'joined', 'joined')
    const quiet: CeremonyEvent = {
      type: 'presence',
      participants: [{ seat: 2 as PartyId, serverParty: '', state: 'joined', unheardSinceMs: 7 }],
    }
    const unheard = ({ parties }: Ceremony) => parties.map(({ unheardSinceMs }) => unheardSinceMs)
    assert.deepEqual(unheard(after(come, quiet)), [undefined, 7, undefined])
    assert.equal(after(come, quiet).lastNewsMs, 1000)
    assert.deepEqual(unheard(after(come, quiet, come)), [undefined, undefined, undefined])
  })

  test('has no names yet for one who joins, and gets them from the roster', () => {
    const guest: Ceremony = { ...begun, parties: [party(2, undefined)] }
    const seen = advance(guest, presence('joined', 'joined', 'invited'), 1000)
    assert.deepEqual(
      awaited(seen).map(({ seat, name }) => [seat, name]),
      [[3, '']],
    )
    const seats = [
      { seat: 1, label: 'KQ4V', fingerprint: '', isServerParty: false },
      { seat: 2, label: 'Family', fingerprint: '', isServerParty: false },
      { seat: 3, label: 'server-1', fingerprint: '', isServerParty: true },
    ]
    const agreed = { walletName: 'Family', threshold: 2, parties: 3, creator: 1 }
    const known = advance(seen, { type: 'check-code', code: 'abc', ...agreed, seats }, 2000)
    assert.deepEqual(
      known.parties.map(({ name }) => name),
      ['KQ4V', undefined, 'server-1'],
    )
  })
})

suite('a signature that fails here', () => {
  const stage = (index: number): CeremonyEvent => ({
    type: 'progress',
    progress: { type: 'stage', name: 'any', index, of: 9 },
  })

  test('may exist elsewhere once our part of it has left, in whichever run that was', () => {
    const signing: Ceremony = { ...begun, kind: 'sign', step: 'computing' }
    const after = (...events: readonly CeremonyEvent[]) =>
      events.reduce((ceremony, event) => advance(ceremony, event, 0), signing).mayBeSigned
    assert.equal(after(stage(0), stage(7)), undefined)
    assert.equal(after(stage(7), stage(8)), true)
    assert.equal(after(stage(8), { type: 'step', step: 'approving' }, stage(0)), true)
    assert.equal(advance(begun, stage(8), 0).mayBeSigned, undefined, 'a wallet is no signature')
  })
})
