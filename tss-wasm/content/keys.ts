import { ripemd160 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { deriveChild } from '../curve/derivation.ts'
import { Point } from '../curve/point.ts'
import { reduceScalar } from '../curve/scalar.ts'
import { ContentRefused } from './refused.ts'

/** Indexes below 2^31 from the wallet's own key downwards (BIP-32, not hardened); empty is the wallet's own key. */
export type KeyPath = readonly number[]

/** A key that the wallet can sign with. */
export interface WalletKey {
  readonly path: KeyPath
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  /** δ: the key's secret is the wallet's plus δ. 0n for the wallet's own. */
  readonly tweak: bigint
}

/** Enough for everything that wallets use, and few enough to be derived whenever something is shown. */
export const longestPath = 8
const firstHardened = 2 ** 31

/**
 * The wallet's chain code: SHA-256("quorate/chain-code/1" ‖ 0x00 ‖ compressed public key). tss-lib has none. It is public,
 * and the same for everybody who knows the public key: it separates addresses from each other, and protects nothing. No
 * child's secret key ever exists, so that none can leak together with it.
 */
export function chainCodeOf(publicKey: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8ToBytes('quorate/chain-code/1\0'), publicKey))
}

/**
 * The key at a path below the wallet's own.
 * @param publicKey of the wallet, compressed
 * @throws ContentRefused for an invalid path, or for the one key in 2^127 that BIP-32 leaves out
 */
export function keyAt(publicKey: Uint8Array, path: KeyPath): WalletKey {
  if (path.length === 0) return { path, publicKey, tweak: 0n }
  if (!isKeyPath(path)) throw new ContentRefused('path', 'not-a-path')
  try {
    const child = deriveChild(Point.fromBytes(publicKey), chainCodeOf(publicKey), path)
    return { path, publicKey: child.publicKey.toBytes(true), tweak: child.tweak }
  } catch {
    throw new ContentRefused('path', 'not-a-path')
  }
}

/** The first `count` keys of a branch: those at m/branch/0, m/branch/1, … @throws ContentRefused as `keyAt` */
export function keysOf(publicKey: Uint8Array, branch: number, count: number): readonly WalletKey[] {
  try {
    const above = deriveChild(Point.fromBytes(publicKey), chainCodeOf(publicKey), [branch])
    return Array.from({ length: count }, (_, index) => {
      const child = deriveChild(above.publicKey, above.chainCode, [index])
      const tweak = reduceScalar(above.tweak + child.tweak)
      return { path: [branch, index], publicKey: child.publicKey.toBytes(true), tweak }
    })
  } catch {
    throw new ContentRefused('path', 'not-a-path')
  }
}

export function isKeyPath(path: KeyPath): boolean {
  const isIndex = (index: number) => Number.isInteger(index) && index >= 0 && index < firstHardened
  return path.length <= longestPath && path.every(isIndex)
}

/** "m/0/3" */
export function pathText(path: KeyPath): string {
  return ['m', ...path].join('/')
}

/** RIPEMD-160 of SHA-256: what Bitcoin knows a public key by. */
export function keyHash(publicKey: Uint8Array): Uint8Array {
  return ripemd160(sha256(publicKey))
}
