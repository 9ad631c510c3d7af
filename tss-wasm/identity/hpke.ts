import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { concatBytes } from '@noble/hashes/utils.js'
import type { RandomSource } from '../random.ts'
import { pairOf } from './curve25519.ts'

// HPKE (RFC 9180) in base mode to the encryption key of an identity: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

/** Of the encapsulated key, which goes before the ciphertext. */
export const encapsulatedLength = 32

/** What both sides have to know besides the keys. */
export interface Context {
  readonly info: Uint8Array
  readonly aad: Uint8Array
}

/**
 * The ephemeral key is ours: a worker that is ended while WebCrypto generates one takes the whole Node process along.
 * @param key 32 bytes
 * @returns the encapsulated key and the ciphertext, 16 bytes longer than `plain`
 * @throws whatever the engine throws, also for a key of small order
 */
export async function sealTo(
  key: Uint8Array,
  plain: Uint8Array,
  { info, aad }: Context,
  random: RandomSource,
): Promise<Uint8Array> {
  const secret = random(encapsulatedLength)
  try {
    const recipientPublicKey = await suite.kem.deserializePublicKey(new Uint8Array(key))
    const ekm = await pairOf('X25519', secret, true)
    const parameters = { recipientPublicKey, info: new Uint8Array(info), ekm }
    const { enc, ct } = await suite.seal(parameters, new Uint8Array(plain), new Uint8Array(aad))
    return concatBytes(new Uint8Array(enc), new Uint8Array(ct))
  } finally {
    secret.fill(0)
  }
}

/** What `sealTo` has made. @throws whatever the engine throws, which does not tell whether it was made for us */
export async function open(
  recipientKey: CryptoKeyPair,
  sealed: Uint8Array,
  { info, aad }: Context,
): Promise<Uint8Array<ArrayBuffer>> {
  const enc = new Uint8Array(sealed.subarray(0, encapsulatedLength))
  const ciphertext = new Uint8Array(sealed.subarray(encapsulatedLength))
  const parameters = { recipientKey, enc, info: new Uint8Array(info) }
  return new Uint8Array(await suite.open(parameters, ciphertext, new Uint8Array(aad)))
}
