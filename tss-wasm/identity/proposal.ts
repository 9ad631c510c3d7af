import type { SigningContent } from '../content/content.ts'

/** What a session is for, as its creator signs it. UTF-8 JSON on the wire; `decodeProposal` bounds and validates. */
export type Proposal = KeygenProposal | SignProposal

export interface KeygenProposal {
  readonly kind: 'keygen'
  readonly walletName: string
  readonly threshold: number
  /** n: how many parties hold shares. */
  readonly parties: number
  readonly curve: 'secp256k1'
}

export interface SignProposal {
  readonly kind: 'sign'
  /** Compressed public key of the wallet, 33 bytes. */
  readonly publicKey: Uint8Array
  readonly content: SigningContent
}
