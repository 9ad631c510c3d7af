import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import type { KeyScheme, SchemeName } from './keyScheme.ts'

/** Of a validator's key (SCHEMES 8). */
export const validatorObjectKinds = ['deposit', 'voluntary-exit', 'withdrawal-change'] as const
export type ValidatorObjectKind = (typeof validatorObjectKinds)[number]

/** What keys of other schemes sign: decoded by every signer, as contents of ECDSA are, and nothing that cannot be. */
export type SchemeContent =
  /** A transaction's message, legacy or version 0 (SCHEMES 10.1). By an Ed25519 key. */
  | { readonly type: 'solana-message'; readonly message: Uint8Array }
  /** A PSBT that spends the key's own output by its key path (SCHEMES 5.2): one signature for each input. By a Taproot key. */
  | { readonly type: 'taproot-psbt'; readonly psbt: Uint8Array }
  /** SSZ (SCHEMES 8). By a BLS key whose domain is that of validators. */
  | { readonly type: 'validator-object'; readonly object: ValidatorObjectKind; readonly ssz: Uint8Array }
  /** Whatever the application says, in the domain of its name and chain (SCHEMES 6.3). By a BLS key of that domain. */
  | { readonly type: 'application-message'; readonly message: Uint8Array }

export interface SchemeOrder {
  /** As the share has it, never as a request says. */
  readonly key: KeyScheme
  /** 32, 33 or 48 bytes (`publicKeyLengths`). */
  readonly publicKey: Uint8Array
  readonly content: SchemeContent
}

/** Whose keys sign it. */
export function schemeOf({ type }: SchemeContent): SchemeName {
  if (type === 'solana-message') return 'ed25519'
  return type === 'taproot-psbt' ? 'taproot' : 'bls12381'
}

/** What signers confirm: a single signature itself, SHA-256 of all of them where there are more. */
export function confirmedSchemeSignatures(signatures: readonly Uint8Array[]): Uint8Array {
  const all = concatBytes(...signatures)
  return signatures.length === 1 ? all : sha256(all)
}
