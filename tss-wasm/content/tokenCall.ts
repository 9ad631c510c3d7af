import { addr, ethHex } from 'micro-eth-signer'

/**
 * What the data of a call means by the token standards ERC-20, ERC-721 and ERC-1155. The contract may do something else:
 * a name in the data is a promise of whoever wrote the contract. `amount` is in the token's smallest unit, or the number of
 * an NFT, which the data does not tell apart.
 */
export type TokenCall =
  | { readonly kind: 'transfer'; readonly to: string; readonly amount: bigint }
  | { readonly kind: 'transfer-from'; readonly from: string; readonly to: string; readonly amount: bigint }
  | { readonly kind: 'approve'; readonly spender: string; readonly amount: bigint; readonly isUnlimited: boolean }
  | {
      readonly kind: 'raise-allowance'
      readonly spender: string
      readonly amount: bigint
      readonly isUnlimited: boolean
    }
  | { readonly kind: 'approve-all'; readonly operator: string; readonly isApproved: boolean }

const selectorLength = 4
const wordLength = 32
/** At and above this no token has units left: contracts and other wallets take 2^256 - 1 and its like for "everything". */
const unlimited = 1n << 128n

/** By the first four bytes of keccak-256 of the signature in the comment. */
const calls: Readonly<Record<string, (words: readonly Uint8Array[]) => TokenCall | undefined>> = {
  // transfer(address,uint256)
  '0xa9059cbb': (words) =>
    sized(words, 2) && withAddress(words[0], (to) => ({ kind: 'transfer', to, amount: number(words[1]) })),
  // transferFrom(address,address,uint256)
  '0x23b872dd': transferFrom,
  // safeTransferFrom(address,address,uint256)
  '0x42842e0e': transferFrom,
  // approve(address,uint256)
  '0x095ea7b3': (words) => allowance('approve', words),
  // increaseAllowance(address,uint256)
  '0x39509351': (words) => allowance('raise-allowance', words),
  // setApprovalForAll(address,bool)
  '0xa22cb465': (words) => {
    const flag = number(words[1])
    if (!sized(words, 2) || flag > 1n) return undefined
    return withAddress(words[0], (operator) => ({ kind: 'approve-all', operator, isApproved: flag === 1n }))
  },
}

/** Undefined where the data is of no such call, or not exactly in its form: then nothing is claimed about it. */
export function decodeTokenCall(data: Uint8Array): TokenCall | undefined {
  const call = calls[ethHex.encode(data.subarray(0, selectorLength))]
  if (call === undefined || (data.length - selectorLength) % wordLength !== 0) return undefined
  const words: Uint8Array[] = []
  for (let at = selectorLength; at < data.length; at += wordLength) words.push(data.subarray(at, at + wordLength))
  return call(words)
}

function transferFrom(words: readonly Uint8Array[]): TokenCall | undefined {
  if (!sized(words, 3)) return undefined
  return withAddress(words[0], (from) =>
    withAddress(words[1], (to) => ({ kind: 'transfer-from', from, to, amount: number(words[2]) })),
  )
}

function allowance(kind: 'approve' | 'raise-allowance', words: readonly Uint8Array[]): TokenCall | undefined {
  if (!sized(words, 2)) return undefined
  const amount = number(words[1])
  return withAddress(words[0], (spender) => ({ kind, spender, amount, isUnlimited: amount >= unlimited }))
}

function sized(words: readonly Uint8Array[], count: number): true | undefined {
  return words.length === count ? true : undefined
}

/** An address fills the last 20 bytes of its word; the first 12 are zero. */
function withAddress<T>(word: Uint8Array | undefined, then: (address: string) => T): T | undefined {
  if (word?.subarray(0, 12).some((byte) => byte !== 0) !== false) return undefined
  return then(addr.addChecksum(ethHex.encode(word.subarray(12))))
}

function number(word: Uint8Array | undefined): bigint {
  return word === undefined ? 0n : BigInt(ethHex.encode(word))
}
