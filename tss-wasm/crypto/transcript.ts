import { sha256 } from '@noble/hashes/sha2.js'
import { uint32 } from '../bytes.ts'
import { order, type Point } from '../curve/point.ts'
import { bytesToInteger, concatBytes, integerToBytes, utf8ToBytes } from '../integers/bytes.ts'

/**
 * How values are written before they are hashed, and how challenges are drawn from the hash (CGGMP24 5): the encoding of
 * the Lockness crates. Every value is framed and every list is counted, so no two different values look the same.
 */
export type Encoded = Uint8Array<ArrayBuffer> & { readonly encoded: true }

const mark = { list: 1, taggedList: 2, leaf: 3, length: 5 } as const

/** Bytes as they are. */
export function leaf(bytes: Uint8Array): Encoded {
  return joined(bytes, length(bytes.length), mark.leaf)
}

export function text(value: string): Encoded {
  return leaf(utf8ToBytes(value))
}

/**
 * Minimal big-endian bytes; zero is the empty leaf.
 * @throws RangeError for a negative integer: the sign would be lost
 */
export function uint(value: bigint | number): Encoded {
  if (value < 0) throw new RangeError('only non-negative integers are hashed')
  return leaf(integerToBytes(BigInt(value)))
}

/** @throws Error for infinity, which has no compressed form */
export function point(value: Point): Encoded {
  return struct({ curve: text('secp256k1'), point: leaf(value.toBytes(true)) })
}

export function list(items: readonly Encoded[], tag?: string): Encoded {
  const counted = [...items, length(items.length)]
  if (tag === undefined) return joined(...counted, mark.list)
  const name = utf8ToBytes(tag)
  return joined(...counted, name, length(name.length), mark.taggedList)
}

/** Names and values by turns, in the order written. */
export function struct(fields: Readonly<Record<string, Encoded>>, tag?: string): Encoded {
  return list(
    Object.entries(fields).flatMap(([name, value]) => [text(name), value]),
    tag,
  )
}

/** SHA-256 of one encoded value. */
export function digestOf(value: Encoded): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sha256(value))
}

/** e in ±(q-1)/2 (CGGMP24 5, "signed"). */
export function signedChallenge(seed: Encoded): bigint {
  for (const block of blocks(seed)) {
    const drawn = bytesToInteger(block.reverse())
    if (drawn < order) return drawn - (order - 1n) / 2n
  }
  throw new Error('unreachable')
}

/** e in [1, q) (CGGMP24 5, "scalar"). */
export function scalarChallenge(seed: Encoded): bigint {
  for (const block of blocks(seed)) {
    const drawn = bytesToInteger(block)
    if (drawn > 0n && drawn < order) return drawn
  }
  throw new Error('unreachable')
}

/** 128 bits, one for each repetition of a binary proof (CGGMP24 5, "bits"). */
export function bitChallenge(seed: Encoded): readonly (0n | 1n)[] {
  const [block = new Uint8Array()] = blocks(seed)
  return Array.from({ length: 128 }, (_, i) => (((block[i >> 3] ?? 0) >> (i & 7)) & 1 ? 1n : 0n))
}

/** SHA-256 in counter mode over the seed, 32 bytes at a time. */
function* blocks(seed: Encoded): Generator<Uint8Array<ArrayBuffer>> {
  for (let counter = 0; ; counter += 1) yield digestOf(struct({ counter: uint(counter), seed }, 'dfns.rand_hash'))
}

function length(value: number): Encoded {
  return joined(uint32(value), mark.length)
}

function joined(...parts: readonly (Uint8Array | number)[]): Encoded {
  return concatBytes(...parts.map((part) => (typeof part === 'number' ? Uint8Array.of(part) : part))) as Encoded
}
