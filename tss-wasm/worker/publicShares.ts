import { Point } from '../curve/point.ts'
import { isRingPedersen } from '../crypto/ringPedersen.ts'
import { areUsableKeys } from '../crypto/feldman.ts'
import { sameBytes } from '../bytes.ts'
import { misbehaviour } from '../failure.ts'
import type { MemberBefore, ReshareProposal, SharesBefore } from '../identity/reshareProposal.ts'
import type { PublicIdentity } from '../identity/identity.ts'
import { bytesToInteger, integerToBytes } from '../integers/bytes.ts'
import { isModulus2048 } from '../integers/numberTheory.ts'
import type { PublicShares } from '../keyShare/keyShare.ts'
import { publicSharesHash } from '../keyShare/publicSharesHash.ts'
import { flawOfSharing } from '../keyShare/validate.ts'

/** The public half of a share, as a proposal to reshare carries it. @param seats who holds the shares, in their order */
export function sharesBefore(shares: PublicShares, seats: readonly PublicIdentity[]): SharesBefore {
  const members = shares.parties.map((party, i): MemberBefore => {
    const identity = seats[i]
    if (identity === undefined) throw new Error('every party has a seat')
    const { nTilde, h1, h2 } = party.ringPedersen
    return {
      identity: { signingKey: identity.signingKey, encryptionKey: identity.encryptionKey },
      key: integerToBytes(party.key),
      publicShare: party.publicShare.toBytes(true),
      paillierN: integerToBytes(party.paillierN),
      nTilde: integerToBytes(nTilde),
      h1: integerToBytes(h1),
      h2: integerToBytes(h2),
    }
  })
  return { threshold: shares.threshold, hash: publicSharesHash(shares), members }
}

/**
 * What a proposal says of the key as it is, decoded and in itself consistent: points of the curve on one polynomial with
 * the key at 0, moduli of their size, party keys that can be.
 * @throws ProtocolAbort misbehaviour of nobody in particular: who made the proposal is not known here
 */
export function publicSharesOf({ publicKey, before }: ReshareProposal): PublicShares {
  const flawed = (detail: string) => misbehaviour([], 'proposal to reshare states the shares of the wallet', detail)
  let shares: PublicShares
  try {
    shares = {
      threshold: before.threshold,
      publicKey: Point.fromBytes(publicKey),
      parties: before.members.map(({ key, publicShare, paillierN, nTilde, h1, h2 }) => ({
        key: bytesToInteger(key),
        publicShare: Point.fromBytes(publicShare),
        paillierN: bytesToInteger(paillierN),
        ringPedersen: { nTilde: bytesToInteger(nTilde), h1: bytesToInteger(h1), h2: bytesToInteger(h2) },
      })),
    }
  } catch {
    throw flawed('points are on the curve')
  }
  const { parties } = shares
  if (!areUsableKeys(parties.map(({ key }) => key))) throw flawed('party keys are distinct and non-zero')
  if (!parties.every(({ paillierN }) => isModulus2048(paillierN))) throw flawed('every N has 2048 bits')
  if (!parties.every(({ ringPedersen }) => isRingPedersen(ringPedersen))) throw flawed('every Ñ, h1, h2 is well formed')
  const flaw = flawOfSharing(shares)
  if (flaw !== undefined) throw flawed(flaw)
  if (!sameBytes(publicSharesHash(shares), before.hash)) throw flawed('their hash')
  return shares
}
