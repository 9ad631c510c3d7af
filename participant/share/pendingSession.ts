import type { Failure } from '../../tss-wasm/failure.ts'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'

/**
 * What is stored, from before a run of keygen begins until its wallet is active or gone, so that it can be settled after any
 * interruption. Nothing secret but the token.
 */
export interface PendingSession {
  readonly sessionId: string
  readonly joinToken: string
  /** As verified before the ceremony ran. */
  readonly roster: Uint8Array
  /** Ours, signed; empty before there is a share: then there will never be one. */
  readonly confirmation: Uint8Array
  /** Our confirmation may have left us. Written before it is sent; never taken back. */
  readonly isLeaving: boolean
  readonly storedAtMs: number
  /** Of the session. */
  readonly expiresAtMs: number
}

/** A share that we make, or made, and that does not count yet. */
export interface ShareUnderWay extends PendingSession {
  /** Empty before there is a share. */
  readonly walletId: string
  readonly mySeat: PartyId
}

export type Verdict =
  /** Everybody has confirmed: their signatures say so. */
  | { readonly state: 'active' }
  /** Nobody can count on our share, and nobody ever will. */
  | { readonly state: 'discard'; readonly failure: Failure }
  /** Somebody may count on it: it stays, unused, and is asked about again; soon while its session is live. */
  | { readonly state: 'wait'; readonly failure: Failure; readonly isLive: boolean }

export interface Settling {
  readonly identity: Identity
  readonly me: PartyId
  readonly nowMs: number
  /** Durable when it resolves: from now on our confirmation may have left. */
  readonly leaving: () => Promise<void>
}
