// Keys of Ed25519 and X25519 in WebCrypto, as RFC 8410 writes them. WebKitGTK 2.50 neither generates a private key that begins
// with a zero byte nor reads it as PKCS #8, which befalls one key in 256; this file is how such keys work there, too.
import { ed25519 } from '@noble/curves/ed25519.js'
import { base64urlnopad } from '@scure/base'
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { sameBytes } from '../bytes.ts'

export type Curve = 'Ed25519' | 'X25519'

/** Before the 32 bytes of a private key. */
const prefixes: Readonly<Record<Curve, Uint8Array>> = {
  Ed25519: hexToBytes('302e020100300506032b657004220420'),
  X25519: hexToBytes('302e020100300506032b656e04220420'),
}

const uses: Readonly<Record<Curve, { readonly private: KeyUsage[]; readonly public: KeyUsage[] }>> = {
  Ed25519: { private: ['sign'], public: ['verify'] },
  X25519: { private: ['deriveBits'], public: [] },
}

/** How often a key may begin with a zero byte in a row. */
const attempts = 16

/** By WebCrypto's own generator. @throws what it throws where it cannot at all */
export async function generatePair(curve: Curve, extractable: boolean): Promise<CryptoKeyPair> {
  const { subtle } = crypto
  const made = () => subtle.generateKey(curve, extractable, [...uses[curve].private, ...uses[curve].public])
  for (let left = attempts; left > 1; left -= 1) {
    try {
      return (await made()) as CryptoKeyPair
    } catch (error) {
      if ((error as Error).name !== 'OperationError') throw error
    }
  }
  return (await made()) as CryptoKeyPair
}

/** The 32 bytes of a private key. @throws RangeError for another form of it */
export function privatePart(curve: Curve, pkcs8: Uint8Array): Uint8Array {
  const prefix = prefixes[curve]
  if (pkcs8.length !== prefix.length + 32 || !sameBytes(pkcs8.subarray(0, prefix.length), prefix))
    throw new RangeError('another form of private key')
  return pkcs8.slice(prefix.length)
}

/** @param secret 32 bytes, which stay the caller's to erase */
export async function importPrivate(curve: Curve, secret: Uint8Array, extractable: boolean): Promise<CryptoKey> {
  const pkcs8 = new Uint8Array(concatBytes(prefixes[curve], secret))
  const at = prefixes[curve].length
  try {
    // The three lowest bits are no part of an X25519 scalar (RFC 7748, section 5): with one of them set it is the same key.
    if (curve === 'X25519' && pkcs8[at] === 0) pkcs8[at] = 1
    return await crypto.subtle.importKey('pkcs8', pkcs8, curve, extractable, uses[curve].private)
  } catch (error) {
    if (curve === 'X25519' || secret[0] !== 0) throw error
    return await importSeed(secret, extractable)
  } finally {
    pkcs8.fill(0)
  }
}

/** Nothing erases the text that a JWK is made of: only for keys that cannot be had otherwise. */
async function importSeed(seed: Uint8Array, extractable: boolean): Promise<CryptoKey> {
  const jwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    d: base64urlnopad.encode(seed),
    x: base64urlnopad.encode(ed25519.getPublicKey(seed)),
  }
  return crypto.subtle.importKey('jwk', jwk, 'Ed25519', extractable, uses.Ed25519.private)
}

/** The pair of a private key. WebCrypto tells its public half only when it writes both as a JWK. @param secret 32 bytes */
export async function pairOf(curve: Curve, secret: Uint8Array, extractable: boolean): Promise<CryptoKeyPair> {
  const readable = await importPrivate(curve, secret, true)
  const { crv = '', x = '' } = await crypto.subtle.exportKey('jwk', readable)
  const publicKey = await crypto.subtle.importKey('jwk', { kty: 'OKP', crv, x }, curve, true, uses[curve].public)
  return { privateKey: extractable ? readable : await importPrivate(curve, secret, false), publicKey }
}
