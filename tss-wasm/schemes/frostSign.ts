import type { FrostPublic, FrostSecret, NonceCommitments } from '@noble/curves/abstract/frost.js'
import { decodeScalar, encodeScalar, type Element } from '../groups/group.ts'
import { bytesToHex, concatBytes } from '../integers/bytes.ts'
import { misbehaviour } from '../failure.ts'
import { allPassed, forEveryone, mustHold, type Verdict } from '../protocols/checks.ts'
import { entry, from, membersOf } from '../protocols/members.ts'
import type { Party } from '../protocols/protocol.ts'
import type { PartyId } from '../partyId.ts'
import type { GroupKeyShare } from './groupShare.ts'
import { frostRounds } from './messages.ts'
import { OneTimeNonces } from './nonces.ts'
import type { FrostSuite } from './suite.ts'

export interface FrostSignInput<P extends Element<P>> {
  readonly suite: FrostSuite<P>
  /** Of this suite. A derived or tweaked key comes as a derived or tweaked share. */
  readonly share: GroupKeyShare<P>
  /** The party keys of everybody who signs in this run, own included: at least `share.threshold` of the wallet's. */
  readonly signers: ReadonlyMap<PartyId, bigint>
  /** What is signed, as it is. Everybody has to know and approve it before the first nonce is drawn. */
  readonly message: Uint8Array
}

/** The stages in their order, for progress views. Once the last one has begun, the others may hold a signature. */
export const frostSignStages = ['Commit to a nonce', 'Put the signature together'] as const

/**
 * Threshold signing by FROST (RFC 9591; SCHEMES 4.2). Nothing survives a run that fails: sign again from the start.
 * @returns 64 bytes, a signature by `share.publicKey` as everybody's verifiers know it
 * @throws ProtocolAbort naming who broke which check, or for whom we wait; RangeError for an input out of range
 */
export async function frostSign<P extends Element<P>>(
  me: Pick<Party, 'id' | 'peers' | 'mail' | 'random' | 'stage'>,
  { suite, share, signers, message }: FrostSignInput<P>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { mail } = me
  const { group, frost } = suite
  const rounds = frostRounds[suite.scheme]
  const members = membersOf(me, signers)
  const key = keyOf(share, members.keys)
  const ownKey = members.of(members.keys, me.id)
  if (share.suite !== suite) throw new RangeError('the share is of another scheme')
  if (share.parties[share.index]?.key !== ownKey) throw new RangeError('this seat holds another share')
  const identifier = (id: PartyId): string => identifierOf(share, members.of(members.keys, id))
  const secret: FrostSecret = {
    identifier: identifier(me.id),
    signingShare: encodeScalar(group, share.secret.reveal()),
  }

  try {
    // Round 1: D_i = d_i·G and E_i = e_i·G, of nonces that are used here and never again
    me.stage(frostSignStages[0])
    using nonces = OneTimeNonces.draw(frost, secret, me.random)
    const { hiding, binding } = nonces.commitments
    await mail.broadcast(rounds.nonces, concatBytes(hiding, binding))
    const theirs = allPassed(
      await forEveryone(await mail.collect(rounds.nonces), (bytes, j) => nonceCommitments(share, identifier(j), bytes)),
    )
    const commitments = [nonces.commitments, ...theirs.values()]

    // Round 2: z_i = d_i + e_i·ρ_i + λ_i·x_i·c
    const z_i = nonces.spend((both) => frost.signShare(secret, key, both, commitments, message))
    me.stage(frostSignStages[1]) // before it leaves: from here on the others may hold a signature, whatever happens to us
    await mail.broadcast(rounds.share, z_i)
    const shares = allPassed(
      await forEveryone(await mail.collect(rounds.share), (bytes): Verdict<Uint8Array> => {
        const z = decodeScalar(group, bytes)
        return 'failed' in z ? z : { passed: bytes }
      }),
    )

    // End: R ‖ Σz_j, or who it is that the sum is wrong for
    const zs = Object.fromEntries(members.ids.map((id) => [identifier(id), id === me.id ? z_i : from(shares, id)]))
    const signature = aggregated(
      () => frost.aggregate(key, commitments, message, zs),
      (identifiers) => me.peers.filter((id) => identifiers.includes(identifier(id))),
    )
    mustHold('signature verifies', suite.verifies(signature, message, share.publicKey))
    return new Uint8Array(signature)
  } finally {
    secret.signingShare.fill(0)
  }
}

/** What noble needs to know of the key. @throws RangeError unless the signers are enough, and of the wallet */
function keyOf<P extends Element<P>>(share: GroupKeyShare<P>, signers: readonly bigint[]): FrostPublic {
  if (signers.length < share.threshold) throw new RangeError('too few signers')
  const shares = signers.map((key): readonly [string, Uint8Array<ArrayBuffer>] => {
    const party = share.parties.find((each) => each.key === key)
    if (party === undefined) throw new RangeError('a signer is not of this wallet')
    return [identifierOf(share, key), new Uint8Array(party.publicShare.toBytes())]
  })
  return {
    signers: { min: share.threshold, max: share.parties.length },
    commitments: [new Uint8Array(share.publicKey.toBytes())],
    verifyingShares: Object.fromEntries(shares),
  }
}

function identifierOf<P extends Element<P>>({ suite }: GroupKeyShare<P>, key: bigint): string {
  return bytesToHex(encodeScalar(suite.group, key))
}

/** D ‖ E of a peer, each of which has to be an element by itself. */
function nonceCommitments<P extends Element<P>>(
  { suite: { group } }: GroupKeyShare<P>,
  identifier: string,
  bytes: Uint8Array,
): Verdict<NonceCommitments> {
  const halves = [bytes.slice(0, group.elementLength), bytes.slice(group.elementLength)]
  for (const half of halves) {
    const decoded = group.decodeElement(half)
    if ('failed' in decoded) return decoded
  }
  return { passed: { identifier, hiding: entry(halves, 0), binding: entry(halves, 1) } }
}

/** noble checks the sum, and the shares one by one if it is wrong: then it says whose is. */
function aggregated(aggregate: () => Uint8Array, peersOf: (identifiers: readonly unknown[]) => PartyId[]): Uint8Array {
  try {
    return aggregate()
  } catch (error) {
    const { cheaters } = error as { readonly cheaters?: unknown }
    const culprits = Array.isArray(cheaters) ? peersOf(cheaters) : []
    if (culprits.length > 0) throw misbehaviour(culprits, 'signature share is right')
    throw error
  }
}
