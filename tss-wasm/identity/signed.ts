import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Identity } from './identity.ts'

/** Every kind of signed bytes has its own prefix, so that a signature over one is none over another. */
export type Domain =
  'envelope' | 'proposal' | 'join' | 'roster' | 'approval' | 'confirmation' | 'withdrawal' | 'watch' | 'opening'

export const signatureLength = 64

function prefixed(domain: Domain, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(concatBytes(utf8ToBytes(`quorate/${domain}/1\0`), bytes))
}

/** Ed25519 over "quorate/<domain>/1", a zero byte, and the bytes verbatim. 64 bytes. */
export async function signed(domain: Domain, bytes: Uint8Array, identity: Identity): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign('Ed25519', identity.signing.privateKey, prefixed(domain, bytes)))
}

/** Whether the holder of the key signed these bytes. A key that is none answers no. */
export async function isSigned(
  domain: Domain,
  bytes: Uint8Array,
  signature: Uint8Array,
  signingKey: Uint8Array,
): Promise<boolean> {
  if (signature.length !== signatureLength || signingKey.length !== 32) return false
  try {
    const key = await crypto.subtle.importKey('raw', new Uint8Array(signingKey), 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), prefixed(domain, bytes))
  } catch {
    return false
  }
}
