import { ByteReader, sameBytes } from '../bytes.ts'
import { base58 } from './base58.ts'
import { ContentRefused } from './refused.ts'
import { decodeInstruction, type KnownInstruction } from './solanaInstruction.ts'

/** A transaction's message, which is what its signers sign, byte for byte (SCHEMES 10.1). */
export interface SolanaMessage {
  readonly version: 'legacy' | 0
  /** Pays the fee and signs first. */
  readonly feePayer: string
  /** Everybody who has to sign, the payer first; each signs the same bytes. */
  readonly signers: readonly string[]
  readonly accounts: readonly SolanaAccount[]
  /** Of a recent block, or of a durable nonce account: then the first instruction advances it. */
  readonly blockhash: string
  /** Whether the message stays valid for as long as the nonce is not advanced; otherwise for about a minute. */
  readonly hasDurableNonce: boolean
  readonly instructions: readonly SolanaInstruction[]
  /** How many accounts stand in tables on the chain: what these are, the message does not say. */
  readonly hiddenAccounts: number
}

export interface SolanaAccount {
  /** Base 58 */
  readonly address: string
  readonly isSigner: boolean
  readonly isWritable: boolean
}

export interface SolanaInstruction {
  readonly program: string
  /** Base 58; nothing where the account is in a table on the chain. */
  readonly accounts: readonly (string | undefined)[]
  readonly data: Uint8Array
  /** What it does, where the program is one that is understood here. */
  readonly known: KnownInstruction | undefined
}

/** A packet has 1232 bytes: a count, 64 bytes for each signature, and the message. */
const longestTransaction = 1232
const versionMark = 0x80
const keyLength = 32

/**
 * Reads a legacy message, or one of version 0. There is one way to write each: lengths in their shortest form, accounts
 * that differ, indexes that exist, and nothing left over.
 * @throws ContentRefused
 */
export function decodeSolanaMessage(bytes: Uint8Array): SolanaMessage {
  if (bytes.length > longestTransaction) throw new ContentRefused('message', 'too-long')
  const reader = new ByteReader(bytes)
  try {
    return decoded(reader, bytes)
  } catch (error) {
    if (error instanceof RangeError) throw new ContentRefused('message', 'wrong-length')
    throw error
  }
}

/**
 * The bytes to sign, if they are a message that this key has to sign and that shows everything it does: accounts in tables
 * on the chain, and instructions of programs that are not understood here, have to be taken by whoever approves them.
 * @param signer the wallet's public key, 32 bytes
 * @throws ContentRefused
 */
export function solanaMessageToSign(
  bytes: Uint8Array,
  signer: Uint8Array,
  allowed: { readonly hiddenAccounts?: true; readonly unknownInstructions?: true } = {},
): Uint8Array<ArrayBuffer> {
  const message = decodeSolanaMessage(bytes)
  if (!message.signers.includes(base58(signer))) throw new ContentRefused('signers', 'other-signer')
  if (message.hiddenAccounts > 0 && allowed.hiddenAccounts !== true)
    throw new ContentRefused('addressTableLookups', 'wrong-value')
  if (message.instructions.some(({ known }) => known === undefined) && allowed.unknownInstructions !== true)
    throw new ContentRefused('instructions', 'unknown-type')
  return new Uint8Array(bytes)
}

function decoded(reader: ByteReader, bytes: Uint8Array): SolanaMessage {
  const first = bytes[0] ?? 0
  const isVersioned = first >= versionMark
  if (isVersioned && reader.uint8() !== versionMark) throw new ContentRefused('version', 'wrong-type')
  const [required, readonlySigned, readonlyUnsigned] = [reader.uint8(), reader.uint8(), reader.uint8()] as const
  const keys = Array.from({ length: compactLength(reader, 'accountKeys') }, () => reader.take(keyLength))
  if (required === 0 || required > keys.length || readonlySigned >= required)
    throw new ContentRefused('numRequiredSignatures', 'wrong-value')
  if (readonlyUnsigned > keys.length - required) throw new ContentRefused('numReadonlyUnsigned', 'wrong-value')
  if (1 + 64 * required + bytes.length > longestTransaction) throw new ContentRefused('message', 'too-long')
  const addresses = keys.map(base58)
  if (new Set(addresses).size !== addresses.length) throw new ContentRefused('accountKeys', 'repeated-name')
  const blockhash = base58(reader.take(keyLength))
  const raw = Array.from({ length: compactLength(reader, 'instructions') }, () => ({
    program: reader.uint8(),
    accounts: [...reader.take(compactLength(reader, 'accounts'))],
    data: reader.take(compactLength(reader, 'data')),
  }))
  const hiddenAccounts = isVersioned ? lookups(reader) : 0
  reader.end()
  const instructions = raw.map(({ program, accounts, data }): SolanaInstruction => {
    // The payer is not a program, and programs are never looked up.
    const address = program === 0 ? undefined : addresses[program]
    if (address === undefined) throw new ContentRefused('programIdIndex', 'wrong-value')
    if (accounts.some((index) => index >= addresses.length + hiddenAccounts))
      throw new ContentRefused('accountIndex', 'wrong-value')
    const named = accounts.map((index) => addresses[index])
    return { program: address, accounts: named, data, known: decodeInstruction(address, named, data) }
  })
  return {
    version: isVersioned ? 0 : 'legacy',
    feePayer: addresses[0] ?? '',
    signers: addresses.slice(0, required),
    accounts: addresses.map((address, i) => ({
      address,
      isSigner: i < required,
      isWritable: i < required ? i < required - readonlySigned : i < addresses.length - readonlyUnsigned,
    })),
    blockhash,
    hasDurableNonce: instructions[0]?.known?.kind === 'advance-nonce',
    instructions,
    hiddenAccounts,
  }
}

/** Address table look-ups: the table's key, and which of its entries are written and read. */
function lookups(reader: ByteReader): number {
  let count = 0
  const tables: Uint8Array[] = []
  for (let left = compactLength(reader, 'addressTableLookups'); left > 0; left -= 1) {
    const table = reader.take(keyLength)
    if (tables.some((other) => sameBytes(other, table)))
      throw new ContentRefused('addressTableLookups', 'repeated-name')
    tables.push(table)
    const writable = reader.take(compactLength(reader, 'writableIndexes')).length
    const read = reader.take(compactLength(reader, 'readonlyIndexes')).length
    if (writable + read === 0) throw new ContentRefused('addressTableLookups', 'wrong-value')
    count += writable + read
  }
  if (count > 256) throw new ContentRefused('addressTableLookups', 'too-many')
  return count
}

/** A "compact-u16": seven bits a byte, the lowest first, at most three bytes, and none more than needed. */
function compactLength(reader: ByteReader, field: string): number {
  let value = 0
  for (const shift of [0, 7, 14]) {
    const byte = reader.uint8()
    if (byte === 0 && shift > 0) throw new ContentRefused(field, 'not-canonical')
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) {
      if (value > 0xffff) throw new ContentRefused(field, 'too-large')
      return value
    }
  }
  throw new ContentRefused(field, 'not-canonical')
}
