import type { PartyId } from '../partyId.ts'
import { membersOf } from '../protocols/members.ts'
import type { Party } from '../protocols/protocol.ts'
import { combinePartials, partialSignature, type BlsKeyShare } from './bls.ts'
import { domainContext, type BlsDomain } from '../content/blsDomain.ts'
import { groupKeygen } from './keygen.ts'
import { blsSignRounds as rounds } from './messages.ts'
import { blsSuite } from './suite.ts'

type Seated = Pick<Party, 'id' | 'peers' | 'mail' | 'random' | 'stage'>

export interface BlsKeygenInput {
  /** t: how many parties sign, 2..n. */
  readonly threshold: number
  readonly partyKeys: ReadonlyMap<PartyId, bigint>
  /** What the key will sign for, and nothing else ever. Parties that differ in it fail each other's proof of possession. */
  readonly domain: BlsDomain
}

/**
 * Key generation for BLS: that of every group, bound to its domain (SCHEMES 6.3).
 * @throws ProtocolAbort naming who broke which check; RangeError for an input out of range
 */
export async function blsKeygen(me: Seated, { domain, ...input }: BlsKeygenInput): Promise<BlsKeyShare> {
  const share = await groupKeygen(me, { suite: blsSuite, context: domainContext(domain), ...input })
  return { ...share, domain }
}

export interface BlsSignInput {
  readonly share: BlsKeyShare
  /** The party keys of everybody who signs in this run, own included: at least `share.threshold` of the wallet's. */
  readonly signers: ReadonlyMap<PartyId, bigint>
  readonly message: Uint8Array
}

/** Once it has begun, the others may hold a signature. */
export const blsSignStages = ['Put the signature together'] as const

/**
 * Threshold signing with everybody there, in one round (SCHEMES 6.2). Where they come at different times, the same two
 * functions do without a run.
 * @returns 96 bytes
 * @throws ProtocolAbort naming who broke which check, or for whom we wait; RangeError for an input out of range
 */
export async function blsSign(me: Seated, { share, signers, message }: BlsSignInput): Promise<Uint8Array<ArrayBuffer>> {
  const members = membersOf(me, signers)
  if (share.parties[share.index]?.key !== members.of(members.keys, me.id))
    throw new RangeError('this seat holds another share')
  if (members.ids.length < share.threshold) throw new RangeError('too few signers')
  const own = partialSignature(share, message)
  me.stage(blsSignStages[0])
  await me.mail.broadcast(rounds.partial, own)
  const theirs = await me.mail.collect(rounds.partial)
  const all = new Map([...theirs, [me.id, own] as const])
  return combinePartials(
    share,
    message,
    new Map([...all].map(([id, bytes]) => [id, { key: members.of(members.keys, id), bytes }])),
  )
}
