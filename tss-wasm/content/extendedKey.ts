import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import { uint32 } from '../bytes.ts'
import { chainCodeOf } from './keys.ts'

const mainNet = { public: 0x0488b21e, private: 0x0488ade4 } as const
const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/**
 * The wallet's key as the root of a BIP-32 tree without secrets ("xpub…"), for programs that watch its addresses and make
 * PSBTs: version, depth 0, no parent, index 0, chain code, key.
 * @param publicKey of the wallet, compressed
 */
export function extendedPublicKey(publicKey: Uint8Array): string {
  return serialized(mainNet.public, publicKey, publicKey)
}

/**
 * The same with the secret ("xprv…"), once somebody has put it together: with it programs reach the money at all of the
 * wallet's addresses, of which the key alone opens the main one only.
 * @param publicKey of the wallet, compressed
 * @param key 32 bytes
 */
export function extendedPrivateKey(publicKey: Uint8Array, key: Uint8Array): string {
  return serialized(mainNet.private, publicKey, concatBytes(Uint8Array.of(0), key))
}

function serialized(version: number, publicKey: Uint8Array, key: Uint8Array): string {
  const root = new Uint8Array(9) // depth, fingerprint of the parent, index
  const bytes = concatBytes(uint32(version), root, chainCodeOf(publicKey), key)
  return base58(concatBytes(bytes, sha256(sha256(bytes)).subarray(0, 4)))
}

/** Of bytes that do not begin with zero. */
function base58(bytes: Uint8Array): string {
  let [number, text] = [BigInt(`0x${bytesToHex(bytes)}`), '']
  for (; number > 0n; number /= 58n) text = alphabet.charAt(Number(number % 58n)) + text
  return text
}
