import { isRingPedersen } from '../crypto/ringPedersen.ts'
import { areUsableKeys } from '../crypto/feldman.ts'
import type { Flaw } from '../crypto/flaw.ts'
import type { Point } from '../curve/point.ts'
import { generator, multiplySecret, order, sumPoints } from '../curve/point.ts'
import { isModulus2048 } from '../integers/numberTheory.ts'
import { additivePublicShares } from './additiveShares.ts'
import type { BareShare, KeyShare, KeyShareParty } from './keyShare.ts'

/** More parties than any wallet has; bounds the work of a hostile file. */
const mostParties = 256

/**
 * Everything a share must satisfy before it is stored or used (WIRE 8), but for its pre-parameters, which take
 * longer to check and have `checkPreParameters`. Beyond that list: N and Ñ differ among all parties, and t is exactly
 * the one the key was made with.
 * @returns the check that fails, or undefined
 */
export function flawOfShare(share: KeyShare): Flaw {
  const { parties, index, preParameters } = share
  const own = parties[index]
  const keys = parties.map(({ key }) => key)
  const moduli = parties.flatMap(({ paillierN, ringPedersen }) => [paillierN, ringPedersen.nTilde])
  const secret = share.secret.reveal()
  const { n } = preParameters.paillier
  const { nTilde, h1, h2 } = preParameters.ringPedersen

  const impossible = flawOfSize(share)
  if (impossible !== undefined) return impossible
  if (keys.some((key, j) => j > 0 && key <= (keys[j - 1] ?? 0n))) return 'party keys are sorted'
  if (!areUsableKeys(keys)) return 'party keys are distinct and non-zero modulo the group order'
  if (own === undefined) return 'own key is among the party keys'
  if (secret <= 0n || secret >= order) return 'secret share is in range'
  if (!parties.every(({ paillierN }) => isModulus2048(paillierN))) return 'every N has 2048 bits'
  if (!parties.every(({ ringPedersen }) => isRingPedersen(ringPedersen))) return 'every Ñ, h1, h2 is well formed'
  if (new Set(moduli).size !== moduli.length) return 'no modulus comes twice'
  if (!multiplySecret(generator, secret).equals(own.publicShare)) return 'secret share belongs to its public share'
  if (own.paillierN !== n) return 'own N is the one others have'
  const { ringPedersen } = own
  if (ringPedersen.nTilde !== nTilde || ringPedersen.h1 !== h1 || ringPedersen.h2 !== h2) {
    return 'own Ñ, h1, h2 are those others have'
  }
  return flawOfSharing(share)
}

/** Everything that can be checked of a share by which a key is recovered, with as many points as it has. */
export function flawOfBareShare(share: BareShare): Flaw {
  const { parties, index, publicKey } = share
  const own = parties[index]
  const secret = share.secret.reveal()
  const impossible = flawOfSize(share)
  if (impossible !== undefined) return impossible
  if (!areUsableKeys(parties.map(({ key }) => key)))
    return 'party keys are distinct and non-zero modulo the group order'
  if (own === undefined) return 'own key is among the party keys'
  if (secret === 0n) return 'secret share is in range'
  if (own.publicShare !== undefined && !multiplySecret(generator, secret).equals(own.publicShare))
    return 'secret share belongs to its public share'
  const points = pointsOf(share)
  return points === undefined || publicKey === undefined ? undefined : flawOfSharing({ ...share, ...points, publicKey })
}

/**
 * t as the public shares show it: as many of them as give the public key, and no fewer.
 * @returns undefined where points are missing, do not belong together, or are of more parties than a wallet has
 */
export function thresholdOfSharing(share: BareShare): number | undefined {
  const { publicKey } = share
  const points = pointsOf(share)
  if (points === undefined || publicKey === undefined || points.parties.length > 20) return undefined
  const { parties } = points
  if (!areUsableKeys(parties.map(({ key }) => key)) || parties.some(({ publicShare }) => publicShare.is0()))
    return undefined
  const sizes = Array.from({ length: Math.max(0, parties.length - 1) }, (_, at) => at + 2)
  return sizes.find((threshold) => flawOfSharing({ parties, threshold, publicKey }) === undefined)
}

function pointsOf({ parties }: BareShare): Pick<Sharing, 'parties'> | undefined {
  const known = parties.flatMap(({ key, publicShare }) => (publicShare === undefined ? [] : [{ key, publicShare }]))
  return known.length === parties.length ? { parties: known } : undefined
}

function flawOfSize({ parties, threshold }: Pick<BareShare, 'parties' | 'threshold'>): Flaw {
  if (parties.length < 2 || parties.length > mostParties) return 'number of parties is possible'
  if (!Number.isInteger(threshold) || threshold < 2 || threshold > parties.length) return 'threshold is possible'
  return undefined
}

interface Sharing {
  readonly threshold: number
  readonly parties: readonly PublicShare[]
  readonly publicKey: Point
}

type PublicShare = Pick<KeyShareParty, 'key' | 'publicShare'>

/**
 * Whether the public shares lie on one polynomial of degree threshold - 1 (and no less) with the public key at 0.
 * @param share whose keys are distinct and non-zero modulo the group order, at least `threshold` of them
 */
export function flawOfSharing({ parties, threshold, publicKey }: Sharing): Flaw {
  if (parties.some(({ publicShare }) => publicShare.is0()) || publicKey.is0()) return 'no point is infinity'
  const most = parties.slice(0, threshold - 1)
  // t - 1 of them with each further one in turn: points that agree on t values, the one at 0 included, share a polynomial
  const fits = parties.slice(threshold - 1).every((last) => atZero([...most, last]).equals(publicKey))
  if (!fits) return 'public shares interpolate to the public key'
  if (atZero(most).equals(publicKey)) return 'threshold is the one the key was made with'
  return undefined
}

/** Where the polynomial through these public shares begins. */
function atZero(parties: readonly PublicShare[]): Point {
  return sumPoints(additivePublicShares(parties))
}
