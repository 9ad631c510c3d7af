import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { uint16 } from '../bytes.ts'
import { concatBytes, integerToBytes } from '../integers/bytes.ts'
import type { PublicShares } from './keyShare.ts'

/**
 * What new members confirm of a key and its shares (RESHARING 4.3, 2), 32 bytes: SHA-256 of "quorate/public-shares/1", a
 * zero byte, Y (33), t (2), n (2), and of each party in order its key, X_j (33), N, Ñ, h1, h2; every integer in its
 * minimal bytes behind their number (2).
 */
export function publicSharesHash({ publicKey, threshold, parties }: PublicShares): Uint8Array<ArrayBuffer> {
  const integer = (value: bigint): Uint8Array => {
    const bytes = integerToBytes(value)
    return concatBytes(uint16(bytes.length), bytes)
  }
  const all = parties.flatMap(({ key, publicShare, paillierN, ringPedersen: { nTilde, h1, h2 } }) => [
    integer(key),
    publicShare.toBytes(true),
    ...[paillierN, nTilde, h1, h2].map(integer),
  ])
  const head = [
    utf8ToBytes('quorate/public-shares/1\0'),
    publicKey.toBytes(true),
    uint16(threshold),
    uint16(parties.length),
  ]
  return new Uint8Array(sha256(concatBytes(...head, ...all)))
}
