import { addr, ethHex } from 'micro-eth-signer'
import { RLP, type RLPInput } from 'micro-eth-signer/core/rlp.js'
import { ContentRefused } from './refused.ts'

export const limits = { uint8: 1n << 8n, uint63: 1n << 63n, uint64: 1n << 64n, uint256: 1n << 256n } as const
const addressLength = 20

/** The library's reader refuses lengths that are not minimal, items that overrun their list and bytes after the end. */
export function readRlp(thing: string, encoded: Uint8Array): RLPInput {
  try {
    return RLP.decode(encoded)
  } catch {
    throw new ContentRefused(thing, 'not-rlp')
  }
}

/** @throws ContentRefused */
export function list(field: string, item: RLPInput | undefined): RLPInput[] {
  if (!Array.isArray(item)) throw new ContentRefused(field, 'not-a-list')
  return item
}

/** @throws ContentRefused */
export function bytes(field: string, item: RLPInput | undefined): Uint8Array {
  if (!(item instanceof Uint8Array)) throw new ContentRefused(field, 'not-bytes')
  return item
}

/** Below `bound`, without a leading zero. @throws ContentRefused */
export function integer(field: string, item: RLPInput | undefined, bound: bigint): bigint {
  const digits = bytes(field, item)
  if (digits[0] === 0) throw new ContentRefused(field, 'leading-zero')
  if (digits.length > 32) throw new ContentRefused(field, 'too-large', { needed: (bound - 1n).toString() })
  const value = digits.length === 0 ? 0n : BigInt(ethHex.encode(digits))
  if (value >= bound) {
    throw new ContentRefused(field, 'too-large', { given: value.toString(), needed: (bound - 1n).toString() })
  }
  return value
}

/** With EIP-55 checksum. @throws ContentRefused */
export function address(field: string, item: RLPInput | undefined): string {
  const raw = bytes(field, item)
  if (raw.length !== addressLength) throw new ContentRefused(field, 'wrong-length')
  return addr.addChecksum(ethHex.encode(raw))
}
