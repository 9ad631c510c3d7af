import { sha512 } from '@noble/hashes/sha2.js'
import { ed25519 } from '../groups/ed25519.ts'
import { encodeScalar, timesGenerator, type Element } from '../groups/group.ts'
import { interpolate } from '../groups/sharing.ts'
import { bytesToInteger, concatBytes } from '../integers/bytes.ts'
import { mod } from '../integers/numberTheory.ts'
import { refused } from '../failure.ts'
import { isOfSameKey } from '../keyShare/recoverKey.ts'
import { entry } from '../protocols/members.ts'
import type { RandomSource } from '../random.ts'
import { Secret } from '../secret.ts'
import type { GroupKeyShare } from './groupShare.ts'

/**
 * The private key of any scheme, from the shares of at least t parties. From here on one place can sign alone, which is
 * what shares are there to prevent: only for when too few parties are left.
 * @throws ProtocolAbort `refused`: too few, the same one twice, or of different keys
 */
export function recoverGroupKey<P extends Element<P>>(shares: readonly GroupKeyShare<P>[]): Secret<bigint> {
  const [first] = shares
  if (first === undefined) throw refused('recovery', 'there is no share')
  if (new Set(shares.map(({ index }) => index)).size !== shares.length)
    throw refused('recovery', 'one share is there twice')
  if (!shares.every((share) => share.suite === first.suite && isOfSameKey(share, first)))
    throw refused('recovery', 'they are not all of one key')
  if (shares.length < first.threshold)
    throw refused('recovery', `${first.threshold} shares are needed, and ${shares.length} are there`)
  const { group } = first.suite
  const held = shares.map(({ parties, index, secret }) => ({
    key: entry(parties, index).key,
    share: secret.reveal(),
  }))
  const secret = interpolate(group, held)
  if (!timesGenerator(group, secret).equals(first.publicKey))
    throw refused('recovery', 'together they do not give their key')
  return new Secret(secret)
}

/**
 * A signature of RFC 8032 by a recovered Ed25519 key. No wallet imports one: theirs are seeds that are hashed to a scalar,
 * and this is a scalar that no seed is known for. So whoever recovers it has to sign with it here (SCHEMES 9.2).
 * @returns 64 bytes
 */
export function signWithRecovered(key: Secret<bigint>, message: Uint8Array, random: RandomSource): Uint8Array {
  const { order } = ed25519
  const x = key.reveal()
  const hashed = (...parts: Uint8Array[]): bigint => mod(bytesToInteger(sha512(concatBytes(...parts)).reverse()), order)
  const secretBytes = encodeScalar(ed25519, x)
  // As FROST draws its nonces: from fresh bytes, the secret and here the message; none of them alone decides.
  const r = hashed(random(32), secretBytes, message)
  secretBytes.fill(0)
  const R = timesGenerator(ed25519, r).toBytes()
  const c = hashed(R, timesGenerator(ed25519, x).toBytes(), message)
  return concatBytes(R, encodeScalar(ed25519, mod(r + c * x, order)))
}
