import { addr, ethHex } from 'micro-eth-signer'
import { givenText, JsonNumber, type JsonValue } from './json.ts'
import { ContentRefused } from './refused.ts'

/**
 * A whole number as programs write it: digits, in quotes or without, or 0x-hex in quotes. It is read from its text: what a
 * program would round on the way stays what it is, and a fraction is none.
 * @throws ContentRefused
 */
export function readInteger(given: JsonValue | undefined, place: string): bigint {
  const text = given instanceof JsonNumber ? given.text : given
  const isText = typeof text === 'string' && /^(-?(0|[1-9][0-9]{0,77})|0x[0-9a-fA-F]{1,64})$/.test(text)
  if (!isText || text === '-0') throw new ContentRefused(place, 'not-integer', { given: givenText(given) })
  return BigInt(text)
}

/** With checksum; in mixed case only with the right one. @throws ContentRefused */
export function readAddress(given: JsonValue | undefined, place: string): string {
  if (typeof given !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(given)) {
    throw new ContentRefused(place, 'not-address', { given: givenText(given) })
  }
  const digits = given.slice(2)
  const isPlain = digits === digits.toLowerCase() || digits === digits.toUpperCase()
  if (!isPlain && !addr.isValid(given)) throw new ContentRefused(place, 'wrong-checksum', { given })
  return addr.addChecksum(given.toLowerCase())
}

/** @throws ContentRefused */
export function readBytes(given: JsonValue | undefined, place: string): Uint8Array {
  if (typeof given !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(given)) {
    throw new ContentRefused(place, 'not-hex', { given: givenText(given) })
  }
  return ethHex.decode(given)
}
