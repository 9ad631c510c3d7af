import { RawPSBTV0 } from '@scure/btc-signer/psbt.js'
import { RawOldTx } from '@scure/btc-signer/script.js'
import { ContentRefused } from './refused.ts'

/** Smaller than a proposal can carry in hex. */
export const longestPsbt = 100 * 1024
export const mostInputs = 20
const mostOutputs = 100

/** What btc-signer reads, as far as we look at it: its own types say `any` here. */
export interface RawPsbt {
  readonly global: { readonly unsignedTx?: RawTransaction }
  readonly inputs: readonly RawInput[]
  readonly outputs: readonly { readonly bip32Derivation?: Entries }[]
}

export interface RawTransaction {
  readonly version: number
  readonly segwitFlag?: boolean
  readonly inputs: readonly Outpoint[]
  readonly outputs: readonly RawOutput[]
  readonly witnesses?: unknown
  readonly lockTime: number
}

export interface Outpoint {
  /** In the order in which it is shown. */
  readonly txid: Uint8Array
  readonly index: number
  readonly finalScriptSig: Uint8Array
  readonly sequence: number
}

export interface RawOutput {
  readonly amount: bigint
  readonly script: Uint8Array
}

export interface RawInput {
  readonly witnessUtxo?: RawOutput
  readonly nonWitnessUtxo?: RawTransaction
  readonly bip32Derivation?: Entries
  readonly sighashType?: number
  readonly redeemScript?: Uint8Array
  readonly witnessScript?: Uint8Array
  readonly partialSig?: unknown
  readonly finalScriptSig?: unknown
  readonly finalScriptWitness?: unknown
  readonly tapKeySig?: unknown
  readonly tapScriptSig?: unknown
}

/** Public keys, and how the program that wrote the PSBT says that it derived them. */
export type Entries = readonly (readonly [
  Uint8Array,
  { readonly fingerprint: number; readonly path: readonly number[] },
])[]

/** Bounded, then parsed; version 0 only. @throws ContentRefused */
export function parsePsbt(psbt: Uint8Array): RawPsbt {
  if (psbt.length > longestPsbt) throw new ContentRefused('psbt', 'too-long')
  try {
    return RawPSBTV0.decode(psbt) as unknown as RawPsbt
  } catch {
    throw new ContentRefused('psbt', 'not-psbt')
  }
}

/** With as many maps as it has inputs and outputs, and not too many. @throws ContentRefused */
export function unsignedOf({ global, inputs, outputs }: RawPsbt): RawTransaction {
  const { unsignedTx } = global
  if (unsignedTx === undefined) throw new ContentRefused('psbt', 'not-psbt')
  const counts = [unsignedTx.inputs.length, unsignedTx.outputs.length] as const
  if (counts[0] === 0 || counts[1] === 0) throw new ContentRefused('psbt', 'wrong-field-count')
  if (counts[0] > mostInputs || counts[1] > mostOutputs) throw new ContentRefused('psbt', 'too-many')
  if (inputs.length !== counts[0] || outputs.length !== counts[1]) throw new ContentRefused('psbt', 'wrong-field-count')
  return unsignedTx
}

/** Its hash is the transaction's id, and says nothing of the witnesses. */
export function serialized(transaction: RawTransaction): Uint8Array {
  return RawOldTx.encode(transaction as Parameters<typeof RawOldTx.encode>[0])
}

export function withoutWitnesses({ version, inputs, outputs, lockTime }: RawTransaction): RawTransaction {
  return { version, segwitFlag: false, inputs, outputs, witnesses: undefined, lockTime }
}

export function encodePsbt(psbt: RawPsbt): Uint8Array<ArrayBuffer> {
  return new Uint8Array(RawPSBTV0.encode(psbt as unknown as Parameters<typeof RawPSBTV0.encode>[0]))
}
