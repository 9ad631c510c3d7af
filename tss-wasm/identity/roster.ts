import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { sameBytes } from '../bytes.ts'
import type { Check } from '../checks.ts'
import { misbehaviour } from '../failure.ts'
import { mostParties } from '../round/channel.ts'
import type { PartyId } from '../partyId.ts'
import { z } from '../zod.ts'
import type { Identity, PublicIdentity } from './identity.ts'
import { type DocumentVersion, hex, identityKeys, parsed, protocolVersion, seat, serialized } from './json.ts'
import { memberName, version as namingVersion } from './naming.ts'
import { decodeProposal, type Proposal, versionOf } from './proposal.ts'
import { sessionSeatsOf } from './reshareProposal.ts'
import { isSigned, isUsableKey, signed } from './signed.ts'
import { cggmp24, signingProtocols, type SigningProtocol } from './signingProtocol.ts'

/** The signed list of who takes part (ARCHITECTURE 2.4). Bound into every envelope by its hash. */
export interface Roster {
  /** The version before is still read where it was stored; a session is joined in this one only. */
  readonly protocol: 'quorate/1' | DocumentVersion
  readonly kind: 'keygen' | 'sign' | 'reshare'
  /** 16 bytes, the coordinator's id of the session. */
  readonly session: Uint8Array
  /** 16 fresh bytes from the creator: a second run of one session is another run. */
  readonly run: Uint8Array
  /** t: how many parties sign. */
  readonly threshold: number
  /** SHA-256 of the proposal: what everybody agreed to do. */
  readonly proposalHash: Uint8Array
  readonly creator: PartyId
  /** Of a signing: by what its signers sign; absent for tss-lib's nine rounds, and of another scheme always there. */
  readonly signing?: SigningProtocol | undefined
  /** Of a signing by presignatures that are there: which of them. */
  readonly presigned?: PresignedSlots | undefined
  readonly seats: readonly RosterSeat[]
}

/** Presignatures that all signers hold (SPEC 12): a batch, and the lowest of its slots that is free, one of 0 to 63. */
export interface PresignedSlots {
  /** sid, 32 bytes */
  readonly batch: Uint8Array
  readonly first: number
}

export interface RosterSeat {
  readonly seat: PartyId
  readonly identity: PublicIdentity
  /** Where members are new: what the party has committed to for the check code (checkCode.ts). 32 bytes. */
  readonly codeCommitment?: Uint8Array | undefined
  /** Where members say it: what the party calls itself, empty for nothing. */
  readonly name?: string | undefined
}

const longestRoster = 64 * 1024

const rosterSchema: z.ZodType<Roster> = z
  .strictObject({
    protocol: z.enum(['quorate/1', protocolVersion, namingVersion]),
    kind: z.enum(['keygen', 'sign', 'reshare']),
    session: hex(16),
    run: hex(16),
    threshold: z.int().min(2).max(mostParties),
    proposalHash: hex(32),
    creator: seat,
    signing: z.enum(signingProtocols).optional(),
    presigned: z.strictObject({ batch: hex(32), first: z.int().min(0).max(63) }).optional(),
    seats: z
      .array(
        z.strictObject({
          seat,
          identity: identityKeys,
          codeCommitment: hex(32).optional(),
          name: memberName.optional(),
        }),
      )
      .min(2)
      .max(mostParties),
  })
  .refine(({ seats }) => seats.every(({ seat }, i) => seat > (seats[i - 1]?.seat ?? 0)), 'seats are in rising order')
  .refine(({ seats }) => distinct(seats.map((s) => s.identity.signingKey)), 'signing keys are distinct')
  .refine(({ seats }) => seats.every((s) => isUsableKey(s.identity.signingKey)), 'signing keys are not of small order')
  .refine(({ seats }) => distinct(seats.map((s) => s.identity.encryptionKey)), 'encryption keys are distinct')
  .refine(({ seats, creator }) => seats.some(({ seat }) => seat === creator), 'the creator has a seat')
  .refine(({ kind, signing }) => signing === undefined || kind === 'sign', 'only signatures have a protocol')
  .refine(
    ({ signing, presigned }) => presigned === undefined || signing === cggmp24,
    'presignatures are of the protocol that has them',
  )
  .refine(({ seats, threshold }) => seats.length >= threshold, 'seats are at least the threshold')
  .refine(
    ({ kind, seats }) => kind === 'sign' || seats.at(-1)?.seat === seats.length,
    'seats are 1 to n where members are new',
  )
  .refine(
    ({ protocol, kind, seats }) =>
      seats.every(
        ({ codeCommitment }) => (codeCommitment !== undefined) === (protocol !== 'quorate/1' && kind !== 'sign'),
      ),
    'every seat has its commitment where members are new',
  )
  .refine(
    ({ protocol, seats }) => seats.every(({ name }) => (name !== undefined) === (protocol === namingVersion)),
    'every seat has its name where members say them',
  )

function distinct(keys: readonly Uint8Array[]): boolean {
  return new Set(keys.map((key) => bytesToHex(key))).size === keys.length
}

/** The bytes that are signed and hashed. @throws ProtocolAbort if the others would refuse them */
export function encodeRoster(roster: Roster): Uint8Array<ArrayBuffer> {
  const { protocol, kind, session, run, threshold, proposalHash, creator, signing } = roster
  const presigned = roster.presigned && { batch: roster.presigned.batch, first: roster.presigned.first }
  const seats = roster.seats.map(({ seat, identity: { signingKey, encryptionKey }, codeCommitment, name }) => ({
    seat,
    identity: { signingKey, encryptionKey },
    codeCommitment,
    name,
  }))
  const bytes = serialized({
    protocol,
    kind,
    session,
    run,
    threshold,
    proposalHash,
    creator,
    signing,
    presigned,
    seats,
  })
  decodeRoster(bytes)
  return bytes
}

/** @throws ProtocolAbort misbehaviour, naming the part that is wrong */
export function decodeRoster(bytes: Uint8Array): Roster {
  return parsed('roster', bytes, longestRoster, rosterSchema)
}

/** SHA-256 of the roster's bytes as `encodeRoster` writes them. */
export function rosterHash(roster: Roster): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sha256(encodeRoster(roster)))
}

export async function signRoster(bytes: Uint8Array, creator: Identity): Promise<Uint8Array<ArrayBuffer>> {
  return signed('roster', bytes, creator)
}

/** What a party knows before the roster comes, and holds it against. */
export interface Agreed {
  readonly session: Uint8Array
  /** The bytes of the proposal that we agreed to. */
  readonly proposal: Uint8Array
  /** Who signed that proposal. */
  readonly creator: PublicIdentity
}

/** As one of those who take part. */
export interface Expected extends Agreed {
  readonly me: PartyId
  readonly identity: PublicIdentity
  /** Where members are new: what we have committed to. */
  readonly codeCommitment?: Uint8Array | undefined
}

/**
 * A signing session's threshold is the wallet's: the engine holds it against the share.
 * @throws ProtocolAbort misbehaviour, naming what is not as expected
 */
export async function verifyRoster(bytes: Uint8Array, signature: Uint8Array, expected: Expected): Promise<Roster> {
  const roster = await verifyAgreedRoster(bytes, signature, expected)
  if (!sameIdentity(identityAt(roster, expected.me), expected.identity)) {
    throw misbehaviour([], 'roster has our identity in our seat')
  }
  const own = roster.seats.find(({ seat }) => seat === expected.me)?.codeCommitment
  if (!sameBytes(own ?? nothing, expected.codeCommitment ?? nothing)) {
    throw misbehaviour([], 'roster has our commitment in our seat')
  }
  return roster
}

/** As `verifyRoster`, also for a run that we have no part in. @throws ProtocolAbort misbehaviour */
export async function verifyAgreedRoster(bytes: Uint8Array, signature: Uint8Array, expected: Agreed): Promise<Roster> {
  if (!(await isSigned('roster', bytes, signature, expected.creator.signingKey))) {
    throw misbehaviour([], 'roster is signed by the creator of the session')
  }
  const roster = decodeRoster(bytes)
  const { proposal } = decodeProposal(expected.proposal)
  const agreed = shapeOf(proposal)
  const checks: [boolean, Check][] = [
    // Signatures and envelopes are over canonical bytes, so there is one way to write a roster.
    [sameBytes(bytes, encodeRoster(roster)), 'roster is written in canonical form'],
    [roster.protocol === versionOf(proposal), 'protocol version is the same'],
    [sameBytes(roster.session, expected.session), 'roster is of this session'],
    [roster.kind === proposal.kind, 'roster is for this kind of session'],
    [roster.threshold === (agreed?.t ?? roster.threshold), 'roster has the threshold that was agreed'],
    [roster.seats.length === (agreed?.n ?? roster.seats.length), 'roster has as many seats as were agreed'],
    [sameBytes(roster.proposalHash, sha256(expected.proposal)), 'roster is for the proposal that was agreed'],
    [sameIdentity(identityAt(roster, roster.creator), expected.creator), 'roster gives the creator their own identity'],
    [dealersAreKnown(proposal, roster), 'handover has old members of this epoch in their own seats'],
  ]
  for (const [holds, check] of checks) if (!holds) throw misbehaviour([], check)
  return roster
}

const nothing = new Uint8Array()

/** t, and how many seats the session has, where the proposal says it. */
function shapeOf(proposal: Proposal): { readonly t: number; readonly n: number } | undefined {
  if (proposal.kind === 'sign') return undefined
  return { t: proposal.threshold, n: proposal.kind === 'keygen' ? proposal.parties : sessionSeatsOf(proposal) }
}

/** Whoever deals is who has held that share since the epoch before. */
function dealersAreKnown(proposal: Proposal, roster: Roster): boolean {
  if (proposal.kind !== 'reshare') return true
  return proposal.dealers.every(({ seat, from }) =>
    sameIdentity(identityAt(roster, seat), proposal.before.members[from - 1]?.identity),
  )
}

export function identityAt(roster: Roster, party: PartyId): PublicIdentity | undefined {
  return roster.seats.find(({ seat }) => seat === party)?.identity
}

export function sameIdentity(a: PublicIdentity | undefined, b: PublicIdentity | undefined): boolean {
  if (a === undefined || b === undefined) return false
  return sameBytes(a.signingKey, b.signingKey) && sameBytes(a.encryptionKey, b.encryptionKey)
}
