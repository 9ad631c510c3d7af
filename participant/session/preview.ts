import { misbehaviour } from '../../tss-wasm/failure.ts'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { fingerprintBytes } from '../../tss-wasm/identity/identity.ts'
import { verifyProposal } from '../../tss-wasm/identity/proposal.ts'
import { knownTerms, verifyStatement } from '../../tss-wasm/identity/terms.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { ParticipantState, SessionState } from '../../proto/gen/coordinator_pb.js'
import type { Connection } from '../connection/connection.ts'
import type { SessionPreview, SeatAccess } from './sessionPreview.ts'
import { creatorOf, sessionBytes, statementIn } from './handshake.ts'
import { checkedSession } from './sessionParts.ts'

const never = new AbortController().signal

function asked({ sessions, persistently }: Connection, { sessionId, joinToken }: SeatAccess) {
  const headers = { authorization: `Bearer ${joinToken}` }
  return persistently.call((options) => sessions.getSession({ sessionId }, { ...options, headers }), never)
}

/** What a session is for, as its creator signed it. @throws ProtocolAbort */
export async function previewSession(connection: Connection, access: SeatAccess): Promise<SessionPreview> {
  const { sessionId, invitedBy, seat } = access
  const answer = access.offered ?? (await asked(connection, access))
  const session = checkedSession(answer.session, sessionId)
  const me = answer.seat as PartyId
  const creator = creatorOf(session)
  if (invitedBy !== undefined && !sameBytes(invitedBy, fingerprintBytes(creator))) {
    throw misbehaviour([], 'session was created by whoever sent the invitation')
  }
  if (seat !== undefined && seat !== me) throw misbehaviour([], 'coordinator seats us where the invitation says')
  const where = { session: sessionBytes(sessionId), seat: session.creatorSeat as PartyId }
  const proposal = await verifyProposal(session.proposal, session.proposalSignature, creator, where.session)
  const handshake = statementIn(session, where.seat)
  await verifyStatement(handshake, creator, where.seat, knownTerms(proposal, session.proposal, where))
  const mySeatIsTaken =
    session.participants.find((participant) => participant.seat === answer.seat)?.state !== ParticipantState.INVITED
  return {
    access,
    sessionId,
    me,
    proposal,
    proposalBytes: session.proposal,
    creator,
    creatorSeat: where.seat,
    handshake,
    expiresAtMs: Number(session.expiresAtMs),
    mySeatIsTaken,
    isOver: session.state >= SessionState.COMPLETED,
  }
}
