import { clone, create } from '@bufbuild/protobuf'
import {
  type Failure,
  FailureSchema,
  type Participant,
  ParticipantState,
  type Session,
  SessionKind,
  SessionSchema,
  SessionState,
} from '../../proto/gen/coordinator_pb.js'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { Refusal } from '../process/refusal.ts'
import type { Event } from './events.ts'
import { must, mustBe, mustBeFailure, mustBeIdentity, sameIdentity, withinSize } from './rules.ts'

const largestRoster = 64 * 1024
const largestConfirmation = 16 * 1024
const largestStatement = 4096
const longestMac = 32
const clientLength = 16
const mostRefusedJoins = 1000
export const signatureLength = 64
/** Of a creator that deals: of the roster, of the handover as one who deals, of the handover as its creator. */
const reshareSignatures = 3
/** Of new shares: handover hash, seat, signature. */
const abortLength = 32 + 2 + signatureLength
/** Version, seat, time, signature. */
const retiredLength = 1 + 2 + 4 + signatureLength
/** A nonce and a signature. */
const codeOpeningLength = 96

/**
 * A session as a state machine: `openSession` makes the first state (open.ts), `advance` turns a state and an event into the next
 * one or throws a `Refusal` with the status for the caller. Pure: no clock, no storage, no cryptography.
 *
 *   created -> waiting (somebody joined the creator) -> in_progress (the creator started) -> completed (all have confirmed)
 *   created, waiting, in_progress -> failed (somebody reported a failure) or expired (its time was up)
 *   participants: invited -> joined -> ready -> computing -> completed or failed
 *
 * A signing session may ask more seats than it needs. Its creator starts a run with some of those who are ready, and
 * another run when somebody vanishes; a participant that fails is out, and the session goes on while enough are left.
 *
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
  const isLate = event.type === 'withdrawn' || event.type === 'confirmed' || event.type === 'retired'
  if (!isLate && !hasEnded(session) && nowMs >= Number(session.expiresAtMs)) {
    throw new Refusal('session_expired', 'the session has expired')
  }
  const me = next.participants.find((participant) => participant.seat === event.seat)
  if (me === undefined) throw new Refusal('no_such_seat', `the session has no seat ${event.seat}`)
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
      return joinReady(session, me, event)
    case 'join-refused':
      if (me.refusedJoins >= mostRefusedJoins) return false
      me.refusedJoins += 1
      return true
    case 'revoked':
      return revoke(session, me, event)
    case 'published':
      return publish(session, me, event)
    case 'code-opened':
      return openCode(session, me, event.opening)
    case 'ready':
      return markReady(session, me, event.approval ?? new Uint8Array())
    case 'started':
      return start(session, me, event)
    case 'confirmed':
      mustBeOfRun(session, event.run)
      return confirm(session, me, event.confirmation)
    case 'failed':
      mustBeOfRun(session, event.run)
      return fail(session, me, event.failure, event.available === true)
    case 'withdrawn':
      return withdraw(session, me, event.withdrawal)
    case 'retired':
      return retire(session, me, event.retired)
  }
}

type Of<T extends Event['type']> = Extract<Event, { readonly type: T }>

/** A report may have been on its way for so long that its run is over: it says nothing of the run that is on now. */
function mustBeOfRun({ run: now }: Session, run = 0): void {
  if (run !== 0 && run !== now) throw new Refusal('run_over', `run ${run} is over`)
}

/** Before its start anybody invited may come; to a signing session also while others sign, to be there if one vanishes. */
function open(session: Session): readonly SessionState[] {
  const before = [SessionState.CREATED, SessionState.WAITING]
  return session.kind === SessionKind.SIGN ? [...before, SessionState.IN_PROGRESS] : before
}

/** Whoever signs has nothing to approve, and may be ready as it comes. */
function joinReady(session: Session, me: Participant, joining: Of<'joined'>): boolean {
  const { ready = false } = joining
  must(!ready || session.kind === SessionKind.SIGN, 'only a signer is ready without having approved a roster')
  const hasJoined = join(session, me, joining)
  return (ready && markReady(session, me, new Uint8Array())) || hasJoined
}

/** Whoever was interrupted comes again before the roster is settled, and states its terms anew. */
function join(session: Session, me: Participant, joining: Of<'joined'>): boolean {
  const { identity, statement, seatMac, client = new Uint8Array() } = joining
  mustBeIdentity(identity)
  must(client.length === 0 || client.length === clientLength, `a client must be ${clientLength} bytes long`)
  if (me.identity !== undefined) {
    if (!sameIdentity(me.identity, identity))
      throw new Refusal('seat_taken', `seat ${me.seat} is taken by a different identity`)
    if (!sameBytes(me.client, client)) return takeOver(session, me, { ...joining, client })
    if (me.state !== ParticipantState.JOINED || session.roster.length > 0 || statement === undefined) return false
    if (me.statement && sameBytes(me.statement.terms, statement.terms)) return false
    mustBe(session, open(session))
    state(me, statement, seatMac)
    return true
  }
  mustBe(session, open(session))
  // A seat that has declined cannot join after all: the others have been notified.
  if (me.state === ParticipantState.FAILED) throw new Refusal('seat_changed', `seat ${me.seat} has declined`)
  if (me.offered !== undefined && !sameIdentity(me.offered, identity)) {
    throw new Refusal('seat_reserved', `seat ${me.seat} is reserved for a different identity`)
  }
  const elsewhere = session.participants.find(
    (other) => other.identity && sameBytes(other.identity.signingKey, identity.signingKey),
  )
  if (elsewhere) throw new Refusal('seat_taken', `this identity already has seat ${elsewhere.seat}`)
  state(me, statement, seatMac)
  me.identity = identity
  me.client = client
  me.state = ParticipantState.JOINED
  if (session.state === SessionState.CREATED) session.state = SessionState.WAITING
  return true
}

/**
 * Another program of whoever sits here: restarted, another tab, or another device that was restored from the same backup. Two
 * in one seat would answer for it twice, so the last one has it, until it is in a run or has committed itself to a roster.
 */
function takeOver(
  session: Session,
  me: Participant,
  { statement, seatMac, client }: Of<'joined'> & { readonly client: Uint8Array },
): boolean {
  mustBe(session, open(session))
  if (me.state === ParticipantState.FAILED) throw new Refusal('seat_changed', `seat ${me.seat} has stopped`)
  const isSettled = session.kind === SessionKind.SIGN ? me.state > ParticipantState.READY : session.roster.length > 0
  if (isSettled) throw new Refusal('seat_elsewhere', `seat ${me.seat} is in use on another device or in another tab`)
  state(me, statement, seatMac)
  me.client = client
  return true
}

function state(me: Participant, statement: Of<'joined'>['statement'], seatMac: Uint8Array = new Uint8Array()): void {
  if (statement !== undefined) {
    withinSize(statement.terms, largestStatement, 'statement')
    must(statement.signature.length === signatureLength, `a statement signature must be ${signatureLength} bytes long`)
    me.statement = statement
  }
  must(seatMac.length <= longestMac, `a seat MAC must be at most ${longestMac} bytes long`)
  me.seatMac = seatMac
}

function mustBeCreator(session: Session, me: Participant): void {
  if (me.seat !== session.creatorSeat)
    throw new Refusal('creator_only', 'only the creator can start the session or change its seats')
}

/** Frees the seat and voids its token: once, however often the call is repeated. */
function revoke(session: Session, me: Participant, { target, generation }: Of<'revoked'>): boolean {
  mustBeCreator(session, me)
  must(generation !== undefined, 'the generation of the token to revoke is missing')
  const seat = session.participants.find((participant) => participant.seat === target)
  if (seat !== undefined && seat.tokenGeneration - 1 === generation) return false
  mustBe(session, [SessionState.CREATED, SessionState.WAITING])
  if (session.roster.length > 0) throw new Refusal('roster_settled', 'the roster is final')
  must(
    seat !== undefined && seat !== me && seat.serverParty === '',
    'only the seat of an invited person can be revoked',
  )
  if (seat === undefined) return false
  if (seat.tokenGeneration !== generation) {
    throw new Refusal('seat_changed', `seat ${target} has been invited again since`)
  }
  delete seat.identity
  delete seat.statement
  seat.client = new Uint8Array()
  seat.seatMac = new Uint8Array()
  seat.approval = new Uint8Array()
  seat.state = ParticipantState.INVITED
  seat.tokenGeneration += 1
  return true
}

function mustBeRoster(roster: Uint8Array, signature: Uint8Array): void {
  must(roster.length > 0, 'the roster is empty')
  withinSize(roster, largestRoster, 'roster')
  must(signature.length === signatureLength, `a roster signature must be ${signatureLength} bytes long`)
}

function publish(session: Session, me: Participant, { roster, signature, version = 0n }: Of<'published'>): boolean {
  mustBeCreator(session, me)
  mustBeRoster(roster, signature)
  if (session.roster.length > 0) {
    if (sameBytes(session.roster, roster)) return false
    throw new Refusal('roster_differs', 'a different roster has been published')
  }
  mustBe(session, [SessionState.CREATED, SessionState.WAITING])
  const late = session.participants.filter(({ state }) => state < ParticipantState.JOINED)
  if (late.length > 0) {
    throw new Refusal('not_ready', `waiting for seat ${late.map(({ seat }) => seat).join(', ')}`)
  }
  // Whoever took a seat anew has committed itself to something else than the roster has.
  if (version !== 0n && version !== session.version) {
    throw new Refusal('seat_changed', 'the session has changed since the roster was made')
  }
  session.roster = roster
  session.rosterSignature = signature
  return true
}

function openCode(session: Session, me: Participant, opening: Uint8Array): boolean {
  must(opening.length === codeOpeningLength, `an opening of the check code must be ${codeOpeningLength} bytes long`)
  if (me.codeOpening.length > 0) {
    if (sameBytes(me.codeOpening, opening)) return false
    throw new Refusal('confirmed_otherwise', `seat ${me.seat} has already opened a different check code`)
  }
  mustBe(session, [SessionState.CREATED, SessionState.WAITING])
  if (session.kind === SessionKind.SIGN || session.roster.length === 0)
    throw new Refusal('not_ready', 'a check code can be opened only once the roster of new shares is published')
  me.codeOpening = opening
  return true
}

function markReady(session: Session, me: Participant, approval: Uint8Array): boolean {
  // A retry may come after the creator has started.
  const isReady = [ParticipantState.READY, ParticipantState.COMPUTING, ParticipantState.COMPLETED].includes(me.state)
  if (isReady) return false
  mustBe(session, open(session))
  if (me.state !== ParticipantState.JOINED) throw new Refusal('not_ready', `seat ${me.seat} has not joined`)
  const most = session.kind === SessionKind.RESHARE ? reshareSignatures : 1
  must(
    approval.length % signatureLength === 0 && approval.length <= most * signatureLength,
    `an approval must be ${signatureLength} bytes long for each signature in it`,
  )
  me.approval = approval
  me.state = ParticipantState.READY
  return true
}

function start(session: Session, me: Participant, { roster, signature, seats = [], run = 0 }: Of<'started'>): boolean {
  mustBeCreator(session, me)
  mustBeRoster(roster, signature)
  if (session.run > 0 && sameBytes(session.roster, roster)) return false
  if (run !== 0 && run !== session.run + 1) {
    throw new Refusal('run_over', `run ${run} cannot begin after run ${session.run}`)
  }
  const isChosen = session.kind === SessionKind.SIGN && seats.length > 0
  mustBe(session, isChosen ? open(session) : [SessionState.CREATED, SessionState.WAITING])
  if (!isChosen && session.roster.length > 0 && !sameBytes(session.roster, roster)) {
    throw new Refusal('roster_settled', 'a different roster has been published')
  }
  const chosen = session.participants.filter(({ seat }) => !isChosen || seats.includes(seat))
  must(
    !isChosen || (chosen.length === seats.length && chosen.includes(me)),
    'a run must consist of seats of the session and include the creator',
  )
  must(chosen.length >= session.threshold, `a run needs at least ${session.threshold} seats`)
  const willing = [ParticipantState.READY, ParticipantState.COMPUTING, ParticipantState.COMPLETED]
  const late = chosen.filter(({ state }) => !willing.includes(state))
  if (late.length > 0) {
    throw new Refusal(
      'not_ready',
      `waiting until ready: seat ${late.map((participant) => participant.seat).join(', ')}`,
    )
  }
  for (const participant of session.participants) {
    if (willing.includes(participant.state)) participant.state = ParticipantState.READY
    participant.confirmation = new Uint8Array()
  }
  for (const participant of chosen) participant.state = ParticipantState.COMPUTING
  session.roster = roster
  session.rosterSignature = signature
  session.state = SessionState.IN_PROGRESS
  session.run += 1
  session.runSeats = chosen.map(({ seat }) => seat)
  return true
}

function confirm(session: Session, me: Participant, confirmation: Uint8Array): boolean {
  must(confirmation.length > 0, 'the confirmation is empty')
  withinSize(confirmation, largestConfirmation, 'confirmation')
  if (me.state === ParticipantState.COMPLETED) {
    if (sameBytes(me.confirmation, confirmation)) return false
    throw new Refusal('confirmed_otherwise', `seat ${me.seat} has already confirmed a different result`)
  }
  // A new share may be confirmed late: whoever was stopped on the way has kept its share, and so have the others. Not by
  // whoever has said that it never will.
  const late = session.kind === SessionKind.SIGN ? [] : [SessionState.FAILED, SessionState.EXPIRED]
  mustBe(session, [SessionState.IN_PROGRESS, ...late])
  if (me.state !== ParticipantState.COMPUTING || !session.runSeats.includes(me.seat) || me.withdrawal.length > 0) {
    throw new Refusal('nothing_to_confirm', `seat ${me.seat} has nothing to confirm`)
  }
  me.confirmation = confirmation
  me.state = ParticipantState.COMPLETED
  const running = session.participants.filter(({ seat }) => session.runSeats.includes(seat))
  if (running.every(({ state }) => state === ParticipantState.COMPLETED)) session.state = SessionState.COMPLETED
  return true
}

/**
 * The first failure decides why the session failed; later ones only say that their seat has stopped too. In a signing
 * session the others may go on without whoever stopped, unless that is the creator.
 */
function fail(session: Session, me: Participant, failure: Failure, available: boolean): boolean {
  mustBeFailure(failure)
  if (me.state === ParticipantState.FAILED) return false
  // A seat that has confirmed may have made others activate: it cannot take that back.
  if (me.state === ParticipantState.COMPLETED) {
    throw new Refusal('confirmed_already', `seat ${me.seat} has already confirmed`)
  }
  mustBe(session, [SessionState.CREATED, SessionState.WAITING, SessionState.IN_PROGRESS, SessionState.FAILED])
  const isOthers = session.kind === SessionKind.SIGN && me.seat !== session.creatorSeat
  const isStopping = isOthers && available
  if (isStopping && me.state !== ParticipantState.COMPUTING) return false
  me.failure = { ...failure, reportedBy: me.seat }
  if (isStopping) {
    me.state = ParticipantState.READY
    return true
  }
  me.state = ParticipantState.FAILED
  const left = session.participants.filter(({ state }) => state !== ParticipantState.FAILED).length
  if (session.state === SessionState.FAILED || (isOthers && left >= session.threshold)) return true
  session.state = SessionState.FAILED
  session.failure = { ...failure, reportedBy: me.seat }
  return true
}

/** Also long after the end: others may be waiting to learn that there will never be a wallet. */
function withdraw(session: Session, me: Participant, withdrawal: Uint8Array): boolean {
  const length = session.kind === SessionKind.RESHARE ? abortLength : signatureLength
  must(withdrawal.length === length, `a withdrawal must be ${length} bytes long`)
  must(session.kind !== SessionKind.SIGN, 'only new shares that await confirmation can be withdrawn')
  if (me.state === ParticipantState.COMPLETED) {
    throw new Refusal('confirmed_already', `seat ${me.seat} has already confirmed`)
  }
  if (sameBytes(me.withdrawal, withdrawal)) return false
  me.withdrawal = withdrawal
  me.state = ParticipantState.FAILED
  if (!hasEnded(session)) {
    session.state = SessionState.FAILED
    session.failure = create(FailureSchema, { kind: 'cancelled', reportedBy: me.seat })
  }
  return true
}

/** Also long after the end: the share of the epoch before is erased once all new members have confirmed. */
function retire(session: Session, me: Participant, retired: Uint8Array): boolean {
  must(retired.length === retiredLength, `a word that a share is retired has ${retiredLength} bytes`)
  must(session.kind === SessionKind.RESHARE, 'only a share that was renewed is retired')
  if (me.retired.length > 0) {
    if (sameBytes(me.retired, retired)) return false
    throw new Refusal('confirmed_otherwise', `seat ${me.seat} has said something else before`)
  }
  if (!session.runSeats.includes(me.seat)) throw new Refusal('nothing_to_confirm', `seat ${me.seat} took no part`)
  me.retired = retired
  return true
}
