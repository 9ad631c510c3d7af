import { type ByteReader, uint16 } from '../bytes.ts'
import { order, Point } from '../curve/point.ts'
import { bytesToInteger, concatBytes, integerToBytes, integerToFixedBytes } from '../integers/bytes.ts'
import { bitLength } from '../integers/numberTheory.ts'

/** One way to write a value, and only that one is read (CGGMP24 5, "wire"). `decode` throws RangeError on anything else. */
export interface Field<T> {
  encode(value: T): Uint8Array
  decode(reader: ByteReader): T
}

/** Sign (0, 1), length (2 bytes, big-endian), minimal big-endian bytes; |x| < 2^bits. */
export function signed(bits: number): Field<bigint> {
  return {
    encode(value) {
      if (bitLength(value) > bits) throw new RangeError('an integer is too long')
      const bytes = integerToBytes(value)
      return concatBytes(Uint8Array.of(value < 0n ? 1 : 0), uint16(bytes.length), bytes)
    },
    decode(reader) {
      const sign = reader.uint8()
      const length = reader.uint16()
      if (length > Math.ceil(bits / 8)) throw new RangeError('an integer is too long')
      const bytes = reader.take(length)
      if (sign > 1 || bytes[0] === 0 || (sign === 1 && length === 0)) throw new RangeError('an integer has one form')
      const magnitude = bytesToInteger(bytes)
      if (bitLength(magnitude) > bits) throw new RangeError('an integer is too long')
      return sign === 1 ? -magnitude : magnitude
    },
  }
}

/** The same for what is never negative. */
export function unsigned(bits: number): Field<bigint> {
  const either = signed(bits)
  return {
    encode(value) {
      if (value < 0n) throw new RangeError('an integer is negative')
      return either.encode(value)
    },
    decode(reader) {
      const value = either.decode(reader)
      if (value < 0n) throw new RangeError('an integer is negative')
      return value
    },
  }
}

/** 33 bytes, compressed; infinity has no such form. */
export const point: Field<Point> = {
  encode: (value) => value.toBytes(true),
  decode(reader) {
    try {
      return Point.fromBytes(reader.take(33))
    } catch {
      throw new RangeError('a point is not on the curve')
    }
  },
}

/** 32 bytes, big-endian, in [0, q). */
export const scalar: Field<bigint> = {
  encode(value) {
    if (value < 0n || value >= order) throw new RangeError('not a scalar')
    return integerToFixedBytes(value, 32)
  },
  decode(reader) {
    const value = bytesToInteger(reader.take(32))
    if (value >= order) throw new RangeError('not a scalar')
    return value
  },
}

/** So many bytes. */
export function bytes(count: number): Field<Uint8Array<ArrayBuffer>> {
  return {
    encode(value) {
      if (value.length !== count) throw new RangeError(`${count} bytes`)
      return value
    },
    decode: (reader) => reader.take(count),
  }
}

/** Exactly so many, one after the other. */
export function times<T>(count: number, field: Field<T>): Field<readonly T[]> {
  return {
    encode(values) {
      if (values.length !== count) throw new RangeError(`${count} values`)
      return concatBytes(...values.map((value) => field.encode(value)))
    },
    decode: (reader) => Array.from({ length: count }, () => field.decode(reader)),
  }
}

type Values<F> = { readonly [K in keyof F]: F[K] extends Field<infer V> ? V : never }

/** The fields one after the other, in the order written. */
export function record<F extends Readonly<Record<string, Field<unknown>>>>(fields: F): Field<Values<F>> {
  const entries = Object.entries(fields)
  return {
    encode: (value) =>
      concatBytes(...entries.map(([name, field]) => field.encode((value as Record<string, unknown>)[name]))),
    decode: (reader) => Object.fromEntries(entries.map(([name, field]) => [name, field.decode(reader)])) as Values<F>,
  }
}
