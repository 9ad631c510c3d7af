import { timesGenerator, type Element } from '../groups/group.ts'
import { areCoordinates, flawOfPublicShares } from '../groups/sharing.ts'
import { mostParties } from '../round/channel.ts'
import type { Secret } from '../secret.ts'
import type { KeySuite } from './suite.ts'

/** One party's share of a key of one of the schemes. Made only by key generation and by readers that validate it. */
export interface GroupKeyShare<P extends Element<P>> {
  readonly suite: KeySuite<P>
  /** t: how many parties sign. */
  readonly threshold: number
  /** In rising order of their keys, which are the coordinates of the sharing. */
  readonly parties: readonly GroupKeyParty<P>[]
  /** Own position in `parties`. */
  readonly index: number
  /** x_i, in [1, order) */
  readonly secret: Secret<bigint>
  readonly publicKey: P
}

export interface GroupKeyParty<P> {
  readonly key: bigint
  /** X_j = x_j·G */
  readonly publicShare: P
}

/**
 * Everything a share must satisfy before it is stored or used.
 * @returns the condition that fails, or nothing
 */
export function flawOfGroupShare<P extends Element<P>>(share: GroupKeyShare<P>): string | undefined {
  const { suite, threshold, parties, index, publicKey } = share
  const { group } = suite
  const keys = parties.map(({ key }) => key)
  const own = parties[index]
  const secret = share.secret.reveal()
  if (parties.length < 2 || parties.length > mostParties) return 'number of parties is possible'
  if (!Number.isInteger(threshold) || threshold < 2 || threshold > parties.length) return 'threshold is possible'
  if (!areCoordinates(group, keys)) return 'party keys are distinct scalars'
  if (keys.some((key, j) => j > 0 && key <= (keys[j - 1] ?? 0n))) return 'party keys are sorted'
  if (own === undefined) return 'own key is among the party keys'
  if (secret <= 0n || secret >= group.order) return 'secret share is in range'
  if (publicKey.is0() || parties.some(({ publicShare }) => publicShare.is0())) return 'no element is the identity'
  if (!timesGenerator(group, secret).equals(own.publicShare)) return 'secret share belongs to its public share'
  const points = parties.map(({ key, publicShare }) => ({ key, element: publicShare }))
  return flawOfPublicShares(group, points, threshold, publicKey)
}
