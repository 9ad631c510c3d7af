import type { KeyScheme } from './keyScheme.ts'
import { ContentRefused } from './refused.ts'
import { schemeOf, type SchemeOrder } from './schemeContent.ts'
import { solanaMessageToSign } from './solana.ts'
import { decodeTaprootPsbt, taprootDigests } from './taprootPsbt.ts'
import { validatorSigningRoot } from './validator.ts'

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
