import { createClient, type Transport } from '@connectrpc/connect'
import { misbehaviour } from '../../tss-wasm/failure.ts'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { fingerprintBytes } from '../../tss-wasm/identity/identity.ts'
import { joinBinding } from '../../tss-wasm/identity/join.ts'
import { verifyProposal } from '../../tss-wasm/identity/proposal.ts'
import { stateTerms, termsOf } from '../../tss-wasm/identity/terms.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { CoordinatorService, ParticipantState, SessionState } from '../gen/coordinator_pb.js'
import { RouterService } from '../gen/router_pb.js'
import type { Coordinator, Glimpse, Joining, Seat, Ticket } from './client.ts'
import type { Contact } from './contact.ts'
import { createSession } from './creator.ts'
import { asAbort } from './failures.ts'
import { creatorOf, sessionBytes } from './handshake.ts'
import { offers } from './offers.ts'
import { patient, persistence, type Timing } from './persistence.ts'
import type { RunLog } from './runs.ts'
import type { Connection } from './connection.ts'
import { openSeat, reportFailure } from './seat.ts'
import { checkedSession } from './sessionParts.ts'
import { settle } from './settle.ts'

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
    look: async (ticket) => (await lookAt(connection, ticket)).glimpse,
    decline: ({ sessionId, joinToken }, failure) =>
      reportFailure(connection, { sessionId, headers: { authorization: `Bearer ${joinToken}` } }, failure),
    join: (request) => join(connection, request),
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

interface Seen {
  readonly glimpse: Glimpse
  readonly proposalBytes: Uint8Array
}

/** @throws ProtocolAbort */
async function lookAt(
  { sessions, persistently }: Connection,
  { sessionId, joinToken, invitedBy, seat }: Ticket,
): Promise<Seen> {
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
  const proposal = await verifyProposal(session.proposal, session.proposalSignature, creator)
  const mySeatIsTaken =
    session.participants.find((participant) => participant.seat === answer.seat)?.state !== ParticipantState.INVITED
  const expiresAtMs = Number(session.expiresAtMs)
  const glimpse = {
    sessionId,
    me,
    proposal,
    creator,
    expiresAtMs,
    mySeatIsTaken,
    isOver: session.state >= SessionState.COMPLETED,
  }
  return { glimpse, proposalBytes: session.proposal }
}

/** Looks, says what it believes it is joining, and takes the seat. */
async function join(connection: Connection, request: Ticket & Joining): Promise<Seat> {
  const { sessionId, joinToken, identity, seatSecret, wallet } = request
  const headers = { authorization: `Bearer ${joinToken}` }
  const { glimpse, proposalBytes } = await lookAt(connection, request).catch(async (error: unknown) => {
    const { failure } = asAbort(error)
    if (failure.kind === 'misbehaviour') await reportFailure(connection, { sessionId, headers }, failure)
    throw error
  })
  const { proposal, creator, me } = glimpse
  const shape = proposal.kind === 'keygen' ? proposal : wallet
  if (shape === undefined) throw new Error('a signer states what it knows of the wallet')
  const { threshold, parties } = shape
  const terms = termsOf(proposal, proposalBytes, { session: sessionBytes(sessionId), seat: me }, { threshold, parties })
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
  if (answer.seat !== (me as number)) throw misbehaviour([], 'coordinator gives us the seat that it showed us')
  return openSeat(connection, { session, me, identity, joinToken, proposal, proposalBytes, creator, terms })
}
