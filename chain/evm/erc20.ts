import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'

/** By the first four bytes of keccak-256 of the signature in the comment. */
const selectors = {
  /** transfer(address,uint256) */
  transfer: 'a9059cbb',
  /** balanceOf(address) */
  balanceOf: '70a08231',
  /** symbol() */
  symbol: '95d89b41',
  /** decimals() */
  decimals: '313ce567',
} as const

const wordLength = 32

/** @param amount in the smallest unit, below 2^256 */
export function transferCall(to: string, amount: bigint): Uint8Array {
  return hexToBytes(selectors.transfer + addressWord(to) + amount.toString(16).padStart(64, '0'))
}

/** 0x-hex of the call. */
export function balanceCall(of: string): string {
  return `0x${selectors.balanceOf}${addressWord(of)}`
}

export const symbolCall = `0x${selectors.symbol}`
export const decimalsCall = `0x${selectors.decimals}`

/** Of 20 bytes in hex. */
function addressWord(address: string): string {
  return address.slice(2).toLowerCase().padStart(64, '0')
}

/** A number that a call gives back. Undefined where it is none. */
export function numberIn(result: Uint8Array): bigint | undefined {
  return result.length === wordLength ? BigInt(`0x${bytesToHex(result)}`) : undefined
}

/** More is no token's: 10^77 is about 2^256. */
const mostDecimals = 77

export function decimalsIn(result: Uint8Array): number | undefined {
  const number = numberIn(result)
  return number === undefined || number > mostDecimals ? undefined : Number(number)
}

const longestSymbol = 20

/** A text that a call gives back, or a word of bytes with zeros behind it, as early tokens do. Undefined where it is neither. */
export function symbolIn(result: Uint8Array): string | undefined {
  const encoded = result.length === wordLength ? result.subarray(0, endOf(result)) : textBytes(result)
  if (encoded === undefined || encoded.length === 0 || encoded.length > longestSymbol) return undefined
  const text = new TextDecoder().decode(encoded)
  return /^[\x21-\x7e]+$/.test(text) ? text : undefined
}

function endOf(word: Uint8Array): number {
  const zero = word.indexOf(0)
  return zero === -1 ? word.length : zero
}

/** Of an ABI encoding of one `string` or `bytes`. */
export function textBytes(result: Uint8Array): Uint8Array | undefined {
  const [offset, length] = [result.subarray(0, wordLength), result.subarray(wordLength, 2 * wordLength)].map(numberIn)
  if (offset !== BigInt(wordLength) || length === undefined) return undefined
  const begin = 2 * wordLength
  return BigInt(result.length - begin) < length ? undefined : result.subarray(begin, begin + Number(length))
}
