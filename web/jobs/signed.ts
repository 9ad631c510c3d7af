import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import type { ContentSignature } from '../../tss-wasm/content/ethereum.ts'
import { assembleOrder, type SigningOrder } from '../../tss-wasm/content/signing.ts'
import type { ProtocolName } from '../../tss-wasm/identity/signingProtocol.ts'
import type { Signatures } from '../../tss-wasm/worker/api.ts'

/** Nothing here is secret once it exists. */
export interface Signed {
  /** One for each digest of the content. */
  readonly signatures: readonly SignatureForms[]
  /** By which protocol they were made, if we made them. */
  readonly protocol?: ProtocolName
  /** Ethereum: the signed transaction, or r || s || v, 0x-hex. Bitcoin: the signed transaction, hex. */
  readonly result: string
  /** Of a transaction: the hash by which its chain knows it. */
  readonly transactionHash: string | undefined
  /** Of a Bitcoin payment: finalized. */
  readonly psbt: Uint8Array | undefined
}

export interface SignatureForms {
  /** 0x-hex, 32 bytes each */
  readonly r: string
  readonly s: string
  /** 0 or 1, or up to 3 where no curve point has the parity's place (raw digests). */
  readonly recovery: number
  /** X.690 DER of r and s, 0x-hex */
  readonly der: string
}

/** @throws Error where the signatures are not the order's */
export function assemble(
  order: SigningOrder,
  { signatures, protocol }: Pick<Signatures, 'signatures' | 'protocol'>,
): Signed {
  const named = protocol === undefined ? {} : { protocol }
  return { ...assembleOrder(order, signatures), ...named, signatures: signatures.map(formsOf) }
}

function formsOf({ r, s, recovery }: ContentSignature): SignatureForms {
  const der = secp256k1.Signature.fromBytes(concatBytes(r, s)).toBytes('der')
  return { r: `0x${bytesToHex(r)}`, s: `0x${bytesToHex(s)}`, recovery, der: `0x${bytesToHex(der)}` }
}
