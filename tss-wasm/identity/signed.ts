import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Identity } from './identity.ts'

/** Every kind of signed bytes has its own prefix, so that a signature over one is none over another. */
export type Domain =
  | 'envelope'
  | 'proposal'
  | 'join'
  | 'roster'
  | 'approval'
  | 'confirmation'
  | 'withdrawal'
  | 'watch'
  | 'opening'
  | 'code-opening'
  | 'handover'
  | 'handover-approval'
  | 'handover-confirmation'
  | 'handover-withdrawal'
  | 'retired'
  | 'call-key'
  | 'given-share'
  | 'mailbox-key'
  | 'request'
  | 'statement'
  | 'rules'

export const signatureLength = 64

function prefixed(domain: Domain, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(concatBytes(utf8ToBytes(`quorate/${domain}/1\0`), bytes))
}

/** Ed25519 over "quorate/<domain>/1", a zero byte, and the bytes verbatim. 64 bytes. */
export async function signed(domain: Domain, bytes: Uint8Array, identity: Identity): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign('Ed25519', identity.signing.privateKey, prefixed(domain, bytes)))
}

/**
 * The y of the points of order 1, 2, 4 and 8, little-endian: under such a key one signature is good for many messages. Some
 * browsers verify with them, Node does not: whoever asks here gets one answer everywhere.
 */
const smallOrder: ReadonlySet<string> = new Set([
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/** 32 bytes that can stand for a holder: y below the field's prime, and not of small order. */
export function isUsableKey(signingKey: Uint8Array): boolean {
  if (signingKey.length !== 32) return false
  const y = signingKey.slice()
  y[31] = (y[31] ?? 0) & 0x7f // the sign of x
  const isReduced = y[31] !== 0x7f || (y[0] ?? 0) < 0xed || y.subarray(1, 31).some((byte) => byte !== 0xff)
  return isReduced && !smallOrder.has(bytesToHex(y))
}

/** Whether the holder of the key signed these bytes. False for an invalid key. */
export async function isSigned(
  domain: Domain,
  bytes: Uint8Array,
  signature: Uint8Array,
  signingKey: Uint8Array,
): Promise<boolean> {
  if (signature.length !== signatureLength || !isUsableKey(signingKey)) return false
  try {
    const key = await crypto.subtle.importKey('raw', new Uint8Array(signingKey), 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), prefixed(domain, bytes))
  } catch {
    return false
  }
}
