import { concatBytes } from '@noble/hashes/utils.js'
import { ByteReader, uint16, uint32 } from '../../bytes.ts'

/** As much of CBOR (RFC 8949) as a UR is made of: unsigned integers below 2^32, byte strings, and lists with their length. */
const kinds = { integer: 0, bytes: 2, list: 4 } as const
type Kind = keyof typeof kinds

export function cborHead(kind: Kind, number: number): Uint8Array {
  const mark = kinds[kind] << 5
  if (number < 24) return Uint8Array.of(mark | number)
  if (number < 0x100) return Uint8Array.of(mark | 24, number)
  if (number < 0x10000) return concatBytes(Uint8Array.of(mark | 25), uint16(number))
  return concatBytes(Uint8Array.of(mark | 26), uint32(number))
}

/** In its shortest form only. @throws RangeError for anything else, and where the bytes end */
export function readHead(reader: ByteReader, kind: Kind): number {
  const first = reader.uint8()
  if (first >> 5 !== kinds[kind]) throw new RangeError('another kind of value')
  const info = first & 31
  if (info < 24) return info
  const [number, least] =
    info === 24
      ? [reader.uint8(), 24]
      : info === 25
        ? [reader.uint16(), 0x100]
        : info === 26
          ? [reader.uint32(), 0x10000]
          : [-1, 0]
  if (number < least) throw new RangeError('not in its shortest form')
  return number
}

export function cborBytes(bytes: Uint8Array): Uint8Array {
  return concatBytes(cborHead('bytes', bytes.length), bytes)
}

/** One byte string and nothing behind it. @throws RangeError */
export function readBytesOnly(cbor: Uint8Array): Uint8Array {
  const reader = new ByteReader(cbor)
  const bytes = reader.take(readHead(reader, 'bytes'))
  reader.end()
  return bytes
}
