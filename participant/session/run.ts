import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { AgreedHandover } from '../../tss-wasm/identity/reshareAgreement.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { Channel } from '../../tss-wasm/round/channel.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'

/** What everybody in a run has agreed on before it. */
export interface Agreement {
  readonly roster: Roster
  /** Resharing: what the old members have signed. */
  readonly handover?: AgreedHandover | undefined
}

/** A run of the protocol in a session, as a seat in it has it. */
export interface Run {
  /** By the coordinator's count; 0: none has started yet. */
  readonly number: number
  /** undefined before the first. */
  readonly agreement: Agreement | undefined
  readonly channel: Channel
  /** Another run was started: whatever waits in this one ends. */
  supersede(): void
  /**
   * True for whoever asks first, who then tells the coordinator how this run ended for us, or sees to it that another does;
   * false for everybody else.
   */
  claimReport(): boolean
}

/** Why a run has ended in which another one takes its place: only the creator of the session starts one. */
export function supersededBy(creatorSeat: number): ProtocolAbort {
  const peer = creatorSeat as PartyId
  return new ProtocolAbort({ kind: 'peer-gave-up', peer, why: 'superseded', detail: 'a new run was started' })
}
