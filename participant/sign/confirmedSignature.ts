import { isSignedOrder, type SigningTask } from '../../tss-wasm/content/signing.ts'
import type { Signatures } from '../../tss-wasm/worker/api.ts'

/**
 * A signature that another signer of our run has got and confirmed (r, s, recovery: 65 bytes) is as good as one that we
 * computed, if it verifies. Of several at once they confirm the hash only.
 */
export function confirmedSignature(tasks: readonly SigningTask[]): (result: Uint8Array) => Signatures | undefined {
  return (result) => {
    const signatures = [{ r: result.slice(0, 32), s: result.slice(32, 64), recovery: result[64] ?? 0 }]
    return isSignedOrder(tasks, signatures) ? { signatures, confirmation: new Uint8Array() } : undefined
  }
}
