import { decodeScalar, encodeScalar, timesGenerator, type Decoded, type Element } from '../groups/group.ts'
import {
  areCoordinates,
  drawPolynomial,
  evaluate,
  evaluateInExponent,
  isShareOf,
  sumCommitments,
} from '../groups/sharing.ts'
import { mod } from '../integers/numberTheory.ts'
import { allPassed, forEveryone, mustHold, type Verdict } from '../protocols/checks.ts'
import { entry, from, membersOf } from '../protocols/members.ts'
import type { Party } from '../protocols/protocol.ts'
import type { PartyId } from '../partyId.ts'
import { Secret } from '../secret.ts'
import type { GroupKeyShare } from './groupShare.ts'
import { keygenRounds, type Dealing } from './messages.ts'
import { provePossession, verifyPossession, type PossessionStatement } from './possession.ts'
import type { KeySuite } from './suite.ts'

export interface GroupKeygenInput<P extends Element<P>> {
  readonly suite: KeySuite<P>
  /** t: how many parties sign, 2..n. */
  readonly threshold: number
  /** The coordinate of everybody, own included: scalars in [1, order). */
  readonly partyKeys: ReadonlyMap<PartyId, bigint>
  /** What the key is bound to besides (SCHEMES 6.3); nothing, unless the suite is our own. */
  readonly context?: Uint8Array
}

/** The stages in their order, for progress views. */
export const groupKeygenStages = [
  'Share a part of the key',
  'Check the parts of the others',
  'Check the shares',
] as const

/**
 * Distributed key generation in any group of prime order (SCHEMES 3.3). Everybody deals a random secret to everybody; the
 * key is the sum, and nobody ever holds it. The result may be used only once all parties have confirmed it.
 * @throws ProtocolAbort naming who broke which check, or for whom we wait; RangeError for an input out of range
 */
export async function groupKeygen<P extends Element<P>>(
  me: Pick<Party, 'id' | 'peers' | 'mail' | 'random' | 'stage'>,
  { suite, threshold, partyKeys, context = new Uint8Array() }: GroupKeygenInput<P>,
): Promise<GroupKeyShare<P>> {
  const { mail, random } = me
  const { group } = suite
  const members = membersOf(me, partyKeys)
  const ownKey = members.of(members.keys, me.id)
  if (!areCoordinates(group, members.keys)) throw new RangeError('party keys are distinct scalars of the group')
  if (!Number.isInteger(threshold) || threshold < 2 || threshold > members.keys.length)
    throw new RangeError('threshold out of range')
  const rounds = keygenRounds[suite.scheme]

  // Round 1: A_i,c = a_i,c·G, and that we know a_i,0
  me.stage(groupKeygenStages[0])
  const coefficients = drawPolynomial(group, threshold, random)
  const commitments = coefficients.map((coefficient) => timesGenerator(group, coefficient))
  const statement = { suite, key: ownKey, point: entry(commitments, 0), context }
  const proof = provePossession(statement, { secret: entry(coefficients, 0) }, me)
  await mail.broadcast(rounds.dealing, { proof, commitments: commitments.map((each) => each.toBytes()) })
  const said = await mail.collect(rounds.dealing)

  // Round 2: f_i(k_j) to j, once everybody's part of the key is known to be somebody's own
  me.stage(groupKeygenStages[1])
  const dealings = allPassed(
    await forEveryone(said, (theirs, j) =>
      checkedDealing(theirs, { suite, key: members.of(members.keys, j), context }, threshold),
    ),
  )
  await forEveryone(dealings, (_, j) =>
    mail.sendTo(j, rounds.share, encodeScalar(group, evaluate(group, coefficients, members.of(members.keys, j)))),
  )
  const sent = await mail.collect(rounds.share)

  // End: x_i = Σ f_j(k_i); A_c = Σ A_j,c; X_j = Σ_c k_j^c·A_c; Y = A_0
  me.stage(groupKeygenStages[2])
  const shares = allPassed(
    await forEveryone(sent, (bytes, j): Verdict<bigint> => {
      const share = decodeScalar(group, bytes)
      if ('failed' in share) return share
      const isRight = isShareOf(group, share.passed, ownKey, from(dealings, j))
      return isRight ? share : { failed: "dealt share is on the dealer's polynomial" }
    }),
  )
  const ownPart = evaluate(group, coefficients, ownKey)
  const secret = mod(
    [...shares.values()].reduce((sum, share) => sum + share, ownPart),
    group.order,
  )
  const combined = sumCommitments(group, [commitments, ...dealings.values()])
  const publicKey = entry(combined, 0)
  const publicShares = members.keys.map((key) => evaluateInExponent(group, combined, key))
  mustHold('parts combine to a key', secret !== 0n && ![publicKey, ...publicShares].some((point) => point.is0()))
  if (!timesGenerator(group, secret).equals(members.of(publicShares, me.id))) throw new Error('x_i·G is not X_i')
  return {
    suite,
    threshold,
    index: members.position,
    secret: new Secret(secret),
    publicKey,
    parties: members.keys.map((key, j) => ({ key, publicShare: entry(publicShares, j) })),
  }
}

/** A dealer's commitments, every one of them decoded and the first one proved. */
function checkedDealing<P extends Element<P>>(
  { proof, commitments }: Dealing,
  dealer: Omit<PossessionStatement<P>, 'point'>,
  threshold: number,
): Verdict<readonly P[]> {
  if (commitments.length !== threshold) return { failed: 'dealing has as many elements as signers' }
  const decoded = commitments.map((bytes): Decoded<P> => dealer.suite.group.decodeElement(bytes))
  const points: P[] = []
  for (const each of decoded) {
    if ('failed' in each) return each
    points.push(each.passed)
  }
  const flaw = verifyPossession({ ...dealer, point: entry(points, 0) }, proof)
  return flaw === undefined ? { passed: points } : { failed: flaw }
}
