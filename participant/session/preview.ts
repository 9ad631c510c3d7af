import { misbehaviour } from '../../tss-wasm/failure.ts'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { fingerprintBytes } from '../../tss-wasm/identity/identity.ts'
import { type Proposal, verifyProposal } from '../../tss-wasm/identity/proposal.ts'
import { knownTerms, verifyStatement } from '../../tss-wasm/identity/terms.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { ParticipantState, type Session, SessionState } from '../../proto/gen/coordinator_pb.js'
import type { Connection } from '../connection/connection.ts'
import type { JoinedMember, SessionPreview, SeatAccess } from './sessionPreview.ts'
import { creatorOf, identityIn, sessionBytes, statementIn } from './handshake.ts'
import { checkedSession, isCompleted } from './sessionParts.ts'

const never = new AbortController().signal

function asked({ sessions, persistently }: Connection, { sessionId, joinToken }: SeatAccess) {
  const headers = { authorization: `Bearer ${joinToken}` }
  return persistently.call((options) => sessions.getSession({ sessionId }, { ...options, headers }), never)
}

/**
 * What a session is for, as its creator signed it.
 * @param shows who has come already, too: for people. A policy does not ask, and strangers could make it verify many.
 * @throws ProtocolAbort
 */
export async function previewSession(
  connection: Connection,
  access: SeatAccess,
  shows?: 'joined',
): Promise<SessionPreview> {
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
  const { name: creatorName = '' } = await verifyStatement(
    handshake,
    creator,
    where.seat,
    knownTerms(proposal, session.proposal, where),
  )
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
    creatorName,
    joined: shows === 'joined' ? await joinedIn(session, proposal, [where.seat, me]) : [],
    expiresAtMs: Number(session.expiresAtMs),
    mySeatIsTaken,
    isOver: session.state >= SessionState.COMPLETED,
    isCompleted: isCompleted(session),
  }
}

/** Who sits in a session with new members already, each by what it has signed; what is not signed as it must be is left out. */
async function joinedIn(
  session: Session,
  proposal: Proposal,
  besides: readonly PartyId[],
): Promise<readonly JoinedMember[]> {
  if (proposal.kind === 'sign') return []
  const others = session.participants.map(({ seat }) => seat as PartyId).filter((seat) => !besides.includes(seat))
  const joined = await Promise.all(
    others.map(async (seat): Promise<readonly JoinedMember[]> => {
      const identity = identityIn(session, seat)
      if (identity === undefined) return []
      const known = knownTerms(proposal, session.proposal, { session: sessionBytes(session.sessionId), seat })
      const stated = await verifyStatement(statementIn(session, seat), identity, seat, known).catch(() => undefined)
      return stated === undefined ? [] : [{ seat, identity, name: stated.name ?? '' }]
    }),
  )
  return joined.flat()
}
