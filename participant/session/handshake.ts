import { sameBytes } from '../../tss-wasm/bytes.ts'
import { misbehaviour, refused } from '../../tss-wasm/failure.ts'
import { codeCommitment, nonceLength } from '../../tss-wasm/identity/checkCode.ts'
import { isJoinBound } from '../../tss-wasm/identity/join.ts'
import type { PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { sameIdentity } from '../../tss-wasm/identity/roster.ts'
import type { Proposal } from '../../tss-wasm/identity/proposal.ts'
import { type Statement, type Terms, verifyStatement } from '../../tss-wasm/identity/terms.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Secret } from '../../tss-wasm/secret.ts'
import type { Participant, Session } from '../../proto/gen/coordinator_pb.js'
import type { SessionPreview } from './sessionPreview.ts'
import type { OfferedSeat } from './newSession.ts'

/** The identity that has a seat according to the coordinator, or undefined when it is not a whole one. */
export function identityIn(session: Session, seat: number): PublicIdentity | undefined {
  const identity = participantIn(session, seat)?.identity
  if (identity?.signingKey.length !== 32 || identity.encryptionKey.length !== 32) return undefined
  return { signingKey: identity.signingKey, encryptionKey: identity.encryptionKey }
}

function participantIn(session: Session, seat: number): Participant | undefined {
  return session.participants.find((participant) => participant.seat === seat)
}

/** @throws ProtocolAbort `refused`: a session whose creator is not there yet has nobody to vouch for its proposal */
export function creatorOf(session: Session): PublicIdentity {
  const creator = identityIn(session, session.creatorSeat)
  if (creator === undefined) throw refused('not-begun', 'the creator has not joined yet')
  return creator
}

/** What a party states in the hand-shake, as the coordinator has it. */
export function statementIn(session: Session, seat: PartyId): Statement {
  const { terms, signature } = participantIn(session, seat)?.statement ?? nothing
  return { terms, signature }
}

/**
 * What party `seat` says it is joining is what we are in.
 * @returns what it states
 * @throws ProtocolAbort naming the party and the value that differs
 */
export async function verifyTermsOf(
  session: Session,
  { seat, identity }: { readonly seat: PartyId; readonly identity: PublicIdentity },
  ours: Terms,
): Promise<Terms> {
  return verifyStatement(statementIn(session, seat), identity, seat, ours)
}

/**
 * The session that we are in is the one that was looked at: same proposal, same creator, same hand-shake of the creator.
 * @throws ProtocolAbort misbehaviour of nobody: only the coordinator can have shown two
 */
export function mustBeAsSeen(session: Session, seen: SessionPreview): void {
  const checks: readonly (readonly [boolean, string])[] = [
    [session.creatorSeat === (seen.creatorSeat as number), 'seat of the creator'],
    [sameIdentity(identityIn(session, seen.creatorSeat), seen.creator), 'creator'],
    [sameBytes(session.proposal, seen.proposalBytes), 'proposal'],
  ]
  for (const [same, what] of checks) if (!same) throw misbehaviour([], 'what was looked at is what is joined', what)
  mustBeSameHandshake(statementIn(session, seen.creatorSeat), seen.handshake)
}

/** @throws ProtocolAbort misbehaviour of nobody */
export function mustBeSameHandshake(now: Statement, seen: Statement): void {
  if (!sameBytes(now.terms, seen.terms) || !sameBytes(now.signature, seen.signature))
    throw misbehaviour([], 'what was looked at is what is joined', 'hand-shake of the creator')
}

/** What we commit to for the check code of new shares; nothing when signing, where identities are pinned. */
export function newCodeNonce(
  { kind }: Proposal,
  { session, seat }: { readonly session: Uint8Array; readonly seat: PartyId },
  random: RandomSource,
): { readonly nonce: Uint8Array; readonly commitment: Uint8Array } {
  if (kind === 'sign') return { nonce: new Uint8Array(), commitment: new Uint8Array() }
  const nonce = random(nonceLength)
  return { nonce, commitment: codeCommitment(session, seat, nonce) }
}

const nothing = { terms: new Uint8Array(), signature: new Uint8Array() }

/**
 * Who sits in a seat that we offered, by our own knowledge: the pinned identity, or whoever holds the seat's invitation.
 * @throws ProtocolAbort misbehaviour of nobody: the coordinator may have put somebody else there
 */
export function seatedIdentity(
  session: Session,
  { seat, serverParty, pinned }: OfferedSeat,
  seatSecret: Secret<Uint8Array> | undefined,
): PublicIdentity {
  if (pinned !== undefined) {
    if (!sameIdentity(identityIn(session, seat), pinned)) {
      const whose = serverParty === '' ? `party ${seat}` : serverParty
      throw misbehaviour([], 'party has the identity that is pinned for it', whose)
    }
    return pinned
  }
  const identity = seatSecret && invitedIdentity(session, seat, seatSecret)
  if (identity === undefined) throw misbehaviour([], 'seat was taken with its invitation', `seat ${seat}`)
  return identity
}

/** Who has taken a seat with its invitation's secret; undefined while nobody has. */
export function invitedIdentity(
  session: Session,
  seat: PartyId,
  seatSecret: Secret<Uint8Array>,
): PublicIdentity | undefined {
  const identity = identityIn(session, seat)
  const { statement = nothing, seatMac = nothing.terms } = participantIn(session, seat) ?? {}
  if (identity === undefined) return undefined
  const join = { session: sessionBytes(session.sessionId), seat, identity, terms: statement.terms }
  return isJoinBound(seatMac, seatSecret.reveal(), join) ? identity : undefined
}

export function sessionBytes(sessionId: string): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, at) => Number.parseInt(sessionId.slice(2 * at, 2 * at + 2), 16))
}
