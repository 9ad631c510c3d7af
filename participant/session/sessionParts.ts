import { misbehaviour } from '../../tss-wasm/failure.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { ParticipantState, type Session, SessionState } from '../../proto/gen/coordinator_pb.js'
import type { Presence } from './seat.ts'
import { toldBy } from '../connection/failures.ts'

/** What a session says of its participants, as the coordinator has it; nothing here is verified. */

export function approvalsIn({ participants }: Session): ReadonlyMap<PartyId, Uint8Array> {
  return new Map(participants.map(({ seat, approval }) => [seat as PartyId, approval]))
}

/** What everybody has opened of the check code. */
export function openingsIn({ participants }: Session): Map<PartyId, Uint8Array> {
  return new Map(participants.map(({ seat, codeOpening }) => [seat as PartyId, codeOpening]))
}

/** What those in the roster have confirmed, as the coordinator has it. */
export function confirmationsIn({ participants }: Session, { seats }: Roster): Map<PartyId, Uint8Array> {
  const isIn = ({ seat }: { readonly seat: number }) => seats.some((each) => each.seat === (seat as PartyId))
  return new Map(participants.filter(isIn).map(({ seat, confirmation }) => [seat as PartyId, confirmation]))
}

/** The words for what a participant is doing, on screens and in REST alike. */
export const presenceStates: Readonly<Record<ParticipantState, Presence['state']>> = {
  [ParticipantState.UNSPECIFIED]: 'invited',
  [ParticipantState.INVITED]: 'invited',
  [ParticipantState.JOINED]: 'joined',
  [ParticipantState.READY]: 'ready',
  [ParticipantState.COMPUTING]: 'computing',
  [ParticipantState.COMPLETED]: 'completed',
  [ParticipantState.FAILED]: 'failed',
}

export function presence(
  { seat, serverParty, state, refusedJoins, failure }: Session['participants'][number],
  unheardSinceMs?: number,
): Presence {
  return {
    seat: seat as PartyId,
    serverParty,
    state: presenceStates[state],
    refusedJoins,
    ...(unheardSinceMs !== undefined && { unheardSinceMs }),
    ...(failure && { failure: toldBy(failure) }),
  }
}

/** A session as a coordinator gave it to us, with the fields it must have. @throws ProtocolAbort */
export function checkedSession(session: Session | undefined, sessionId?: string): Session {
  if (session === undefined || !/^[0-9a-f]{32}$/.test(session.sessionId)) {
    throw misbehaviour([], 'coordinator answers with a session')
  }
  if (sessionId !== undefined && session.sessionId !== sessionId) {
    throw misbehaviour([], 'coordinator answers with the session that was asked for')
  }
  return session
}

/** Whether seat `me` has said that it is ready, or has gone on from there. */
export function isReadyIn({ participants }: Session, me: PartyId): boolean {
  const { state = ParticipantState.UNSPECIFIED } = participants.find(({ seat }) => seat === (me as number)) ?? {}
  return state >= ParticipantState.READY && state <= ParticipantState.COMPLETED
}

export function isCompleted({ state }: Session): boolean {
  return state === SessionState.COMPLETED
}
