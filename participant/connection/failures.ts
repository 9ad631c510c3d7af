import { create } from '@bufbuild/protobuf'
import { Code, ConnectError } from '@connectrpc/connect'
import {
  type CoordinatorCode,
  type Failure,
  isCause,
  isFailureKind,
  ProtocolAbort,
  refused,
} from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import {
  FailureSchema,
  ParticipantState,
  RefusalReason,
  RefusalSchema,
  type Session,
  SessionKind,
  SessionState,
  type Failure as WireFailure,
} from '../../proto/gen/coordinator_pb.js'

const longestText = 500
const mostNamed = 20

/** A failure of ours as the others are told it. */
export function encodeFailure(failure: Failure): WireFailure {
  const { kind } = failure
  const text = (value: string) => value.slice(0, longestText)
  switch (failure.kind) {
    case 'misbehaviour':
      return create(FailureSchema, {
        kind,
        parties: [...failure.culprits],
        check: text(failure.check),
        detail: text(failure.detail ?? ''),
      })
    case 'timed-out':
      return create(FailureSchema, {
        kind,
        parties: [...failure.waitingFor],
        check: text(failure.round),
        waitedMs: BigInt(failure.waitedMs ?? 0),
      })
    case 'peer-gave-up':
      return create(FailureSchema, { kind, parties: [failure.peer], check: failure.why, detail: text(failure.detail) })
    case 'disconnected':
    case 'engine-crashed':
    case 'not-loaded':
      return create(FailureSchema, { kind, detail: text(failure.detail) })
    case 'refused':
      return create(FailureSchema, { kind, check: failure.what, detail: text(failure.detail) })
    case 'cancelled':
      return create(FailureSchema, { kind })
  }
}

/** Why a session that did not complete has ended, as seen from seat `me`; undefined while it has not. */
export function failureOf(session: Session, me: PartyId): Failure | undefined {
  if (session.state === SessionState.EXPIRED) return expired(session, me)
  if (session.state !== SessionState.FAILED) return undefined
  const { failure } = session
  if (failure === undefined || failure.reportedBy === 0) {
    return { kind: 'disconnected', detail: 'the coordinator ended the session' }
  }
  return toldBy(failure)
}

/** A participant's own word for why it stopped. */
export function toldBy(failure: WireFailure): Failure {
  const told = {
    kind: 'peer-gave-up',
    peer: failure.reportedBy as PartyId,
    why: isFailureKind(failure.kind) ? failure.kind : 'unknown',
    detail: inWords(failure),
  } as const
  const about = failure.parties.slice(0, mostNamed) as PartyId[]
  const cause = failure.kind === 'refused' && isCause(failure.check) ? failure.check : undefined
  return { ...told, ...(cause !== undefined && { cause }), ...(about.length > 0 && { about }) }
}

/**
 * The session's time was up. Awaited is everybody who had not done their part: not confirmed what was computed; or, before
 * the start, not come; or, once all had come, not been ready. Nobody can be ready for a new wallet before its creator has
 * shown the roster.
 */
export function expired(session: Session, me: PartyId): Failure {
  const { run, runSeats, participants, creatorSeat } = session
  const late = (done: ParticipantState, seats: readonly number[]) =>
    participants
      .filter(({ seat, state }) => seat !== (me as number) && seats.includes(seat) && state < done)
      .map(({ seat }) => seat as PartyId)
  const all = participants.map(({ seat }) => seat)
  if (run > 0)
    return { kind: 'timed-out', waitingFor: late(ParticipantState.COMPLETED, runSeats), round: 'confirmation' }
  const neverBegan = {
    kind: 'timed-out',
    round: 'start',
    waitedMs: Number(session.expiresAtMs - session.createdAtMs),
  } as const
  if (session.kind !== SessionKind.KEYGEN || session.roster.length > 0) {
    return { ...neverBegan, waitingFor: late(ParticipantState.READY, all) }
  }
  const absent = late(ParticipantState.JOINED, all)
  const waitingFor = absent.length > 0 ? absent : late(ParticipantState.READY, [creatorSeat])
  return { ...neverBegan, waitingFor }
}

/** Another party's word for why it stopped, but for its kind: shown, never trusted, and bounded. */
function inWords({ kind, parties, check, detail, waitedMs }: WireFailure): string {
  const unknown = isFailureKind(kind) ? '' : kind
  const about = parties.length === 0 ? '' : `party ${parties.slice(0, mostNamed).join(', ')}`
  const after = waitedMs > 0n ? `after ${Math.round(Number(waitedMs) / 1000)} s` : ''
  const said = [unknown, about, check, after, detail].filter((part) => part !== '')
  return said.join(': ').slice(0, longestText)
}

/** Whether a call that ended like this may succeed when it is made again. */
export function isPassing(error: unknown): boolean {
  const passing = [Code.Unavailable, Code.DeadlineExceeded, Code.Aborted, Code.Canceled, Code.Unknown, Code.Internal]
  return passing.includes(ConnectError.from(error).code)
}

/**
 * What the coordinator's refusal, or its absence, means for the ceremony. Whatever it says, and under whichever code, it
 * stays the coordinator's word.
 */
export function asAbort(error: unknown): ProtocolAbort {
  if (error instanceof ProtocolAbort) return error
  const refusal = ConnectError.from(error)
  const detail = refusal.rawMessage.slice(0, longestText)
  if (!refusals.includes(refusal.code)) {
    return new ProtocolAbort({ kind: 'disconnected', detail: `the coordinator cannot be reached: ${detail}` })
  }
  const code = reasonIn(refusal)
  if (code === 'seat_elsewhere') return refused('seat-elsewhere', detail)
  return new ProtocolAbort({ kind: 'refused', what: 'coordinator', code, detail })
}

const refusals: readonly Code[] = [
  Code.InvalidArgument,
  Code.NotFound,
  Code.AlreadyExists,
  Code.PermissionDenied,
  Code.Unauthenticated,
  Code.FailedPrecondition,
  Code.ResourceExhausted,
  Code.OutOfRange,
]

/** One of a closed set, whatever was sent; 'unspecified' for what this program does not know. */
function reasonIn(refusal: ConnectError): CoordinatorCode {
  const [said] = refusal.findDetails(RefusalSchema)
  const name = RefusalReason[said?.reason ?? RefusalReason.UNSPECIFIED] as keyof typeof RefusalReason | undefined
  return (name?.toLowerCase() as Lowercase<keyof typeof RefusalReason> | undefined) ?? 'unspecified'
}
