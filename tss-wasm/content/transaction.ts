import { addr, ethHex } from 'micro-eth-signer'
import { RLP, type RLPInput } from 'micro-eth-signer/core/rlp.js'
import { ContentRefused } from './refused.ts'

/** A transaction before it is signed: EIP-1559, or legacy. Amounts in wei, gas in units. */
export interface EthereumTransaction {
  /** Of the form before EIP-2718, bound to its chain by EIP-155: one gas price, given as both fees; no access list. */
  readonly isLegacy?: true
  /** 1 to 2^63 - 1 */
  readonly chainId: bigint
  /** Below 2^64 - 1 (EIP-2681) */
  readonly nonce: bigint
  readonly maxPriorityFeePerGas: bigint
  /** At least the priority fee; times gasLimit it stays below 2^256. */
  readonly maxFeePerGas: bigint
  /** Below 2^64 */
  readonly gasLimit: bigint
  /** With EIP-55 checksum; undefined creates a contract. */
  readonly to: string | undefined
  readonly value: bigint
  readonly data: Uint8Array
  readonly accessList: readonly AccessListEntry[]
}

export interface AccessListEntry {
  readonly address: string
  /** 32 bytes each */
  readonly storageKeys: readonly Uint8Array[]
}

/** Smaller than Ethereum nodes take (128 KiB), so that a proposal in hex fits the coordinator's 256 KiB. */
export const longestTransaction = 120_000

const transactionType = 0x02
const unsignedFields = 9
const signedFields = 12
/** Legacy transactions begin with their list, which RLP marks with 0xc0 and above (EIP-2718). */
const leastListMark = 0xc0
const legacyFields = 9
const legacyFieldsOfAnyChain = 6
const limits = { uint63: 1n << 63n, uint64: 1n << 64n, uint256: 1n << 256n } as const
const addressLength = 20

/**
 * Reads `0x02 || rlp([chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gasLimit, to, value, data, accessList])`
 * (EIP-1559, EIP-2718, EIP-2930), or `rlp([nonce, gasPrice, gasLimit, to, value, data, chainId, 0, 0])` (EIP-155).
 * Exactly one byte string means each transaction: anything else is refused.
 * @throws ContentRefused
 */
export function decodeTransaction(unsigned: Uint8Array): EthereumTransaction {
  if (unsigned.length > longestTransaction) throw new ContentRefused('transaction', 'too-long')
  return isLegacy(unsigned) ? decodeLegacy(unsigned) : decodeTyped(unsigned)
}

function decodeTyped(unsigned: Uint8Array): EthereumTransaction {
  if (unsigned[0] !== transactionType) throw new ContentRefused('transaction', 'wrong-type')
  const fields = list('transaction', readRlp(unsigned.subarray(1)))
  if (fields.length === signedFields) throw new ContentRefused('transaction', 'already-signed')
  if (fields.length !== unsignedFields) throw new ContentRefused('transaction', 'wrong-field-count')
  const transaction = {
    chainId: integer('chainId', fields[0], limits.uint63),
    nonce: integer('nonce', fields[1], limits.uint64 - 1n),
    maxPriorityFeePerGas: integer('maxPriorityFeePerGas', fields[2], limits.uint256),
    maxFeePerGas: integer('maxFeePerGas', fields[3], limits.uint256),
    gasLimit: integer('gasLimit', fields[4], limits.uint64),
    to: bytes('to', fields[5]).length === 0 ? undefined : address('to', fields[5]),
    value: integer('value', fields[6], limits.uint256),
    data: bytes('data', fields[7]),
    accessList: list('accessList', fields[8]).map(accessListEntry),
  }
  checkFees(transaction)
  return transaction
}

function isLegacy(unsigned: Uint8Array): boolean {
  return (unsigned[0] ?? 0) >= leastListMark
}

/** One that is bound to no chain could be sent again on every other: it is refused. */
function decodeLegacy(unsigned: Uint8Array): EthereumTransaction {
  const fields = list('transaction', readRlp(unsigned))
  if (fields.length === legacyFieldsOfAnyChain) throw new ContentRefused('transaction', 'any-chain')
  if (fields.length !== legacyFields) throw new ContentRefused('transaction', 'wrong-field-count')
  const [, , , , , , , r, s] = fields
  if (bytes('r', r).length > 0 || bytes('s', s).length > 0) throw new ContentRefused('transaction', 'already-signed')
  const gasPrice = integer('gasPrice', fields[1], limits.uint256)
  const transaction = {
    isLegacy: true,
    nonce: integer('nonce', fields[0], limits.uint64 - 1n),
    maxPriorityFeePerGas: gasPrice,
    maxFeePerGas: gasPrice,
    gasLimit: integer('gasLimit', fields[2], limits.uint64),
    to: bytes('to', fields[3]).length === 0 ? undefined : address('to', fields[3]),
    value: integer('value', fields[4], limits.uint256),
    data: bytes('data', fields[5]),
    chainId: integer('chainId', fields[6], limits.uint63),
    accessList: [],
  } as const
  checkFees(transaction)
  return transaction
}

/**
 * The unsigned serialization, for a form. `decodeTransaction` of the result gives the transaction back.
 * @throws ContentRefused where a field is out of range
 */
export function encodeTransaction(transaction: EthereumTransaction): Uint8Array<ArrayBuffer> {
  const encoded = transaction.isLegacy === true ? legacy(transaction) : eip1559(transaction)
  decodeTransaction(encoded)
  return encoded
}

function legacy(transaction: EthereumTransaction): Uint8Array<ArrayBuffer> {
  const { nonce, maxFeePerGas: gasPrice, gasLimit, value, data, chainId } = transaction
  return new Uint8Array(RLP.encode([nonce, gasPrice, gasLimit, recipient(transaction), value, data, chainId, '', '']))
}

function eip1559(transaction: EthereumTransaction): Uint8Array<ArrayBuffer> {
  return typed([
    transaction.chainId,
    transaction.nonce,
    transaction.maxPriorityFeePerGas,
    transaction.maxFeePerGas,
    transaction.gasLimit,
    recipient(transaction),
    transaction.value,
    transaction.data,
    transaction.accessList.map(({ address, storageKeys }) => [ethHex.decode(address), [...storageKeys]]),
  ])
}

function recipient({ to }: EthereumTransaction): Uint8Array {
  return to === undefined ? new Uint8Array() : ethHex.decode(to)
}

/** The signed serialization: the fields as they were, then yParity (legacy: v, of the chain by EIP-155), r and s. */
export function appendSignature(unsigned: Uint8Array, yParity: 0 | 1, r: bigint, s: bigint): Uint8Array<ArrayBuffer> {
  const { chainId } = decodeTransaction(unsigned)
  if (isLegacy(unsigned)) {
    const v = 2n * chainId + 35n + BigInt(yParity)
    const fields = list('transaction', readRlp(unsigned)).slice(0, legacyFieldsOfAnyChain)
    return new Uint8Array(RLP.encode([...fields, v, r, s]))
  }
  return typed([...list('transaction', readRlp(unsigned.subarray(1))), yParity, r, s])
}

function typed(fields: RLPInput[]): Uint8Array<ArrayBuffer> {
  const body = RLP.encode(fields)
  const whole = new Uint8Array(1 + body.length)
  whole[0] = transactionType
  whole.set(body, 1)
  return whole
}

function checkFees({ chainId, maxFeePerGas, maxPriorityFeePerGas, gasLimit }: EthereumTransaction): void {
  if (chainId === 0n) throw new ContentRefused('chainId', 'too-small')
  if (maxPriorityFeePerGas > maxFeePerGas) throw new ContentRefused('maxPriorityFeePerGas', 'tip-above-maximum')
  if (gasLimit * maxFeePerGas >= limits.uint256) throw new ContentRefused('maxFeePerGas', 'cost-overflow')
}

/** The library's reader refuses lengths that are not minimal, items that overrun their list and bytes after the end. */
function readRlp(encoded: Uint8Array): RLPInput {
  try {
    return RLP.decode(encoded)
  } catch {
    throw new ContentRefused('transaction', 'not-rlp')
  }
}

function list(field: string, item: RLPInput | undefined): RLPInput[] {
  if (!Array.isArray(item)) throw new ContentRefused(field, 'not-a-list')
  return item
}

function bytes(field: string, item: RLPInput | undefined): Uint8Array {
  if (!(item instanceof Uint8Array)) throw new ContentRefused(field, 'not-bytes')
  return item
}

function integer(field: string, item: RLPInput | undefined, bound: bigint): bigint {
  const digits = bytes(field, item)
  if (digits[0] === 0) throw new ContentRefused(field, 'leading-zero')
  if (digits.length > 32) throw new ContentRefused(field, 'too-large')
  const value = digits.length === 0 ? 0n : BigInt(ethHex.encode(digits))
  if (value >= bound) throw new ContentRefused(field, 'too-large')
  return value
}

function address(field: string, item: RLPInput | undefined): string {
  const raw = bytes(field, item)
  if (raw.length !== addressLength) throw new ContentRefused(field, 'wrong-length')
  return addr.addChecksum(ethHex.encode(raw))
}

function accessListEntry(item: RLPInput): AccessListEntry {
  const parts = list('accessList', item)
  if (parts.length !== 2) throw new ContentRefused('accessList', 'wrong-field-count')
  const storageKeys = list('accessList', parts[1]).map((key) => {
    const raw = bytes('accessList', key)
    if (raw.length !== 32) throw new ContentRefused('accessList', 'wrong-length')
    return raw
  })
  return { address: address('accessList', parts[0]), storageKeys }
}
