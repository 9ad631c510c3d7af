import { bytesToInteger, concatBytes, integerToBytes, utf8ToBytes } from '../integers/bytes.ts'
import type { Codec } from '../round/mailbox.ts'

/**
 * tss-lib's bytes (WIRE 2.1): a protobuf Any around a message whose fields are all `bytes` or `repeated bytes`,
 * each the minimal big-endian form of an integer. Written exactly as Go writes them; read strictly: whatever honest
 * parties never send (empty entries, wrong counts, integers over their bound, groups) is refused.
 */
export function message<F extends Fields>(fullName: string, fields: F): Codec<Message<F>> {
  const url = utf8ToBytes(`type.googleapis.com/${fullName}`)
  const ordered = Object.entries(fields).sort(([, a], [, b]) => a.number - b.number)
  const largest = largestAny(ordered.map(([, field]) => field))
  return {
    encode(value) {
      const encoded = ordered.flatMap(([name, field]) =>
        field.encode(value[name] as never).map((x) => delimited(field.number, encodeInteger(x))),
      )
      const content = concatBytes(...encoded)
      return concatBytes(delimited(1, url), content.length === 0 ? content : delimited(2, content))
    },
    decode(bytes) {
      if (bytes.length > largest) throw new Error('message is too long')
      const any = readFields(bytes)
      const typeUrl = new TextDecoder('utf-8', { fatal: true }).decode(any.get(1)?.at(-1))
      if (typeUrl.slice(typeUrl.lastIndexOf('/') + 1) !== fullName) throw new Error('message is of another type')
      const content = readFields(any.get(2)?.at(-1) ?? new Uint8Array())
      const decoded = ordered.map(([name, field]) => [name, field.decode(content.get(field.number) ?? [])] as const)
      return Object.fromEntries(decoded) as Message<F>
    },
  }
}

/** A message's declaration: name and kind of every field. */
export type Fields = Readonly<Record<string, Field<unknown>>>
/** What a declaration describes. */
export type Message<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer V> ? V : never }

export interface Field<V> {
  readonly number: number
  /** The most bytes each entry may have, for as many entries as there may be. */
  readonly limits: readonly number[]
  encode(value: V): readonly bigint[]
  decode(entries: readonly Uint8Array[]): V
}

/** `bytes`: one integer of 1 to `limit` bytes. If the field comes twice the last one counts, as in every protobuf reader. */
export function integer(number: number, limit: number): Field<bigint> {
  return {
    number,
    limits: [limit],
    encode: (value) => [value],
    decode: (found) => decodeInteger(found.at(-1), limit),
  }
}

/** `repeated bytes`: one integer for every limit, and no more; with `fewest`, the last ones may be missing. */
export function integers(number: number, limits: readonly number[], fewest = limits.length): Field<readonly bigint[]> {
  return {
    number,
    limits,
    encode: (value) => value,
    decode(found) {
      if (found.length < fewest || found.length > limits.length) throw new Error('wrong number of entries')
      return found.map((entry, i) => decodeInteger(entry, limits[i] ?? 0))
    },
  }
}

/** `repeated bytes` that are a proof. */
export function proof<P>(
  number: number,
  limits: readonly number[],
  encode: (proof: P) => readonly bigint[],
  decode: (integers: readonly bigint[]) => P | undefined,
): Field<P> {
  const list = integers(number, limits)
  return {
    number,
    limits,
    encode,
    decode(found) {
      const decoded = decode(list.decode(found))
      if (decoded === undefined) throw new Error('these integers are no proof')
      return decoded
    },
  }
}

/** Peers refuse empty fields, so a zero cannot be said (WIRE 2.2); the chance of having to is below 2^-250. */
function encodeInteger(x: bigint): Uint8Array {
  if (x <= 0n) throw new Error('only positive integers can be sent')
  return integerToBytes(x)
}

function decodeInteger(entry: Uint8Array | undefined, limit: number): bigint {
  if (entry === undefined || entry.length === 0) throw new Error('a field is empty')
  if (entry.length > limit) throw new Error('an integer is too long')
  return bytesToInteger(entry)
}

const wireType = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const
const highestField = 2 ** 29 - 1
/** For longer type URLs and fields of newer versions, which are skipped. */
const slack = 1024

function largestAny(fields: readonly Field<unknown>[]): number {
  const overhead = 5 // tag and length of fields numbered under 16 and shorter than 2^28
  return fields.flatMap(({ limits }) => limits).reduce((sum, limit) => sum + limit + overhead, slack)
}

function delimited(field: number, content: Uint8Array): Uint8Array {
  return concatBytes(varint(field * 8 + wireType.delimited), varint(content.length), content)
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.of(...bytes, rest)
    bytes.push((rest % 128) | 128)
  }
}

/** All length-delimited fields by number, in order. Fields of other wire types are none of ours: skipped. */
function readFields(bytes: Uint8Array): ReadonlyMap<number, readonly Uint8Array[]> {
  const fields = new Map<number, Uint8Array[]>()
  let at = 0
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new Error('message is cut short')
    at += length
    return bytes.subarray(at - length, at)
  }
  /** Saturates where a number is too large to be a length or a tag here; more than 64 bits are malformed. */
  const takeVarint = (): number => {
    let value = 0
    for (let i = 0; i < 10; i++) {
      const byte = take(1)[0] ?? 0
      if (i === 9 && byte > 1) break
      value += (byte & 127) * 128 ** i
      if (byte < 128) return value
    }
    throw new Error('malformed number')
  }
  while (at < bytes.length) {
    const tag = takeVarint()
    const number = Math.floor(tag / 8)
    if (number < 1 || number > highestField) throw new Error('malformed field number')
    switch (tag % 8) {
      case wireType.varint:
        takeVarint()
        break
      case wireType.fixed64:
        take(8)
        break
      case wireType.fixed32:
        take(4)
        break
      case wireType.delimited: {
        const found = fields.get(number)
        const content = take(takeVarint())
        if (found === undefined) fields.set(number, [content])
        else found.push(content)
        break
      }
      default:
        throw new Error('groups are not spoken here')
    }
  }
  return fields
}
