import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { sameBytes, uint16 } from '../bytes.ts'
import { refused } from '../failure.ts'
import type { RandomSource } from '../random.ts'

/**
 * A passkey opens a share beside its passphrase, and takes nothing from it: what a passkey wraps is the very key that the
 * passphrase gives with the salt of one sealed share. A share that is sealed anew has another salt, so nothing that was
 * wrapped for the old one opens it (SPEC 9.1).
 */
export interface PasskeySecret {
  /** 32 bytes: the WebAuthn PRF of the authenticator at the passkey's salt. */
  readonly secret: Uint8Array<ArrayBuffer>
  readonly credentialId: Uint8Array<ArrayBuffer>
}

/** The key of a sealed share, wrapped under a passkey. */
export type WrappedShareKey = Uint8Array<ArrayBuffer> & { readonly brand: 'WrappedShareKey' }

const header = new Uint8Array(utf8ToBytes('quorate-passkey\0\x01'))
const nonceLength = 12
const secretLength = 32
const wrappedLength = header.length + nonceLength + 32 + 16
const mostCredentialId = 1023

/**
 * header with version ‖ nonce ‖ AES-256-GCM of the share's key.
 * @param shareHeader of the sealed share: wallet, seat, epoch, and the salt of its passphrase
 */
export async function wrapShareKey(
  shareKey: Uint8Array<ArrayBuffer>,
  shareHeader: Uint8Array,
  passkey: PasskeySecret,
  random: RandomSource,
): Promise<WrappedShareKey> {
  const iv = random(nonceLength)
  const key = await wrappingKey(passkey)
  const parameters = { name: 'AES-GCM', iv, additionalData: boundTo(shareHeader, passkey) }
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt(parameters, key, shareKey))
  return new Uint8Array(concatBytes(header, iv, ciphertext)) as WrappedShareKey
}

/** @returns the share's key, to be overwritten. @throws ProtocolAbort `refused`, reason `passkey: …` */
export async function unwrapShareKey(
  wrapped: Uint8Array,
  shareHeader: Uint8Array,
  passkey: PasskeySecret,
): Promise<Uint8Array<ArrayBuffer>> {
  if (wrapped.length !== wrappedLength || !sameBytes(wrapped.subarray(0, header.length), header))
    throw refused('passkey', 'what is stored of it is damaged')
  const iv = new Uint8Array(wrapped.subarray(header.length, header.length + nonceLength))
  const ciphertext = new Uint8Array(wrapped.subarray(header.length + nonceLength))
  const key = await wrappingKey(passkey)
  try {
    const parameters = { name: 'AES-GCM', iv, additionalData: boundTo(shareHeader, passkey) }
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, ciphertext))
  } catch {
    throw refused('passkey', 'does not open this share')
  }
}

/** HKDF-SHA-256 without salt: what comes from the authenticator is 32 bytes of a keyed hash already. */
async function wrappingKey({ secret, credentialId }: PasskeySecret): Promise<CryptoKey> {
  if (secret.length !== secretLength) throw refused('passkey', 'the authenticator gave no 32 bytes')
  if (credentialId.length === 0 || credentialId.length > mostCredentialId)
    throw refused('passkey', 'not a credential id')
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: header }
  const algorithm = { name: 'AES-GCM', length: 256 }
  return crypto.subtle.deriveKey(parameters, material, algorithm, false, ['encrypt', 'decrypt'])
}

function boundTo(shareHeader: Uint8Array, { credentialId }: PasskeySecret): Uint8Array<ArrayBuffer> {
  return new Uint8Array(concatBytes(header, uint16(shareHeader.length), shareHeader, credentialId))
}
