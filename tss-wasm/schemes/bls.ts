import { bls12_381 } from '@noble/curves/bls12-381.js'
import { decodeG2, type G1Point, type G2Point } from '../groups/bls12381.ts'
import { interpolateInExponent } from '../groups/sharing.ts'
import { allPassed, mustHold, type Verdict } from '../protocols/checks.ts'
import { from } from '../protocols/members.ts'
import type { PartyId } from '../partyId.ts'
import { dstOf, type BlsDomain } from '../content/blsDomain.ts'
import type { GroupKeyShare } from './groupShare.ts'
import { blsSuite } from './suite.ts'

/** A share of a BLS key, with the only domain it signs in. */
export interface BlsKeyShare extends GroupKeyShare<G1Point> {
  readonly domain: BlsDomain
}

/** What everybody may know of a key: enough to put signatures together. */
export type BlsKey = Pick<BlsKeyShare, 'threshold' | 'parties' | 'publicKey' | 'domain'>

const { longSignatures } = bls12_381

/**
 * σ_i = x_i·H(m), 96 bytes (SCHEMES 6.2). It needs nobody else, may be kept, and cannot be taken back: whoever sends it has
 * approved the message for good.
 */
export function partialSignature(share: BlsKeyShare, message: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hashed(share, message).multiply(share.secret.reveal()).toBytes(true))
}

/** What a party sent: a signature by its share of the key, or the check that fails. */
export function checkPartial(key: BlsKey, partyKey: bigint, message: Uint8Array, bytes: Uint8Array): Verdict<G2Point> {
  const party = key.parties.find((each) => each.key === partyKey)
  if (party === undefined) throw new RangeError('a signer is not of this wallet')
  const σ = decodeG2(bytes)
  if ('failed' in σ) return σ
  const isRight = longSignatures.verify(σ.passed, hashed(key, message), party.publicShare)
  return isRight ? σ : { failed: 'signature share is right' }
}

/**
 * σ = Σ λ_i·σ_i, 96 bytes, the same whoever signs (SCHEMES 6.2). The shares are looked at one by one only if their sum is
 * wrong.
 * @param partials of at least t parties, by party, with its party key
 * @throws ProtocolAbort naming all whose share is wrong; RangeError for too few shares, one key twice, or a stranger's
 */
export function combinePartials(
  key: BlsKey,
  message: Uint8Array,
  partials: ReadonlyMap<PartyId, { readonly key: bigint; readonly bytes: Uint8Array }>,
): Uint8Array<ArrayBuffer> {
  const keys = [...partials.values()].map(({ key: partyKey }) => partyKey)
  if (partials.size < key.threshold) throw new RangeError('too few signers')
  if (keys.some((each) => !key.parties.some((party) => party.key === each)))
    throw new RangeError('a signer is not of this wallet')
  const decoded = allPassed(new Map([...partials].map(([id, { bytes }]) => [id, decodeG2(bytes)])))
  const points = [...partials].map(([id, { key: partyKey }]) => ({
    key: partyKey,
    element: from(decoded, id),
  }))
  const σ = interpolateInExponent(blsSuite.group, points, bls12_381.G2.Point.ZERO)
  if (σ.is0() || !longSignatures.verify(σ, hashed(key, message), key.publicKey)) {
    allPassed(new Map([...partials].map(([id, part]) => [id, checkPartial(key, part.key, message, part.bytes)])))
    mustHold('signature verifies', false)
  }
  return new Uint8Array(σ.toBytes(true))
}

/** H(m) in G2 under the key's own DST (RFC 9380). noble's default DST is another suite's, so it is always given. */
function hashed({ domain }: Pick<BlsKeyShare, 'domain'>, message: Uint8Array): G2Point {
  return longSignatures.hash(message, dstOf(domain))
}
