import type { PartyId } from './partyId.ts'

/**
 * Why a ceremony ended without a result. Three roads that never merge: a peer's fault (`misbehaviour`), the world's
 * fault (everything else here), and our own bug (any error that is not a `ProtocolAbort`).
 */
export type Failure =
  /** Somebody broke the protocol. `culprits` may be empty where the protocol cannot tell who (`check` says which test failed). */
  | { readonly kind: 'misbehaviour'; readonly culprits: readonly PartyId[]; readonly check: string }
  /** Nothing arrived in time. `round` is the stage we were waiting in, `waitedMs` how long nothing that counted had come. */
  | {
      readonly kind: 'timed-out'
      readonly waitingFor: readonly PartyId[]
      readonly round: string
      readonly waitedMs?: number
    }
  /** A peer gave up and said so; `reason`, and whom it is `about`, are its own word, shown but never trusted. */
  | {
      readonly kind: 'peer-gave-up'
      readonly peer: PartyId
      readonly reason: string
      readonly about?: readonly PartyId[]
    }
  | { readonly kind: 'disconnected'; readonly detail: string }
  | { readonly kind: 'cancelled' }
  /** The arithmetic or ceremony worker died. */
  | { readonly kind: 'engine-crashed'; readonly detail: string }
  /** The person or the caller gave something that cannot be used (wrong passphrase, damaged share). Nothing was changed. */
  | { readonly kind: 'refused'; readonly reason: string }

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

/** Carries a `Failure` through code that throws. Anything else that is thrown is a bug of ours. */
export class ProtocolAbort extends Error {
  override readonly name = 'ProtocolAbort'
  readonly failure: Failure
  constructor(failure: Failure) {
    super(describe(failure))
    this.failure = failure
  }
}

export function misbehaviour(culprits: readonly PartyId[], check: string): ProtocolAbort {
  return new ProtocolAbort({ kind: 'misbehaviour', culprits, check })
}

/** One line for logs. Messages for people are made where they are shown. */
function describe(failure: Failure): string {
  switch (failure.kind) {
    case 'misbehaviour':
      return `${failure.check} failed for ${failure.culprits.length === 0 ? 'nobody in particular' : `party ${failure.culprits.join(', ')}`}`
    case 'timed-out':
      return `timed out in ${failure.round} waiting for party ${failure.waitingFor.join(', ')}`
    case 'peer-gave-up':
      return `party ${failure.peer} gave up: ${failure.reason}`
    case 'disconnected':
    case 'engine-crashed':
      return `${failure.kind}: ${failure.detail}`
    case 'refused':
      return `refused: ${failure.reason}`
    case 'cancelled':
      return 'cancelled'
  }
}
