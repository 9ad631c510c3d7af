import type { Failure } from '../../tss-wasm/failure.ts'
import type { Identity, PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import type { Proposal } from '../../tss-wasm/identity/proposal.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { Channel, PartyId } from '../../tss-wasm/round/channel.ts'

/**
 * A participant's view of the coordinator: take a seat, wait for the start, exchange messages, report. The browser, the
 * server parties, the desktop app and the demo all use this one; only the Connect `Transport` underneath differs.
 */
export interface Coordinator {
  /** Opens a session for `proposal` and takes `request.mySeat`. */
  create(request: NewSession): Promise<CreatorSeat>
  /** Takes the seat that a join token names. */
  join(request: { readonly sessionId: string; readonly joinToken: string; readonly identity: Identity }): Promise<Seat>
}

export interface NewSession {
  readonly identity: Identity
  readonly proposal: Proposal
  readonly threshold: number
  readonly mySeat: PartyId
  readonly others: readonly OfferedSeat[]
  readonly lifeSeconds?: number
}

/** A server party is pinned: its name selects the seat, its identity must match (architecture.md 2.3). */
export interface OfferedSeat {
  readonly seat: PartyId
  readonly serverParty: string
  readonly pinned: PublicIdentity
}

export interface Presence {
  readonly seat: PartyId
  readonly serverParty: string
  readonly state: 'invited' | 'joined' | 'ready' | 'computing' | 'completed' | 'failed'
}

/** Disposing a seat leaves the session; leaving before `confirm` reports a failure, so nobody waits in vain. */
export interface Seat extends AsyncDisposable {
  readonly sessionId: string
  readonly me: PartyId
  readonly proposal: Proposal
  /** Who signed the proposal; pinned or checked by the caller before it takes part. */
  readonly creator: PublicIdentity
  markReady(): Promise<void>
  /** Resolves when the creator has started: the roster, its signature and our own seat in it checked. */
  started(): Promise<Roster>
  readonly channel: Channel
  /**
   * Announces success, then waits until every participant has; their signed confirmations, verified against the roster.
   * `leaving` is called before the confirmation leaves. If this throws without having called it, nobody has it, so nobody
   * can count on what it says is stored.
   */
  confirm(confirmation: Uint8Array, leaving?: () => void): Promise<ReadonlyMap<PartyId, Uint8Array>>
  /** Tells the others why we stop. Never throws. */
  fail(failure: Failure): Promise<void>
  watchPresence(onChange: (participants: readonly Presence[]) => void): void
}

export interface CreatorSeat extends Seat {
  /** Waits until every seat is ready, checks pinned identities, signs the roster and starts the session. */
  start(): Promise<Roster>
}
