import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { numberIn, textBytes } from './erc20.ts'

/** Why a call fails. Words are the contract's or the node's, and may hold anything. */
export type FailureReason =
  | { readonly kind: 'words'; readonly words: string }
  /** An assertion of the Solidity compiler: 0x11 is an overflow, for example. */
  | { readonly kind: 'panic'; readonly code: bigint }
  /** An error of the contract's own, by its first four bytes in hex. */
  | { readonly kind: 'custom'; readonly selector: string }
  /** It gave no reason. */
  | { readonly kind: 'none' }

const longestWords = 300
/** Error(string) and Panic(uint256) */
const [errorSelector, panicSelector] = ['08c379a0', '4e487b71']

/**
 * @param data what the call gave back, 0x-hex; undefined where the node does not say
 * @param words the node's own, which stand in where the contract says nothing
 */
export function reasonOf(data: string | undefined, words: string): FailureReason {
  const bytes = data !== undefined && /^0x([0-9a-f]{2})*$/i.test(data) ? hexToBytes(data.slice(2)) : new Uint8Array()
  const nodesWords = words.trim().slice(0, longestWords)
  if (bytes.length < 4) return nodesWords === '' ? { kind: 'none' } : { kind: 'words', words: nodesWords }
  const [selector, rest] = [bytesToHex(bytes.subarray(0, 4)), bytes.subarray(4)]
  if (selector === errorSelector) {
    const text = textBytes(rest)
    if (text !== undefined) return { kind: 'words', words: new TextDecoder().decode(text).slice(0, longestWords) }
  }
  const code = selector === panicSelector ? numberIn(rest) : undefined
  return code === undefined ? { kind: 'custom', selector: `0x${selector}` } : { kind: 'panic', code }
}
