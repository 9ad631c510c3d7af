import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { generator, multiplyPublic, order, type Point } from './point.ts'
import { reduceScalar } from './scalar.ts'
import { bytesToInteger, concatBytes, integerToFixedBytes } from '../integers/bytes.ts'

/** A key below the wallet's own (BIP-32, non-hardened). */
export interface ChildKey {
  readonly publicKey: Point
  /** 32 bytes */
  readonly chainCode: Uint8Array
  /** δ = Σ IL mod q: the child's secret is the wallet's plus δ. What `sign` takes as its tweak. */
  readonly tweak: bigint
}

const firstHardened = 2 ** 31
const deepest = 255

/**
 * The child of a public key along a path of non-hardened indexes (WIRE 6.2). Needs no secret.
 * @param chainCode 32 bytes, the application's: it is not part of a share
 * @param path 1 to 255 indexes below 2^31
 * @throws RangeError for a path or chain code out of range, and for the one child in 2^127 that BIP-32 leaves out
 */
export function deriveChild(publicKey: Point, chainCode: Uint8Array, path: readonly number[]): ChildKey {
  if (chainCode.length !== 32) throw new RangeError('a chain code has 32 bytes')
  if (path.length === 0 || path.length > deepest) throw new RangeError('a path has 1 to 255 indexes')
  return path.reduce<ChildKey>(step, { publicKey, chainCode, tweak: 0n })
}

/** I = HMAC-SHA512(chain code, ser33(parent) ‖ BE32(index)); child = parent + IL·G; next chain code = IR. */
function step({ publicKey, chainCode, tweak }: ChildKey, index: number): ChildKey {
  if (!Number.isInteger(index) || index < 0 || index >= firstHardened) {
    throw new RangeError('only non-hardened children have a public path')
  }
  const parent = publicKey.toBytes(true)
  const digest = hmac(sha512, chainCode, concatBytes(parent, integerToFixedBytes(BigInt(index), 4)))
  const left = bytesToInteger(digest.subarray(0, 32))
  const child = publicKey.add(multiplyPublic(generator, left))
  if (left === 0n || left >= order || child.is0()) throw new RangeError('no child at this index')
  return { publicKey: child, chainCode: digest.slice(32), tweak: reduceScalar(tweak + left) }
}
