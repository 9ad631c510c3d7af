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
/** What UNI and COMP, which count in 96 bits, take for the same. */
const unlimitedIn96Bits = (1n << 96n) - 1n

/** Whether an allowance of so many units is never used up. */
export function isUnlimited(amount: bigint): boolean {
  return amount >= unlimited || amount === unlimitedIn96Bits
}

/** By the first four bytes of keccak-256 of the signature in the comment. */
const calls: Readonly<Record<string, (word: ReadWord) => TokenCall>> = {
  // transfer(address,uint256)
  '0xa9059cbb': (word) => ({ kind: 'transfer', to: address(word(0)), amount: number(word(1)) }),
  // transferFrom(address,address,uint256)
  '0x23b872dd': transferFrom,
  // safeTransferFrom(address,address,uint256)
  '0x42842e0e': transferFrom,
  // safeTransferFrom(address,address,uint256,bytes)
  '0xb88d4fde': transferFrom,
  // approve(address,uint256)
  '0x095ea7b3': (word) => ({ kind: 'approve', ...allowance(word) }),
  // approveAndCall(address,uint256,bytes) (ERC-1363, and tokens older than it)
  '0xcae9ca51': (word) => ({ kind: 'approve', ...allowance(word) }),
  // increaseAllowance(address,uint256)
  '0x39509351': (word) => ({ kind: 'raise-allowance', ...allowance(word) }),
  // increaseApproval(address,uint256), the older name of the same
  '0xd73dd623': (word) => ({ kind: 'raise-allowance', ...allowance(word) }),
  // setApprovalForAll(address,bool)
  '0xa22cb465': (word) => ({ kind: 'approve-all', operator: address(word(0)), isApproved: number(word(1)) !== 0n }),
}

type ReadWord = (index: number) => Uint8Array

/**
 * Undefined where the data is of no such call. Read as contracts read it, the oldest ones too: bytes behind the arguments
 * are ignored, missing ones are zero, so are those in front of an address, and whatever is not zero is true. Were the
 * data asked to be exactly in its form, one more byte would take the warning from an approval, and leave it as good.
 */
export function decodeTokenCall(data: Uint8Array): TokenCall | undefined {
  const call = calls[ethHex.encode(data.subarray(0, selectorLength))]
  return call?.((index) => {
    const word = new Uint8Array(wordLength)
    const at = selectorLength + index * wordLength
    word.set(data.subarray(at, at + wordLength))
    return word
  })
}

function transferFrom(word: ReadWord): TokenCall {
  return { kind: 'transfer-from', from: address(word(0)), to: address(word(1)), amount: number(word(2)) }
}

function allowance(word: ReadWord) {
  const amount = number(word(1))
  return { spender: address(word(0)), amount, isUnlimited: isUnlimited(amount) }
}

/** The last 20 bytes of a word. */
function address(word: Uint8Array): string {
  return addr.addChecksum(ethHex.encode(word.subarray(12)))
}

function number(word: Uint8Array): bigint {
  return BigInt(ethHex.encode(word))
}
