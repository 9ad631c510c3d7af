import { createClient, type Transport } from '@connectrpc/connect'
import { misbehaviour } from '../tss-wasm/failure.ts'
import { sameBytes } from '../tss-wasm/bytes.ts'
import { fingerprintBytes } from '../tss-wasm/identity/identity.ts'
import { joinBinding } from '../tss-wasm/identity/join.ts'
import { verifyProposal } from '../tss-wasm/identity/proposal.ts'
import { knownTerms, stateTerms, termsOf, verifyStatement } from '../tss-wasm/identity/terms.ts'
import type { RandomSource } from '../tss-wasm/random.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { CoordinatorService, ParticipantState, SessionState } from '../proto/gen/coordinator_pb.js'
import { RouterService } from '../proto/gen/router_pb.js'
import type { Coordinator, Glimpse, Joining, Seat, Ticket } from './session/seat.ts'
import type { Contact } from './connection/contact.ts'
import { createSession } from './session/createSession.ts'
import { asAbort } from './connection/failures.ts'
import { creatorOf, mustBeAsSeen, newCodeNonce, sessionBytes, statementIn } from './session/handshake.ts'
import { offers } from './session/offers.ts'
import { patient, persistence, type Timing } from './connection/persistence.ts'
import type { RunLog } from './connection/runs.ts'
import type { Connection } from './connection/connection.ts'
import { openSeat, reportFailure } from './session/openSeat.ts'
import { checkedSession } from './session/sessionParts.ts'
import { settle } from './share/settle.ts'

export interface CoordinatorOptions {
  /** For session and run ids, seat secrets, and for spreading retries. */
  readonly random: RandomSource
  /** Of this installation: what it has taken part in, it does not take part in again. */
  readonly runs: RunLog
  readonly timing?: Partial<Timing>
  /** Hears whether the coordinator answers. */
  readonly contact?: Contact
}

/** What a transport may take in one message: a session with the largest proposal, or the largest envelope. */
export const readMaxBytes = 2 * 1024 * 1024

/** A party's client of the coordinator at the other end of `transport` (gRPC in Node, gRPC-Web in browsers). */
export function createCoordinator(
  transport: Transport,
  { random, runs, timing, contact }: CoordinatorOptions,
): Coordinator {
  const connection: Connection = {
    sessions: createClient(CoordinatorService, transport),
    router: createClient(RouterService, transport),
    persistently: persistence(random, { ...patient, ...timing }, contact),
    runs,
  }
  return {
    create: (request) => createSession(connection, request, random),
    look: (ticket) => lookAt(connection, ticket),
    decline: ({ sessionId, joinToken }, failure) =>
      reportFailure(connection, { sessionId, headers: { authorization: `Bearer ${joinToken}` } }, failure),
    join: (seen, joining) => join(connection, seen, joining, random),
    offersTo: (identity, signal, onConnected) =>
      offers(
        transport,
        {
          identity,
          random,
          ...(timing && { timing }),
          ...(contact && { contact }),
          ...(onConnected && { onConnected }),
        },
        signal,
      ),
    settle: (pending, settling) => settle(connection, pending, settling),
  }
}

const never = new AbortController().signal

/** @throws ProtocolAbort */
async function lookAt({ sessions, persistently }: Connection, ticket: Ticket): Promise<Glimpse> {
  const { sessionId, joinToken, invitedBy, seat } = ticket
  const headers = { authorization: `Bearer ${joinToken}` }
  const answer = await persistently.call(
    (options) => sessions.getSession({ sessionId }, { ...options, headers }),
    never,
  )
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
    ticket,
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

/** Says what it believes it is joining, as it was seen, and takes the seat. */
async function join(
  connection: Connection,
  seen: Glimpse,
  { identity, seatSecret, wallet }: Joining,
  random: RandomSource,
): Promise<Seat> {
  const { ticket, sessionId, me, proposal, proposalBytes, creator } = seen
  const { joinToken } = ticket
  const headers = { authorization: `Bearer ${joinToken}` }
  const shape = proposal.kind === 'keygen' ? proposal : wallet
  if (shape === undefined) throw new Error('a signer states what it knows of the wallet')
  const { threshold, parties } = shape
  const where = { session: sessionBytes(sessionId), seat: me }
  const code = newCodeNonce(proposal, where, random)
  const terms = termsOf(proposal, proposalBytes, where, { threshold, parties }, code.commitment)
  const statement = await stateTerms(terms, identity)
  const bound = { session: terms.session, seat: me, identity: identity.public, terms: statement.terms }
  const seatMac = seatSecret === undefined ? new Uint8Array() : joinBinding(seatSecret.reveal(), bound)
  const answer = await connection.persistently.call(
    (options) =>
      connection.sessions.joinSession(
        { sessionId, identity: { ...identity.public }, statement, seatMac },
        { ...options, headers },
      ),
    never,
  )
  const session = checkedSession(answer.session, sessionId)
  try {
    if (answer.seat !== (me as number)) throw misbehaviour([], 'coordinator gives us the seat that it showed us')
    mustBeAsSeen(session, seen)
  } catch (error) {
    await reportFailure(connection, { sessionId, headers }, asAbort(error).failure)
    throw error
  }
  const taken = { session, me, identity, joinToken, proposal, proposalBytes, creator, terms }
  return openSeat(connection, { ...taken, codeNonce: code.nonce, creatorHandshake: seen.handshake })
}
