import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { ByteReader, sameBytes } from '../bytes.ts'
import { misbehaviour } from '../failure.ts'
import type { PartyId } from '../partyId.ts'
import { mostParties } from '../round/channel.ts'
import { z } from '../zod.ts'
import { bytesOf, decodeHandover, encodeHandover, handoverHash, newMember, verifyHandover } from './handover.ts'
import type { Epoch, Handover } from './handover.ts'
import type { Identity } from './identity.ts'
import { hex, parsed, protocolVersion, serialized } from './json.ts'
import { isSigned, signatureLength, signed } from './signed.ts'

/** What a run of a handover came to: the same for all its new members. */
export interface HandoverResult {
  /** Of the mailbox of a new member, 32 bytes. */
  readonly transcriptHash: Uint8Array
  /** `publicSharesHash` of the new shares, 32 bytes. */
  readonly sharesAfter: Uint8Array
}

/**
 * The confirmations of all new members (RESHARING 4.3, 3): with it the attempt is an epoch, without it it is not. It proves
 * itself to whoever knows the epoch before, so that anybody may carry it: coordinator, peer, file.
 */
export interface Certificate extends HandoverResult {
  readonly handover: Handover
  /** Of the handover, by its creator. */
  readonly signature: Uint8Array
  /** In the order of `handover.old`. */
  readonly approvals: readonly Uint8Array[]
  /** In the order of `handover.new`. */
  readonly confirmations: readonly Uint8Array[]
}

const longestCertificate = 256 * 1024
const signatures = z.array(hex(signatureLength)).min(2).max(mostParties)
const certificateSchema = z.strictObject({
  protocol: z.literal(protocolVersion),
  handover: hex(1, 64 * 1024),
  signature: hex(signatureLength),
  approvals: signatures,
  transcriptHash: hex(32),
  sharesAfter: hex(32),
  confirmations: signatures,
})

/**
 * "My share of this attempt is durable, and came from this run": 64 bytes. It is logged before it leaves, and whoever has
 * signed it never withdraws.
 */
export async function confirmHandover(
  handover: Handover,
  seat: PartyId,
  { transcriptHash, sharesAfter }: HandoverResult,
  identity: Identity,
): Promise<Uint8Array<ArrayBuffer>> {
  return signed('handover-confirmation', bytesOf(handover, seat, transcriptHash, sharesAfter), identity)
}

/** Whether this new member has confirmed this result. */
export async function isConfirmed(
  handover: Handover,
  seat: PartyId,
  { transcriptHash, sharesAfter }: HandoverResult,
  confirmation: Uint8Array,
): Promise<boolean> {
  const member = newMember(handover, seat)
  if (member === undefined) return false
  const bytes = bytesOf(handover, seat, transcriptHash, sharesAfter)
  return isSigned('handover-confirmation', bytes, confirmation, member.signingKey)
}

export function encodeCertificate(certificate: Certificate): Uint8Array<ArrayBuffer> {
  const { handover, signature, approvals, transcriptHash, sharesAfter, confirmations } = certificate
  return serialized({
    protocol: protocolVersion,
    handover: encodeHandover(handover),
    signature,
    approvals,
    transcriptHash,
    sharesAfter,
    confirmations,
  })
}

/**
 * @param from the epoch that the reader is in, or was in before
 * @returns the certificate, of which every signature holds, and the epoch that it begins
 * @throws ProtocolAbort misbehaviour of nobody in particular: whoever carried it may have spoilt it
 */
export async function verifyCertificate(
  bytes: Uint8Array,
  from: Epoch,
): Promise<{ readonly certificate: Certificate; readonly begins: Epoch }> {
  const read = parsed('certificate', bytes, longestCertificate, certificateSchema)
  const { signature, approvals, transcriptHash, sharesAfter, confirmations } = read
  const handover = decodeHandover(read.handover)
  const certificate: Certificate = { handover, signature, approvals, transcriptHash, sharesAfter, confirmations }
  if (!sameBytes(bytes, encodeCertificate(certificate)))
    throw misbehaviour([], 'certificate is written in canonical form')
  if (approvals.length !== handover.old.length)
    throw misbehaviour([], 'certificate has one approval for each old member')
  if (confirmations.length !== handover.new.length)
    throw misbehaviour([], 'certificate has one confirmation for each new member')
  await verifyHandover(handover, signature, approvals, from)
  for (const [i, { seat }] of handover.new.entries()) {
    if (!(await isConfirmed(handover, seat, certificate, confirmations[i] ?? new Uint8Array())))
      throw misbehaviour([], 'certificate is confirmed by every new member')
  }
  const { publicKey, number, threshold, new: members } = handover
  return { certificate, begins: { publicKey, number, hash: certificateHash(bytes), threshold, members } }
}

/** What the next handover and `retired` name. 32 bytes. */
export function certificateHash(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sha256(bytes))
}

/**
 * The withdrawal of one new member (RESHARING 4.3, 6): handover hash (32), seat (2), signature (64). "I have not confirmed
 * this attempt and never will": with it the attempt cannot become an epoch.
 */
export async function withdrawFrom(
  handover: Handover,
  seat: PartyId,
  identity: Identity,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = bytesOf(handover, seat)
  return new Uint8Array(concatBytes(bytes, await signed('handover-withdrawal', bytes, identity)))
}

/** The new member that withdrew, or nothing where these bytes do not show that somebody has. */
export async function withdrawnBy(abort: Uint8Array, handover: Handover): Promise<PartyId | undefined> {
  try {
    const reader = new ByteReader(abort)
    const hash = reader.take(32)
    const seat = reader.uint16() as PartyId
    const signature = reader.take(signatureLength)
    reader.end()
    const member = newMember(handover, seat)
    if (member === undefined || !sameBytes(hash, handoverHash(handover))) return undefined
    const holds = await isSigned('handover-withdrawal', bytesOf(handover, seat), signature, member.signingKey)
    return holds ? seat : undefined
  } catch {
    return undefined
  }
}
