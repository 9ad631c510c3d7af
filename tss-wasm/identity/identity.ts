import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { ByteReader, uint16 } from '../bytes.ts'
import { ProtocolAbort } from '../failure.ts'
import type { RandomSource } from '../random.ts'

/**
 * The identity of an installation (architecture.md 2.1): an Ed25519 key that signs envelopes, rosters and
 * confirmations, and an X25519 key to which private messages are encrypted. WebCrypto keys, non-extractable where the
 * platform keeps them; they can be posted to a worker without ever being bytes.
 */
export interface Identity {
  readonly signing: CryptoKeyPair
  readonly encryption: CryptoKeyPair
  readonly public: PublicIdentity
}

/** What others know of an installation. 32 raw bytes each. */
export interface PublicIdentity {
  readonly signingKey: Uint8Array
  readonly encryptionKey: Uint8Array
}

/**
 * Both key pairs come from WebCrypto's own generator: a key made elsewhere could not be non-extractable.
 * @param extractable only where the platform cannot store a CryptoKey and `sealIdentity` must follow
 */
export async function createIdentity({ extractable = false } = {}): Promise<Identity> {
  const signing = await crypto.subtle.generateKey('Ed25519', extractable, ['sign', 'verify'])
  const encryption = await crypto.subtle.generateKey('X25519', extractable, ['deriveBits'])
  return identityOf(signing, encryption)
}

async function identityOf(signing: CryptoKeyPair, encryption: CryptoKeyPair): Promise<Identity> {
  const signingKey = new Uint8Array(await crypto.subtle.exportKey('raw', signing.publicKey))
  const encryptionKey = new Uint8Array(await crypto.subtle.exportKey('raw', encryption.publicKey))
  return { signing, encryption, public: { signingKey, encryptionKey } }
}

const base32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ' // Crockford: nothing that reads like something else

export const fingerprintLength = 15

/** What `fingerprint` writes in letters. */
export function fingerprintBytes({ signingKey, encryptionKey }: PublicIdentity): Uint8Array {
  const hash = sha256(concatBytes(utf8ToBytes('quorate/identity/1\0'), signingKey, encryptionKey))
  return hash.slice(0, fingerprintLength)
}

/** For people to compare: six groups of four characters, 120 bits of SHA-256 over both public keys. */
export function fingerprint(identity: PublicIdentity): string {
  let bits = fingerprintBytes(identity).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  let text = ''
  for (let i = 0; i < 24; i += 1, bits >>= 5n) text = `${base32[Number(bits & 31n)] ?? ''}${text}`
  return text.replace(/.{4}(?!$)/g, '$& ')
}

const header = utf8ToBytes('quorate-identity\x01') as Uint8Array<ArrayBuffer>
const nonceLength = 12

/**
 * An extractable identity at rest, for servers and for desktops that cannot store a CryptoKey: header, nonce, and both
 * PKCS #8 keys with their public halves under AES-256-GCM, the header as additional data.
 */
export async function sealIdentity(
  identity: Identity,
  key: CryptoKey,
  random: RandomSource,
): Promise<Uint8Array<ArrayBuffer>> {
  const [signing, encryption] = await Promise.all([pkcs8(identity.signing), pkcs8(identity.encryption)])
  const { signingKey, encryptionKey } = identity.public
  const plain = new Uint8Array(
    concatBytes(signingKey, encryptionKey, uint16(signing.length), signing, uint16(encryption.length), encryption),
  )
  const iv = random(nonceLength)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: header }, key, plain)
  for (const secret of [plain, signing, encryption]) secret.fill(0)
  return new Uint8Array(concatBytes(header, iv, new Uint8Array(sealed)))
}

async function pkcs8({ privateKey }: CryptoKeyPair): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))
}

/** The private keys of the result are not extractable. @throws ProtocolAbort `refused` */
export async function unsealIdentity(sealed: Uint8Array, key: CryptoKey): Promise<Identity> {
  let plain: Uint8Array<ArrayBuffer> | undefined
  try {
    const outer = new ByteReader(sealed.subarray(0, 1024))
    if (outer.take(header.length).some((byte, i) => byte !== header[i])) throw new RangeError('not an identity file')
    const iv = outer.take(nonceLength)
    plain = new Uint8Array(
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: header }, key, outer.rest()),
    )
    const inner = new ByteReader(plain)
    const [signingPublic, encryptionPublic] = [inner.take(32), inner.take(32)]
    const [signingPrivate, encryptionPrivate] = [inner.take(inner.uint16()), inner.take(inner.uint16())]
    const signing = {
      publicKey: await crypto.subtle.importKey('raw', signingPublic, 'Ed25519', true, ['verify']),
      privateKey: await crypto.subtle.importKey('pkcs8', signingPrivate, 'Ed25519', false, ['sign']),
    }
    const encryption = {
      publicKey: await crypto.subtle.importKey('raw', encryptionPublic, 'X25519', true, []),
      privateKey: await crypto.subtle.importKey('pkcs8', encryptionPrivate, 'X25519', false, ['deriveBits']),
    }
    signingPrivate.fill(0)
    encryptionPrivate.fill(0)
    return await identityOf(signing, encryption)
  } catch {
    throw new ProtocolAbort({ kind: 'refused', reason: 'identity file is damaged or sealed under another key' })
  } finally {
    plain?.fill(0)
  }
}
