import { secp256k1 } from '@noble/curves/secp256k1.js'
import { ethereumAddress, type ContentSignature } from '../../tss-wasm/content/ethereum.ts'
import { signingTasks, type SigningOrder } from '../../tss-wasm/content/signing.ts'

/** A key of one holder, who signs as the members of a wallet would together: for tests of who asks, and not of how it is signed. */
const secret = new Uint8Array(32).fill(7)
export const publicKey = secp256k1.getPublicKey(secret)
export const address = ethereumAddress(publicKey)

export function signaturesOf(order: SigningOrder): readonly ContentSignature[] {
  return signingTasks(order).map(({ digest }) => {
    const bytes = secp256k1.sign(digest, secret, { prehash: false, format: 'recovered' })
    return { r: bytes.slice(1, 33), s: bytes.slice(33), recovery: bytes[0] ?? 0 }
  })
}
