import { sha512_256 } from '@noble/hashes/sha2.js'
import { bytesToInteger, concatBytes, integerToBytes } from '../integers/bytes.ts'

/** Stands after every element, before its length. */
const delimiter = Uint8Array.of(0x24)

/** Hb(s_1..s_m): SHA-512/256 of the framed list, 32 bytes (WIRE 3.1). */
export function hashBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return digest([], parts)
}

/** H(x_1..x_m): SHA-512/256 over the framed minimal bytes, as an integer below 2^256 (WIRE 3.1). */
export function hashIntegers(integers: readonly bigint[]): bigint {
  return bytesToInteger(digest([], integers.map(integerToBytes)))
}

/** Ht(tag; x_1..x_m): the same behind the twice repeated hash of the tag (WIRE 3.1). */
export function hashTagged(tag: Uint8Array, integers: readonly bigint[]): bigint {
  const prefix = hashBytes(tag)
  return bytesToInteger(digest([prefix, prefix], integers.map(integerToBytes)))
}

/**
 * ctx(i) = ssid ‖ B(i), the tag of proofs bound to a run and to a party's position in it, counted from 0 (WIRE
 * 3.3). Position 0 adds no byte.
 */
export function proofContext(ssid: Uint8Array, position: number): Uint8Array {
  return concatBytes(ssid, integerToBytes(BigInt(position)))
}

/** F(s_1..s_m) = LE64(m) ‖ [ s_1 ‖ $ ‖ LE64(|s_1|) ] ‖ ..; tss-lib has no hash of an empty list. */
function digest(prefix: readonly Uint8Array[], parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 0) throw new Error('nothing to hash')
  const framed = parts.flatMap((part) => [part, delimiter, littleEndian64(part.length)])
  return sha512_256(concatBytes(...prefix, littleEndian64(parts.length), ...framed))
}

function littleEndian64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true)
  return bytes
}
