import { secp256k1 } from '@noble/curves/secp256k1.js'
import { ripemd160 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'

const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
const mainNet = 'bc'
const witnessVersion = 0

/**
 * The Bitcoin address of a public key (33 or 65 bytes): pay to witness public key hash, version 0 (BIP-141), in bech32
 * (BIP-173), on the main network. @throws if it is not a point of the curve
 */
export function bitcoinAddress(publicKey: Uint8Array): string {
  const compressed = secp256k1.Point.fromBytes(publicKey).toBytes(true)
  const data = [witnessVersion, ...fiveBitGroups(ripemd160(sha256(compressed)))]
  return `${mainNet}1${[...data, ...checksum(mainNet, data)].map((value) => alphabet.charAt(value)).join('')}`
}

/** 20 bytes are 32 groups of five bits exactly: nothing to pad. */
function fiveBitGroups(hash: Uint8Array): number[] {
  const bits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((group) => Number.parseInt(group, 2))
}

/** BIP-173 "Checksum": six more values that make the polynomial of the whole 1. */
function checksum(prefix: string, data: readonly number[]): number[] {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0))
  const expanded = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)]
  const residue = polymod([...expanded, ...data, 0, 0, 0, 0, 0, 0]) ^ 1
  return [25, 20, 15, 10, 5, 0].map((shift) => (residue >> shift) & 31)
}

function polymod(values: readonly number[]): number {
  let residue = 1
  for (const value of values) {
    const top = residue >> 25
    residue = ((residue & 0x1ffffff) << 5) ^ value
    for (const [bit, generator] of generators.entries()) if ((top >> bit) & 1) residue ^= generator
  }
  return residue
}
