import type { Failure } from '../tss-wasm/failure.ts'
import type { Identity } from '../tss-wasm/identity/identity.ts'
import type { Roster } from '../tss-wasm/identity/roster.ts'
import type { SessionPreview, SeatAccess } from './session/sessionPreview.ts'
import type { EpochPorts, Settled } from './reshare/settleEpochs.ts'
import type { TakingPart } from './reshare/takePart.ts'
import type { Joining } from './session/join.ts'
import type { NewSession } from './session/newSession.ts'
import type { Offer } from './session/offers.ts'
import type { CreatorSeat, Seat } from './session/seat.ts'
import type { PendingSession, Settling, Verdict } from './share/pendingSession.ts'

/**
 * A participant's view of the coordinator: take a seat, agree on the roster, exchange messages, report. The browser, the
 * server parties, the desktop app and the demo all use this one; only the Connect `Transport` underneath differs.
 */
export interface Coordinator {
  /** Opens a session for `proposal` and takes `request.mySeat`. */
  create(request: NewSession): Promise<CreatorSeat>
  /** What a session is for, as its creator signed it, without joining it: what whoever joins then decides on. */
  preview(access: SeatAccess, shows?: 'joined'): Promise<SessionPreview>
  /** Says no to a seat, without taking it. Never throws. @returns whether the coordinator heard it */
  decline(access: SeatAccess, failure: Failure): Promise<boolean>
  /**
   * Takes the seat that was looked at. Nothing is asked a second time: whatever the coordinator says from here on is held,
   * byte for byte, against what was seen. @throws ProtocolAbort misbehaviour where it differs
   */
  join(seen: SessionPreview, joining: Joining): Promise<Seat>
  /**
   * The seats that are offered to this identity, as they come; ends with `signal`'s reason.
   * @param onConnected called whenever the coordinator has answered
   */
  offersTo(identity: Identity, signal: AbortSignal, onConnected?: () => void): AsyncGenerator<Offer, undefined>
  /** What became of a wallet that was stored as pending: asked once, answered from signatures alone (settle.ts). */
  settle(pending: PendingSession, settling: Settling): Promise<Verdict>
  /** Our part in an attempt to reshare, from the start of its run to the certificate (reshare/takePart.ts). */
  reshare(taking: Omit<TakingPart, 'connection'>, seat: Seat, roster: Roster): Promise<Settled>
  /** What is to be done about the epochs of a wallet, done as far as it can be now (reshare/settleEpochs.ts). */
  settleEpochs(ports: Omit<EpochPorts, 'connection'>, walletId: string): Promise<Settled>
  /** What members of the epoch before say of their old shares, kept as far as it is new (reshare/retirements.ts). */
  hearRetirements(ports: Pick<EpochPorts, 'store'>, walletId: string): Promise<void>
}
