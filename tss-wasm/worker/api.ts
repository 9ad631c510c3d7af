import type { SigningContent } from '../content/content.ts'
import type { Outcome } from '../failure.ts'
import type { Identity } from '../identity/identity.ts'
import type { Roster } from '../identity/roster.ts'
import type { SealedPreParameters } from '../keyShare/sealedPreParameters.ts'
import type { SealedShare, Sealing } from '../keyShare/seal.ts'
import type { Channel, PartyId } from '../round/channel.ts'
import type { RemoteChannel } from './remote.ts'

export type { SealedPreParameters, SealedShare, Sealing }

/** Everything a ceremony needs to know about who and where; the same for keygen and signing. */
export interface Seating {
  readonly me: PartyId
  readonly identity: Identity
  /** Verified by the caller: signature, own seat, pinned identities. */
  readonly roster: Roster
  /** How long we wait for the next message of a round before naming the silent. Milliseconds. */
  readonly deadlineMs: number
}

export interface CreateWallet extends Seating {
  readonly walletName: string
  readonly preParameters: SealedPreParameters
  readonly preParametersKey: CryptoKey
  readonly sealing: Sealing
}

export interface NewWallet {
  /** 32 hex digits: the first 16 bytes of SHA-256 of the compressed public key. */
  readonly walletId: string
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  readonly sealedShare: SealedShare
  /** Signed: "my share of this key is stored". To be reported only once it is (architecture.md 2.7). */
  readonly confirmation: Uint8Array
}

export interface Sign extends Seating {
  readonly sealedShare: SealedShare
  readonly sealing: Sealing
  /** Decoded again inside the worker; the digest is derived there. */
  readonly content: SigningContent
}

/** r, s: 32 bytes each, s <= q/2. recovery: 0..3. Verified against the wallet's key before it is returned. */
export interface Signature {
  readonly r: Uint8Array
  readonly s: Uint8Array
  readonly recovery: number
  readonly confirmation: Uint8Array
}

export interface SearchProgress {
  /** Safe primes found, of four. */
  readonly found: number
  readonly candidatesTried: number
  /** Mean of the time still to go, in milliseconds: the wait is geometric, so it does not shrink by waiting. */
  readonly expectedRemainingMs: number
}

/** A stage mark, and what came in: enough for a progress view by round and by party. */
export type Progress =
  | { readonly type: 'stage'; readonly name: string; readonly index: number; readonly of: number }
  | { readonly type: 'received'; readonly from: PartyId; readonly round: string }

/** What the share says of itself without being opened. Nothing here is secret, nor trusted before it is opened. */
export interface ShareSummary {
  readonly walletId: string
  readonly seat: PartyId
  readonly sealedWith: 'passphrase' | 'key'
}

/**
 * What worker.ts exposes through comlink. Outcomes are values: a thrown error would lose its culprits on the way. Of
 * `request.sealing` a passphrase is overwritten when the call ends.
 */
export interface TssWorker {
  createWallet(
    request: CreateWallet,
    channel: RemoteChannel,
    progress: (step: Progress) => void,
  ): Promise<Outcome<NewWallet>>
  sign(request: Sign, channel: RemoteChannel, progress: (step: Progress) => void): Promise<Outcome<Signature>>
  makePreParameters(key: CryptoKey, progress: (step: SearchProgress) => void): Promise<Outcome<SealedPreParameters>>
  checkShare(request: CheckShare): Promise<Outcome<ShareSummary>>
  diagnostics(): Promise<Diagnostics>
}

export interface CheckShare {
  readonly sealedShare: SealedShare
  readonly sealing: Sealing
}

export interface Diagnostics {
  readonly kernel: 'relaxed-simd' | 'portable'
  /** How many threads compute in a ceremony. */
  readonly threads: number
}

/**
 * What client.ts makes of a worker: one worker for one job, terminated on dispose, which also drops the memory that held
 * secrets. Throws `ProtocolAbort`; a worker that dies rejects every pending call with `engine-crashed`.
 */
export interface Engine extends Disposable {
  createWallet(request: CreateWallet, channel: Channel, progress: (step: Progress) => void): Promise<NewWallet>
  sign(request: Sign, channel: Channel, progress: (step: Progress) => void): Promise<Signature>
  makePreParameters(key: CryptoKey, progress: (step: SearchProgress) => void): Promise<SealedPreParameters>
  /** Opens and validates the share, answers whether it could. A wrong passphrase is `refused`. */
  checkShare(sealedShare: SealedShare, sealing: Sealing): Promise<ShareSummary>
  diagnostics(): Promise<Diagnostics>
}
