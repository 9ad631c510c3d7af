import { clone, create } from '@bufbuild/protobuf'
import { Code } from '@connectrpc/connect'
import {
  type CreateSessionRequest,
  type Failure,
  type Identity,
  type Participant,
  ParticipantState,
  type Session,
  SessionKind,
  SessionSchema,
  SessionState,
} from '../proto/gen/coordinator_pb.js'
import { sameBytes } from '../tss-wasm/bytes.ts'
import { Refusal } from './refusal.ts'

/**
 * A session as a state machine: `openSession` makes the first state, `advance` turns a state and an event into the next
 * one or throws a `Refusal` with the status for the caller. Pure: no clock, no storage, no cryptography.
 *
 *   created -> waiting (somebody joined the creator) -> in_progress (the creator started) -> completed (all have confirmed)
 *   created, waiting, in_progress -> failed (somebody reported a failure) or expired (its time was up)
 *   participants: invited -> joined -> ready -> computing -> completed or failed
 */
export type Event =
  | { readonly type: 'joined'; readonly seat: number; readonly identity: Identity | undefined }
  | { readonly type: 'ready'; readonly seat: number }
  | { readonly type: 'started'; readonly seat: number; readonly roster: Uint8Array; readonly signature: Uint8Array }
  | { readonly type: 'confirmed'; readonly seat: number; readonly confirmation: Uint8Array }
  | { readonly type: 'failed'; readonly seat: number; readonly failure: Failure }
  | { readonly type: 'expired' }

export const largestParty = 20
const largestProposal = 256 * 1024
const largestRoster = 64 * 1024
const largestConfirmation = 16 * 1024
const longestText = 500
const keyLength = 32
const signatureLength = 64
const defaultLifeSeconds = 600
const longestLifeSeconds = 24 * 3600

/** @throws Refusal INVALID_ARGUMENT or RESOURCE_EXHAUSTED */
export function openSession(request: CreateSessionRequest, sessionId: string, nowMs: number): Session {
  const { kind, threshold, seats, creatorSeat, proposal, proposalSignature, lifeSeconds } = request
  const numbers = seats.map((offer) => offer.seat).sort((a, b) => a - b)
  const parties = seats.map((offer) => offer.serverParty).filter((name) => name !== '')
  const n = numbers.length
  must(kind === SessionKind.KEYGEN || kind === SessionKind.SIGN, 'kind must be keygen or sign')
  must(n >= 2 && n <= largestParty, `a session has 2 to ${largestParty} seats, not ${n}`)
  must(
    threshold >= 2 && threshold <= n,
    `the threshold must be between 2 and the number of seats (${n}), not ${threshold}`,
  )
  must(new Set(numbers).size === n, 'a seat is offered twice')
  const inRange = kind === SessionKind.KEYGEN ? numbers.every((seat, at) => seat === at + 1) : numbers.every(isSeat)
  must(
    inRange,
    kind === SessionKind.KEYGEN ? `the seats of a new wallet are 1 to ${n}` : `seats are 1 to ${largestParty}`,
  )
  must(new Set(parties).size === parties.length, 'a server party is given two seats')
  const creator = seats.find((offer) => offer.seat === creatorSeat)
  must(creator?.serverParty === '', "the creator's seat must be one of the seats, and not a server party's")
  must(proposal.length > 0, 'the proposal is empty')
  withinSize(proposal, largestProposal, 'proposal')
  must(proposalSignature.length === signatureLength, `a proposal signature has ${signatureLength} bytes`)
  must(lifeSeconds <= longestLifeSeconds, `a session lives at most ${longestLifeSeconds} seconds`)
  const life = lifeSeconds === 0 ? defaultLifeSeconds : lifeSeconds
  const session = create(SessionSchema, {
    sessionId,
    kind,
    state: SessionState.CREATED,
    threshold,
    participants: seats
      .toSorted((a, b) => a.seat - b.seat)
      .map(({ seat, serverParty }) => ({ seat, serverParty, state: ParticipantState.INVITED })),
    creatorSeat,
    proposal,
    proposalSignature,
    createdAtMs: BigInt(nowMs),
    expiresAtMs: BigInt(nowMs + life * 1000),
    version: 1n,
  })
  if (request.creatorIdentity === undefined) return session
  const joined = advance(session, { type: 'joined', seat: creatorSeat, identity: request.creatorIdentity }, nowMs)
  joined.state = SessionState.CREATED
  return joined
}

/**
 * The state after `event`. The state given is not touched; it is returned itself when the event has been applied before
 * (a retried call is answered like the first one).
 * @throws Refusal
 */
export function advance(session: Session, event: Event, nowMs: number): Session {
  const next = clone(SessionSchema, session)
  if (event.type === 'expired') {
    if (hasEnded(session)) return session
    next.state = SessionState.EXPIRED
    next.version++
    return next
  }
  if (!hasEnded(session) && nowMs >= Number(session.expiresAtMs)) {
    throw new Refusal(Code.FailedPrecondition, 'the session has expired')
  }
  const me = next.participants.find((participant) => participant.seat === event.seat)
  if (me === undefined) throw new Refusal(Code.PermissionDenied, `the session has no seat ${event.seat}`)
  if (!transition(next, me, event)) return session
  me.lastSeenAtMs = BigInt(nowMs)
  next.version++
  return next
}

export function hasEnded(session: Session): boolean {
  return session.state >= SessionState.COMPLETED
}

/** Applies the event to `session` and `me`, both our own copies. @returns false when there is nothing to change */
function transition(session: Session, me: Participant, event: Exclude<Event, { type: 'expired' }>): boolean {
  switch (event.type) {
    case 'joined':
      return join(session, me, event.identity)
    case 'ready':
      return markReady(session, me)
    case 'started':
      return start(session, me, event.roster, event.signature)
    case 'confirmed':
      return confirm(session, me, event.confirmation)
    case 'failed':
      return fail(session, me, event.failure)
  }
}

function join(session: Session, me: Participant, identity: Identity | undefined): boolean {
  if (identity?.signingKey.length !== keyLength || identity.encryptionKey.length !== keyLength) {
    throw new Refusal(Code.InvalidArgument, `an identity is two keys of ${keyLength} bytes`)
  }
  if (me.identity !== undefined) {
    if (sameIdentity(me.identity, identity)) return false
    throw new Refusal(Code.AlreadyExists, `seat ${me.seat} is taken by another identity`)
  }
  mustBe(session, [SessionState.CREATED, SessionState.WAITING])
  const elsewhere = session.participants.find(
    (other) => other.identity && sameBytes(other.identity.signingKey, identity.signingKey),
  )
  if (elsewhere) throw new Refusal(Code.AlreadyExists, `this identity already sits in seat ${elsewhere.seat}`)
  me.identity = identity
  me.state = ParticipantState.JOINED
  session.state = SessionState.WAITING
  return true
}

function markReady(session: Session, me: Participant): boolean {
  // A retry may come after the creator has started.
  const isReady = [ParticipantState.READY, ParticipantState.COMPUTING, ParticipantState.COMPLETED].includes(me.state)
  if (isReady) return false
  mustBe(session, [SessionState.CREATED, SessionState.WAITING])
  if (me.state !== ParticipantState.JOINED) throw new Refusal(Code.FailedPrecondition, `seat ${me.seat} has not joined`)
  me.state = ParticipantState.READY
  return true
}

function start(session: Session, me: Participant, roster: Uint8Array, signature: Uint8Array): boolean {
  if (me.seat !== session.creatorSeat)
    throw new Refusal(Code.PermissionDenied, "only the creator's seat starts a session")
  must(roster.length > 0, 'the roster is empty')
  withinSize(roster, largestRoster, 'roster')
  must(signature.length === signatureLength, `a roster signature has ${signatureLength} bytes`)
  if (sameBytes(session.roster, roster)) return false
  mustBe(session, [SessionState.CREATED, SessionState.WAITING])
  const late = session.participants.filter((participant) => participant.state !== ParticipantState.READY)
  if (late.length > 0) {
    throw new Refusal(
      Code.FailedPrecondition,
      `not ready yet: seat ${late.map((participant) => participant.seat).join(', ')}`,
    )
  }
  session.roster = roster
  session.rosterSignature = signature
  session.state = SessionState.IN_PROGRESS
  for (const participant of session.participants) participant.state = ParticipantState.COMPUTING
  return true
}

function confirm(session: Session, me: Participant, confirmation: Uint8Array): boolean {
  must(confirmation.length > 0, 'the confirmation is empty')
  withinSize(confirmation, largestConfirmation, 'confirmation')
  if (me.state === ParticipantState.COMPLETED) {
    if (sameBytes(me.confirmation, confirmation)) return false
    throw new Refusal(Code.AlreadyExists, `seat ${me.seat} has confirmed something else before`)
  }
  mustBe(session, [SessionState.IN_PROGRESS])
  me.confirmation = confirmation
  me.state = ParticipantState.COMPLETED
  const all = session.participants.every((participant) => participant.state === ParticipantState.COMPLETED)
  if (all) session.state = SessionState.COMPLETED
  return true
}

/** The first failure decides why the session failed; later ones only say that their seat has stopped too. */
function fail(session: Session, me: Participant, failure: Failure): boolean {
  const texts = [failure.kind, failure.check, failure.detail]
  must(failure.kind !== '', 'a failure has a kind')
  must(
    texts.every((text) => text.length <= longestText),
    `texts of a failure have at most ${longestText} characters`,
  )
  must(failure.parties.length <= largestParty && failure.parties.every(isSeat), 'a failure names seats')
  if (me.state === ParticipantState.FAILED) return false
  // A seat that has confirmed may have made others activate: it cannot take that back.
  if (me.state === ParticipantState.COMPLETED) {
    throw new Refusal(Code.FailedPrecondition, `seat ${me.seat} has confirmed already`)
  }
  mustBe(session, [SessionState.CREATED, SessionState.WAITING, SessionState.IN_PROGRESS, SessionState.FAILED])
  me.state = ParticipantState.FAILED
  if (session.state !== SessionState.FAILED) {
    session.state = SessionState.FAILED
    session.failure = { ...failure, reportedBy: me.seat }
  }
  return true
}

const stateNames: Readonly<Record<SessionState, string>> = {
  [SessionState.UNSPECIFIED]: 'unknown',
  [SessionState.CREATED]: 'created',
  [SessionState.WAITING]: 'waiting',
  [SessionState.IN_PROGRESS]: 'in progress',
  [SessionState.COMPLETED]: 'completed',
  [SessionState.FAILED]: 'failed',
  [SessionState.EXPIRED]: 'expired',
}

export function mustBe(session: { readonly state: SessionState }, states: readonly SessionState[]): void {
  if (states.includes(session.state)) return
  const wanted = states.map((state) => stateNames[state]).join(' or ')
  throw new Refusal(Code.FailedPrecondition, `the session is ${stateNames[session.state]}, not ${wanted}`)
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Refusal(Code.InvalidArgument, otherwise)
}

function withinSize(bytes: Uint8Array, most: number, what: string): void {
  if (bytes.length > most)
    throw new Refusal(Code.ResourceExhausted, `a ${what} has at most ${most} bytes, this one has ${bytes.length}`)
}

function isSeat(seat: number): boolean {
  return seat >= 1 && seat <= largestParty
}

function sameIdentity(a: Identity, b: Identity): boolean {
  return sameBytes(a.signingKey, b.signingKey) && sameBytes(a.encryptionKey, b.encryptionKey)
}
