import type { PartyId } from '../round/channel.ts'
import type { PublicIdentity } from './identity.ts'

/** The signed list of who takes part (architecture.md 2.4). Bound into every envelope by `run`. */
export interface Roster {
  readonly protocol: 'quorate/1'
  readonly kind: 'keygen' | 'sign'
  /** 16 bytes, the coordinator's id of the session. */
  readonly session: Uint8Array
  /** 16 fresh bytes from the creator: a second run of one session is another run. */
  readonly run: Uint8Array
  /** t: how many parties sign. */
  readonly threshold: number
  /** SHA-256 of the proposal: what everybody agreed to do. */
  readonly proposalHash: Uint8Array
  readonly creator: PartyId
  readonly seats: readonly RosterSeat[]
}

export interface RosterSeat {
  readonly seat: PartyId
  readonly identity: PublicIdentity
}
