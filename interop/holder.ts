import { hexToBytes } from '@noble/hashes/utils.js'
import { createIdentity, type Identity, identityOfKeys } from '../tss-wasm/identity/identity.ts'
import { Secret } from '../tss-wasm/secret.ts'

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

/** A seat of a wallet and its share, as `encodeWallet` writes it (SPEC 9): never sealed, for tests. */
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

/** The identity of which `keys` are the private halves. */
export function identityOf({ signingSeed, encryptionKey }: HolderKeys): Promise<Identity> {
  const secret = (hex: string) => new Secret<Uint8Array>(hexToBytes(hex))
  return identityOfKeys({ signing: secret(signingSeed), encryption: secret(encryptionKey) })
}
