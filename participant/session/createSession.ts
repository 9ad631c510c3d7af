import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { misbehaviour } from '../../tss-wasm/failure.ts'
import { fingerprintBytes, type PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { type Invitation, newSeatSecret } from '../../tss-wasm/identity/invitation.ts'
import { encodeProposal, type Proposal, signProposal, versionOf } from '../../tss-wasm/identity/proposal.ts'
import {
  encodeRoster,
  type PresignedSlots,
  type Roster,
  type RosterSeat,
  sameIdentity,
  signRoster,
} from '../../tss-wasm/identity/roster.ts'
import { signed } from '../../tss-wasm/identity/signed.ts'
import { agreedProtocol, cggmp24 } from '../../tss-wasm/identity/signingProtocol.ts'
import { stateTerms, type Terms, termsOf } from '../../tss-wasm/identity/terms.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { ParticipantState, type Session, SessionKind } from '../../proto/gen/coordinator_pb.js'
import type { NewSession, OfferedSeat } from './newSession.ts'
import type { CreatorSeat } from './seat.ts'
import { invitedIdentity, newCodeNonce, seatedIdentity, sessionBytes, verifyTermsOf } from './handshake.ts'
import type { Connection } from '../connection/connection.ts'
import { asAbort } from '../connection/failures.ts'
import { approvedBy } from './agreement.ts'
import { newClient } from './client.ts'
import { openSeat } from './openSeat.ts'
import type { Agreement } from './run.ts'
import { checkedSession } from './sessionParts.ts'
import type { Taken } from './taken.ts'

const never = new AbortController().signal

const kinds: Readonly<Record<Proposal['kind'], SessionKind>> = {
  keygen: SessionKind.KEYGEN,
  sign: SessionKind.SIGN,
  reshare: SessionKind.RESHARE,
}

/** Opens a session, takes the creator's seat in it, and has an invitation ready for each seat that is not pinned. */
export async function createSession(
  connection: Connection,
  request: NewSession,
  random: RandomSource,
): Promise<CreatorSeat> {
  const { identity, proposal, mySeat, ordered } = request
  const headers = ordered && { authorization: `Bearer ${ordered.joinToken}` }
  const shape = proposal.kind === 'sign' ? request : proposal
  const { threshold, parties } = shape
  if (parties === undefined) throw new Error('who asks for a signature states n of the wallet')
  // Ours, so that the hand-shake can name it, and one for all attempts: when an answer got lost there must not be another
  // session, to which the same people are invited and nobody comes.
  const id = ordered === undefined ? random(16) : sessionBytes(ordered.sessionId)
  const proposalBytes = encodeProposal(proposal, id)
  const where = { session: id, seat: mySeat }
  const code = newCodeNonce(proposal, where, random)
  const terms = termsOf(proposal, proposalBytes, where, { threshold, parties }, code.commitment, request.name)
  const creatorStatement = await stateTerms(terms, identity)
  const client = newClient(random)
  const opening = {
    sessionId: bytesToHex(id),
    kind: kinds[proposal.kind],
    threshold,
    seats: offeredSeats(request),
    creatorSeat: mySeat,
    proposal: proposalBytes,
    proposalSignature: await signProposal(proposalBytes, identity),
    lifeSeconds: request.lifeSeconds ?? 0,
    creatorIdentity: { ...identity.public },
    creatorStatement,
    openingSignature: await signed('opening', id, identity),
    creatorClient: client,
    creatorReady: proposal.kind === 'sign',
  }
  const answer = await connection.persistently.call(
    (options) => connection.sessions.createSession(opening, { ...options, ...(headers && { headers }) }),
    never,
  )
  const session = checkedSession(answer.session, opening.sessionId)
  const tokens = { ...answer.joinTokens }
  const taken: Taken = {
    session,
    me: mySeat,
    identity,
    joinToken: tokenOf(tokens, mySeat),
    client,
    proposal,
    proposalBytes,
    creator: identity.public,
    terms,
    codeNonce: code.nonce,
    creatorHandshake: creatorStatement,
  }
  return hosting(connection, { request, taken, tokens, random })
}

function offeredSeats({ mySeat, others, proposal }: NewSession) {
  const offered = others.map(({ seat, serverParty, pinned }) => ({
    seat,
    serverParty,
    // Who holds a share already is known, and is told by identity.
    ...(proposal.kind !== 'keygen' && serverParty === '' && pinned && { identity: { ...pinned } }),
  }))
  return [{ seat: mySeat }, ...offered]
}

interface Hosting {
  readonly request: NewSession
  readonly taken: Taken
  readonly tokens: Readonly<Record<number, string>>
  readonly random: RandomSource
}

/** The creator's seat: whoever sits in it makes the roster that the others wait for. */
function hosting(connection: Connection, { request, taken, tokens, random }: Hosting): CreatorSeat {
  const { identity, others, proposal } = request
  const seat = openSeat(connection, taken, publish)
  const { sessionId, headers, watch } = seat
  const invitations = new Map<PartyId, Invitation>()
  /**
   * Who came with an invitation, by seat. Links stay in the history of browsers: from then on the secret in it seats nobody
   * else, not even with the coordinator's help.
   */
  const seated = new Map<PartyId, PublicIdentity>()
  for (const { seat: offered, pinned } of others) {
    if (pinned === undefined) invitations.set(offered, invite(offered, tokenOf(tokens, offered)))
  }

  function invite(offered: PartyId, joinToken: string): Invitation {
    return {
      session: sessionBytes(sessionId),
      seat: offered,
      seatSecret: newSeatSecret(random),
      creator: fingerprintBytes(identity.public),
      expiresAtMs: seat.expiresAtMs,
      joinToken,
    }
  }

  watch.onChange((now) => {
    for (const [offered, { seatSecret }] of invitations) {
      const identity = seated.get(offered) ?? invitedIdentity(now, offered, seatSecret)
      if (identity !== undefined) seated.set(offered, identity)
    }
  })

  /** Who sits in a seat that we offered. @throws ProtocolAbort misbehaviour of nobody */
  function identityOf(now: Session, offered: OfferedSeat): PublicIdentity {
    const identity = seatedIdentity(now, offered, invitations.get(offered.seat)?.seatSecret)
    if (sameIdentity(seated.get(offered.seat) ?? identity, identity)) return identity
    throw misbehaviour([], 'seat was taken with its invitation', `seat ${offered.seat}: by somebody else before`)
  }

  /** Who takes part, by our own knowledge, each of them having said what they join. @throws ProtocolAbort */
  async function rosterOf(now: Session, chosen: readonly PartyId[], presigned?: PresignedSlots): Promise<Roster> {
    const seats = others
      .filter((offered) => chosen.includes(offered.seat))
      .map((offered) => ({ seat: offered.seat, identity: identityOf(now, offered) }))
    const mine = { seat: seat.me, identity: identity.public, ...stated(taken.terms) }
    const theirs = await Promise.all(
      seats.map(async (each) => ({ each, terms: await verifyTermsOf(now, each, taken.terms) })),
    )
    const signing = agreedProtocol([taken.terms, ...theirs.map(({ terms }) => terms)])
    return {
      protocol: versionOf(proposal),
      kind: proposal.kind,
      session: sessionBytes(sessionId),
      run: random(16),
      threshold: taken.terms.threshold,
      proposalHash: sha256(taken.proposalBytes),
      creator: seat.me,
      ...(proposal.kind === 'sign' && { signing, ...(signing === cggmp24 && { presigned }) }),
      seats: [mine, ...theirs.map(({ each, terms }) => ({ ...each, ...stated(terms) }))].toSorted(
        (a, b) => a.seat - b.seat,
      ),
    }
  }

  /** Once all seats are taken; made anew when somebody has come again meanwhile, who has committed to something else then. */
  async function publish(): Promise<Roster> {
    const all = [seat.me, ...others.map((offered) => offered.seat)]
    for (let since = 0n; ;) {
      const now = await watch.until(
        ({ participants, version }) =>
          version > since && participants.every(({ state }) => state >= ParticipantState.JOINED),
      )
      const roster = await rosterOf(now, all)
      await seat.enter(roster)
      if (await isPublished(roster, now.version)) return roster
      since = now.version
    }
  }

  async function isPublished(roster: Roster, version: bigint): Promise<boolean> {
    const bytes = encodeRoster(roster)
    const rosterSignature = await signRoster(bytes, identity)
    try {
      const answer = await connection.persistently.call(
        (options) =>
          connection.sessions.publishRoster(
            { sessionId, roster: bytes, rosterSignature, version },
            { ...options, headers },
          ),
        watch.ended,
        'until-ended',
      )
      watch.learn(answer.session)
      return true
    } catch (error) {
      const { failure } = asAbort(error)
      if (failure.kind === 'refused' && failure.what === 'coordinator' && failure.code === 'seat_changed') return false
      throw error
    }
  }

  async function startWith(agreement: Agreement, seats: readonly PartyId[]): Promise<Roster> {
    const { roster } = agreement
    const bytes = encodeRoster(roster)
    const rosterSignature = await signRoster(bytes, identity)
    // A call that a network holds back must not begin an old run again.
    const run = seat.run.number + 1
    const answer = await connection.persistently.call(
      (options) =>
        connection.sessions.startSession(
          { sessionId, roster: bytes, rosterSignature, seats: [...seats], run },
          { ...options, headers },
        ),
      watch.ended,
      'until-ended',
    )
    seat.begin(checkedSession(answer.session, sessionId), agreement)
    return roster
  }

  const creator = {
    invitations,
    async revoke(target: PartyId): Promise<Invitation> {
      const now = await watch.until(() => true)
      const { tokenGeneration = 0 } =
        now.participants.find((participant) => participant.seat === (target as number)) ?? {}
      const answer = await connection.persistently.call(
        (options) =>
          connection.sessions.revokeSeat({ sessionId, seat: target, tokenGeneration }, { ...options, headers }),
        watch.ended,
      )
      const fresh = invite(target, answer.joinToken)
      invitations.set(target, fresh)
      seated.delete(target)
      watch.learn(answer.session)
      return fresh
    },
    propose: () => seat.agreed(),
    async start(): Promise<Roster> {
      const roster = proposal.kind === 'sign' ? undefined : await seat.agreed()
      const now = await watch.until(({ participants }) =>
        participants.every(({ state }) => state === ParticipantState.READY),
      )
      if (roster === undefined) return creator.startRun([seat.me, ...others.map((offered) => offered.seat)])
      return startWith(await approvedBy(now, taken, roster), [])
    },
    async startRun(seats: readonly PartyId[], presigned?: PresignedSlots): Promise<Roster> {
      const now = await watch.until(() => true)
      const roster = await rosterOf(now, seats, presigned)
      await seat.enter(roster)
      return startWith({ roster }, seats)
    },
  }
  // Not a copy: the seat's channel is another one in every run.
  return Object.assign(seat, creator)
}

/** The roster of new shares fixes what everybody has committed to for the check code, and what everybody is called. */
function stated({ kind, codeCommitment, name }: Terms): Pick<RosterSeat, 'codeCommitment' | 'name'> {
  return kind === 'sign' ? {} : { codeCommitment, ...(name !== undefined && { name }) }
}

function tokenOf(tokens: Readonly<Record<number, string>>, seat: PartyId): string {
  const token = tokens[seat]
  if (token === undefined) throw misbehaviour([], 'coordinator gives the creator a join token for each invited seat')
  return token
}
