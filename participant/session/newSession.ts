import type { Identity, PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import type { Proposal } from '../../tss-wasm/identity/proposal.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { SeatAccess } from './sessionPreview.ts'

export interface NewSession {
  readonly identity: Identity
  readonly proposal: Proposal
  /** What we call ourselves, where the proposal is one with names; left out: nothing. */
  readonly name?: string
  readonly threshold: number
  /** n of the wallet that signs; a new wallet's is in its proposal. */
  readonly parties?: number
  readonly mySeat: PartyId
  readonly others: readonly OfferedSeat[]
  readonly lifeSeconds?: number
  /** A session that a back-end has ordered by REST, to be opened by us: under its id, as it was ordered. */
  readonly ordered?: Pick<SeatAccess, 'sessionId' | 'joinToken'>
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
