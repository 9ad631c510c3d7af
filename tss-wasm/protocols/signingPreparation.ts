import { generator, multiplyPublic, type Point } from '../curve/point.ts'
import { lagrangeWeight, reduceScalar } from '../curve/scalar.ts'
import { additivePublicShares } from '../keyShare/additiveShares.ts'
import type { KeyShare, KeyShareParty, PublicShares } from '../keyShare/keyShare.ts'
import { Secret } from '../secret.ts'

/** A share cut down to the signers of one run. */
export interface SigningKey {
  /** Sorted by key; public shares are those of the signing key (wallet's or child's). */
  readonly signers: readonly KeyShareParty[]
  /** Own position among the signers: the index that proofs are bound to. */
  readonly position: number
  /** w_i = λ_i·x_i mod q; the w of all signers add up to the secret key. */
  readonly additiveShare: Secret<bigint>
  /** W_j = λ_j·X_j, in the order of the signers. */
  readonly additivePublicShares: readonly Point[]
  readonly publicKey: Point
}

/** Where the holders of these keys stand in the wallet; -1 for a key that is none of its. */
export function positionsOf({ parties }: PublicShares, keys: readonly bigint[]): number[] {
  return keys.map((key) => parties.findIndex((party) => party.key === key))
}

/**
 * Turns Shamir shares into additive ones for this set of signers (WIRE 6.3), after adding the tweak δ to every
 * share if there is one (6.2). Nothing of the share given is changed.
 * @param indexes positions in `share.parties`, at least `share.threshold` of them, own included
 * @throws RangeError for any other selection
 */
export function prepareSigning(share: KeyShare, indexes: readonly number[], tweak = 0n): SigningKey {
  const chosen = [...new Set(indexes)].sort((a, b) => a - b)
  if (chosen.length !== indexes.length || chosen.length < share.threshold) throw new RangeError('too few signers')
  const position = chosen.indexOf(share.index)
  if (position < 0) throw new RangeError('not among the signers')
  const shift = multiplyPublic(generator, tweak)
  const signers = chosen.map((index) => {
    const party = share.parties[index]
    if (party === undefined) throw new RangeError('no such party')
    return { ...party, publicShare: party.publicShare.add(shift) }
  })
  const keys = signers.map(({ key }) => key)
  const ownWeight = lagrangeWeight(keys[position] ?? 0n, keys)
  return {
    signers,
    position,
    additiveShare: new Secret(reduceScalar(ownWeight * (share.secret.reveal() + tweak))),
    additivePublicShares: additivePublicShares(signers),
    publicKey: share.publicKey.add(shift),
  }
}
