import { sha256 } from '@noble/hashes/sha2.js'
import { deriveChild } from '../curve/derivation.ts'
import { timesGenerator } from '../groups/group.ts'
import type { SecpPoint } from '../groups/secp256k1.ts'
import { bytesToInteger, concatBytes, utf8ToBytes } from '../integers/bytes.ts'
import { mod } from '../integers/numberTheory.ts'
import { Secret } from '../secret.ts'
import type { GroupKeyShare } from './groupShare.ts'
import { taprootSuite } from './suite.ts'

const { group } = taprootSuite
const { order } = group
const generatorTimes = (scalar: bigint): SecpPoint => timesGenerator(group, scalar)

/** A share of a Taproot key: of the internal key, untweaked, as key generation gives it. */
export type TaprootShare = GroupKeyShare<SecpPoint>

export interface TaprootPath {
  /** BIP-32 without hardening, with that chain code (32 bytes); the wallet's own key without it. */
  readonly child?: { readonly chainCode: Uint8Array; readonly path: readonly number[] }
  /** Of the script tree, 32 bytes; without it nothing but the key can spend (BIP-86). */
  readonly merkleRoot?: Uint8Array
}

/**
 * The share of the output key Q that this internal key has (SCHEMES 5.1): first BIP-32's δ, then a sign so that the
 * internal key has an even y, then BIP-341's tweak. Lagrange weights sum to 1, so what is added to every share is added to
 * the key. The caller erases the new share's secret.
 * @throws RangeError for a path, chain code or root out of range, and for the one key in 2^127 that the BIPs leave out
 */
export function taprootOutputShare(share: TaprootShare, { child, merkleRoot }: TaprootPath = {}): TaprootShare {
  const derived = child === undefined ? share : shifted(share, tweakOfChild(share.publicKey, child))
  const internal = isOdd(derived.publicKey) ? negated(derived) : derived
  return shifted(internal, tapTweak(xOnly(internal.publicKey), merkleRoot))
}

/** x of the internal key at that place, 32 bytes: what a PSBT names, and what BIP-86 addresses are made of. */
export function taprootInternalKey(publicKey: SecpPoint, child?: TaprootPath['child']): Uint8Array<ArrayBuffer> {
  if (child === undefined) return xOnly(publicKey)
  return xOnly(deriveChild(publicKey, child.chainCode, child.path).publicKey)
}

/** x of the output key, 32 bytes: the witness program of the address. */
export function taprootOutputKey(
  publicKey: SecpPoint,
  { child, merkleRoot }: TaprootPath = {},
): Uint8Array<ArrayBuffer> {
  const derived = child === undefined ? publicKey : deriveChild(publicKey, child.chainCode, child.path).publicKey
  const even = isOdd(derived) ? derived.negate() : derived
  return xOnly(even.add(generatorTimes(tapTweak(xOnly(even), merkleRoot))))
}

/** x alone, 32 bytes (BIP-340). */
export function xOnly(point: SecpPoint): Uint8Array<ArrayBuffer> {
  return new Uint8Array(point.toBytes(true).subarray(1))
}

function tweakOfChild(publicKey: SecpPoint, { chainCode, path }: NonNullable<TaprootPath['child']>): bigint {
  return deriveChild(publicKey, chainCode, path).tweak
}

/** t = H_TapTweak(x ‖ root), below the order or refused (BIP-341) */
function tapTweak(x: Uint8Array, merkleRoot: Uint8Array = new Uint8Array()): bigint {
  if (merkleRoot.length !== 0 && merkleRoot.length !== 32) throw new RangeError('a Merkle root has 32 bytes')
  const tag = sha256(utf8ToBytes('TapTweak'))
  const t = bytesToInteger(sha256(concatBytes(tag, tag, x, merkleRoot)))
  if (t >= order) throw new RangeError('no output key for this internal key')
  return t
}

/** Everybody's share and the key, plus δ. */
function shifted(share: TaprootShare, δ: bigint): TaprootShare {
  const shift = generatorTimes(δ)
  const publicKey = share.publicKey.add(shift)
  const parties = share.parties.map(({ key, publicShare }) => ({ key, publicShare: publicShare.add(shift) }))
  const secret = mod(share.secret.reveal() + δ, order)
  if (secret === 0n || publicKey.is0() || parties.some(({ publicShare }) => publicShare.is0()))
    throw new RangeError('no key at this place')
  return { ...share, publicKey, parties, secret: new Secret(secret) }
}

function negated(share: TaprootShare): TaprootShare {
  return {
    ...share,
    publicKey: share.publicKey.negate(),
    parties: share.parties.map(({ key, publicShare }) => ({ key, publicShare: publicShare.negate() })),
    secret: new Secret(mod(-share.secret.reveal(), order)),
  }
}

function isOdd(point: SecpPoint): boolean {
  return point.toBytes(true)[0] === 3
}
