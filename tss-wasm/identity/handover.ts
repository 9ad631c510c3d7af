import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import { sameBytes, uint16 } from '../bytes.ts'
import type { Check } from '../checks.ts'
import { misbehaviour } from '../failure.ts'
import type { PartyId } from '../partyId.ts'
import { mostParties } from '../round/channel.ts'
import { z } from '../zod.ts'
import type { Identity, PublicIdentity } from './identity.ts'
import { hex, identityKeys, parsed, protocolVersion, seat, serialized } from './json.ts'
import { sameIdentity } from './roster.ts'
import { isSigned, signed } from './signed.ts'
import { isAboveParent, type Succession, successionShape, supersedesInOrder } from './succession.ts'

/**
 * One attempt to reshare, as its creator signs it and its old members approve it (RESHARING 4.2): which shares of which
 * key go over to whom. Everything that is said of the attempt afterwards names it by its hash.
 */
export interface Handover extends Succession {
  readonly protocol: typeof protocolVersion
  readonly kind: 'reshare'
  /** 16 fresh bytes: a second run is another attempt. */
  readonly run: Uint8Array
  /** `publicSharesHash` of the parent: what new members are told of the old key. */
  readonly sharesBefore: Uint8Array
  /** One of the old members. */
  readonly creator: PartyId
  /** Those who deal, by their seats in the parent's epoch. */
  readonly old: readonly Holder[]
  /** Everybody of the new epoch, seats 1 to n'. */
  readonly new: readonly Holder[]
}

export interface Holder {
  readonly seat: PartyId
  readonly identity: PublicIdentity
}

/** An epoch of a wallet as its members know it: what a handover has to follow from. */
export interface Epoch {
  readonly publicKey: Uint8Array
  readonly number: number
  /** SHA-256 of its certificate; `firstEpoch`'s, where there is none yet. */
  readonly hash: Uint8Array
  /** t */
  readonly threshold: number
  /** All of its members. */
  readonly members: readonly Holder[]
}

const longestHandover = 64 * 1024

const holders = z
  .array(z.strictObject({ seat, identity: identityKeys }))
  .min(2)
  .max(mostParties)
  .refine((list) => list.every(({ seat }, i) => seat > (list[i - 1]?.seat ?? 0)), 'has its seats in rising order')
  .refine((list) => isDistinct(list.map(({ identity }) => identity.signingKey)), 'has distinct signing keys')
  .refine((list) => isDistinct(list.map(({ identity }) => identity.encryptionKey)), 'has distinct encryption keys')

const handoverSchema: z.ZodType<Handover> = z
  .strictObject({
    protocol: z.literal(protocolVersion),
    kind: z.literal('reshare'),
    run: hex(16),
    ...successionShape,
    sharesBefore: hex(32),
    creator: seat,
    old: holders,
    new: holders,
  })
  .refine(...isAboveParent)
  .refine(...supersedesInOrder)
  .refine(({ threshold, new: fresh }) => threshold <= fresh.length, 'threshold is at most the number of new members')
  .refine(({ new: fresh }) => fresh.at(-1)?.seat === fresh.length, 'new fills the seats 1 to n')
  .refine(({ creator, old }) => old.some(({ seat }) => seat === creator), 'creator is an old member')

function isDistinct(keys: readonly Uint8Array[]): boolean {
  return new Set(keys.map((key) => bytesToHex(key))).size === keys.length
}

/** The bytes that are signed and hashed. @throws ProtocolAbort if the others would refuse them */
export function encodeHandover(handover: Handover): Uint8Array<ArrayBuffer> {
  const bytes = canonical(handover)
  decodeHandover(bytes)
  return bytes
}

function canonical(handover: Handover): Uint8Array<ArrayBuffer> {
  const { protocol, kind, run, publicKey, number, parent, parentHash, supersedes, threshold, sharesBefore, creator } =
    handover
  const list = (all: readonly Holder[]) =>
    all.map(({ seat, identity: { signingKey, encryptionKey } }) => ({ seat, identity: { signingKey, encryptionKey } }))
  const head = { protocol, kind, run, publicKey, number, parent, parentHash, supersedes }
  return serialized({ ...head, threshold, sharesBefore, creator, old: list(handover.old), new: list(handover.new) })
}

/** @throws ProtocolAbort misbehaviour, naming the part that is wrong */
export function decodeHandover(bytes: Uint8Array): Handover {
  const handover = parsed('handover', bytes, longestHandover, handoverSchema)
  if (!sameBytes(bytes, canonical(handover))) throw misbehaviour([], 'handover is written in canonical form')
  return handover
}

/** What everything said of the attempt is bound to. 32 bytes. */
export function handoverHash(handover: Handover): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sha256(encodeHandover(handover)))
}

export async function signHandover(handover: Handover, creator: Identity): Promise<Uint8Array<ArrayBuffer>> {
  return signed('handover', encodeHandover(handover), creator)
}

/** "I have held this against my own share, and deal." 64 bytes, by an old member. */
export async function approveHandover(
  handover: Handover,
  seat: PartyId,
  identity: Identity,
): Promise<Uint8Array<ArrayBuffer>> {
  return signed('handover-approval', bytesOf(handover, seat), identity)
}

/**
 * That a handover follows from this epoch, by the will of enough of its members: whoever is left out, or comes back after
 * a year, believes it because of their signatures. Approvals are in the order of `old`.
 * @throws ProtocolAbort misbehaviour of nobody in particular, naming what does not hold
 */
export async function verifyHandover(
  handover: Handover,
  signature: Uint8Array,
  approvals: readonly Uint8Array[],
  from: Epoch,
): Promise<void> {
  const pinned = (seat: PartyId) => from.members.find((member) => member.seat === seat)?.identity
  const creator = pinned(handover.creator)
  const checks: [boolean, Check][] = [
    [sameBytes(handover.publicKey, from.publicKey), 'handover is of this wallet'],
    [handover.parent === from.number && sameBytes(handover.parentHash, from.hash), 'handover is of this epoch'],
    [handover.old.length >= from.threshold, 'handover has as many old members as sign'],
    [
      handover.old.every(({ seat, identity }) => sameIdentity(pinned(seat), identity)),
      'handover has old members of this epoch in their own seats',
    ],
    [
      creator !== undefined && (await isSigned('handover', encodeHandover(handover), signature, creator.signingKey)),
      'handover is signed by its creator',
    ],
  ]
  for (const [holds, check] of checks) if (!holds) throw misbehaviour([], check)
  for (const [i, { seat, identity }] of handover.old.entries()) {
    const approval = approvals[i] ?? new Uint8Array()
    if (!(await isSigned('handover-approval', bytesOf(handover, seat), approval, identity.signingKey)))
      throw misbehaviour([], 'handover is approved by every old member')
  }
}

export function newMember(handover: Handover, seat: PartyId): PublicIdentity | undefined {
  return handover.new.find((member) => member.seat === seat)?.identity
}

/** handover hash (32) ‖ seat (2) ‖ more: what the words of one member are over. */
export function bytesOf(handover: Handover, seat: PartyId, ...more: readonly Uint8Array[]): Uint8Array {
  return concatBytes(handoverHash(handover), uint16(seat), ...more)
}
