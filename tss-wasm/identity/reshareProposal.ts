import type { PartyId } from '../partyId.ts'
import { mostParties } from '../round/channel.ts'
import { z } from '../zod.ts'
import type { PublicIdentity } from './identity.ts'
import { hex, identityKeys, protocolVersion, seat } from './json.ts'
import { isAboveParent, type Succession, successionShape, supersedesInOrder } from './succession.ts'
import { walletName } from './walletName.ts'

/** Why a wallet is reshared, in the words that people choose from. */
export const reshareReasons = ['device', 'members', 'threshold', 'renewal'] as const
export type ReshareReason = (typeof reshareReasons)[number]

/**
 * What is to become of a wallet's shares (RESHARING 4.2). Seats 1 to `parties` of the session are those of the new epoch;
 * behind them sit those who deal and receive nothing. A device that does both has one seat, the new one.
 */
export interface ReshareProposal extends Succession {
  readonly kind: 'reshare'
  /** What the creator calls the wallet: whoever is new calls it so. */
  readonly walletName: string
  readonly reason: ReshareReason
  /** n': how many receive a share. */
  readonly parties: number
  /** Who deals, in the order of their seats in the parent's epoch. */
  readonly dealers: readonly Dealer[]
  /** The key as it is: whoever is new takes it from here, and those who deal have held it against their own shares. */
  readonly before: SharesBefore
}

export interface Dealer {
  /** In the session. */
  readonly seat: PartyId
  /** In the parent's epoch. */
  readonly from: PartyId
}

export interface SharesBefore {
  /** t of the parent's epoch. */
  readonly threshold: number
  /** `publicSharesHash` of what `members` say. 32 bytes. */
  readonly hash: Uint8Array
  /** Seats 1 to n of the parent's epoch, whether they take part or not. */
  readonly members: readonly MemberBefore[]
}

/** Integers in their minimal bytes, big-endian. */
export interface MemberBefore {
  readonly identity: PublicIdentity
  /** Party key. */
  readonly key: Uint8Array
  /** X_j, compressed. */
  readonly publicShare: Uint8Array
  readonly paillierN: Uint8Array
  readonly nTilde: Uint8Array
  readonly h1: Uint8Array
  readonly h2: Uint8Array
}

/** Imported wallets have party keys of their own making. */
const longestKey = 64
const modulusLength = 256

const integer = (longest: number) => hex(1, longest).refine((bytes) => bytes[0] !== 0, 'is in its minimal bytes')

const memberSchema = z.strictObject({
  identity: identityKeys,
  key: integer(longestKey),
  publicShare: hex(33),
  paillierN: integer(modulusLength),
  nTilde: integer(modulusLength),
  h1: integer(modulusLength),
  h2: integer(modulusLength),
})

export const reshareSchema = z
  .strictObject({
    protocol: z.literal(protocolVersion),
    kind: z.literal('reshare'),
    session: hex(16),
    walletName,
    reason: z.enum(reshareReasons),
    ...successionShape,
    parties: z.int().min(2).max(mostParties),
    dealers: z
      .array(z.strictObject({ seat, from: seat }))
      .min(2)
      .max(mostParties),
    before: z.strictObject({
      threshold: z.int().min(2).max(mostParties),
      hash: hex(32),
      members: z.array(memberSchema).min(2).max(mostParties),
    }),
  })
  .refine(...isAboveParent)
  .refine(...supersedesInOrder)
  .refine(({ threshold, parties }) => threshold <= parties, 'threshold is at most the number of new members')
  .refine(
    ({ dealers, before }) => dealers.length >= before.threshold && before.threshold <= before.members.length,
    'as many deal as sign',
  )
  .refine(
    ({ dealers, before }) =>
      dealers.every(({ from }, i) => from > (dealers[i - 1]?.from ?? 0) && from <= before.members.length),
    'dealers are in the order of their old seats',
  )
  .refine(({ dealers, parties }) => isFilled(dealers, parties), 'seats of the session are 1 to m, a device in each')
  .transform((stated): { session: Uint8Array; proposal: ReshareProposal } => {
    const { session, kind, walletName, reason, publicKey, number, parent, parentHash, supersedes } = stated
    const { threshold, parties, dealers, before } = stated
    const head = { kind, walletName, reason, publicKey, number, parent, parentHash, supersedes }
    return { session, proposal: { ...head, threshold, parties, dealers, before } }
  })

/** Those who only deal sit behind the new seats, without a gap. */
function isFilled(dealers: readonly Dealer[], parties: number): boolean {
  const seats = dealers.map((dealer) => dealer.seat as number)
  const behind = seats.filter((one) => one > parties).toSorted((a, b) => a - b)
  return new Set(seats).size === seats.length && behind.every((one, i) => one === parties + 1 + i)
}

/** How many seats the session has, those of devices that only deal included. */
export function sessionSeatsOf({ dealers, parties }: ReshareProposal): number {
  return Math.max(parties, ...dealers.map((dealer) => dealer.seat))
}

/** The fields in the order in which they are written. */
export function canonicalReshare(proposal: ReshareProposal, session: Uint8Array): object {
  const { kind, walletName, reason, publicKey, number, parent, parentHash, supersedes } = proposal
  const { threshold, parties, dealers, before } = proposal
  const members = before.members.map(({ identity, key, publicShare, paillierN, nTilde, h1, h2 }) => ({
    identity: { signingKey: identity.signingKey, encryptionKey: identity.encryptionKey },
    key,
    publicShare,
    paillierN,
    nTilde,
    h1,
    h2,
  }))
  return {
    protocol: protocolVersion,
    kind,
    session,
    walletName,
    reason,
    publicKey,
    number,
    parent,
    parentHash,
    supersedes,
    threshold,
    parties,
    dealers: dealers.map((dealer) => ({ seat: dealer.seat, from: dealer.from })),
    before: { threshold: before.threshold, hash: before.hash, members },
  }
}
