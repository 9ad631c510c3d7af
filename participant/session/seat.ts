import type { Failure, ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import type { Invitation } from '../../tss-wasm/identity/invitation.ts'
import type { Proposal } from '../../tss-wasm/identity/proposal.ts'
import type { AgreedHandover } from '../../tss-wasm/identity/reshareAgreement.ts'
import type { PresignedSlots, Roster } from '../../tss-wasm/identity/roster.ts'
import type { Channel } from '../../tss-wasm/round/channel.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Session } from '../../proto/gen/coordinator_pb.js'

export interface Presence {
  readonly seat: PartyId
  readonly serverParty: string
  readonly state: 'invited' | 'joined' | 'ready' | 'computing' | 'completed' | 'failed'
  /** How often somebody else came with this seat's invitation after the seat was taken. */
  readonly refusedJoins?: number
  /** Why this participant stopped: its own word. */
  readonly failure?: Failure
  /** The coordinator has not heard of it since then, and by its program it should have. Milliseconds since 1970. */
  readonly unheardSinceMs?: number
}

/** Disposing a seat leaves the session; leaving before `confirm` reports a failure, so nobody waits in vain. */
export interface Seat extends AsyncDisposable {
  readonly sessionId: string
  readonly me: PartyId
  readonly proposal: Proposal
  /** As its creator signed it. */
  readonly proposalBytes: Uint8Array
  /** Who signed the proposal; pinned or checked by the caller before it takes part. */
  readonly creator: PublicIdentity
  readonly expiresAtMs: number
  /**
   * New shares: the roster that the creator has signed once all seats were taken, everybody's hand-shake held against
   * ours. Its check code is to be compared, where people take part, before `markReady`.
   */
  agreed(): Promise<Roster>
  /**
   * New shares: opens our part of the check code of the roster that was agreed, waits for everybody's, and gives the twelve
   * digits. @throws ProtocolAbort misbehaviour that names who opens something else than it committed to
   */
  checkCode(): Promise<string>
  /** New shares: approves the roster, waiting for it and for the check code if need be. Signing: agrees to sign the proposal's content. */
  markReady(): Promise<void>
  /**
   * Resolves when the creator has started a run that we take part in and have not been in yet: the roster, its signature
   * and our own seat in it checked. A signing session may have several, each superseding the one before.
   */
  started(): Promise<Roster>
  /** Resharing: what the old members have signed, verified. Once it has started. */
  handover(): AgreedHandover
  /** What `found` makes of what the participants report, as soon as it is something. @throws ProtocolAbort when the session fails */
  untilReported<T>(found: (session: Session) => Promise<T | undefined>): Promise<T>
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
  /**
   * Signing: starts a run with these seats, ours among them, all of whom are ready; ends the run before it.
   * @param presigned what all of them are to sign with, if all of them can sign by it
   */
  startRun(seats: readonly PartyId[], presigned?: PresignedSlots): Promise<Roster>
}
