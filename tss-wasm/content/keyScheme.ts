import type { BlsDomain } from './blsDomain.ts'

/** The schemes of keys beside ECDSA (SCHEMES 1). */
export const schemeNames = ['ed25519', 'taproot', 'bls12381'] as const
export type SchemeName = (typeof schemeNames)[number]

/** What a key is made for, and stays for: the scheme, and of a BLS key its domain. */
export type KeyScheme =
  { readonly scheme: 'ed25519' | 'taproot' } | { readonly scheme: 'bls12381'; readonly domain: BlsDomain }

/** Bytes of a public key as it travels: compressed, and of Taproot the internal key (SCHEMES 5.1). */
export const publicKeyLengths: Readonly<Record<SchemeName, number>> = { ed25519: 32, taproot: 33, bls12381: 48 }

/** Bytes of a signature. */
export const signatureLengths: Readonly<Record<SchemeName, number>> = { ed25519: 64, taproot: 64, bls12381: 96 }

export function isSchemeName(name: string): name is SchemeName {
  return (schemeNames as readonly string[]).includes(name)
}
