import { ed25519 as nobleEd25519, ed25519_FROST as ed25519Frost } from '@noble/curves/ed25519.js'
import { schnorr, schnorr_FROST as taprootFrost, secp256k1_hasher } from '@noble/curves/secp256k1.js'
import type { FROST } from '@noble/curves/abstract/frost.js'
import { sha512 } from '@noble/hashes/sha2.js'
import type { SchemeName } from '../content/keyScheme.ts'
import { g1, type G1Point } from '../groups/bls12381.ts'
import { ed25519, type EdwardsPoint } from '../groups/ed25519.ts'
import type { Element, Group } from '../groups/group.ts'
import { secp256k1, type SecpPoint } from '../groups/secp256k1.ts'
import { bytesToInteger, concatBytes, utf8ToBytes } from '../integers/bytes.ts'
import { mod } from '../integers/numberTheory.ts'

export type { SchemeName }
export type FrostSchemeName = Exclude<SchemeName, 'bls12381'>

/** A group and how its keys are made (SCHEMES 3.1): what distributed key generation needs to know of a scheme. */
export interface KeySuite<P extends Element<P>> {
  readonly scheme: SchemeName
  /** As it stands in hashes. */
  readonly name: string
  readonly group: Group<P>
  /** HDKG: the challenge of a proof of possession. */
  readonly challenge: (message: Uint8Array) => bigint
  /** Whether nonce points of proofs travel as their x alone, and have an even y. */
  readonly xOnly: boolean
}

/** A scheme whose signatures are made by FROST (RFC 9591). */
export interface FrostSuite<P extends Element<P>> extends KeySuite<P> {
  readonly scheme: FrostSchemeName
  /** noble's, for signing only: its key generation names no culprit, and tweaks a Taproot key unasked (SCHEMES 3.5). */
  readonly frost: FROST
  /** Whether an ordinary verifier, which knows nothing of FROST, takes the signature. */
  readonly verifies: (signature: Uint8Array, message: Uint8Array, publicKey: P) => boolean
}

/** Signatures are those of RFC 8032: Solana's, and every other chain's with Ed25519 keys. */
export const ed25519Suite: FrostSuite<EdwardsPoint> = {
  scheme: 'ed25519',
  name: 'FROST-ED25519-SHA512-v1',
  group: ed25519,
  challenge: (message) =>
    mod(
      bytesToInteger(sha512(concatBytes(utf8ToBytes('FROST-ED25519-SHA512-v1dkg'), message)).reverse()),
      ed25519.order,
    ),
  xOnly: false,
  frost: ed25519Frost,
  verifies: (signature, message, key) => nobleEd25519.verify(signature, message, key.toBytes(), { zip215: false }),
}

/** Signatures are those of BIP-340: Bitcoin's Taproot outputs. */
export const taprootSuite: FrostSuite<SecpPoint> = {
  scheme: 'taproot',
  name: 'FROST-secp256k1-SHA256-TR-v1',
  group: secp256k1,
  challenge: (message) => secp256k1_hasher.hashToScalar(message, { DST: 'FROST-secp256k1-SHA256-TR-v1dkg' }),
  xOnly: true,
  frost: taprootFrost,
  verifies: (signature, message, key) => schnorr.verify(signature, message, key.toBytes(true).subarray(1)),
}

/** Signatures are BLS signatures in the second group: one round, no nonces (SCHEMES 6). */
export const blsSuite: KeySuite<G1Point> = {
  scheme: 'bls12381',
  name: 'QUORATE-BLS12381G1-SHA512-v1',
  group: g1,
  challenge: (message) =>
    mod(bytesToInteger(sha512(concatBytes(utf8ToBytes('QUORATE-BLS12381G1-SHA512-v1dkg'), message))), g1.order),
  xOnly: false,
}
