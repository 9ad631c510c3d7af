import { concatBytes } from '@noble/hashes/utils.js'
import { ethHex } from 'micro-eth-signer'
import { RLP, type RLPInput } from 'micro-eth-signer/core/rlp.js'
import { authorizationFields, readSignedAuthorization, type SignedAuthorization } from './authorization.ts'
import { intrinsicGas } from './intrinsicGas.ts'
import { ContentRefused } from './refused.ts'
import { address, bytes, integer, limits, list, readRlp } from './rlp.ts'

/**
 * How a transaction is written, where it is not EIP-1559: as before EIP-2718, bound to its chain by EIP-155; with an access
 * list (EIP-2930); with authorizations that put code into accounts (EIP-7702).
 */
export type TransactionForm = 'legacy' | 'access-list' | 'delegation'

/** A transaction before it is signed. Amounts in wei, gas in units. */
export interface EthereumTransaction {
  /** Undefined: EIP-1559. */
  readonly form?: TransactionForm
  /** 1 to 2^63 - 1 */
  readonly chainId: bigint
  /** Below 2^64 - 1 (EIP-2681) */
  readonly nonce: bigint
  /** Forms with one gas price give it as both fees. */
  readonly maxPriorityFeePerGas: bigint
  /** At least the priority fee; times gasLimit it stays below 2^256. */
  readonly maxFeePerGas: bigint
  /** Below 2^64, and at least what any network asks for the transaction itself (`intrinsicGas`). */
  readonly gasLimit: bigint
  /** With EIP-55 checksum; undefined creates a contract, of which the code is in the data. */
  readonly to: string | undefined
  readonly value: bigint
  readonly data: Uint8Array
  readonly accessList: readonly AccessListEntry[]
  /** Of the form 'delegation' only, and there at least one. */
  readonly authorizations?: readonly SignedAuthorization[]
}

export interface AccessListEntry {
  readonly address: string
  /** 32 bytes each */
  readonly storageKeys: readonly Uint8Array[]
}

/** Smaller than Ethereum nodes take (128 KiB), so that a proposal in hex fits the coordinator's 256 KiB. */
export const longestTransaction = 120_000

const types = { accessList: 0x01, feeMarket: 0x02, blobs: 0x03, delegation: 0x04 } as const
/** How many fields each has, unsigned; a signature is three more. */
const fieldCounts = { accessList: 8, feeMarket: 9, delegation: 10 } as const
const signatureFields = 3
/** Legacy transactions begin with their list, which RLP marks with 0xc0 and above (EIP-2718). */
const leastListMark = 0xc0
const legacyFields = 9
const legacyFieldsOfAnyChain = 6

/**
 * Reads `0x02 || rlp([chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gasLimit, to, value, data, accessList])` (EIP-1559),
 * the same with authorizations behind it (0x04, EIP-7702), `0x01 || rlp([chainId, nonce, gasPrice, gasLimit, to, value, data,
 * accessList])` (EIP-2930), or `rlp([nonce, gasPrice, gasLimit, to, value, data, chainId, 0, 0])` (EIP-155). Exactly one byte
 * string means each transaction. What no network would take, or what would lock its amount up for ever, is refused.
 * @throws ContentRefused
 */
export function decodeTransaction(unsigned: Uint8Array): EthereumTransaction {
  if (unsigned.length > longestTransaction) throw new ContentRefused('transaction', 'too-long')
  const transaction = decoded(unsigned)
  checkFees(transaction)
  checkRecipient(transaction)
  checkGas(transaction)
  return transaction
}

function decoded(unsigned: Uint8Array): EthereumTransaction {
  const [type] = unsigned
  if (isLegacy(unsigned)) return legacyOf(list('transaction', readRlp('transaction', unsigned)))
  if (type === types.blobs) throw new ContentRefused('transaction', 'blobs')
  if (type === types.accessList) return accessListForm(fieldsOf(unsigned, fieldCounts.accessList))
  if (type === types.feeMarket) return feeMarket(fieldsOf(unsigned, fieldCounts.feeMarket))
  if (type !== types.delegation) {
    throw new ContentRefused('transaction', 'wrong-type', { given: type === undefined ? '' : hexByte(type) })
  }
  const fields = fieldsOf(unsigned, fieldCounts.delegation)
  const authorizations = list('authorizationList', fields[9]).map(readSignedAuthorization)
  return { form: 'delegation', ...feeMarket(fields), authorizations }
}

function fieldsOf(unsigned: Uint8Array, count: number): RLPInput[] {
  const fields = list('transaction', readRlp('transaction', unsigned.subarray(1)))
  if (fields.length === count + signatureFields) throw new ContentRefused('transaction', 'already-signed')
  if (fields.length !== count) throw new ContentRefused('transaction', 'wrong-field-count')
  return fields
}

function feeMarket(fields: readonly RLPInput[]): EthereumTransaction {
  return {
    chainId: integer('chainId', fields[0], limits.uint63),
    nonce: integer('nonce', fields[1], limits.uint64 - 1n),
    maxPriorityFeePerGas: integer('maxPriorityFeePerGas', fields[2], limits.uint256),
    maxFeePerGas: integer('maxFeePerGas', fields[3], limits.uint256),
    gasLimit: integer('gasLimit', fields[4], limits.uint64),
    to: recipientOf(fields[5]),
    value: integer('value', fields[6], limits.uint256),
    data: bytes('data', fields[7]),
    accessList: list('accessList', fields[8]).map(accessListEntry),
  }
}

function accessListForm(fields: readonly RLPInput[]): EthereumTransaction {
  const gasPrice = integer('gasPrice', fields[2], limits.uint256)
  return {
    form: 'access-list',
    chainId: integer('chainId', fields[0], limits.uint63),
    nonce: integer('nonce', fields[1], limits.uint64 - 1n),
    maxPriorityFeePerGas: gasPrice,
    maxFeePerGas: gasPrice,
    gasLimit: integer('gasLimit', fields[3], limits.uint64),
    to: recipientOf(fields[4]),
    value: integer('value', fields[5], limits.uint256),
    data: bytes('data', fields[6]),
    accessList: list('accessList', fields[7]).map(accessListEntry),
  }
}

function isLegacy(unsigned: Uint8Array): boolean {
  return (unsigned[0] ?? 0) >= leastListMark
}

/** One that is bound to no chain could be sent again on every other: it is refused. */
function legacyOf(fields: readonly RLPInput[]): EthereumTransaction {
  if (fields.length === legacyFieldsOfAnyChain) throw new ContentRefused('transaction', 'any-chain')
  if (fields.length !== legacyFields) throw new ContentRefused('transaction', 'wrong-field-count')
  const [, , , , , , , r, s] = fields
  if (bytes('r', r).length > 0 || bytes('s', s).length > 0) throw new ContentRefused('transaction', 'already-signed')
  const gasPrice = integer('gasPrice', fields[1], limits.uint256)
  return {
    form: 'legacy',
    nonce: integer('nonce', fields[0], limits.uint64 - 1n),
    maxPriorityFeePerGas: gasPrice,
    maxFeePerGas: gasPrice,
    gasLimit: integer('gasLimit', fields[2], limits.uint64),
    to: recipientOf(fields[3]),
    value: integer('value', fields[4], limits.uint256),
    data: bytes('data', fields[5]),
    chainId: integer('chainId', fields[6], limits.uint63),
    accessList: [],
  }
}

/**
 * The unsigned serialization, for a form. `decodeTransaction` of the result gives the transaction back.
 * @throws ContentRefused where a field is out of range
 */
export function encodeTransaction(transaction: EthereumTransaction): Uint8Array<ArrayBuffer> {
  const encoded = encodedAs(transaction)
  decodeTransaction(encoded)
  return encoded
}

function encodedAs(transaction: EthereumTransaction): Uint8Array<ArrayBuffer> {
  const { form, chainId, nonce, maxFeePerGas, maxPriorityFeePerGas, gasLimit, value, data } = transaction
  const to = transaction.to === undefined ? new Uint8Array() : ethHex.decode(transaction.to)
  const accessList = transaction.accessList.map(({ address: at, storageKeys }) => [ethHex.decode(at), [...storageKeys]])
  const whatFor = [gasLimit, to, value, data]
  if (form === 'legacy') return new Uint8Array(RLP.encode([nonce, maxFeePerGas, ...whatFor, chainId, '', '']))
  if (form === 'access-list') return typed(types.accessList, [chainId, nonce, maxFeePerGas, ...whatFor, accessList])
  const fields = [chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, ...whatFor, accessList]
  if (form === undefined) return typed(types.feeMarket, fields)
  const authorizations = (transaction.authorizations ?? []).map(authorizationFields)
  return typed(types.delegation, [...fields, authorizations])
}

/** The signed serialization: the fields as they were, then yParity (legacy: v, of the chain by EIP-155), r and s. */
export function appendSignature(unsigned: Uint8Array, yParity: 0 | 1, r: bigint, s: bigint): Uint8Array<ArrayBuffer> {
  const { chainId } = decodeTransaction(unsigned)
  if (isLegacy(unsigned)) {
    const v = 2n * chainId + 35n + BigInt(yParity)
    const fields = list('transaction', readRlp('transaction', unsigned)).slice(0, legacyFieldsOfAnyChain)
    return new Uint8Array(RLP.encode([...fields, v, r, s]))
  }
  const [type = types.feeMarket] = unsigned
  return typed(type, [...list('transaction', readRlp('transaction', unsigned.subarray(1))), yParity, r, s])
}

function typed(type: number, fields: RLPInput[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(concatBytes(Uint8Array.of(type), RLP.encode(fields)))
}

function checkFees({ chainId, maxFeePerGas, maxPriorityFeePerGas, gasLimit }: EthereumTransaction): void {
  if (chainId === 0n) throw new ContentRefused('chainId', 'too-small', { given: '0', needed: '1' })
  if (maxPriorityFeePerGas > maxFeePerGas) {
    const given = maxPriorityFeePerGas.toString()
    throw new ContentRefused('maxPriorityFeePerGas', 'tip-above-maximum', { given, needed: maxFeePerGas.toString() })
  }
  if (gasLimit * maxFeePerGas >= limits.uint256) throw new ContentRefused('maxFeePerGas', 'cost-overflow')
}

/** Without recipient and without code a contract would be created that is empty: nobody could ever take the amount out. */
function checkRecipient({ form, to, data, authorizations = [] }: EthereumTransaction): void {
  if (to === undefined && (data.length === 0 || form === 'delegation')) {
    throw new ContentRefused('to', form === 'delegation' ? 'missing-field' : 'creates-nothing')
  }
  if (form === 'delegation' && authorizations.length === 0) {
    throw new ContentRefused('authorizationList', 'missing-field')
  }
}

function checkGas(transaction: EthereumTransaction): void {
  const [given, needed] = [transaction.gasLimit, intrinsicGas(transaction)]
  if (given < needed) {
    throw new ContentRefused('gasLimit', 'below-gas', { given: given.toString(), needed: needed.toString() })
  }
}

function recipientOf(item: RLPInput | undefined): string | undefined {
  return bytes('to', item).length === 0 ? undefined : address('to', item)
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

function hexByte(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`
}
