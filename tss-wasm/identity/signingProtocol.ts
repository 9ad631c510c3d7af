import { isSchemeName, type SchemeName } from '../content/keyScheme.ts'

/**
 * How a signature is computed: CGGMP24 in this version of its messages. A roster names it; one that names nothing is for
 * tss-lib's nine rounds, which every party can.
 */
export const cggmp24 = 'cggmp24/1'

/** How keys of other schemes sign: one way each, which a roster names so that another can follow (SCHEMES 11.2). */
export const schemeProtocols = {
  ed25519: 'FROST-ED25519-SHA512-v1',
  taproot: 'FROST-secp256k1-SHA256-TR-v1',
  bls12381: 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_',
} as const satisfies Readonly<Record<SchemeName, string>>
export type SigningProtocol = typeof cggmp24 | (typeof schemeProtocols)[SchemeName]
export const signingProtocols: readonly SigningProtocol[] = [cggmp24, ...Object.values(schemeProtocols)]

/** What people and programs are told of how an ECDSA signature was made. */
export type ProtocolName = typeof cggmp24 | 'tss-lib/2'

export function protocolName({ signing }: { readonly signing?: SigningProtocol | undefined }): ProtocolName {
  return signing === cggmp24 ? cggmp24 : 'tss-lib/2'
}

/**
 * Of all signers of a run, from what each of them has signed in its hand-shake: that of the key's scheme; for ECDSA CGGMP24 if
 * all can, otherwise nothing, which stands for the nine rounds. Everybody comes to the same by itself, so nobody talks the
 * others into the older one.
 */
export function agreedProtocol(signers: readonly Speaking[]): SigningProtocol | undefined {
  const [first] = signers
  if (first !== undefined && isSchemeName(first.curve)) return schemeProtocols[first.curve]
  return signers.every(({ software }) => software.split(' ').includes(cggmp24)) ? cggmp24 : undefined
}

interface Speaking {
  readonly software: string
  /** The same for all of them. */
  readonly curve: 'secp256k1' | SchemeName
}
