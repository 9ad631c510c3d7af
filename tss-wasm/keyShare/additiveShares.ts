import { multiplyPublic, type Point } from '../curve/point.ts'
import { lagrangeWeight } from '../curve/scalar.ts'
import type { KeyShareParty } from './keyShare.ts'

/** λ_j·X_j of parties that act together, in their order: points that add up to the public key if there are enough. */
export function additivePublicShares(parties: readonly Pick<KeyShareParty, 'key' | 'publicShare'>[]): readonly Point[] {
  const keys = parties.map(({ key }) => key)
  return parties.map(({ key, publicShare }) => multiplyPublic(publicShare, lagrangeWeight(key, keys)))
}
