/**
 * How a signature is computed: CGGMP24 in this version of its messages. A roster names it; one that names nothing is for
 * tss-lib's nine rounds, which every party can.
 */
export const cggmp24 = 'cggmp24/1'
export type SigningProtocol = typeof cggmp24

/** What people and programs are told of how a signature was made. */
export type ProtocolName = SigningProtocol | 'tss-lib/2'

export function protocolName({ signing }: { readonly signing?: SigningProtocol | undefined }): ProtocolName {
  return signing ?? 'tss-lib/2'
}

/**
 * Of all signers of a run, from what each of them has signed in its hand-shake: CGGMP24 if all can, otherwise nothing, which
 * stands for the nine rounds. Everybody comes to the same by itself, so nobody talks the others into the older one.
 */
export function agreedProtocol(signers: readonly { readonly software: string }[]): SigningProtocol | undefined {
  return signers.every(({ software }) => software.split(' ').includes(cggmp24)) ? cggmp24 : undefined
}
