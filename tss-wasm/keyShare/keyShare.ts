import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Point } from '../curve/point.ts'
import type { PreParameters, RingPedersen } from '../crypto/types.ts'
import type { Secret } from '../secret.ts'

/** One party's share of a key, in the engine's own words. Made only by keygen and by `parseSaveData`, both validated. */
export interface KeyShare {
  /** t: how many parties sign. tss-lib's degree is threshold - 1 and is not stored in its files. */
  readonly threshold: number
  /** Sorted ascending; party keys are the Shamir x-coordinates. */
  readonly parties: readonly KeyShareParty[]
  /** Own position in `parties`. */
  readonly index: number
  /** x_i, in [1, q) */
  readonly secret: Secret<bigint>
  readonly publicKey: Point
  readonly preParameters: PreParameters
}

/** As much of a share as its key takes to recover; the points may be missing in what another program has stored. */
export interface BareShare {
  readonly threshold: number
  /** The keys differ and none is zero modulo the group order. */
  readonly parties: readonly { readonly key: bigint; readonly publicShare: Point | undefined }[]
  readonly index: number
  readonly secret: Secret<bigint>
  readonly publicKey: Point | undefined
}

/** What everybody may know of a shared key. */
export type PublicShares = Pick<KeyShare, 'threshold' | 'parties' | 'publicKey'>

export interface KeyShareParty {
  readonly key: bigint
  /** X_j = x_j G */
  readonly publicShare: Point
  readonly paillierN: bigint
  readonly ringPedersen: RingPedersen
}

/** 32 hex digits: the first 16 bytes of SHA-256 of the compressed public key. */
export function walletIdOf(publicKey: Point | Uint8Array): string {
  const compressed = publicKey instanceof Uint8Array ? publicKey : publicKey.toBytes(true)
  return bytesToHex(sha256(compressed).subarray(0, 16))
}
