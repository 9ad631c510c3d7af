import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { ByteReader, sameBytes, uint16 } from '../bytes.ts'
import { refused } from '../failure.ts'
import { type Curve, generatePair, importPrivate, pairOf, privatePart } from './curve25519.ts'
import type { RandomSource } from '../random.ts'
import { Secret } from '../secret.ts'

/**
 * The identity of an installation (ARCHITECTURE 2.1): an Ed25519 key that signs envelopes, rosters and
 * confirmations, and an X25519 key to which private messages are encrypted. WebCrypto keys, non-extractable where the
 * platform keeps them; `SealedIdentity` is how they reach a worker.
 */
export interface Identity {
  readonly signing: CryptoKeyPair
  readonly encryption: CryptoKeyPair
  readonly public: PublicIdentity
  /** What it was unsealed from, where it was: a worker can unseal it again. */
  readonly origin?: SealedIdentity
}

/**
 * An identity at rest and the key that opens it. This form goes everywhere: WebKit neither stores X25519 keys in IndexedDB
 * nor posts them to a worker, and does both with AES keys.
 */
export interface SealedIdentity {
  /** As `sealIdentity` writes it. */
  readonly sealed: Uint8Array
  readonly key: CryptoKey
}

/**
 * The private halves as bytes, 32 each: an Ed25519 seed (RFC 8032) and an X25519 scalar (RFC 7748). Only in the worker, on
 * their way into a sealed share or out of a backup, so that whoever holds the share can hold its seat.
 */
export interface IdentityKeys {
  readonly signing: Secret<Uint8Array>
  readonly encryption: Secret<Uint8Array>
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
  return identityOf(await generatePair('Ed25519', extractable), await generatePair('X25519', extractable))
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
  return opened(sealed, key, async ([signingPublic, encryptionPublic, signingPrivate, encryptionPrivate]) => {
    const signing = {
      publicKey: await crypto.subtle.importKey('raw', signingPublic, 'Ed25519', true, ['verify']),
      privateKey: await privateKeyOf('Ed25519', signingPrivate),
    }
    const encryption = {
      publicKey: await crypto.subtle.importKey('raw', encryptionPublic, 'X25519', true, []),
      privateKey: await privateKeyOf('X25519', encryptionPrivate),
    }
    return { ...(await identityOf(signing, encryption)), origin: { sealed, key } }
  })
}

async function privateKeyOf(curve: Curve, pkcs8: Uint8Array): Promise<CryptoKey> {
  const secret = privatePart(curve, pkcs8)
  try {
    return await importPrivate(curve, secret, false)
  } finally {
    secret.fill(0)
  }
}

/** The form in which an identity can be posted to a worker of any engine; the keys themselves where there is no other. */
export function postable(identity: Identity): Identity | SealedIdentity {
  return identity.origin ?? identity
}

/** What `postable` made, as an identity again. @throws ProtocolAbort `refused` */
export async function asIdentity(posted: Identity | SealedIdentity): Promise<Identity> {
  return 'sealed' in posted ? unsealIdentity(posted.sealed, posted.key) : posted
}

/** For the worker, which seals them into a share. @throws ProtocolAbort `refused` */
export async function unsealIdentityKeys(sealed: Uint8Array, key: CryptoKey): Promise<IdentityKeys> {
  return opened(sealed, key, ([, , signing, encryption]) =>
    Promise.resolve({
      signing: new Secret<Uint8Array>(privatePart('Ed25519', signing)),
      encryption: new Secret<Uint8Array>(privatePart('X25519', encryption)),
    }),
  )
}

/** The identity that these keys make, with public halves that belong to them. @param extractable for `sealIdentity` */
export async function identityOfKeys(keys: IdentityKeys, { extractable = false } = {}): Promise<Identity> {
  return identityOf(
    await pairOf('Ed25519', keys.signing.reveal(), extractable),
    await pairOf('X25519', keys.encryption.reveal(), extractable),
  )
}

type SealedParts = readonly [
  signingPublic: Uint8Array<ArrayBuffer>,
  encryptionPublic: Uint8Array<ArrayBuffer>,
  signingPrivate: Uint8Array<ArrayBuffer>,
  encryptionPrivate: Uint8Array<ArrayBuffer>,
]

async function opened<T>(sealed: Uint8Array, key: CryptoKey, use: (parts: SealedParts) => Promise<T>): Promise<T> {
  let plain: Uint8Array<ArrayBuffer> | undefined
  let parts: SealedParts | undefined
  try {
    const outer = new ByteReader(sealed.subarray(0, 1024))
    if (!sameBytes(outer.take(header.length), header)) throw new RangeError('not an identity file')
    const iv = outer.take(nonceLength)
    const parameters = { name: 'AES-GCM', iv, additionalData: header }
    plain = new Uint8Array(await crypto.subtle.decrypt(parameters, key, outer.rest()))
    const inner = new ByteReader(plain)
    parts = [inner.take(32), inner.take(32), inner.take(inner.uint16()), inner.take(inner.uint16())]
    return await use(parts)
  } catch {
    throw refused('other-identity', 'identity file is damaged or sealed under another key')
  } finally {
    for (const secret of [plain, parts?.[2], parts?.[3]]) secret?.fill(0)
  }
}
