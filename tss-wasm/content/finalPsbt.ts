import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import { OutScript } from '@scure/btc-signer/payment.js'
import { SigHash, Transaction } from '@scure/btc-signer/transaction.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keyHash } from './keys.ts'
import type { BitcoinPayment } from './psbt.ts'

/** A payment that any node takes. */
export interface FinalPayment {
  /** The signed transaction, hex. */
  readonly transaction: string
  /** By which its chain knows it: reversed hex. */
  readonly transactionId: string
  /** The same as a finalized PSBT. */
  readonly psbt: Uint8Array
}

/** The digest of each input: BIP-143, over the whole transaction (SIGHASH_ALL). @param psbt as `decodePsbt` takes it */
export function paymentDigests(psbt: Uint8Array, { inputs }: BitcoinPayment): Uint8Array[] {
  const transaction = opened(psbt)
  return inputs.map(({ key, amount }, i) => {
    const scriptCode = OutScript.encode({ type: 'pkh', hash: keyHash(key.publicKey) })
    return transaction.preimageWitnessV0(i, scriptCode, SigHash.ALL, amount)
  })
}

/** @param signatures r ‖ s of each input, 64 bytes, verified by the caller */
export function finalizePayment(
  psbt: Uint8Array,
  { inputs }: BitcoinPayment,
  signatures: readonly Uint8Array[],
): FinalPayment {
  const transaction = opened(psbt)
  for (const [i, { key }] of inputs.entries()) {
    const der = secp256k1.Signature.fromBytes(signatures[i] ?? new Uint8Array()).toBytes('der')
    const signature = concatBytes(der, Uint8Array.of(SigHash.ALL))
    transaction.updateInput(i, { partialSig: [[key.publicKey, signature]] }, true)
  }
  transaction.finalize()
  return { transaction: bytesToHex(transaction.extract()), transactionId: transaction.id, psbt: transaction.toPSBT(0) }
}

/** Any output may be paid to, also what the library knows no address for. */
function opened(psbt: Uint8Array): Transaction {
  return Transaction.fromPSBT(psbt, { allowUnknownOutputs: true })
}
