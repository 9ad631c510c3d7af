import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { sameBytes, uint16 } from '../bytes.ts'
import { misbehaviour } from '../failure.ts'
import type { PartyId } from '../partyId.ts'
import { signApproval, verifyApprovals } from './approval.ts'
import type { Certificate, HandoverResult } from './certificate.ts'
import { confirmHandover, encodeCertificate, isConfirmed } from './certificate.ts'
import { approveHandover, signHandover, verifyHandover, type Epoch, type Handover, type Holder } from './handover.ts'
import type { Identity, PublicIdentity } from './identity.ts'
import { protocolVersion } from './json.ts'
import type { ReshareProposal } from './reshareProposal.ts'
import { identityAt, type Roster } from './roster.ts'
import { signatureLength } from './signed.ts'

/**
 * From a session to a certificate (RESHARING 4.2, 4.3): proposal and roster say which handover it is, the approvals of its
 * devices carry the signatures that make it one, and the reports of the new members those that make it an epoch.
 */

/** @throws Error for a roster without a seat that the proposal names: `verifyAgreedRoster` has refused it before */
export function handoverOf(proposal: ReshareProposal, roster: Roster): Handover {
  const identity = (seat: PartyId): PublicIdentity => {
    const found = identityAt(roster, seat)
    if (found === undefined) throw new Error(`nobody sits in seat ${seat}`)
    return found
  }
  const creator = proposal.dealers.find(({ seat }) => seat === roster.creator)
  if (creator === undefined) throw misbehaviour([], 'handover is signed by its creator', 'its creator deals')
  return {
    protocol: protocolVersion,
    kind: 'reshare',
    run: roster.run,
    publicKey: proposal.publicKey,
    number: proposal.number,
    parent: proposal.parent,
    parentHash: proposal.parentHash,
    supersedes: proposal.supersedes,
    threshold: proposal.threshold,
    sharesBefore: proposal.before.hash,
    creator: creator.from,
    old: proposal.dealers.map(({ seat, from }) => ({ seat: from, identity: identity(seat) })),
    new: Array.from({ length: proposal.parties }, (_, i) => (i + 1) as PartyId).map((seat) => ({
      seat,
      identity: identity(seat),
    })),
  }
}

/** The epoch whose shares are dealt, as the proposal states it. Its members hold it against what they know themselves. */
export function epochBefore({ publicKey, parent, parentHash, before }: ReshareProposal): Epoch {
  const members = before.members.map((member, i): Holder => ({ seat: (i + 1) as PartyId, identity: member.identity }))
  return { publicKey, number: parent, hash: parentHash, threshold: before.threshold, members }
}

/**
 * What stands for a certificate where there is none yet, in a wallet that was never reshared: SHA-256 of
 * "quorate/first-epoch/1", a zero byte, Y (33), t (2), n (2), and both keys of each member in order. Every member has it
 * from its own record of the wallet.
 */
export function firstEpoch(wallet: Pick<Epoch, 'publicKey' | 'threshold' | 'members'>): Epoch {
  const { publicKey, threshold, members } = wallet
  const head = [utf8ToBytes('quorate/first-epoch/1\0'), publicKey, uint16(threshold), uint16(members.length)]
  const keys = members.flatMap(({ identity }) => [identity.signingKey, identity.encryptionKey])
  return { publicKey, number: 0, hash: new Uint8Array(sha256(concatBytes(...head, ...keys))), threshold, members }
}

/**
 * "Ready": the approval of the roster; of a device that deals, that of the handover behind it; of the creator, the
 * handover's signature behind both. 64 bytes each.
 */
export async function signReshareApproval(
  proposal: ReshareProposal,
  roster: Roster,
  seat: PartyId,
  identity: Identity,
): Promise<Uint8Array<ArrayBuffer>> {
  const handover = handoverOf(proposal, roster)
  const dealer = proposal.dealers.find((each) => each.seat === seat)
  const parts = [await signApproval(roster, seat, identity)]
  if (dealer !== undefined) parts.push(await approveHandover(handover, dealer.from, identity))
  if (seat === roster.creator) parts.push(await signHandover(handover, identity))
  return new Uint8Array(concatBytes(...parts))
}

/** What the old members have signed of a handover; verified. */
export interface AgreedHandover {
  readonly handover: Handover
  readonly signature: Uint8Array
  /** In the order of `handover.old`. */
  readonly approvals: readonly Uint8Array[]
}

/** @throws ProtocolAbort misbehaviour of nobody in particular: the coordinator may have left something out */
export async function verifyReshareApprovals(
  proposal: ReshareProposal,
  roster: Roster,
  approvals: ReadonlyMap<PartyId, Uint8Array>,
): Promise<AgreedHandover> {
  const part = (seat: PartyId, index: number): Uint8Array =>
    (approvals.get(seat) ?? new Uint8Array()).slice(index * signatureLength, (index + 1) * signatureLength)
  await verifyApprovals(roster, new Map(roster.seats.map(({ seat }) => [seat, part(seat, 0)])))
  const agreed = {
    handover: handoverOf(proposal, roster),
    signature: part(roster.creator, 2),
    approvals: proposal.dealers.map(({ seat }) => part(seat, 1)),
  }
  await verifyHandover(agreed.handover, agreed.signature, agreed.approvals, epochBefore(proposal))
  return agreed
}

/** A new member's report: transcript hash (32), `publicSharesHash` of after (32), its confirmation (64). */
export async function signReshareConfirmation(
  handover: Handover,
  seat: PartyId,
  result: HandoverResult,
  identity: Identity,
): Promise<Uint8Array<ArrayBuffer>> {
  const confirmation = await confirmHandover(handover, seat, result, identity)
  return new Uint8Array(concatBytes(result.transcriptHash, result.sharesAfter, confirmation))
}

const confirmationLength = 64 + signatureLength

/** What a report says, if it is this new member's. */
export async function confirmedResult(
  handover: Handover,
  seat: PartyId,
  report: Uint8Array,
): Promise<HandoverResult | undefined> {
  if (report.length !== confirmationLength) return undefined
  const result = { transcriptHash: report.slice(0, 32), sharesAfter: report.slice(32, 64) }
  return (await isConfirmed(handover, seat, result, report.slice(64))) ? result : undefined
}

/**
 * The certificate, once every new member has reported the same.
 * @param reports by new seat, as the coordinator has them
 * @returns undefined while reports are missing, or are not their senders'
 * @throws ProtocolAbort misbehaviour naming who confirmed another result than the first; it cannot say whose is true
 */
export async function certificateOf(
  { handover, signature, approvals }: AgreedHandover,
  reports: ReadonlyMap<PartyId, Uint8Array>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let first: HandoverResult | undefined
  const confirmations: Uint8Array[] = []
  for (const { seat } of handover.new) {
    const report = reports.get(seat) ?? new Uint8Array()
    const result = await confirmedResult(handover, seat, report)
    if (result === undefined) return undefined
    first ??= result
    if (!sameBytes(result.sharesAfter, first.sharesAfter))
      throw misbehaviour([seat], 'everybody confirms the same result')
    if (!sameBytes(result.transcriptHash, first.transcriptHash))
      throw misbehaviour([], 'everybody received the same broadcasts', `party ${seat}`)
    confirmations.push(report.slice(64))
  }
  if (first === undefined) return undefined
  const certificate: Certificate = { handover, signature, approvals, ...first, confirmations }
  return encodeCertificate(certificate)
}
