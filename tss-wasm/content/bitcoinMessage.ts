import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { RawOldTx, VarBytes } from '@scure/btc-signer/script.js'
import { sha256x2 } from '@scure/btc-signer/utils.js'
import type { BitcoinMessageContent } from './content.ts'
import type { ContentSignature } from './ethereum.ts'
import { keyHash } from './keys.ts'
import { longestMessage } from './longestMessage.ts'
import { keyHashScript } from './scripts.ts'
import { ContentRefused } from './refused.ts'

const legacyPrefix = '\x18Bitcoin Signed Message:\n'
const tag = 'BIP0322-signed-message'
const signAll = 1
/** BIP-137, of a P2WPKH address: the first byte is this and the recovery id. */
const leastHeader = 39
const opReturn = Uint8Array.of(0x6a)

/**
 * The 32 bytes that the owner of a key's P2WPKH address signs for a text. Neither of them is the digest of any payment: BIP-137
 * hashes behind a prefix, and what BIP-322 spends is worth nothing and does not exist.
 * @param publicKey of the address, compressed
 * @throws ContentRefused
 */
export function bitcoinMessageDigest({ message, format }: BitcoinMessageContent, publicKey: Uint8Array): Uint8Array {
  if (message.length > longestMessage) throw new ContentRefused('message', 'too-long')
  return format === 'bip137' ? sha256x2(behindPrefix(message)) : spendingDigest(message, publicKey)
}

/** The signature as verifiers take it, base64: BIP-322 "simple" (the witness), or 65 bytes with a header (BIP-137). */
export function bitcoinMessageSignature(
  { format }: BitcoinMessageContent,
  publicKey: Uint8Array,
  { r, s, recovery }: ContentSignature,
): string {
  if (format === 'bip137') return base64(concatBytes(Uint8Array.of(leastHeader + recovery), r, s))
  const der = secp256k1.Signature.fromBytes(concatBytes(r, s)).toBytes('der')
  const witness = [concatBytes(der, Uint8Array.of(signAll)), publicKey]
  return base64(concatBytes(Uint8Array.of(witness.length), ...witness.map((item) => VarBytes.encode(item))))
}

function behindPrefix(message: Uint8Array): Uint8Array {
  return concatBytes(utf8ToBytes(legacyPrefix), VarBytes.encode(message))
}

/** BIP-322, "Full": a transaction that nobody can send spends one that does not exist and holds the message's hash. */
function spendingDigest(message: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const spent = messageTransactionId(message, publicKey)
  return witnessDigest(spent, publicKey)
}

/** The id of BIP-322's "to_spend", as it is hashed. */
export function messageTransactionId(message: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const messageHash = sha256(concatBytes(sha256(utf8ToBytes(tag)), sha256(utf8ToBytes(tag)), message))
  const transaction = {
    version: 0,
    segwitFlag: false,
    inputs: [
      {
        txid: new Uint8Array(32),
        index: 0xffffffff,
        finalScriptSig: concatBytes(Uint8Array.of(0x00, 0x20), messageHash),
        sequence: 0,
      },
    ],
    outputs: [{ amount: 0n, script: keyHashScript(publicKey) }],
    witnesses: undefined,
    lockTime: 0,
  }
  return sha256x2(RawOldTx.encode(transaction))
}

/** BIP-143 of "to_sign": one input of nothing, one output of nothing to nobody. */
function witnessDigest(spent: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const zero = new Uint8Array(4)
  const outpoint = concatBytes(spent, zero)
  const scriptCode = concatBytes(Uint8Array.of(0x19, 0x76, 0xa9, 0x14), keyHash(publicKey), Uint8Array.of(0x88, 0xac))
  const output = concatBytes(new Uint8Array(8), VarBytes.encode(opReturn))
  return sha256x2(
    concatBytes(
      zero, // version
      sha256x2(outpoint),
      sha256x2(zero), // sequences
      outpoint,
      scriptCode,
      new Uint8Array(8), // amount
      zero, // sequence
      sha256x2(output),
      zero, // lock time
      Uint8Array.of(signAll, 0, 0, 0),
    ),
  )
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
