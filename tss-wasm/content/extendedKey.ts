import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import { uint32 } from '../bytes.ts'
import { chainCodeOf } from './keys.ts'

const mainNetPublic = 0x0488b21e
const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/**
 * The wallet's key as the root of a BIP-32 tree without secrets ("xpub…"), for programs that watch its addresses and make
 * PSBTs: version, depth 0, no parent, index 0, chain code, key.
 * @param publicKey of the wallet, compressed
 */
export function extendedPublicKey(publicKey: Uint8Array): string {
  const root = new Uint8Array(9) // depth, fingerprint of the parent, index
  const bytes = concatBytes(uint32(mainNetPublic), root, chainCodeOf(publicKey), publicKey)
  return base58(concatBytes(bytes, sha256(sha256(bytes)).subarray(0, 4)))
}

/** Of bytes that do not begin with zero. */
function base58(bytes: Uint8Array): string {
  let [number, text] = [BigInt(`0x${bytesToHex(bytes)}`), '']
  for (; number > 0n; number /= 58n) text = alphabet.charAt(Number(number % 58n)) + text
  return text
}
