import { ByteReader } from '../bytes.ts'
import { g2Length } from '../groups/bls12381.ts'
import { scalarLength, type Element } from '../groups/group.ts'
import { concatBytes } from '../integers/bytes.ts'
import { mostParties } from '../round/channel.ts'
import type { Broadcast, Codec, Private } from '../round/round.ts'
import { possessionLength } from './possession.ts'
import { blsSuite, ed25519Suite, taprootSuite, type KeySuite, type FrostSchemeName, type SchemeName } from './suite.ts'

/**
 * Every message of key generation and signing in groups of prime order (SCHEMES 3.3, 4.2, 6.2). The codecs bound lengths
 * only; what the bytes stand for is decoded in the protocol, where a wrong one has a name and a culprit. Names begin with
 * the scheme, so that several keys can be made in one run.
 */
export interface KeygenRounds {
  readonly dealing: Broadcast<Dealing>
  readonly share: Private<Uint8Array>
}

/** What a dealer tells everybody. */
export interface Dealing {
  /** R ‖ μ, of A_0 */
  readonly proof: Uint8Array
  /** A_0, .., A_(t-1), encoded; here 1 to 20 of them */
  readonly commitments: readonly Uint8Array[]
}

/** Of each scheme. */
export const keygenRounds: Readonly<Record<SchemeName, KeygenRounds>> = {
  ed25519: keygenRoundsOf(ed25519Suite),
  taproot: keygenRoundsOf(taprootSuite),
  bls12381: keygenRoundsOf(blsSuite),
}

function keygenRoundsOf<P extends Element<P>>(suite: KeySuite<P>): KeygenRounds {
  const { scheme, group } = suite
  return {
    dealing: {
      kind: 'broadcast',
      name: `${scheme} keygen 1: commitments`,
      codec: dealingCodec(possessionLength(suite), group.elementLength),
      echoed: true,
    },
    share: { kind: 'private', name: `${scheme} keygen 2: share`, codec: fixed(scalarLength) },
  }
}

export interface FrostRounds {
  /** D ‖ E */
  readonly nonces: Broadcast<Uint8Array>
  readonly share: Broadcast<Uint8Array>
}

export const frostRounds: Readonly<Record<FrostSchemeName, FrostRounds>> = {
  ed25519: frostRoundsOf(ed25519Suite),
  taproot: frostRoundsOf(taprootSuite),
}

function frostRoundsOf<P extends Element<P>>({ scheme, group }: KeySuite<P>): FrostRounds {
  return {
    nonces: {
      kind: 'broadcast',
      name: `${scheme} sign 1: nonce commitments`,
      codec: fixed(2 * group.elementLength),
      echoed: true,
    },
    share: { kind: 'broadcast', name: `${scheme} sign 2: signature share`, codec: fixed(scalarLength) },
  }
}

export const blsSignRounds = {
  /** σ_i */
  partial: { kind: 'broadcast', name: 'bls12381 sign 1: partial signature', codec: fixed(g2Length) },
} as const satisfies Readonly<Record<string, Broadcast<Uint8Array>>>

/** Exactly that many bytes. */
function fixed(length: number): Codec<Uint8Array> {
  const checked = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length !== length) throw new RangeError('message has another length')
    return bytes
  }
  return { encode: checked, decode: checked }
}

function dealingCodec(proofLength: number, elementLength: number): Codec<Dealing> {
  return {
    encode: ({ proof, commitments }) => concatBytes(proof, ...commitments),
    decode(bytes) {
      if (bytes.length > proofLength + mostParties * elementLength) throw new RangeError('message is too long')
      const reader = new ByteReader(bytes)
      const proof = reader.take(proofLength)
      const commitments: Uint8Array[] = []
      while (reader.left > 0) commitments.push(reader.take(elementLength))
      if (commitments.length === 0) throw new RangeError('no commitment')
      return { proof, commitments }
    },
  }
}
