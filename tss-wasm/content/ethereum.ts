import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { addr } from 'micro-eth-signer'
import { refused } from '../failure.ts'
import { decodeAuthorization } from './authorization.ts'
import type { SingleContent } from './content.ts'
import { longestMessage } from './longestMessage.ts'
import { ContentRefused } from './refused.ts'
import { typedDataDigest } from './typedData.ts'
import { appendSignature, decodeTransaction } from './transaction.ts'

/** r, s: 32 bytes each, big-endian, in [1, q) and s at most q/2; recovery: 0 to 3. */
export interface ContentSignature {
  readonly r: Uint8Array
  readonly s: Uint8Array
  readonly recovery: number
}

/**
 * The 32 bytes that are signed: keccak-256 of the unsigned transaction (EIP-1559 or EIP-155), or of the message behind its prefix
 * (EIP-191, version 0x45), of typed data (EIP-712), of an authorization (EIP-7702), or the raw digest itself. Decodes first: what cannot be decoded has no digest.
 * @throws ContentRefused
 */
export function signingDigest(content: SingleContent): Uint8Array {
  switch (content.type) {
    case 'ethereum-transaction':
      decodeTransaction(content.unsigned)
      return keccak_256(content.unsigned)
    case 'ethereum-authorization':
      decodeAuthorization(content.unsigned)
      return keccak_256(content.unsigned)
    case 'ethereum-message': {
      const { message } = content
      if (message.length > longestMessage) throw new ContentRefused('message', 'too-long')
      return keccak_256(concatBytes(utf8ToBytes(`\x19Ethereum Signed Message:\n${message.length}`), message))
    }
    case 'ethereum-typed-data':
      return typedDataDigest(content.json)
    case 'raw-digest':
      if (content.digest.length !== 32) throw new ContentRefused('digest', 'wrong-length')
      return content.digest
  }
}

/**
 * What others take: for a transaction its signed serialization, for a message, typed data and an authorization r || s || v with v 27 or 28, for a raw digest
 * the same with v up to 30. All 0x-hex.
 * @throws ProtocolAbort `refused` for the one signature in 2^127 that Ethereum cannot carry (recovery 2 or 3)
 */
export function assembleSigned(content: SingleContent, signature: ContentSignature): string {
  checkScalars(signature)
  const { r, s, recovery } = signature
  switch (content.type) {
    case 'ethereum-transaction':
      return `0x${bytesToHex(appendSignature(content.unsigned, parity(recovery), number(r), number(s)))}`
    case 'ethereum-message':
    case 'ethereum-typed-data':
    case 'ethereum-authorization':
      return `0x${bytesToHex(concatBytes(r, s, Uint8Array.of(27 + parity(recovery))))}`
    case 'raw-digest':
      return `0x${bytesToHex(concatBytes(r, s, Uint8Array.of(27 + recovery)))}`
  }
}

/** Hash by which a signed transaction is known on its chain, 0x-hex. */
export function transactionHash(signed: string): string {
  return `0x${bytesToHex(keccak_256(hexToBytes(signed.slice(2))))}`
}

/** The address of a public key (33 or 65 bytes), with EIP-55 checksum. @throws if it is not a point of the curve */
export function ethereumAddress(publicKey: Uint8Array): string {
  const point = secp256k1.Point.fromBytes(publicKey)
  return addr.fromPublicKey(point.toBytes(false))
}

/** Whether the signature, recovery id included, is by this key (33 bytes) over this digest. */
export function isSignedBy(publicKey: Uint8Array, digest: Uint8Array, { r, s, recovery }: ContentSignature): boolean {
  try {
    const signature = secp256k1.Signature.fromBytes(concatBytes(r, s)).addRecoveryBit(recovery)
    return bytesToHex(signature.recoverPublicKey(digest).toBytes(true)) === bytesToHex(publicKey)
  } catch {
    return false
  }
}

function parity(recovery: number): 0 | 1 {
  if (recovery === 0 || recovery === 1) return recovery
  throw refused('signature-form', 'recovery id has no place in Ethereum')
}

function checkScalars({ r, s }: ContentSignature): void {
  const { ORDER } = secp256k1.Point.Fn
  if (r.length !== 32 || s.length !== 32) throw new Error('r and s are 32 bytes each')
  if (number(r) === 0n || number(r) >= ORDER) throw new Error('r is out of range')
  if (number(s) === 0n || number(s) > ORDER / 2n) throw new Error('s is out of range')
}

function number(digits: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(digits)}`)
}
