import { secp256k1 } from '@noble/curves/secp256k1.js'
import { coordinates, order, type Point } from '../curve/point.ts'
import { reduceScalar } from '../curve/scalar.ts'
import { bytesToInteger, concatBytes, integerToFixedBytes } from '../integers/bytes.ts'

export interface EcdsaSignature {
  /** in [1, q) */
  readonly r: bigint
  /** in [1, q/2] */
  readonly s: bigint
  /** 0..3: which of the points with this r was the nonce. */
  readonly recovery: number
}

/** The integer that ECDSA signs: 32 bytes, big-endian, reduced modulo q (SEC 1, 4.1.3; FIPS 186-5, 6.4.1). */
export function digestToScalar(digest: Uint8Array): bigint {
  if (digest.length !== 32) throw new RangeError('a digest has 32 bytes')
  return reduceScalar(bytesToInteger(digest))
}

/** WIRE 6.5, with r reduced modulo q. s is taken or negated so that there is one signature, not two. */
export function signatureFrom(R: Point, s: bigint): EcdsaSignature {
  const [x, y] = coordinates(R)
  const recovery = (x >= order ? 2 : 0) + (y % 2n === 1n ? 1 : 0)
  const high = s > order / 2n
  return { r: reduceScalar(x), s: high ? order - s : s, recovery: high ? recovery ^ 1 : recovery }
}

/** Whether an implementation other than ours accepts the signature, and recovers this key from it. */
export function verifies({ r, s, recovery }: EcdsaSignature, digest: Uint8Array, publicKey: Point): boolean {
  if (r === 0n || s === 0n) return false
  const compact = concatBytes(integerToFixedBytes(r, 32), integerToFixedBytes(s, 32))
  const options = { prehash: false, lowS: true }
  if (!secp256k1.verify(compact, digest, publicKey.toBytes(true), options)) return false
  const recovered = secp256k1.Signature.fromBytes(compact, 'compact').addRecoveryBit(recovery).recoverPublicKey(digest)
  return recovered.equals(publicKey)
}
