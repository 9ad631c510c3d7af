import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** @param result r (32), s (32), recovery (1), as parties confirm it */
export function signatureForms(result: Uint8Array) {
  const [r, s, recovery = 0] = [result.subarray(0, 32), result.subarray(32, 64), result[64]]
  const der = secp256k1.Signature.fromBytes(result.subarray(0, 64)).toBytes('der')
  return { r: bytesToHex(r), s: bytesToHex(s), v: 27 + recovery, recovery, der: bytesToHex(der) }
}
