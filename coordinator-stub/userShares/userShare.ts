import { concatBytes } from '@noble/hashes/utils.js'
import { armor, Decrypter, Encrypter } from 'age-encryption'
import { ByteReader, sameBytes, uint32 } from '../../tss-wasm/bytes.ts'
import { ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import { type Identity, unsealIdentity } from '../../tss-wasm/identity/identity.ts'
import { decodeRoster, encodeRoster, type Roster } from '../../tss-wasm/identity/roster.ts'
import { publicKeyLength, shareKeyLength, userShareMagic, version } from '../../tss-wasm/identity/userShareHead.ts'
import { describeSealed } from '../../tss-wasm/keyShare/seal.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { SealedShare } from '../../tss-wasm/worker/api.ts'

/** All that a party without a memory must be told to take part: what it made for a person, and gave away. */
export interface UserShare {
  readonly seat: PartyId
  /** Of the wallet: compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  /** Of the session that made the wallet: who holds the other shares. */
  readonly roster: Roster
  readonly identity: Identity
  readonly sealedShare: SealedShare
  /** AES-GCM 256, not extractable: opens the share. */
  readonly key: CryptoKey
}

/** Base64 of the longest share with what belongs to it. */
export const longestUserShare = 400_000

/** A fresh key for one share: its bytes, for `write`, and what seals with it. */
export async function newShareKey(random: RandomSource): Promise<{ bytes: Uint8Array<ArrayBuffer>; key: CryptoKey }> {
  const bytes = random(shareKeyLength)
  return { bytes, key: await importKey(bytes) }
}

function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

/**
 * magic ‖ version (1) ‖ key (32) ‖ public key (33) ‖ three times length (4) and content: roster, sealed identity, sealed
 * share. Only the key is secret, so that one buffer has to be overwritten; the rest is worth nothing without it.
 * @param keyBytes of what identity and share are sealed with
 */
export function writeUserShare(
  {
    publicKey,
    roster,
    sealedIdentity,
    sealedShare,
  }: Pick<UserShare, 'publicKey' | 'roster' | 'sealedShare'> & { readonly sealedIdentity: Uint8Array },
  keyBytes: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const parts = [encodeRoster(roster), sealedIdentity, sealedShare]
  const head = [userShareMagic, Uint8Array.of(version), keyBytes, publicKey]
  return new Uint8Array(concatBytes(...head, ...parts.flatMap((part) => [uint32(part.length), part])))
}

/** Overwrites `bytes`. @throws ProtocolAbort `refused` */
export async function readUserShare(bytes: Uint8Array): Promise<UserShare> {
  try {
    const reader = new ByteReader(bytes)
    if (!sameBytes(reader.take(userShareMagic.length), userShareMagic))
      throw refused('user-share', 'user_share: not a user share')
    if (reader.uint8() !== version) throw refused('user-share', 'user_share: unsupported version')
    const keyBytes = reader.take(shareKeyLength)
    const key = await importKey(keyBytes).finally(() => keyBytes.fill(0))
    const publicKey = reader.take(publicKeyLength)
    const [roster, sealedIdentity, sealedShare] = [1, 2, 3].map(() => reader.take(reader.uint32()))
    reader.end()
    if (!roster || !sealedIdentity || !sealedShare) throw refused('user-share', 'user_share: truncated')
    return {
      seat: describeSealed(sealedShare).seat as PartyId,
      publicKey,
      roster: decodeRoster(roster),
      identity: await unsealIdentity(sealedIdentity, key),
      sealedShare: sealedShare as Uint8Array as SealedShare,
      key,
    }
  } catch (error) {
    if (error instanceof RangeError) throw refused('user-share', `user_share: damaged: ${error.message}`)
    if (error instanceof ProtocolAbort && error.failure.kind === 'misbehaviour')
      throw refused('user-share', `user_share: damaged: ${error.message}`)
    throw error
  } finally {
    bytes.fill(0)
  }
}

/** A native age recipient. @throws ProtocolAbort `refused` */
export async function checkRecipient(recipient: string): Promise<void> {
  try {
    await sealedFor(recipient, new Uint8Array(1))
  } catch {
    throw refused('recipient', 'not an age recipient (age1...)')
  }
}

/** For the stock `age` program: `age --decrypt --identity key.txt`. @throws for a recipient that `checkRecipient` refuses */
export async function sealedFor(recipient: string, bytes: Uint8Array): Promise<string> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return armor.encode(await encrypter.encrypt(bytes))
}

/** @param key X25519, not extractable @throws ProtocolAbort `refused` */
export async function openedWith(key: CryptoKey, text: string): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(key)
  try {
    return await decrypter.decrypt(armor.decode(text))
  } catch {
    throw refused('user-share', 'user_share: damaged, or encrypted to a different key')
  }
}
