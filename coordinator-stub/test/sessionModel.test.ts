import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { create, toBinary } from '@bufbuild/protobuf'
import { Code } from '@connectrpc/connect'
import fc from 'fast-check'
import {
  CreateSessionRequestSchema,
  FailureSchema,
  IdentitySchema,
  ParticipantState as P,
  type Session,
  SessionKind,
  SessionSchema,
  SessionState as S,
} from '../../proto/gen/coordinator_pb.js'
import { openSession } from '../sessions/open.ts'
import { Refusal } from '../process/refusal.ts'
import type { Event } from '../sessions/events.ts'
import { advance, hasEnded } from '../sessions/advance.ts'
import { keygenRequest, wireIdentity } from '../../testkit/harness.ts'

const begin = 1_000_000
const creator = 1

function opened(kind: SessionKind, threshold: number, n: number): Session {
  const seats = Array.from({ length: n }, (_, at) => ({ seat: at + 1 }))
  const request = create(CreateSessionRequestSchema, keygenRequest({ kind, threshold, seats }))
  return openSession(request, 'ab'.repeat(16), begin)
}

const joined = (seat: number, as = seat): Extract<Event, { readonly type: 'joined' }> => ({
  type: 'joined',
  seat,
  identity: create(IdentitySchema, wireIdentity(as)),
})
const failure = create(FailureSchema, { kind: 'timed-out' })
const started = (seat: number, run: number, seats: readonly number[]): Event => ({
  type: 'started',
  seat,
  roster: Uint8Array.of(run, ...seats),
  signature: new Uint8Array(64),
  seats,
})

/** What an honest party would do next in this seat, if anything. */
function honest(session: Session, seat: number): Event | undefined {
  const { participants, threshold, kind, run } = session
  const me = participants.find((one) => one.seat === seat)
  const willing = participants.filter(({ state }) => state >= P.READY && state <= P.COMPLETED).map((one) => one.seat)
  switch (me?.state) {
    case P.INVITED:
      return joined(seat)
    case P.JOINED:
      return { type: 'ready', seat }
    case P.READY: {
      if (seat !== creator) return undefined
      if (kind === SessionKind.KEYGEN) return willing.length === participants.length ? started(seat, 1, []) : undefined
      const others = willing.filter((other) => other !== creator).slice(0, threshold - 1)
      return others.length === threshold - 1 ? started(seat, run + 1, [creator, ...others]) : undefined
    }
    case P.COMPUTING:
      return { type: 'confirmed', seat, confirmation: Uint8Array.of(9, seat) }
    case P.UNSPECIFIED:
    case P.COMPLETED:
    case P.FAILED:
    case undefined:
    default:
      return undefined
  }
}

/** Anything that a party, or somebody with its token, can say at any time. */
const anything: fc.Arbitrary<(session: Session) => Event> = fc
  .record({
    seat: fc.integer({ min: 0, max: 8 }),
    other: fc.integer({ min: 0, max: 8 }),
    byte: fc.integer({ min: 0, max: 3 }),
    seats: fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { maxLength: 5 }),
  })
  .chain(({ seat, other, byte, seats }) =>
    fc.constantFrom<(session: Session) => Event>(
      () => joined(seat, other),
      () => ({ ...joined(seat, other), ready: true }),
      () => ({ type: 'joined', seat, identity: undefined }),
      () => ({ type: 'join-refused', seat }),
      ({ participants }) => {
        const { tokenGeneration: generation } = participants.find((one) => one.seat === other) ?? {}
        return { type: 'revoked', seat: creator, target: other, generation }
      },
      () => ({ type: 'revoked', seat, target: other, generation: byte }),
      () => ({ type: 'published', seat, roster: Uint8Array.of(byte), signature: new Uint8Array(64) }),
      () => ({ type: 'ready', seat }),
      () => started(seat, byte, seats),
      ({ run }) => started(creator, run + 1, [creator, ...seats]),
      () => ({ type: 'confirmed', seat, confirmation: new Uint8Array(byte) }),
      () => ({ type: 'failed', seat, failure, available: byte > 0 }),
      () => ({ type: 'withdrawn', seat, withdrawal: new Uint8Array(64).fill(seat) }),
      () => ({ type: 'expired' }),
    ),
  )

interface Step {
  /** Milliseconds that pass before it. */
  readonly after: number
  readonly event: (session: Session) => Event | undefined
}

/** Mostly honest steps, so that sessions get far, with anything else in between. */
const step: fc.Arbitrary<Step> = fc.record({
  after: fc.oneof(
    { weight: 30, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ max: 700_000, min: 0 }) },
  ),
  event: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 7 }).map((seat) => (session: Session) => honest(session, seat)) },
    { weight: 1, arbitrary: anything },
  ),
})

const sessionEdges: Readonly<Record<S, readonly S[]>> = {
  [S.UNSPECIFIED]: [],
  [S.CREATED]: [S.WAITING, S.FAILED, S.EXPIRED],
  [S.WAITING]: [S.IN_PROGRESS, S.FAILED, S.EXPIRED],
  [S.IN_PROGRESS]: [S.COMPLETED, S.FAILED, S.EXPIRED],
  // A new wallet that was confirmed late by the last who had not.
  [S.FAILED]: [S.COMPLETED],
  [S.EXPIRED]: [S.COMPLETED],
  [S.COMPLETED]: [],
}
const participantEdges: Readonly<Record<P, readonly P[]>> = {
  [P.UNSPECIFIED]: [],
  [P.INVITED]: [P.JOINED, P.FAILED],
  [P.JOINED]: [P.READY, P.FAILED, P.INVITED],
  [P.READY]: [P.COMPUTING, P.FAILED, P.INVITED],
  // Back to ready: another run of a signing session goes on without it, or it waits for one.
  [P.COMPUTING]: [P.COMPLETED, P.FAILED, P.READY],
  [P.COMPLETED]: [P.READY, P.COMPUTING],
  [P.FAILED]: [P.INVITED],
}
const refusals = [
  Code.InvalidArgument,
  Code.FailedPrecondition,
  Code.PermissionDenied,
  Code.AlreadyExists,
  Code.ResourceExhausted,
]

/** What holds of every change, whoever caused it. */
function check(before: Session, event: Event, after: Session, nowMs: number): void {
  assert.equal(after.version, before.version + 1n)
  if (after.state !== before.state) {
    assert.ok(sessionEdges[before.state].includes(after.state), `${S[before.state]} to ${S[after.state]}`)
  }
  for (const [at, now] of after.participants.entries()) {
    const was = before.participants[at]
    assert.ok(was)
    if (now.state !== was.state) {
      const isAtOnce = after.kind === SessionKind.SIGN && event.type === 'joined' && event.ready === true
      const edges = [...participantEdges[was.state], ...(isAtOnce && was.state === P.INVITED ? [P.READY] : [])]
      assert.ok(edges.includes(now.state), `${P[was.state]} to ${P[now.state]} by ${event.type}`)
    }
    if (was.identity && event.type !== 'revoked')
      assert.deepEqual(now.identity, was.identity, 'a seat keeps its holder')
    assert.ok(now.tokenGeneration >= was.tokenGeneration)
  }
  const keys = after.participants.flatMap(({ identity }) => (identity ? [identity.signingKey.join()] : []))
  assert.equal(new Set(keys).size, keys.length, 'nobody has two seats')
  if (event.type !== 'expired' && !hasEnded(before) && nowMs >= Number(before.expiresAtMs)) {
    assert.ok(['confirmed', 'withdrawn'].includes(event.type), `${event.type} after the end`)
  }
  const running = after.participants.filter(({ seat }) => after.runSeats.includes(seat))
  if (after.run > 0) {
    const least = after.kind === SessionKind.KEYGEN ? after.participants.length : after.threshold
    assert.ok(running.length >= least && after.runSeats.includes(creator) && after.roster.length > 0)
  }
  if (after.state === S.COMPLETED) {
    assert.ok(running.length > 0 && running.every(({ confirmation }) => confirmation.length > 0), 'all have confirmed')
  }
  if (after.state === S.FAILED) assert.ok(after.failure !== undefined)
}

/** Whatever was changed by it stays as it is when the same call comes again, because its answer got lost. */
const isRepeatable = ({ type }: Event) => type !== 'join-refused'

function play(session: Session, steps: readonly Step[]): Session {
  let now = begin
  for (const { after, event: next } of steps) {
    now += after
    const event = next(session)
    if (event === undefined) continue
    const bytes = toBinary(SessionSchema, session)
    let changed: Session
    try {
      changed = advance(session, event, now)
    } catch (error) {
      assert.ok(error instanceof Refusal && refusals.includes(error.code), String(error))
      continue
    } finally {
      assert.deepEqual(toBinary(SessionSchema, session), bytes, 'the state that is given is not touched')
    }
    if (changed === session) continue
    check(session, event, changed, now)
    if (isRepeatable(event)) assert.equal(advance(changed, event, now), changed, `${event.type} twice`)
    session = changed
  }
  return session
}

describe('a session, whatever happens to it', () => {
  const runs = Number(process.env['QUORATE_PROPERTY_RUNS'] ?? 800)
  for (const kind of [SessionKind.KEYGEN, SessionKind.SIGN]) {
    it(`goes along its edges only, and is never left half changed: ${SessionKind[kind]}`, () => {
      const scheme = fc
        .integer({ min: 2, max: 7 })
        .chain((n) => fc.tuple(fc.integer({ min: 2, max: n }), fc.constant(n)))
      const reached = new Set<S>()
      fc.assert(
        fc.property(scheme, fc.array(step, { maxLength: 60, size: 'max' }), ([t, n], steps) => {
          reached.add(play(opened(kind, t, n), steps).state)
        }),
        { numRuns: runs },
      )
      assert.equal(reached.size, 6, 'every state was an end of some sequence')
    })
  }

  for (const [t, n] of [
    [2, 2],
    [2, 3],
    [3, 5],
    [4, 7],
    [5, 6],
    [11, 20],
  ] as const) {
    it(`${t} of ${n}: completes in any order of arrival, and signs with any ${t}`, () => {
      const seats = Array.from({ length: n }, (_, at) => at + 1)
      const order = fc.shuffledSubarray(seats, { minLength: n, maxLength: n })
      fc.assert(
        fc.property(order, order, (first, second) => {
          const turns = [...first, ...second, creator, ...first].map((seat) => ({
            after: 1,
            event: (session: Session) => honest(session, seat),
          }))
          const made = play(opened(SessionKind.KEYGEN, t, n), turns)
          assert.deepEqual([made.state, made.runSeats.length], [S.COMPLETED, n])
          const signers = [creator, ...second.filter((seat) => seat !== creator)].slice(0, t)
          const signing = signers.flatMap((seat) => [joined(seat), { type: 'ready', seat } as const])
          const run = [...signing, started(creator, 1, signers)].map((event) => ({ after: 1, event: () => event }))
          const confirming = signers.map((seat) => ({ after: 1, event: (session: Session) => honest(session, seat) }))
          const signed = play(opened(SessionKind.SIGN, t, n), [...run, ...confirming])
          assert.deepEqual([signed.state, signed.runSeats.length], [S.COMPLETED, t])
        }),
        { numRuns: 20 },
      )
    })
  }
})
