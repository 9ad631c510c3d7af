import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clone, create } from '@bufbuild/protobuf'
import { Code } from '@connectrpc/connect'
import {
  CreateSessionRequestSchema,
  FailureSchema,
  IdentitySchema,
  ParticipantState,
  type Session,
  SessionKind,
  SessionSchema,
  SessionState,
} from '../../proto/gen/coordinator_pb.js'
import { Refusal } from '../process/refusal.ts'
import { openSession } from '../sessions/open.ts'
import type { Event } from '../sessions/events.ts'
import { advance } from '../sessions/advance.ts'
import { keygenRequest, wireIdentity } from '../../testkit/harness.ts'

const now = 1_000_000
const request = (changes: Parameters<typeof keygenRequest>[0] = {}) =>
  create(CreateSessionRequestSchema, keygenRequest(changes))
const fresh = () => openSession(request(), 'ab'.repeat(16), now)

const joined = (seat: number): Event => ({ type: 'joined', seat, identity: create(IdentitySchema, wireIdentity(seat)) })
const ready = (seat: number): Event => ({ type: 'ready', seat })
const started = { type: 'started', seat: 1, roster: new Uint8Array([1]), signature: new Uint8Array(64) } as const
const otherRoster: Event = { ...started, roster: new Uint8Array([2]) }
const confirmed = (seat: number): Event => ({ type: 'confirmed', seat, confirmation: new Uint8Array([seat]) })
const failed = (seat: number, kind = 'timed-out'): Event => ({
  type: 'failed',
  seat,
  failure: create(FailureSchema, { kind }),
})
const expired: Event = { type: 'expired' }

const seats = [1, 2, 3]
const waiting = seats.map(joined)
const allReady = [...waiting, ...seats.map(ready)]
const running = [...allReady, started]
const completed = [...running, ...seats.map(confirmed)]

const after = (events: readonly Event[]) => events.reduce((session, event) => advance(session, event, now), fresh())

/** `advance` refuses, and does not touch the state it was given. */
function refuses(session: Session, event: Event, code: Code, nowMs = now): void {
  const before = clone(SessionSchema, session)
  assert.throws(
    () => advance(session, event, nowMs),
    (error) => error instanceof Refusal && error.code === code,
    `${event.type} in ${SessionState[session.state]}`,
  )
  assert.deepEqual(session, before)
}

describe('a session', () => {
  it('goes from created over waiting and in progress to completed', () => {
    const states = completed.map((_, count) => SessionState[after(completed.slice(0, count)).state])
    assert.deepEqual(
      [...new Set([...states, SessionState[after(completed).state]])],
      ['CREATED', 'WAITING', 'IN_PROGRESS', 'COMPLETED'],
    )
  })

  it('does not seat who has said no to a signature after all', () => {
    const signing = openSession(request({ kind: SessionKind.SIGN, threshold: 2 }), 'ab'.repeat(16), now)
    const declined = [joined(1), failed(3, 'refused')].reduce((session, event) => advance(session, event, now), signing)
    assert.equal(declined.state, SessionState.WAITING, 'the others go on')
    refuses(declined, joined(3), Code.FailedPrecondition)
  })

  it('answers a party that says again that it is ready after the start', () => {
    const session = after(running)
    assert.equal(advance(session, ready(2), now), session)
  })

  it('has a signer ready as it comes, but nobody who has a roster to approve', () => {
    const signing = openSession(request({ kind: SessionKind.SIGN, threshold: 2 }), 'ab'.repeat(16), now)
    const comes = { ...joined(2), ready: true } as Event
    const there = advance(signing, comes, now)
    assert.deepEqual([there.state, there.participants[1]?.state], [SessionState.WAITING, ParticipantState.READY])
    assert.equal(advance(there, comes, now), there, 'said again')
    assert.equal(advance(there, ready(2), now), there, 'said by itself, too')
    const late = advance(advance(signing, joined(2), now), comes, now)
    assert.equal(late.participants[1]?.state, ParticipantState.READY, 'once it has come')
    refuses(fresh(), comes, Code.InvalidArgument)
    const hurried = { creatorIdentity: create(IdentitySchema, wireIdentity(1)), creatorReady: true }
    assert.throws(() => openSession(request(hurried), 'x', now), { code: Code.InvalidArgument })
    const asked = openSession(request({ ...hurried, kind: SessionKind.SIGN }), 'x', now)
    assert.deepEqual([asked.state, asked.participants[0]?.state], [SessionState.CREATED, ParticipantState.READY])
  })

  it('takes every event again without changing', () => {
    completed.forEach((event, at) => {
      const session = after(completed.slice(0, at + 1))
      // A call that was answered may be retried as long as nothing else has happened.
      assert.equal(advance(session, event, now).version, session.version, `${event.type} twice`)
    })
  })

  it('refuses, in each state, every event that does not belong there', () => {
    const stages: readonly [string, readonly Event[], readonly Event[]][] = [
      ['created', [], [ready(1), started, confirmed(1)]],
      ['waiting', waiting, [started, confirmed(1)]],
      ['all ready', allReady, [confirmed(1)]],
      ['in progress', running, [otherRoster]],
      ['completed', completed, [otherRoster, failed(1)]],
      ['failed before the start', [...allReady, failed(2)], [started, confirmed(1)]],
      ['failed', [...running, failed(2)], [ready(2), otherRoster, confirmed(2)]],
      ['expired', [...waiting, expired], [ready(1), started, confirmed(1), failed(1)]],
    ]
    for (const [, events, wrong] of stages) {
      for (const event of wrong) refuses(after(events), event, Code.FailedPrecondition)
    }
  })

  it('is over for good once its time is up, swept or not', () => {
    refuses(after(allReady), started, Code.FailedPrecondition, now + 600_000)
    assert.equal(after([...running, expired]).state, SessionState.EXPIRED)
    assert.equal(after([...completed, expired]).state, SessionState.COMPLETED)
  })

  it('takes late confirmations of a new wallet, but not of who has withdrawn, and late withdrawals', () => {
    const withdrawn = (seat: number): Event => ({ type: 'withdrawn', seat, withdrawal: new Uint8Array(64).fill(seat) })
    const late = [...running, confirmed(1), confirmed(2), expired]
    assert.equal(after([...late, confirmed(3)]).state, SessionState.COMPLETED)
    assert.equal(after([...late, withdrawn(3)]).state, SessionState.EXPIRED)
    refuses(after([...late, withdrawn(3)]), confirmed(3), Code.FailedPrecondition)
    refuses(after(late), withdrawn(1), Code.FailedPrecondition)
    const broken = after([...running, confirmed(1), withdrawn(2)])
    assert.deepEqual([broken.state, broken.failure?.reportedBy], [SessionState.FAILED, 2])
  })

  it('runs a signing session again without who failed, and fails when too few are left', () => {
    const seatsOf = (session: Session) => [...session.runSeats]
    const run = (...chosen: number[]): Event => ({ ...started, roster: Uint8Array.from(chosen), seats: chosen })
    const signing = (events: readonly Event[]) =>
      events.reduce(
        (session, event) => advance(session, event, now),
        openSession(request({ kind: SessionKind.SIGN }), 'ab'.repeat(16), now),
      )
    const begun = [...waiting, ready(1), ready(2), run(1, 2)]
    assert.deepEqual(seatsOf(signing(begun)), [1, 2])
    refuses(signing(begun), run(1, 3), Code.FailedPrecondition)
    refuses(signing(begun), run(2, 3), Code.InvalidArgument)
    const again = signing([...begun, ready(3), failed(2), run(1, 3)])
    assert.deepEqual([seatsOf(again), again.run, again.state], [[1, 3], 2, SessionState.IN_PROGRESS])
    assert.equal(
      signing([...begun, ready(3), failed(2), run(1, 3), confirmed(1), confirmed(3)]).state,
      SessionState.COMPLETED,
    )
    refuses(again, confirmed(2), Code.FailedPrecondition)
    assert.equal(signing([...begun, failed(2), failed(3)]).state, SessionState.FAILED)
    assert.equal(signing([...begun, failed(1)]).state, SessionState.FAILED)
    const stopped: Event = {
      type: 'failed',
      seat: 2,
      failure: create(FailureSchema, { kind: 'timed-out' }),
      available: true,
    }
    assert.deepEqual(seatsOf(signing([...begun, stopped, run(2, 1)])), [1, 2])
  })

  it('applies a report to the run it names only, however late it arrives', () => {
    const run = (number: number, ...chosen: number[]): Event => ({
      ...started,
      roster: Uint8Array.of(number, ...chosen),
      seats: chosen,
      run: number,
    })
    const of = (number: number, event: Event): Event => ({ ...event, run: number }) as Event
    const stopped: Event = { ...failed(2), available: true } as Event
    const first = [...allReady, run(1, 1, 2)]
    const signing = (events: readonly Event[]) =>
      events.reduce(
        (session, event) => advance(session, event, now),
        openSession(request({ kind: SessionKind.SIGN }), 'ab'.repeat(16), now),
      )
    const second = signing([...first, run(2, 1, 2, 3)])
    for (const late of [run(1, 1, 2), of(1, confirmed(2)), of(1, stopped), of(1, failed(2)), run(4, 1, 2)]) {
      refuses(second, late, Code.FailedPrecondition)
    }
    assert.equal(advance(second, run(2, 1, 2, 3), now), second)
    const left = advance(second, of(2, stopped), now)
    assert.equal(advance(left, of(2, stopped), now), left)
    const done = [1, 2, 3].map((seat) => of(2, confirmed(seat)))
    assert.equal(signing([...first, run(2, 1, 2, 3), ...done]).state, SessionState.COMPLETED)
  })

  it('does not end for all who sign because one of them withdraws', () => {
    const signing = [...waiting, ready(1), ready(2)].reduce(
      (session, event) => advance(session, event, now),
      openSession(request({ kind: SessionKind.SIGN }), 'ab'.repeat(16), now),
    )
    refuses(signing, { type: 'withdrawn', seat: 3, withdrawal: new Uint8Array(64) }, Code.InvalidArgument)
  })

  it('frees a seat that its creator revokes, until the roster is settled', () => {
    const revoked = (target: number, seat = 1, generation: number | undefined = 0): Event => ({
      type: 'revoked',
      seat,
      target,
      generation,
    })
    const roster: Event = { type: 'published', seat: 1, roster: new Uint8Array([1]), signature: new Uint8Array(64) }
    const freed = after([...waiting, revoked(2)])
    const seat = freed.participants[1]
    assert.deepEqual([seat?.identity, seat?.tokenGeneration], [undefined, 1])
    // The same call, doubled on its way or held back: neither another token nor whoever has come by the new one is lost.
    const again = after([...waiting, revoked(2), joined(2)])
    assert.equal(advance(again, revoked(2), now), again)
    const more = after([...waiting, revoked(2), joined(2), revoked(2, 1, 1)])
    assert.deepEqual([more.participants[1]?.identity, more.participants[1]?.tokenGeneration], [undefined, 2])
    refuses(more, revoked(2), Code.FailedPrecondition)
    refuses(freed, revoked(2, 1, 2), Code.FailedPrecondition)
    refuses(after(waiting), { type: 'revoked', seat: 1, target: 2, generation: undefined }, Code.InvalidArgument)
    refuses(after(waiting), revoked(2, 3), Code.PermissionDenied)
    refuses(after(waiting), revoked(1), Code.InvalidArgument)
    refuses(freed, roster, Code.FailedPrecondition)
    const settled = after([...waiting, roster])
    refuses(settled, revoked(2), Code.FailedPrecondition)
    const late = after([...waiting, revoked(2), joined(2), roster])
    assert.equal(advance(late, revoked(2), now), late)
    refuses(settled, { ...roster, roster: new Uint8Array([2]) }, Code.AlreadyExists)
    refuses(after([...waiting, roster, ...seats.map(ready)]), otherRoster, Code.FailedPrecondition)
  })

  it('keeps the first failure and lets the others report theirs', () => {
    const session = after([...running, failed(2, 'misbehaviour'), failed(3, 'peer-gave-up')])
    assert.equal(session.state, SessionState.FAILED)
    assert.deepEqual([session.failure?.kind, session.failure?.reportedBy], ['misbehaviour', 2])
  })

  it('does not let a party take back what it has confirmed, nor confirm two things', () => {
    const session = after([...running, confirmed(1)])
    refuses(session, failed(1), Code.FailedPrecondition)
    refuses(session, { type: 'confirmed', seat: 1, confirmation: new Uint8Array([7]) }, Code.AlreadyExists)
  })

  it('gives a seat to one identity and an identity one seat', () => {
    const session = after([joined(1)])
    refuses(session, { type: 'joined', seat: 1, identity: create(IdentitySchema, wireIdentity(9)) }, Code.AlreadyExists)
    refuses(session, { type: 'joined', seat: 2, identity: create(IdentitySchema, wireIdentity(1)) }, Code.AlreadyExists)
    refuses(session, { type: 'joined', seat: 2, identity: undefined }, Code.InvalidArgument)
    refuses(session, joined(4), Code.PermissionDenied)
  })

  it('is started by its creator only, with a roster', () => {
    refuses(after(allReady), { ...started, seat: 2 }, Code.PermissionDenied)
    refuses(after(allReady), { ...started, roster: new Uint8Array() }, Code.InvalidArgument)
    refuses(after(running), { ...started, roster: new Uint8Array([2]) }, Code.FailedPrecondition)
  })
})

describe('a request for a session', () => {
  const cases: readonly [string, Parameters<typeof keygenRequest>[0], Code][] = [
    ['no kind', { kind: SessionKind.UNSPECIFIED }, Code.InvalidArgument],
    ['t > n', { threshold: 4 }, Code.InvalidArgument],
    ['t = 1', { threshold: 1 }, Code.InvalidArgument],
    ['n = 1', { seats: [{ seat: 1 }] }, Code.InvalidArgument],
    ['n = 21', { seats: Array.from({ length: 21 }, (_, at) => ({ seat: at + 1 })) }, Code.InvalidArgument],
    ['a seat twice', { seats: [{ seat: 1 }, { seat: 1 }, { seat: 2 }] }, Code.InvalidArgument],
    ['a gap in keygen', { seats: [{ seat: 1 }, { seat: 3 }] }, Code.InvalidArgument],
    ['seat 0', { seats: [{ seat: 0 }, { seat: 1 }] }, Code.InvalidArgument],
    ['creator elsewhere', { creatorSeat: 4 }, Code.InvalidArgument],
    ['creator in a server seat', { seats: [{ seat: 1, serverParty: 'a' }, { seat: 2 }] }, Code.InvalidArgument],
    ['no proposal', { proposal: new Uint8Array() }, Code.InvalidArgument],
    ['a large proposal', { proposal: new Uint8Array(256 * 1024 + 1) }, Code.ResourceExhausted],
    ['a short signature', { proposalSignature: new Uint8Array(63) }, Code.InvalidArgument],
    ['a long life', { lifeSeconds: 86_401 }, Code.InvalidArgument],
  ]
  for (const [title, changes, code] of cases) {
    it(`with ${title} is refused`, () => {
      assert.throws(() => openSession(request(changes), 'x', now), { code })
    })
  }

  it('lives ten minutes unless it says otherwise', () => {
    assert.equal(Number(fresh().expiresAtMs), now + 600_000)
    assert.equal(Number(openSession(request({ lifeSeconds: 5 }), 'x', now).expiresAtMs), now + 5000)
  })

  it('may sign with any seats of the wallet, up to 20', () => {
    const signing = { kind: SessionKind.SIGN, seats: [{ seat: 3 }, { seat: 20 }], creatorSeat: 3 }
    assert.deepEqual(
      openSession(request(signing), 'x', now).participants.map(({ seat }) => seat),
      [3, 20],
    )
  })
})
