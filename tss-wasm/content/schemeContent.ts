import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import type { KeyScheme, SchemeName } from './keyScheme.ts'
import { ContentRefused } from './refused.ts'
import { solanaMessageToSign } from './solana.ts'
import { decodeTaprootPsbt, taprootDigests } from './taprootPsbt.ts'
import { type ValidatorObjectKind, validatorSigningRoot } from './validator.ts'

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

/**
 * What is signed, one after the other, each with a signature of its own; every signer derives it from the content itself.
 * @throws ContentRefused where the content does not decode, or is not of this key
 */
export function schemeMessages({ key, publicKey, content }: SchemeOrder): readonly Uint8Array<ArrayBuffer>[] {
  if (schemeOf(content) !== key.scheme) throw new ContentRefused('content', 'other-signer')
  switch (content.type) {
    case 'solana-message':
      return [solanaMessageToSign(content.message, publicKey)]
    case 'taproot-psbt':
      return taprootDigests(content.psbt, decodeTaprootPsbt(content.psbt, publicKey))
    case 'validator-object': {
      const domain = domainOf(key, 'ethereum-validator')
      return [validatorSigningRoot(content.object, content.ssz, publicKey, domain.chainId)]
    }
    case 'application-message':
      domainOf(key, 'application')
      if (content.message.length === 0) throw new ContentRefused('message', 'too-small')
      return [new Uint8Array(content.message)]
  }
}

/** Of a BLS key that is for this and nothing else. */
function domainOf(key: KeyScheme, kind: 'application' | 'ethereum-validator') {
  if (key.scheme !== 'bls12381' || key.domain.kind !== kind) throw new ContentRefused('domain', 'other-signer')
  return key.domain
}

/** What signers confirm: a single signature itself, SHA-256 of all of them where there are more. */
export function confirmedSchemeSignatures(signatures: readonly Uint8Array[]): Uint8Array {
  const all = concatBytes(...signatures)
  return signatures.length === 1 ? all : sha256(all)
}
