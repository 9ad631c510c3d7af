import type { PartyId } from '../partyId.ts'

/** Seats are 1 to this. Keygen's work grows with the square of n: more is not a ceremony anybody would wait for. */
export const mostParties = 20

/** What goes out: opaque bytes for one party or all. */
export interface Outgoing {
  readonly to: PartyId | 'everyone'
  readonly round: string
  readonly body: Uint8Array
}

/** What came in. `from` is who the channel authenticated, never who the body claims to be. */
export interface Incoming extends Outgoing {
  readonly from: PartyId
  /** Given for broadcasts by a channel that signs: shows third parties that `from` sent exactly this (see `proves`). */
  readonly evidence?: Uint8Array
}

/** "This digest is of the body that `from` sent everyone in this round." */
export interface Claim {
  readonly from: PartyId
  readonly round: string
  /** SHA-256 of the body. */
  readonly digest: Uint8Array
  readonly evidence: Uint8Array
}

/**
 * Moves opaque bytes between the parties of one session. Channels stack: `secured(channel, ...)` signs and encrypts,
 * `recorded(channel)` and `tampering(channel, ...)` are test doubles of a dozen lines.
 */
export interface Channel {
  /** Resolves once the other side (router, or next channel) has taken the message. */
  send(message: Outgoing): Promise<void>
  /** The next message in order of arrival; rejects with a `ProtocolAbort` when the session ends. */
  next(): Promise<Incoming>
  /** Whether the evidence shows that the claim is true. Absent where nothing is signed. */
  proves?(claim: Claim): Promise<boolean>
  /** Two claims that both hold and contradict each other, as a file that shows it to anybody. */
  twoStories?(one: Claim, other: Claim): Uint8Array | undefined
}
