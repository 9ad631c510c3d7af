import { concatBytes } from '@noble/hashes/utils.js'
import { Address, OutScript } from '@scure/btc-signer/payment.js'
import { sameBytes } from '../bytes.ts'
import { keyHash } from './keys.ts'

const opReturn = 0x6a

/** What a script of an output means for the money in it. */
export type ScriptKind =
  /** Somebody's address. */
  | 'address'
  /** OP_RETURN: words for everybody to read. What it holds of money is gone. */
  | 'memo'
  /** Without a signature: whoever sees it first takes what is there. */
  | 'anybody'
  /** Nobody can ever spend it. */
  | 'nobody'
  /** None of these: a script without an address. */
  | 'other'

/** OP_0 and 20 bytes: pay to witness public key hash (BIP-141). */
export function keyHashScript(publicKey: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(0x00, 0x14), keyHash(publicKey))
}

export function isKeyHashScript(script: Uint8Array): boolean {
  return script.length === 22 && script[0] === 0x00 && script[1] === 0x14
}

/** On the main network; undefined for a script that has none. */
export function addressOf(script: Uint8Array): string | undefined {
  try {
    return Address().encode(OutScript.decode(script) as Parameters<ReturnType<typeof Address>['encode']>[0])
  } catch {
    return undefined
  }
}

/** The script that pays to an address of the main network, in whatever case it is written. Undefined where it is not such an address. */
export function scriptOf(address: string): Uint8Array | undefined {
  try {
    return OutScript.encode(Address().decode(address))
  } catch {
    return undefined
  }
}

export function scriptKind(script: Uint8Array): ScriptKind {
  if (isAnchor(script)) return 'anybody'
  if (addressOf(script) !== undefined) return 'address'
  if (script[0] === opReturn) return 'memo'
  if (isTaprootOfNoKey(script) || isFalse(script)) return 'nobody'
  return isProgramOfUnknownVersion(script) || isTrue(script) ? 'anybody' : 'other'
}

/** Pay to anchor: it has an address, and is there for anybody to spend. */
function isAnchor(script: Uint8Array): boolean {
  return sameBytes(script, Uint8Array.of(0x51, 0x02, 0x4e, 0x73))
}

/** BIP-341: 32 bytes that are no key's, or they would have an address. */
function isTaprootOfNoKey(script: Uint8Array): boolean {
  return script.length === 34 && script[0] === 0x51 && script[1] === 0x20
}

/** BIP-141: until a version has rules, whatever is paid to it can be taken without a signature. */
function isProgramOfUnknownVersion(script: Uint8Array): boolean {
  const [version = 0, length = 0] = script
  const isProgram = length >= 2 && length <= 40 && script.length === 2 + length
  return isProgram && version >= 0x51 && version <= 0x60
}

/** Scripts that end with something true on the stack and ask nothing: OP_1 to OP_16, a push of anything but zero, OP_NOP. */
function isTrue(script: Uint8Array): boolean {
  const [code = 0] = script
  if (script.length === 0) return true // the empty script leaves what the spender brought
  if (script.every((each) => each === 0x61)) return true
  if (script.length === 1) return code === 0x4f || (code >= 0x51 && code <= 0x60)
  return isPush(script) && script.subarray(1).some((byte, i) => byte !== 0 && !(byte === 0x80 && i === code - 1))
}

function isFalse(script: Uint8Array): boolean {
  return (script.length === 1 && script[0] === 0x00) || (isPush(script) && !isTrue(script))
}

function isPush(script: Uint8Array): boolean {
  const [length = 0] = script
  return length >= 1 && length <= 75 && script.length === 1 + length
}
