import type { PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import type { Proposal } from '../../tss-wasm/identity/proposal.ts'
import type { Statement } from '../../tss-wasm/identity/terms.ts'
import type { Session } from '../../proto/gen/coordinator_pb.js'
import type { PartyId } from '../../tss-wasm/partyId.ts'

export interface SeatAccess {
  /** 32 hex digits */
  readonly sessionId: string
  readonly joinToken: string
  /** From an invitation: the fingerprint of whoever must have created the session, and the seat that it is for. */
  readonly invitedBy?: Uint8Array
  readonly seat?: PartyId
  /** From an offer: the session as it came with it. It is the coordinator's word as much as an answer of its own is. */
  readonly offered?: Offered
}

export interface Offered {
  readonly session: Session
  /** Ours. */
  readonly seat: number
}

/** Somebody who has come before us, in its own signed words; whether it belongs there is known only from the roster. */
export interface JoinedMember {
  readonly seat: PartyId
  readonly identity: PublicIdentity
  /** What it calls itself; empty for nothing. */
  readonly name: string
}

/** What a person, or a policy, decides on, and what joining then uses. Everything in it but the last four is verified. */
export interface SessionPreview {
  readonly access: SeatAccess
  readonly sessionId: string
  readonly me: PartyId
  readonly proposal: Proposal
  /** Exactly what the creator signed, for this session. */
  readonly proposalBytes: Uint8Array
  readonly creator: PublicIdentity
  readonly creatorSeat: PartyId
  /** The creator's hand-shake: signed by it, for this session and this proposal. */
  readonly handshake: Statement
  /** What the creator calls itself there; empty for nothing. */
  readonly creatorName: string
  /** Without the creator and ourselves; nobody, unless it was asked for. */
  readonly joined: readonly JoinedMember[]
  readonly expiresAtMs: number
  /** Somebody with our identity has taken our seat before: we, and then we were stopped. */
  readonly mySeatIsTaken: boolean
  /** Completed, failed or expired, as the coordinator says: nothing is left to take part in. */
  readonly isOver: boolean
  /** It is over because everybody has what it was for. */
  readonly isCompleted: boolean
}
