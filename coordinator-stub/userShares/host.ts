import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { type Identity, identityOfKeys } from '../../tss-wasm/identity/identity.ts'
import { Secret } from '../../tss-wasm/secret.ts'

/**
 * What users pin of a coordinator that takes part for them. It comes from the secret that all coordinators of a database
 * share, so that each of them is the same to a user, after a restart too.
 * @param secret the join token key, at least 32 bytes
 */
export async function hostIdentity(secret: Uint8Array): Promise<Identity> {
  const bytes = hkdf(sha256, secret, undefined, utf8ToBytes('quorate/user-share-host/1'), 64)
  const signing = new Secret<Uint8Array>(bytes.subarray(0, 32))
  const encryption = new Secret<Uint8Array>(bytes.subarray(32))
  try {
    return await identityOfKeys({ signing, encryption })
  } finally {
    bytes.fill(0)
  }
}
