import type { ContentSignature } from '../content/ethereum.ts'
import type { KeyScheme } from '../content/keyScheme.ts'
import type { SchemeContent } from '../content/schemeContent.ts'
import type { SigningOrder } from '../content/signing.ts'
import type { KeyPath } from '../content/keys.ts'
import type { Outcome } from '../failure.ts'
import type { Identity, PublicIdentity, SealedIdentity } from '../identity/identity.ts'
import type { SharesBefore } from '../identity/reshareProposal.ts'
import type { Roster } from '../identity/roster.ts'
import type { ProtocolName, SigningProtocol } from '../identity/signingProtocol.ts'
import type { SeatLabel } from '../keyShare/backup.ts'
import type { PasskeySecret, WrappedShareKey } from '../keyShare/passkey.ts'
import type { Opening, SealedShare, Sealing, SealingPassphrase } from '../keyShare/seal.ts'
import type { SealedPreParameters } from '../keyShare/sealedPreParameters.ts'
import type { Channel } from '../round/channel.ts'
import type { PartyId } from '../partyId.ts'
import type { FreePresignatures, WhichPresignatures } from './presignatures.ts'
import type { RemoteChannel } from './remote.ts'
import type { Speed } from './speed.ts'

export type { Opening, PasskeySecret, SealedPreParameters, SealedShare, Sealing, WrappedShareKey }

/** Everything a ceremony needs to know about who and where; the same for keygen and signing. */
export interface Seating {
  readonly me: PartyId
  readonly identity: Identity
  /** Verified by the caller: signature, own seat, pinned identities. */
  readonly roster: Roster
  /** How long we wait for the next message of a round before naming the silent. Milliseconds. */
  readonly deadlineMs: number
}

/** A request on its way to the worker: the identity in the form that every engine can post. */
export type Posted<R extends Seating> = Omit<R, 'identity'> & { readonly identity: Identity | SealedIdentity }

export interface CreateWallet extends Seating {
  readonly walletName: string
  readonly preParameters: SealedPreParameters
  /** Of this installation: opens the pre-parameters, and the identity below. */
  readonly preParametersKey: CryptoKey
  /** Our identity as `sealIdentity` wrote it: goes into the share, so that a backup of it can take our seat again. */
  readonly sealedIdentity?: Uint8Array | undefined
  readonly sealing: Sealing
}

export interface NewWallet {
  /** 32 hex digits: the first 16 bytes of SHA-256 of the compressed public key. */
  readonly walletId: string
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  readonly sealedShare: SealedShare
  /** Signed: "my share of this key is stored". To be reported only once it is (ARCHITECTURE 2.7). */
  readonly confirmation: Uint8Array
}

/** A key of another scheme, by the same ceremony; it needs no pre-parameters. */
export interface CreateSchemeKey extends Seating, Pick<CreateWallet, 'walletName' | 'sealing'> {
  readonly key: KeyScheme
}

/** By such a key. The content is decoded again inside the worker. */
export interface SignByScheme extends Seating {
  readonly content: SchemeContent
  readonly sealedShare: SealedShare
  readonly sealing: Opening
}

/** One for each message of the content, each of which an ordinary verifier takes. */
export interface SchemeSignatures {
  readonly signatures: readonly Uint8Array<ArrayBuffer>[]
  readonly protocol: SigningProtocol
  readonly confirmation: Uint8Array
}

/** Of the order: content and path. Decoded again inside the worker; the digests are derived there. */
export interface Sign extends Seating, Pick<SigningOrder, 'content' | 'path'> {
  /** Where the session signs a request that was agreed to before: its bytes, which say the same content and path. */
  readonly request?: Uint8Array
  readonly sealedShare: SealedShare
  readonly sealing: Opening
}

/** Which key of a wallet signs, with shares of which epoch, and who signs. */
export interface PresignaturesFor extends Pick<SigningOrder, 'publicKey'> {
  readonly epoch: number
  /** Empty for the wallet's own key. */
  readonly path: KeyPath
  readonly signers: readonly PartyId[]
}

/** Presignatures for messages to come, by the wallet's key at a path, made by the signers of the roster. */
export interface Presign extends Seating, Omit<PresignaturesFor, 'signers'> {
  /** How many, 1 to `mostSlotsFor(signers)`. */
  readonly slots: number
  readonly sealedShare: SealedShare
  readonly sealing: Opening
}

/** They stay in the worker. Whoever signs names them by the batch. */
export interface Presigned {
  /** sid, 32 bytes */
  readonly batch: Uint8Array
  readonly confirmation: Uint8Array
}

/** One device's part in resharing: in the old committee, in the new one, or in both. */
export interface Reshare extends Seating {
  /** The bytes that the roster is for. Decoded again inside the worker. */
  readonly proposal: Uint8Array
  /** Of a device that deals: its share of the epoch before. It is not changed. */
  readonly dealing?: Dealing
  readonly receiving?: Receiving
}

export interface Dealing {
  readonly sealedShare: SealedShare
  readonly opening: Opening
}

export interface Receiving extends Pick<
  CreateWallet,
  'walletName' | 'preParameters' | 'preParametersKey' | 'sealedIdentity' | 'sealing'
> {
  /** When the wallet came to this device. */
  readonly createdAtMs: number
}

/** A new share, and what is reported once it is stored. Neither is worth anything before the certificate (RESHARING 4.3). */
export interface PendingShare {
  readonly walletId: string
  readonly sealedShare: SealedShare
  /** Signed: "my share of this attempt is durable, and came from this run". */
  readonly report: Uint8Array
}

/** Makes both durable, and reads them back, before it resolves; the others are told only then. */
export type KeepPending = (pending: PendingShare) => Promise<void>

export interface ShareToReshare extends Dealing {
  /** Numbers of attempts that this device knows of. */
  readonly used: readonly number[]
  /** n' */
  readonly parties: number
}

/** What a proposal to reshare says of the key as it is. Nothing in it is secret. */
export interface OldShares {
  readonly publicKey: Uint8Array
  readonly epoch: number
  /** Of the attempt: unused, and its party keys too. */
  readonly number: number
  readonly before: SharesBefore
}

/** One signature for each digest of the content, each verified against its key before any is returned. */
export interface Signatures {
  readonly signatures: readonly ContentSignature[]
  /** By which our engine made them; absent where they are another signer's word. */
  readonly protocol?: ProtocolName
  /** Whether they were made of presignatures that were there. */
  readonly presigned?: boolean
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
  /** How often the key was reshared. */
  readonly epoch: number
  readonly sealedWith: 'passphrase' | 'key'
}

export interface MakeBackup {
  readonly sealedShare: SealedShare
  readonly sealing: Sealing
  /** What the person calls the wallet by now. */
  readonly name: string
  /** For seat 1 to n. */
  readonly labels: readonly SeatLabel[]
  readonly nowMs: number
  /** As `Backup` has it. */
  readonly epochs?: string
  /** Likewise. */
  readonly history?: string
  /** UTF-8, what the backup file will open with; overwritten. Left out where there is a recipient. */
  readonly backupPassphrase?: Uint8Array<ArrayBuffer>
  /** Of age: whose key opens the file instead. */
  readonly recipient?: string
}

/** A share that comes from outside. */
export type ShareSource =
  /** An age file as `makeBackup` makes it. The passphrase, or the key of its recipient as age writes it, is overwritten. */
  | { readonly kind: 'backup'; readonly file: Uint8Array; readonly passphrase: Uint8Array<ArrayBuffer> }
  /** tss-lib's LocalPartySaveData as JSON, and t, which it does not hold. */
  | { readonly kind: 'save-data'; readonly file: Uint8Array; readonly threshold: number }

/** What came, after every check; nothing in it is secret. The share itself stays in the worker. */
export interface OpenedShare {
  readonly walletId: string
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  readonly threshold: number
  readonly mySeat: PartyId
  readonly epoch: number
  /** Seat 1 to n, without keys where the file does not say whose they are. */
  readonly seats: readonly (SeatLabel & PublicIdentity)[]
  /** Of a backup. */
  readonly backup?: {
    readonly name: string
    readonly createdAtMs: number
    readonly madeAtMs: number
    /** Neither is checked yet. */
    readonly epochs?: string
    readonly history?: string
  }
  /** Whether the identity that the others have pinned comes with it: without it the share signs with nobody. */
  readonly hasIdentity: boolean
}

export interface KeepOpened {
  readonly sealing: Sealing
  /** Of this installation: seals the identity that came with the share, and opens `adopting.sealedIdentity`. */
  readonly installationKey: CryptoKey
  /** For a share that came without them: what it will be called, and whose the seats are. */
  readonly adopting?: {
    readonly name: string
    readonly nowMs: number
    readonly seats: readonly PublicIdentity[]
    readonly sealedIdentity: Uint8Array | undefined
  }
}

export interface KeptShare {
  readonly sealedShare: SealedShare
  /** The identity that came with the share, as `sealIdentity` writes it. */
  readonly sealedIdentity: Uint8Array<ArrayBuffer> | undefined
}

/**
 * What worker.ts exposes through comlink. Outcomes are values: a thrown error would lose its culprits on the way. Of
 * `request.sealing` the passphrase, or a passkey's secret, is overwritten when the call ends.
 */
export interface TssWorker {
  createWallet(
    request: Posted<CreateWallet>,
    channel: RemoteChannel,
    progress: (step: Progress) => void,
  ): Promise<Outcome<NewWallet>>
  createSchemeKey(
    request: Posted<CreateSchemeKey>,
    channel: RemoteChannel,
    progress: (step: Progress) => void,
  ): Promise<Outcome<NewWallet>>
  signByScheme(
    request: Posted<SignByScheme>,
    channel: RemoteChannel,
    progress: (step: Progress) => void,
  ): Promise<Outcome<SchemeSignatures>>
  sign(request: Posted<Sign>, channel: RemoteChannel, progress: (step: Progress) => void): Promise<Outcome<Signatures>>
  presign(
    request: Posted<Presign>,
    channel: RemoteChannel,
    progress: (step: Progress) => void,
  ): Promise<Outcome<Presigned>>
  freePresignatures(of: PresignaturesFor): Promise<FreePresignatures | undefined>
  erasePresignatures(which?: WhichPresignatures): Promise<void>
  reshare(
    request: Posted<Reshare>,
    channel: RemoteChannel,
    progress: (step: Progress) => void,
    keep: (pending: PendingShare) => Promise<Outcome<void>>,
  ): Promise<Outcome<void>>
  oldShares(request: ShareToReshare): Promise<Outcome<OldShares>>
  makePreParameters(key: CryptoKey, progress: (step: SearchProgress) => void): Promise<Outcome<SealedPreParameters>>
  checkShare(request: CheckShare): Promise<Outcome<ShareSummary>>
  makeBackup(request: MakeBackup): Promise<Outcome<Uint8Array<ArrayBuffer>>>
  exportSaveData(request: SealedBy): Promise<Outcome<Uint8Array<ArrayBuffer>>>
  openShareFile(source: ShareSource): Promise<Outcome<OpenedShare>>
  keepOpened(request: KeepOpened): Promise<Outcome<KeptShare>>
  addPasskey(request: AddPasskey): Promise<Outcome<WrappedShareKey>>
  reseal(request: CheckShare, to: { readonly sealing: Sealing }): Promise<Outcome<SealedShare>>
  diagnostics(): Promise<Diagnostics>
  /** Between two jobs: drops what the last one has left here, and has the collector take it. */
  forget(): Promise<void>
}

export interface CheckShare {
  readonly sealedShare: SealedShare
  readonly sealing: Opening
}

export interface SealedBy {
  readonly sealedShare: SealedShare
  readonly sealing: Sealing
}

/** The secret is overwritten. */
export interface AddPasskey extends PasskeySecret {
  readonly sealedShare: SealedShare
  readonly sealing: SealingPassphrase
}

/** Measured when it is asked for. */
export interface Diagnostics extends Speed {
  readonly kernel: 'relaxed-simd' | 'portable'
}

/**
 * What client.ts makes of a worker: one worker for one job, terminated on dispose, which also drops the memory that held
 * secrets. Where jobs follow each other closely, warmEngines.ts erases the worker instead and keeps it. Throws `ProtocolAbort`; a worker that dies rejects every pending call with `engine-crashed`.
 */
export interface Engine extends Disposable {
  createWallet(request: CreateWallet, channel: Channel, progress: (step: Progress) => void): Promise<NewWallet>
  createSchemeKey(request: CreateSchemeKey, channel: Channel, progress: (step: Progress) => void): Promise<NewWallet>
  signByScheme(request: SignByScheme, channel: Channel, progress: (step: Progress) => void): Promise<SchemeSignatures>
  sign(request: Sign, channel: Channel, progress: (step: Progress) => void): Promise<Signatures>
  /**
   * Makes presignatures, which this engine's worker then has for `sign` with a roster that names them: one batch for each
   * key and set of signers, the newest, for a day at most.
   */
  presign(request: Presign, channel: Channel, progress: (step: Progress) => void): Promise<Presigned>
  /** What a roster names to sign with them; undefined where none are free. */
  freePresignatures(of: PresignaturesFor): Promise<FreePresignatures | undefined>
  erasePresignatures(which?: WhichPresignatures): Promise<void>
  /** Ends when everybody has said that its share is stored; ours has gone to `keep` before. */
  reshare(request: Reshare, channel: Channel, progress: (step: Progress) => void, keep: KeepPending): Promise<void>
  /** What whoever proposes to reshare says of the shares as they are. */
  oldShares(request: ShareToReshare): Promise<OldShares>
  makePreParameters(key: CryptoKey, progress: (step: SearchProgress) => void): Promise<SealedPreParameters>
  /** Opens and validates the share, answers whether it could. A wrong passphrase is `refused`. */
  checkShare(sealedShare: SealedShare, sealing: Opening): Promise<ShareSummary>
  /** An armored age file with everything that the wallet needs on another device. */
  makeBackup(request: MakeBackup): Promise<Uint8Array<ArrayBuffer>>
  /** The plain share, as tss-lib stores it. Whoever reads it has the share. */
  exportSaveData(sealedShare: SealedShare, sealing: Sealing): Promise<Uint8Array<ArrayBuffer>>
  /** Opens and validates completely, and holds the share until `keepOpened` or the engine's end. */
  openShareFile(source: ShareSource): Promise<OpenedShare>
  /** Seals what `openShareFile` has opened, for this installation. Once. */
  keepOpened(request: KeepOpened): Promise<KeptShare>
  /** Lets a passkey open the share beside its passphrase, until it is resealed; seen to open it. */
  addPasskey(request: AddPasskey): Promise<WrappedShareKey>
  /** The same share under another passphrase or key, seen to open. Both passphrases, or a passkey's secret, are overwritten. */
  reseal(sealedShare: SealedShare, from: Opening, to: Sealing): Promise<SealedShare>
  diagnostics(): Promise<Diagnostics>
}
