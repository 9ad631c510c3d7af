import type { Arithmetic } from '../integers/arithmetic.ts'
import type { RandomSource } from '../random.ts'
import type { PartyId } from '../partyId.ts'
import type { Mailbox } from '../round/mailbox.ts'

/** Who we are and everything that varies. */
export interface Party {
  readonly id: PartyId
  /** Everyone else in this run, in seat order. */
  readonly peers: readonly PartyId[]
  readonly mail: Mailbox
  readonly arithmetic: Arithmetic
  readonly random: RandomSource
  /** Marks the beginning of a stage: comment, progress bar and profile in one line. */
  readonly stage: (name: string) => void
}

export type Protocol<Input, Output> = (me: Party, input: Input) => Promise<Output>
