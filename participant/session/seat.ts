import type { Failure, ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { Identity, PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import type { Invitation } from '../../tss-wasm/identity/invitation.ts'
import type { Proposal } from '../../tss-wasm/identity/proposal.ts'
import type { Statement } from '../../tss-wasm/identity/terms.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { Channel } from '../../tss-wasm/round/channel.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Secret } from '../../tss-wasm/secret.ts'
import type { PendingSession, Verdict } from '../share/pendingSession.ts'
import type { Offer } from './offers.ts'

/**
 * A participant's view of the coordinator: take a seat, agree on the roster, exchange messages, report. The browser, the
 * server parties, the desktop app and the demo all use this one; only the Connect `Transport` underneath differs.
 */
export interface Coordinator {
  /** Opens a session for `proposal` and takes `request.mySeat`. */
  create(request: NewSession): Promise<CreatorSeat>
  /** What a session is for, as its creator signed it, without joining it: what whoever joins then decides on. */
  look(ticket: Ticket): Promise<Glimpse>
  /** Says no to a seat, without taking it. Never throws. @returns whether the coordinator heard it */
  decline(ticket: Ticket, failure: Failure): Promise<boolean>
  /**
   * Takes the seat that was looked at. Nothing is asked a second time: whatever the coordinator says from here on is held,
   * byte for byte, against what was seen. @throws ProtocolAbort misbehaviour where it differs
   */
  join(seen: Glimpse, joining: Joining): Promise<Seat>
  /**
   * The seats that are offered to this identity, as they come; ends with `signal`'s reason.
   * @param onConnected called whenever the coordinator has answered
   */
  offersTo(identity: Identity, signal: AbortSignal, onConnected?: () => void): AsyncGenerator<Offer, undefined>
  /** What became of a wallet that was stored as pending: asked once, answered from signatures alone (settle.ts). */
  settle(pending: PendingSession, settling: Settling): Promise<Verdict>
}

export interface Ticket {
  /** 32 hex digits */
  readonly sessionId: string
  readonly joinToken: string
  /** From an invitation: the fingerprint of whoever must have created the session, and the seat that it is for. */
  readonly invitedBy?: Uint8Array
  readonly seat?: PartyId
}

export interface Joining {
  readonly identity: Identity
  /** From an invitation. */
  readonly seatSecret?: Secret<Uint8Array>
  /** Signing: what we know of the wallet; stated in the hand-shake. */
  readonly wallet?: WalletShape
}

export interface WalletShape {
  /** t: how many parties sign. */
  readonly threshold: number
  /** n: how many parties hold shares. */
  readonly parties: number
}

/** What a person, or a policy, decides on, and what joining then uses. Everything in it but the last three is verified. */
export interface Glimpse {
  readonly ticket: Ticket
  readonly sessionId: string
  readonly me: PartyId
  readonly proposal: Proposal
  /** Exactly what the creator signed, for this session. */
  readonly proposalBytes: Uint8Array
  readonly creator: PublicIdentity
  readonly creatorSeat: PartyId
  /** The creator's hand-shake: signed by it, for this session and this proposal. */
  readonly handshake: Statement
  readonly expiresAtMs: number
  /** Somebody with our identity has taken our seat before: we, and then we were stopped. */
  readonly mySeatIsTaken: boolean
  /** Completed, failed or expired, as the coordinator says: nothing is left to take part in. */
  readonly isOver: boolean
}

export interface NewSession {
  readonly identity: Identity
  readonly proposal: Proposal
  readonly threshold: number
  /** n of the wallet that signs; a new wallet's is in its proposal. */
  readonly parties?: number
  readonly mySeat: PartyId
  readonly others: readonly OfferedSeat[]
  readonly lifeSeconds?: number
  /** A session that a back-end has ordered by REST, to be opened by us: under its id, as it was ordered. */
  readonly ordered?: Pick<Ticket, 'sessionId' | 'joinToken'>
}

/**
 * A server party is pinned: its name selects the seat, its identity must match (ARCHITECTURE 2.3). A person is pinned
 * when the wallet exists already, and otherwise comes by invitation.
 */
export interface OfferedSeat {
  readonly seat: PartyId
  /** Empty for a person. */
  readonly serverParty: string
  /** undefined: whoever holds the seat's invitation */
  readonly pinned?: PublicIdentity | undefined
}

export interface Presence {
  readonly seat: PartyId
  readonly serverParty: string
  readonly state: 'invited' | 'joined' | 'ready' | 'computing' | 'completed' | 'failed'
  /** How often somebody else came with this seat's invitation after the seat was taken. */
  readonly refusedJoins?: number
  /** Why this participant stopped: its own word. */
  readonly failure?: Failure
}

/** Disposing a seat leaves the session; leaving before `confirm` reports a failure, so nobody waits in vain. */
export interface Seat extends AsyncDisposable {
  readonly sessionId: string
  readonly me: PartyId
  readonly proposal: Proposal
  /** Who signed the proposal; pinned or checked by the caller before it takes part. */
  readonly creator: PublicIdentity
  readonly expiresAtMs: number
  /**
   * New wallets: the roster that the creator has signed once all seats were taken, everybody's hand-shake held against
   * ours. Its check code is to be compared, where people take part, before `markReady`.
   */
  agreed(): Promise<Roster>
  /**
   * New wallets: opens our part of the check code of the roster that was agreed, waits for everybody's, and gives the twelve
   * digits. @throws ProtocolAbort misbehaviour that names who opens something else than it committed to
   */
  checkCode(): Promise<string>
  /** New wallets: approves the roster, waiting for it and for the check code if need be. Signing: agrees to sign the proposal's content. */
  markReady(): Promise<void>
  /**
   * Resolves when the creator has started a run that we take part in and have not been in yet: the roster, its signature
   * and our own seat in it checked. A signing session may have several, each superseding the one before.
   */
  started(): Promise<Roster>
  /** Of the current run; asked for anew after each `started`. */
  readonly channel: Channel
  /**
   * Announces success, then waits until every participant has; their signed confirmations, verified against the roster.
   * `leaving` is called, and waited for, before the confirmation leaves. If this throws without having called it, nobody
   * has it, so nobody can count on what it says is stored.
   */
  confirm(confirmation: Uint8Array, leaving?: () => Promise<void> | void): Promise<ReadonlyMap<PartyId, Uint8Array>>
  /** What others of the current run have confirmed so far, as far as they have signed it. */
  confirmed(): Promise<ReadonlyMap<PartyId, Uint8Array>>
  /** Tells the others why we stop. Never throws. */
  fail(failure: Failure): Promise<void>
  /** Signing: tells the others why we stop this run; another run can have us. Never throws. */
  stopRun(failure: Failure): Promise<void>
  /** Our part here ends without a word: what we would confirm will be reported by another way, with our join token. */
  leave(): void
  /** Calls back, once, when no more is to be expected of this session; the answer takes the callback back. */
  ended(callback: (reason: ProtocolAbort) => void): () => void
  watchPresence(onChange: (participants: readonly Presence[]) => void): void
  /** What a person needs to come back to this session: only for `settle`. */
  readonly joinToken: string
}

export interface CreatorSeat extends Seat {
  /** One for each seat that is not pinned. A revoked one is replaced. */
  readonly invitations: ReadonlyMap<PartyId, Invitation>
  /** Makes a seat's invitation worthless, whether or not somebody has come with it, and makes a new one. */
  revoke(seat: PartyId): Promise<Invitation>
  /**
   * Waits until all seats are taken, checks pinned identities, seat MACs and hand-shakes, signs the roster and shows it to
   * everybody. `agreed` gives the same roster.
   */
  propose(): Promise<Roster>
  /** Waits until everybody is ready, everybody's approval checked, and starts the session. */
  start(): Promise<Roster>
  /** Signing: starts a run with these seats, ours among them, all of whom are ready; ends the run before it. */
  startRun(seats: readonly PartyId[]): Promise<Roster>
}

export interface Settling {
  readonly identity: Identity
  readonly me: PartyId
  readonly nowMs: number
  /** Durable when it resolves: from now on our confirmation may have left. */
  readonly leaving: () => Promise<void>
}
