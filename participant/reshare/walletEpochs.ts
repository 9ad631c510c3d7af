import type { Epoch, Handover } from '../../tss-wasm/identity/handover.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Attempt, Situation } from '../../tss-wasm/epoch/decide.ts'
import type { SealedShare } from '../../tss-wasm/worker/api.ts'

/** The epoch whose shares sign, and our place in it. */
export interface CurrentEpoch extends Epoch {
  /** Our seat in it; undefined where we were left out. */
  readonly mySeat: PartyId | undefined
}

/** An attempt to reshare as one device has it in its store: enough to finish it after any interruption (RESHARING 4.4). */
export interface StoredAttempt {
  /** Of the session, and how to ask what became of it. */
  readonly sessionId: string
  readonly joinToken: string
  readonly expiresAtMs: number
  /** What whoever is new calls the wallet. */
  readonly walletName: string
  /** What the new members are called on this device, in their order; empty where nobody calls them anything. */
  readonly labels: readonly SeatLabel[]
  readonly handover: Handover
  /** Of the handover, by its creator. */
  readonly signature: Uint8Array
  /** In the order of `handover.old`. */
  readonly approvals: readonly Uint8Array[]
  /** The epoch whose shares are dealt: whoever is new knows it from the proposal. */
  readonly from: Epoch
  /** Our seat in the new epoch; undefined for whoever only deals. */
  readonly newSeat: PartyId | undefined
  /** What we report of our share, signed when it was sealed; empty before. */
  readonly report: Uint8Array
  readonly said: Attempt['said']
  readonly isHeard: boolean
  /** The confirmations of all new members; empty while there are not all of them. */
  readonly certificate: Uint8Array
  /** The withdrawal of one; empty while there is none. */
  readonly abort: Uint8Array
  /** What members of the epoch before have said of their old shares, each in a signed word. */
  readonly retired?: readonly Uint8Array[]
}

/** Attempts of which something may still be heard. */
export function openAttempts({ attempts }: Pick<WalletEpochs, 'attempts'>): readonly StoredAttempt[] {
  return attempts.filter(({ certificate, abort }) => certificate.length === 0 && abort.length === 0)
}

/** The attempt that began the epoch in use, where one did. */
export function beginningOf({
  current,
  attempts,
}: Pick<WalletEpochs, 'current' | 'attempts'>): StoredAttempt | undefined {
  return attempts.find(({ handover, certificate }) => handover.number === current?.number && certificate.length > 0)
}

/** What a member is called on this device, and the name under which the coordinator knows it, for a server party. */
export interface SeatLabel {
  readonly label: string
  /** What the member called itself in the roster that everybody signed, where it did. */
  readonly name?: string
  readonly serverParty?: string
}

/** What is durable of a wallet's epochs on one device, but for the shares. Nothing secret but the tokens. */
export interface WalletEpochs {
  /** undefined on a device that is to become a member. */
  readonly current: CurrentEpoch | undefined
  readonly attempts: readonly StoredAttempt[]
  /** Epochs whose share was erased here, which the others do not know yet. */
  readonly unspoken: readonly number[]
  /** The highest number of an attempt that was ever seen here: none is used twice. */
  readonly highest: number
}

/**
 * Where a device keeps them: one record, replaced in one durable step, and a sealed share for each epoch and attempt beside
 * it. Every promise resolves once the change is durable and was read back.
 */
export interface EpochStore {
  read(walletId: string): Promise<WalletEpochs | undefined>
  /**
   * One change after the other, each made of what the one before has left; `next` that gives back what it got writes nothing.
   * @returns what is stored now
   */
  change(walletId: string, next: (epochs: WalletEpochs) => WalletEpochs): Promise<WalletEpochs>
  /** Numbers of the epochs and attempts of which a share is here. */
  held(walletId: string): Promise<readonly number[]>
  /** @throws if one is there already: no share is ever overwritten */
  putShare(walletId: string, number: number, share: SealedShare): Promise<void>
  share(walletId: string, number: number): Promise<SealedShare | undefined>
  /** Overwrites where the store allows it, deletes, and sees that it is gone. Nothing to do where there is none. */
  eraseShare(walletId: string, number: number): Promise<void>
}

/** Of a device that has heard of the wallet for the first time. */
export const nothingKnown: WalletEpochs = { current: undefined, attempts: [], unspoken: [], highest: 0 }

/** What goes on in this process, by wallet and number. */
export function runName(walletId: string, number: number): string {
  return `${walletId} ${number}`
}

/** What `decide` goes by. @param isRunning whether the run of that attempt goes on in this process */
export function situationOf(
  { current, attempts, unspoken }: WalletEpochs,
  held: readonly number[],
  isRunning: (number: number) => boolean,
): Situation {
  return {
    current: current?.number,
    attempts: attempts.map((attempt) => attemptOf(attempt, held, isRunning)),
    held,
    unspoken,
  }
}

function attemptOf(
  { handover, newSeat, report, said, isHeard, certificate, abort }: StoredAttempt,
  held: readonly number[],
  isRunning: (number: number) => boolean,
): Attempt {
  const { number, parent } = handover
  return {
    number,
    parent,
    isMember: newSeat !== undefined,
    isStored: report.length > 0 && held.includes(number),
    isRunning: isRunning(number),
    said,
    isHeard,
    isCertified: certificate.length > 0,
    isAborted: abort.length > 0,
  }
}
