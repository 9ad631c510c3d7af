import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { addr } from 'micro-eth-signer'
import { ByteReader, sameBytes } from '../bytes.ts'
import { ContentRefused } from './refused.ts'
import type { ValidatorObjectKind } from './schemeContent.ts'

/**
 * What an Ethereum validator's key may sign here (SCHEMES 8): three objects of the consensus layer, each decoded. Blocks
 * and attestations need slashing protection, and bare roots say nothing about what they stand for: neither is signed.
 */
export type ValidatorObject = Deposit | VoluntaryExit | WithdrawalChange

/** Of ether for a new validator, or more of it for one that is there. */
export interface Deposit {
  readonly kind: 'deposit'
  /** The validator's, 48 bytes: the key that signs. */
  readonly publicKey: Uint8Array
  readonly withdrawal: Withdrawal
  /** Gwei, 1 to 2048 ether. */
  readonly amount: bigint
}

/** The validator leaves for good. */
export interface VoluntaryExit {
  readonly kind: 'voluntary-exit'
  readonly epoch: bigint
  readonly validatorIndex: bigint
}

/** From withdrawals under a BLS key, the one that signs, to an address; once and for ever. */
export interface WithdrawalChange {
  readonly kind: 'withdrawal-change'
  readonly validatorIndex: bigint
  /** 48 bytes: the key that signs. */
  readonly fromPublicKey: Uint8Array
  /** With EIP-55 checksum */
  readonly toAddress: string
}

/** Where a validator's ether goes. */
export type Withdrawal =
  /** Under a BLS key, of which this is the hash: 0x00. */
  | { readonly kind: 'bls-key'; readonly keyHash: Uint8Array }
  /** To an address, with EIP-55 checksum: 0x01, or 0x02 where rewards are left to compound. */
  | { readonly kind: 'address'; readonly address: string; readonly isCompounding: boolean }

interface Chain {
  readonly genesisVersion: string
  /** Exits are signed for Capella for ever (EIP-7044). */
  readonly capellaVersion: string
  readonly genesisValidatorsRoot: string
}

/** By chain id: mainnet, Sepolia, Hoodi. */
const chains: ReadonlyMap<bigint, Chain> = new Map([
  [
    1n,
    {
      genesisVersion: '00000000',
      capellaVersion: '03000000',
      genesisValidatorsRoot: '4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95',
    },
  ],
  [
    11155111n,
    {
      genesisVersion: '90000069',
      capellaVersion: '90000072',
      genesisValidatorsRoot: 'd8ea171f3c94aea21ebc42a1ed61052acf3f9209c00e4efbaaddac09ed9b8078',
    },
  ],
  [
    560048n,
    {
      genesisVersion: '10000910',
      capellaVersion: '40000910',
      genesisValidatorsRoot: '212f13fc4df078b6cb7db228f1c8307566dcecf900867401a92023d7ba99cb5f',
    },
  ],
])

const keyLength = 48
const gweiOfEther = 1_000_000_000n
const lengths: Readonly<Record<ValidatorObjectKind, number>> = {
  deposit: 88,
  'voluntary-exit': 16,
  'withdrawal-change': 76,
}
const zeros = (length: number): Uint8Array => new Uint8Array(length)

/**
 * Reads the object's SSZ serialization: of a deposit message, a voluntary exit or a BLS-to-execution change.
 * @param signer the public key that would sign, 48 bytes
 * @throws ContentRefused
 */
export function decodeValidatorObject(kind: ValidatorObjectKind, ssz: Uint8Array, signer: Uint8Array): ValidatorObject {
  if (ssz.length !== lengths[kind]) throw new ContentRefused(kind, 'wrong-length')
  const reader = new ByteReader(ssz)
  switch (kind) {
    case 'deposit': {
      const publicKey = reader.take(keyLength)
      if (!sameBytes(publicKey, signer)) throw new ContentRefused('pubkey', 'other-signer')
      const withdrawal = decodeWithdrawal(reader.take(32))
      const amount = uint64(reader)
      if (amount < gweiOfEther) throw new ContentRefused('amount', 'too-small')
      if (amount > 2048n * gweiOfEther) throw new ContentRefused('amount', 'too-large')
      return { kind, publicKey, withdrawal, amount }
    }
    case 'voluntary-exit':
      return { kind, epoch: uint64(reader), validatorIndex: uint64(reader) }
    case 'withdrawal-change': {
      const validatorIndex = uint64(reader)
      const fromPublicKey = reader.take(keyLength)
      if (!sameBytes(fromPublicKey, signer)) throw new ContentRefused('from_bls_pubkey', 'other-signer')
      return { kind, validatorIndex, fromPublicKey, toAddress: addressOf(reader.take(20)) }
    }
  }
}

/**
 * The 32 bytes that are signed: hash_tree_root(object root, domain), the domain being bound to the object's kind and the
 * chain. Deposits are valid for a whole fork, before there is a chain; they have no validators' root.
 * @param chainId the one that the key is bound to
 * @throws ContentRefused if the object is none, or the chain is none of those known here
 */
export function validatorSigningRoot(
  kind: ValidatorObjectKind,
  ssz: Uint8Array,
  signer: Uint8Array,
  chainId: bigint,
): Uint8Array<ArrayBuffer> {
  decodeValidatorObject(kind, ssz, signer)
  const chain = chains.get(chainId)
  if (chain === undefined) throw new ContentRefused('chain', 'wrong-value')
  const reader = new ByteReader(ssz)
  switch (kind) {
    case 'deposit': {
      const fields = [bytesRoot(reader.take(keyLength)), reader.take(32), padded(reader.rest())]
      return signingRoot(fields, domain(3, chain.genesisVersion, zeros(32)))
    }
    case 'voluntary-exit': {
      const fields = [padded(reader.take(8)), padded(reader.rest())]
      return signingRoot(fields, domain(4, chain.capellaVersion, hexToBytes(chain.genesisValidatorsRoot)))
    }
    case 'withdrawal-change': {
      const fields = [padded(reader.take(8)), bytesRoot(reader.take(keyLength)), padded(reader.rest())]
      return signingRoot(fields, domain(10, chain.genesisVersion, hexToBytes(chain.genesisValidatorsRoot)))
    }
  }
}

/** Domain type (the first of its four bytes) ‖ the first 28 bytes of the fork data's root. */
function domain(type: number, version: string, genesisValidatorsRoot: Uint8Array): Uint8Array {
  const forkData = containerRoot([padded(hexToBytes(version)), genesisValidatorsRoot])
  return concatBytes(Uint8Array.of(type, 0, 0, 0), forkData.subarray(0, 28))
}

function signingRoot(fields: readonly Uint8Array[], inDomain: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(containerRoot([containerRoot(fields), inDomain]))
}

/** SSZ's Merkle root of 2 to 4 fields, each a chunk of 32 bytes already. */
function containerRoot(fields: readonly Uint8Array[]): Uint8Array {
  const [a = zeros(32), b = zeros(32), c, d = zeros(32)] = fields
  const left = sha256(concatBytes(a, b))
  return c === undefined ? left : sha256(concatBytes(left, sha256(concatBytes(c, d))))
}

/** Of 33 to 64 bytes. */
function bytesRoot(bytes: Uint8Array): Uint8Array {
  return sha256(concatBytes(bytes, zeros(64 - bytes.length)))
}

function padded(bytes: Uint8Array): Uint8Array {
  return concatBytes(bytes, zeros(32 - bytes.length))
}

function decodeWithdrawal(credentials: Uint8Array): Withdrawal {
  const [prefix] = credentials
  if (prefix === 0) return { kind: 'bls-key', keyHash: credentials.slice(1) }
  const isAddress = (prefix === 1 || prefix === 2) && credentials.subarray(1, 12).every((byte) => byte === 0)
  if (!isAddress) throw new ContentRefused('withdrawal_credentials', 'wrong-value')
  return { kind: 'address', address: addressOf(credentials.subarray(12)), isCompounding: prefix === 2 }
}

function addressOf(bytes: Uint8Array): string {
  return addr.addChecksum(bytesToHex(bytes))
}

/** SSZ's integers begin with their lowest byte. */
function uint64(reader: ByteReader): bigint {
  const bytes = reader.take(8)
  return new DataView(bytes.buffer).getBigUint64(0, true)
}
