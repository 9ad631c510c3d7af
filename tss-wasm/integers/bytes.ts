import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'

export { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/**
 * B(x): minimal big-endian bytes of |x|. No leading zero byte, zero is the empty string, the sign is dropped, as in
 * Go's big.Int.Bytes (WIRE 0).
 */
export function integerToBytes(x: bigint): Uint8Array<ArrayBuffer> {
  if (x === 0n) return new Uint8Array(0)
  const hex = (x < 0n ? -x : x).toString(16)
  return new Uint8Array(hexToBytes(hex.length % 2 === 0 ? hex : `0${hex}`))
}

/** I(s): unsigned big-endian integer of a byte string. Leading zeros are allowed, the empty string is zero. */
export function bytesToInteger(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytesToHex(bytes)}`)
}

/**
 * Big-endian, padded with leading zeros to exactly `length` bytes.
 * @throws RangeError if x is negative or needs more room
 */
export function integerToFixedBytes(x: bigint, length: number): Uint8Array<ArrayBuffer> {
  const minimal = integerToBytes(x)
  if (x < 0n || minimal.length > length) throw new RangeError(`integer does not fit ${length} bytes`)
  const padded = new Uint8Array(length)
  padded.set(minimal, length - minimal.length)
  return padded
}
