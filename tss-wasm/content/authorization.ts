import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { addr, ethHex } from 'micro-eth-signer'
import { RLP, type RLPInput } from 'micro-eth-signer/core/rlp.js'
import { ContentRefused } from './refused.ts'
import { address, bytes, integer, limits, list, readRlp } from './rlp.ts'

/**
 * EIP-7702: from then on an account does whatever the code of a contract says, until it is told otherwise. Whoever wrote that
 * code has the account: all of its coins and tokens, on every network that the authorization holds on.
 */
export interface Authorization {
  /** 0: on every network. */
  readonly chainId: bigint
  /** Whose code the account gets, with checksum; zero takes code away again. */
  readonly address: string
  /** Of the account, when it takes effect. */
  readonly nonce: bigint
}

/** As a transaction carries it. */
export interface SignedAuthorization extends Authorization {
  readonly yParity: bigint
  readonly r: bigint
  readonly s: bigint
  /** Which account it puts code into; undefined where the signature recovers no account, and the network skips it. */
  readonly authority: string | undefined
}

const magic = 0x05
const longestAuthorization = 100
/** Takes an account's code away. */
export const noCode = `0x${'0'.repeat(40)}`

/** Reads `0x05 || rlp([chainId, address, nonce])`. @throws ContentRefused */
export function decodeAuthorization(unsigned: Uint8Array): Authorization {
  if (unsigned.length > longestAuthorization) throw new ContentRefused('authorization', 'too-long')
  if (unsigned[0] !== magic) throw new ContentRefused('authorization', 'wrong-value')
  const fields = list('authorization', readRlp('authorization', unsigned.subarray(1)))
  if (fields.length !== 3) throw new ContentRefused('authorization', 'wrong-field-count')
  return readAuthorization(fields)
}

/** The bytes of which the hash is signed. @throws ContentRefused */
export function encodeAuthorization(authorization: Authorization): Uint8Array<ArrayBuffer> {
  const encoded = unsignedBytes(authorization)
  decodeAuthorization(encoded)
  return encoded
}

/** @throws ContentRefused */
export function readSignedAuthorization(item: RLPInput): SignedAuthorization {
  const fields = list('authorizationList', item)
  if (fields.length !== 6) throw new ContentRefused('authorizationList', 'wrong-field-count')
  const unsigned = readAuthorization(fields)
  const signature = {
    yParity: integer('authorizationList.yParity', fields[3], limits.uint8),
    r: integer('authorizationList.r', fields[4], limits.uint256),
    s: integer('authorizationList.s', fields[5], limits.uint256),
  }
  return { ...unsigned, ...signature, authority: authorityOf(unsigned, signature) }
}

export function authorizationFields(authorization: SignedAuthorization): RLPInput[] {
  const { chainId, address: at, nonce, yParity, r, s } = authorization
  return [chainId, ethHex.decode(at), nonce, yParity, r, s]
}

function readAuthorization([chainId, at, nonce]: readonly RLPInput[]): Authorization {
  return {
    chainId: integer('authorization.chainId', chainId, limits.uint256),
    address: address('authorization.address', bytes('authorization.address', at)),
    nonce: integer('authorization.nonce', nonce, limits.uint64 - 1n),
  }
}

function unsignedBytes({ chainId, address: at, nonce }: Authorization): Uint8Array<ArrayBuffer> {
  return new Uint8Array(concatBytes(Uint8Array.of(magic), RLP.encode([chainId, ethHex.decode(at), nonce])))
}

type Signature = Pick<SignedAuthorization, 'yParity' | 'r' | 's'>

function authorityOf(unsigned: Authorization, { yParity, r, s }: Signature): string | undefined {
  try {
    const compact = hexToBytes([r, s].map((scalar) => scalar.toString(16).padStart(64, '0')).join(''))
    const signature = secp256k1.Signature.fromBytes(compact).addRecoveryBit(Number(yParity))
    return addr.fromPublicKey(signature.recoverPublicKey(keccak_256(unsignedBytes(unsigned))).toBytes(false))
  } catch {
    return undefined
  }
}
