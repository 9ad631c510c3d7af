import { bytesToHex } from '@noble/hashes/utils.js'
import { extendedPublicKey } from './extendedKey.ts'
import { keyHash } from './keys.ts'

/** What BIP-380 and BIP-389 let a program that watches a wallet know of its addresses: native SegWit, without secrets. */
export interface Descriptors {
  /** Of the addresses at m/0/… (to receive) and m/1/… (change). */
  readonly branches: string
  /** Of the main address, which is on neither branch. */
  readonly main: string
}

/** @param publicKey of the wallet, compressed */
export function descriptorsOf(publicKey: Uint8Array): Descriptors {
  const origin = `[${fingerprintOf(publicKey)}]`
  return {
    branches: withChecksum(`wpkh(${origin}${extendedPublicKey(publicKey)}/<0;1>/*)`),
    main: withChecksum(`wpkh(${origin}${bytesToHex(publicKey)})`),
  }
}

/**
 * BIP-32 "Key identifiers": by these 8 hexadecimal digits a PSBT names the root of a key.
 * @param publicKey compressed
 */
export function fingerprintOf(publicKey: Uint8Array): string {
  return bytesToHex(keyHash(publicKey).subarray(0, 4))
}

const characters = '0123456789()[],\'/*abcdefgh@:$%{}IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~ijklmnopqrstuvwxyzABCDEFGH`#"\\ '
const checksumCharacters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generators = [0xf5dee51989n, 0xa9fdca3312n, 0x1bab10e32dn, 0x3706b1677an, 0x644d626ffdn]
const checksumLength = 8

/** BIP-380 "Checksum". @throws for a character that no descriptor has */
export function withChecksum(descriptor: string): string {
  const residue = polymod([...symbolsOf(descriptor), ...Array<number>(checksumLength).fill(0)]) ^ 1n
  const checksum = Array.from({ length: checksumLength }, (_, index) => {
    const shift = 5n * BigInt(checksumLength - 1 - index)
    return checksumCharacters.charAt(Number((residue >> shift) & 31n))
  })
  return `${descriptor}#${checksum.join('')}`
}

/** The low five bits of each character's place, and after every third character what is above them in all three. */
function symbolsOf(descriptor: string): number[] {
  const symbols: number[] = []
  let groups: number[] = []
  const close = () => {
    symbols.push(groups.reduce((sum, group) => sum * 3 + group, 0))
    groups = []
  }
  for (const character of descriptor) {
    const place = characters.indexOf(character)
    if (place === -1) throw new RangeError('not a character of a descriptor')
    symbols.push(place & 31)
    groups.push(place >> 5)
    if (groups.length === 3) close()
  }
  if (groups.length > 0) close()
  return symbols
}

function polymod(symbols: readonly number[]): bigint {
  let residue = 1n
  for (const symbol of symbols) {
    const top = residue >> 35n
    residue = ((residue & 0x7ffffffffn) << 5n) ^ BigInt(symbol)
    for (const [bit, generator] of generators.entries()) if ((top >> BigInt(bit)) & 1n) residue ^= generator
  }
  return residue
}
