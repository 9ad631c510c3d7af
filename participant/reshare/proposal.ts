import type { Dealer, ReshareProposal, ReshareReason } from '../../tss-wasm/identity/reshareProposal.ts'
import type { OldShares } from '../../tss-wasm/worker/api.ts'
import { type CurrentEpoch, openAttempts, type WalletEpochs } from './walletEpochs.ts'

/** What whoever proposes new shares chooses. */
export interface ReshareWish {
  readonly walletName: string
  /** Of the wallet, compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  readonly reason: ReshareReason
  /** t' */
  readonly threshold: number
  /** n' */
  readonly parties: number
  /** Seats in the session and in the epoch that is dealt from, in any order. */
  readonly dealers: readonly Dealer[]
}

/**
 * The proposal that follows from the shares we hold (RESHARING 4.2): it takes the place of every attempt that is still open.
 * @param current the epoch whose shares are dealt
 * @param old what the engine says of the shares as they are
 */
export function reshareProposal(
  current: CurrentEpoch,
  known: Pick<WalletEpochs, 'attempts'>,
  old: OldShares,
  { dealers, ...wish }: ReshareWish,
): ReshareProposal {
  return {
    kind: 'reshare',
    ...wish,
    number: old.number,
    parent: current.number,
    parentHash: current.hash,
    supersedes: openAttempts(known)
      .map(({ handover }) => handover.number)
      .toSorted((a, b) => a - b),
    dealers: dealers.toSorted((a, b) => a.from - b.from),
    before: old.before,
  }
}
