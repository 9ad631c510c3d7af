// DER, as much of it as a certificate needs (X.690): each value is a tag, a length and a content.

type Bytes = Uint8Array

/** @param tag the identifier octet: class, constructed or not, number below 31 */
export function der(tag: number, ...contents: readonly Bytes[]): Bytes {
  const content = Buffer.concat(contents)
  const length = content.length < 0x80 ? [content.length] : longLength(content.length)
  return Buffer.concat([Uint8Array.of(tag, ...length), content])
}

export const sequence = (...parts: readonly Bytes[]): Bytes => der(0x30, ...parts)
export const set = (...parts: readonly Bytes[]): Bytes => der(0x31, ...parts)
export const utf8String = (text: string): Bytes => der(0x0c, Buffer.from(text))
export const octetString = (...parts: readonly Bytes[]): Bytes => der(0x04, ...parts)
/** Whole octets, or with the last `unused` bits of them left out. */
export const bitString = (bytes: Bytes, unused = 0): Bytes => der(0x03, Uint8Array.of(unused), bytes)
export const isTrue: Bytes = der(0x01, Uint8Array.of(0xff))
/** [n], around other values. */
export const tagged = (n: number, ...parts: readonly Bytes[]): Bytes => der(0xa0 | n, ...parts)

/** @param bytes big-endian, without a zero in front; not negative */
export function integer(bytes: Bytes): Bytes {
  return der(0x02, ...((bytes[0] ?? 0) & 0x80 ? [Uint8Array.of(0)] : []), bytes)
}

/** @param dotted such as 2.5.29.17; the second number is below 40 */
export function objectIdentifier(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(0x06, Uint8Array.from([40 * first + second, ...rest.flatMap(base128)]))
}

/** Years 2050 and later have another form, which is left out. */
export function utcTime(time: Date): Bytes {
  if (time.getUTCFullYear() >= 2050) throw new RangeError('UTCTime ends with 2049')
  const digits = time.toISOString().replace(/[-:T]|\.\d+/g, '') // 20261130170000Z
  return der(0x17, Buffer.from(digits.slice(2)))
}

function longLength(length: number): number[] {
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return [0x80 | octets.length, ...octets]
}

function base128(value: number): number[] {
  const digits = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(0x80 | (rest % 128))
  return digits
}
