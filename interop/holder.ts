import { createIdentity, type Identity } from '../tss-wasm/identity/identity.ts'

/**
 * Whoever holds a seat of a wallet, with everything that it takes to sit there: its identity both as our program keeps it
 * and as the Go party reads it, and its share in the plain. So that in one session our engine sits in the seat, and in the
 * next one tss-lib.
 */
export interface Holder {
  /** Which fixture pre-parameters it brings: 0 to 4. */
  readonly number: number
  readonly identity: Identity
  /** identity.json of the Go party. */
  readonly keys: HolderKeys
}

/** 32 bytes each, lower-case hex. */
export interface HolderKeys {
  readonly signingSeed: string
  readonly encryptionKey: string
}

/** A seat of a wallet and its share, as `encodeWallet` and SPEC.md ("Sealed shares") write it: never sealed, for tests. */
export interface Held extends Holder {
  readonly wallet: Uint8Array<ArrayBuffer>
}

export async function newHolder(number: number): Promise<Holder> {
  const identity = await createIdentity({ extractable: true })
  const [signingSeed, encryptionKey] = await Promise.all([
    privateBytes(identity.signing.privateKey),
    privateBytes(identity.encryption.privateKey),
  ])
  return { number, identity, keys: { signingSeed, encryptionKey } }
}

async function privateBytes(key: CryptoKey): Promise<string> {
  const { d = '' } = await crypto.subtle.exportKey('jwk', key)
  return Buffer.from(d, 'base64url').toString('hex')
}

/** RFC 8410: what stands before the 32 bytes of a private key. */
const pkcs8 = { Ed25519: '302e020100300506032b657004220420', X25519: '302e020100300506032b656e04220420' } as const

/** The identity of which `keys` are the private halves. */
export async function identityOf({ signingSeed, encryptionKey }: HolderKeys): Promise<Identity> {
  const signing = await pairOf('Ed25519', signingSeed, ['sign'], ['verify'])
  const encryption = await pairOf('X25519', encryptionKey, ['deriveBits'], [])
  const raw = async ({ publicKey }: CryptoKeyPair) => new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))
  return {
    signing,
    encryption,
    public: { signingKey: await raw(signing), encryptionKey: await raw(encryption) },
  }
}

async function pairOf(
  name: keyof typeof pkcs8,
  hex: string,
  forPrivate: readonly KeyUsage[],
  forPublic: readonly KeyUsage[],
): Promise<CryptoKeyPair> {
  const bytes = Buffer.from(pkcs8[name] + hex, 'hex')
  const privateKey = await crypto.subtle.importKey('pkcs8', bytes, name, true, [...forPrivate])
  const { x = '', kty = '', crv = '' } = await crypto.subtle.exportKey('jwk', privateKey)
  const publicKey = await crypto.subtle.importKey('jwk', { kty, crv, x }, name, true, [...forPublic])
  return { privateKey, publicKey }
}
