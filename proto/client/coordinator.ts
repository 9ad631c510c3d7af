import { createClient, type Transport } from '@connectrpc/connect'
import { sha256 } from '@noble/hashes/sha2.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { misbehaviour } from '../../tss-wasm/failure.ts'
import { encodeProposal, signProposal, verifyProposal } from '../../tss-wasm/identity/proposal.ts'
import { encodeRoster, type Roster, sameIdentity, signRoster } from '../../tss-wasm/identity/roster.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { PartyId } from '../../tss-wasm/round/channel.ts'
import { CoordinatorService, ParticipantState, type Session, SessionKind } from '../gen/coordinator_pb.js'
import { RouterService } from '../gen/router_pb.js'
import type { Coordinator, CreatorSeat, NewSession, OfferedSeat } from './client.ts'
import { asAbort } from './failures.ts'
import { patient, persistence, type Timing } from './persistence.ts'
import { checkedSession, type Connection, creatorOf, identityIn, openSeat, reportFailure, type Taken } from './seat.ts'

export interface CoordinatorOptions {
  /** For run ids and for spreading retries. */
  readonly random: RandomSource
  readonly timing?: Partial<Timing>
}

/** What a transport may take in one message: a session with the largest proposal, or the largest envelope. */
export const readMaxBytes = 2 * 1024 * 1024

/** A party's client of the coordinator at the other end of `transport` (gRPC in Node, gRPC-Web in browsers). */
export function createCoordinator(transport: Transport, { random, timing }: CoordinatorOptions): Coordinator {
  const connection: Connection = {
    sessions: createClient(CoordinatorService, transport),
    router: createClient(RouterService, transport),
    persistently: persistence(random, { ...patient, ...timing }),
  }
  return {
    create: (request) => createSession(connection, request, random),
    async join({ sessionId, joinToken, identity }) {
      const headers = { authorization: `Bearer ${joinToken}` }
      const answer = await connection.persistently.call(
        (options) =>
          connection.sessions.joinSession({ sessionId, identity: { ...identity.public } }, { ...options, headers }),
        never,
      )
      const session = checkedSession(answer.session, sessionId)
      const me = answer.seat as PartyId
      const creator = creatorOf(session)
      const proposal = await verifyProposal(session.proposal, session.proposalSignature, creator).catch(
        async (error: unknown) => {
          await reportFailure(connection, { sessionId, headers }, asAbort(error).failure)
          throw error
        },
      )
      return openSeat(connection, {
        session,
        me,
        identity,
        joinToken,
        proposal,
        proposalBytes: session.proposal,
        creator,
      })
    },
  }
}

const never = new AbortController().signal

async function createSession(connection: Connection, request: NewSession, random: RandomSource): Promise<CreatorSeat> {
  const { identity, proposal, threshold, mySeat, others, lifeSeconds = 0 } = request
  const proposalBytes = encodeProposal(proposal)
  const answer = await connection.persistently.call(
    async (options) =>
      connection.sessions.createSession(
        {
          kind: proposal.kind === 'keygen' ? SessionKind.KEYGEN : SessionKind.SIGN,
          threshold,
          seats: [{ seat: mySeat }, ...others.map(({ seat, serverParty }) => ({ seat, serverParty }))],
          creatorSeat: mySeat,
          proposal: proposalBytes,
          proposalSignature: await signProposal(proposalBytes, identity),
          lifeSeconds,
          creatorIdentity: { ...identity.public },
        },
        options,
      ),
    never,
  )
  const session = checkedSession(answer.session)
  const joinToken = answer.joinTokens[mySeat]
  if (joinToken === undefined) throw misbehaviour([], 'the coordinator gives the creator a join token')
  const creator = identity.public
  const taken: Taken = { session, me: mySeat, identity, joinToken, proposal, proposalBytes, creator }
  const seat = openSeat(connection, taken)
  return {
    ...seat,
    async start() {
      const ready = await seat.watch.until(({ participants }) =>
        participants.every(({ state }) => state === ParticipantState.READY),
      )
      const roster = makeRoster(ready, request, proposalBytes, random)
      const bytes = encodeRoster(roster)
      const rosterSignature = await signRoster(bytes, identity)
      const { sessionId } = seat
      const started = await connection.persistently.call(
        (options) =>
          connection.sessions.startSession(
            { sessionId, roster: bytes, rosterSignature },
            { ...options, headers: seat.headers },
          ),
        seat.watch.ended,
      )
      seat.watch.learn(started.session)
      seat.adopt(roster)
      return roster
    },
  }
}

/** Who takes part, by our own knowledge: only a person's identity is the coordinator's word. @throws ProtocolAbort */
function makeRoster(session: Session, request: NewSession, proposal: Uint8Array, random: RandomSource): Roster {
  const { identity, mySeat, others, threshold } = request
  const seats = [
    { seat: mySeat, identity: identity.public },
    ...others.map((offered) => ({ seat: offered.seat, identity: pinnedIdentity(session, offered) })),
  ]
  return {
    protocol: 'quorate/1',
    kind: request.proposal.kind,
    session: hexToBytes(session.sessionId),
    run: random(16),
    threshold,
    proposalHash: sha256(proposal),
    creator: mySeat,
    seats: seats.toSorted((a, b) => a.seat - b.seat),
  }
}

function pinnedIdentity(session: Session, { seat, serverParty, pinned }: OfferedSeat): OfferedSeat['pinned'] {
  if (!sameIdentity(identityIn(session, seat), pinned)) {
    // The coordinator may have put somebody else there, so the party itself is not to blame.
    throw misbehaviour([], `${serverParty} has the identity that is pinned for it`)
  }
  return pinned
}
