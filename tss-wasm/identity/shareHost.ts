import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { uint32 } from '../bytes.ts'
import { refused } from '../failure.ts'
import type { Identity } from './identity.ts'
import { isSigned, signed } from './signed.ts'

/**
 * A coordinator that takes part for users is reached through a back-end, which could put a key of its own in the place of
 * the coordinator's and read the share. So the coordinator signs what it gives out, with a key that the user has pinned.
 */

/** A key to which a user encrypts a share for one call. */
export interface CallKey {
  /** 16 bytes */
  readonly keyId: Uint8Array
  /** Of age: age1... */
  readonly recipient: string
  readonly expiresAtMs: number
}

/** A share that was made for a user. */
export interface GivenShare {
  /** 16 bytes: the session that made the wallet. */
  readonly session: Uint8Array
  /** Of the wallet: compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  /** To whom it is encrypted. */
  readonly recipient: string
  /** The age file in its text form. */
  readonly file: string
}

/** 64 bytes, in the domain `call-key`. */
export function vouchForKey(key: CallKey, host: Identity): Promise<Uint8Array<ArrayBuffer>> {
  return signed('call-key', keyBytes(key), host)
}

/**
 * @param pinned the signing key that the user knows the coordinator by, 32 bytes
 * @throws ProtocolAbort `refused`: nothing may be encrypted to this key
 */
export async function mustBeVouched(
  key: CallKey,
  signature: Uint8Array,
  pinned: Uint8Array,
  nowMs: number,
): Promise<void> {
  if (!(await isSigned('call-key', keyBytes(key), signature, pinned))) {
    throw refused('recipient', 'the key for this call is not signed by the coordinator that is pinned')
  }
  if (nowMs >= key.expiresAtMs) throw refused('recipient', 'the key for this call has expired')
}

/** 64 bytes, in the domain `given-share`. */
export function vouchForShare(share: GivenShare, host: Identity): Promise<Uint8Array<ArrayBuffer>> {
  return signed('given-share', shareBytes(share), host)
}

/**
 * That the pinned coordinator has encrypted this very share to this user: to nobody in between, who then passed on a copy.
 * @param share with the user's own recipient
 * @throws ProtocolAbort `refused`: the wallet must not be confirmed
 */
export async function mustBeGiven(share: GivenShare, signature: Uint8Array, pinned: Uint8Array): Promise<void> {
  if (await isSigned('given-share', shareBytes(share), signature, pinned)) return
  throw refused('recipient', 'the share was not made for this recipient by the coordinator that is pinned')
}

function keyBytes({ keyId, recipient, expiresAtMs }: CallKey): Uint8Array {
  const seconds = Math.floor(expiresAtMs / 1000)
  return concatBytes(keyId, uint32(seconds), uint32(expiresAtMs % 1000), utf8ToBytes(recipient))
}

function shareBytes({ session, publicKey, recipient, file }: GivenShare): Uint8Array {
  return concatBytes(session, publicKey, sha256(utf8ToBytes(recipient)), sha256(utf8ToBytes(file)))
}
