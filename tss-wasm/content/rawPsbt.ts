import { RawPSBTV0, RawPSBTV2 } from '@scure/btc-signer/psbt.js'
import { RawOldTx } from '@scure/btc-signer/script.js'
import { ContentRefused } from './refused.ts'

/** Smaller than a proposal can carry in hex. */
export const longestPsbt = 100 * 1024
/** As other programs write them, with much that is thrown away: the witnesses of previous transactions, metadata. */
export const longestImport = 4 * 1024 * 1024
/** Each takes a signature: together they stay within what people wait for (docs/GUIDE.md says how long). */
export const mostInputs = 200
const mostOutputs = 1000

/** What btc-signer reads, as far as we look at it: its own types say `any` here. */
export interface RawPsbt {
  readonly global: RawGlobal
  readonly inputs: readonly RawInput[]
  readonly outputs: readonly RawDescribedOutput[]
}

interface RawGlobal {
  readonly version?: number
  readonly unsignedTx?: RawTransaction
  /** Of version 2 (BIP-370), which has no transaction. */
  readonly txVersion?: number
  readonly fallbackLocktime?: number
  /** BIP-322. */
  readonly genericSignedMessage?: unknown
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
  readonly porCommitment?: unknown
  /** Of version 2. */
  readonly txid?: Uint8Array
  readonly index?: number
  readonly sequence?: number
  readonly requiredTimeLocktime?: number
  readonly requiredHeightLocktime?: number
}

interface RawDescribedOutput {
  readonly bip32Derivation?: Entries
  /** Of version 2. */
  readonly amount?: bigint
  readonly script?: Uint8Array
}

/** Public keys, and how the program that wrote the PSBT says that it derived them. */
export type Entries = readonly (readonly [
  Uint8Array,
  { readonly fingerprint: number; readonly path: readonly number[] },
])[]

/** What a PSBT may hold beside what is read: it changes nothing about what is signed, and is left out. */
const leftAside = {
  global: ['xpub', 'txModifiable', 'inputCount', 'outputCount', 'proprietary', 'unknown'],
  input: ['proprietary', 'unknown'],
  output: [
    ...['redeemScript', 'witnessScript', 'tapInternalKey', 'tapTree', 'tapBip32Derivation'],
    ...['musig2ParticipantPubkeys', 'dnssecProof', 'proprietary', 'unknown'],
  ],
} as const
/** Of these nobody needs to be told: they say how the file is written, or whose key an output's is. */
const untold: readonly string[] = ['txModifiable', 'inputCount', 'outputCount', 'xpub']
const read = {
  global: ['version', 'unsignedTx', 'txVersion', 'fallbackLocktime'],
  input: [
    ...['witnessUtxo', 'nonWitnessUtxo', 'bip32Derivation', 'sighashType'],
    ...['txid', 'index', 'sequence', 'requiredTimeLocktime', 'requiredHeightLocktime'],
  ],
  output: ['bip32Derivation', 'amount', 'script'],
} as const

/** Bounded, then parsed: version 0 (BIP-174) or 2 (BIP-370). @throws ContentRefused */
export function parsePsbt(psbt: Uint8Array, longest = longestPsbt): RawPsbt {
  if (psbt.length > longest) {
    throw new ContentRefused('psbt', 'too-long', { given: `${psbt.length}`, needed: `${longest}` })
  }
  for (const version of [RawPSBTV0, RawPSBTV2]) {
    try {
      return version.decode(psbt) as unknown as RawPsbt
    } catch {
      // of the other version, or said below
    }
  }
  throw new ContentRefused('psbt', 'not-psbt')
}

/** The transaction, of which there are as many maps as it has inputs and outputs, and not too many. @throws ContentRefused */
export function unsignedOf(psbt: RawPsbt): RawTransaction {
  const { global, inputs, outputs } = psbt
  const unsignedTx = global.unsignedTx ?? transactionOf(psbt)
  const counts = [unsignedTx.inputs.length, unsignedTx.outputs.length] as const
  if (counts[0] === 0 || counts[1] === 0) throw new ContentRefused('psbt', 'wrong-field-count')
  for (const [i, [name, most]] of (
    [
      ['inputs', mostInputs],
      ['outputs', mostOutputs],
    ] as const
  ).entries()) {
    const count = counts[i] ?? 0
    if (count > most) throw new ContentRefused(name, 'too-many', { given: `${count}`, needed: `${most}` })
  }
  if (inputs.length !== counts[0] || outputs.length !== counts[1]) throw new ContentRefused('psbt', 'wrong-field-count')
  return unsignedTx
}

/** BIP-370, "Unique Identification" and "Determining Lock Time": the transaction that a PSBT of version 2 stands for. */
function transactionOf({ global, inputs, outputs }: RawPsbt): RawTransaction {
  const { txVersion, fallbackLocktime = 0 } = global
  if (txVersion === undefined) throw new ContentRefused('psbt', 'not-psbt')
  return {
    version: txVersion,
    segwitFlag: false,
    inputs: inputs.map(({ txid, index, sequence = 0xffffffff }, i) => {
      if (txid === undefined || index === undefined) throw new ContentRefused(`input ${i + 1}`, 'missing-field')
      return { txid, index, finalScriptSig: new Uint8Array(), sequence }
    }),
    outputs: outputs.map(({ amount, script }, i) => {
      if (amount === undefined || script === undefined) throw new ContentRefused(`output ${i + 1}`, 'missing-field')
      return { amount, script }
    }),
    witnesses: undefined,
    lockTime: lockTimeOf(inputs) ?? fallbackLocktime,
  }
}

/** The latest that inputs ask for, by height if all of those that ask can do with one. @throws ContentRefused */
function lockTimeOf(inputs: readonly RawInput[]): number | undefined {
  const asking = inputs.filter(
    ({ requiredHeightLocktime: height, requiredTimeLocktime: time }) => height !== undefined || time !== undefined,
  )
  if (asking.length === 0) return undefined
  for (const kind of ['requiredHeightLocktime', 'requiredTimeLocktime'] as const) {
    const times = asking.flatMap((input) => input[kind] ?? [])
    if (times.length === asking.length) return Math.max(...times)
  }
  throw new ContentRefused('psbt', 'other-lock-times')
}

/**
 * What else it holds: told where it is left out, refused where it could mean something for what is signed.
 * @returns names of what is left out
 * @throws ContentRefused
 */
export function strayFields({ global, inputs, outputs }: RawPsbt): readonly string[] {
  const maps = [
    ['psbt', 'global', global] as const,
    ...inputs.map((map, i) => [`input ${i + 1}`, 'input', map] as const),
    ...outputs.map((map, i) => [`output ${i + 1}`, 'output', map] as const),
  ]
  return maps.flatMap(([place, kind, map]) => {
    const beside = Object.keys(map).filter((name) => !(read[kind] as readonly string[]).includes(name))
    const stranger = beside.find((name) => !(leftAside[kind] as readonly string[]).includes(name))
    if (stranger !== undefined) throw new ContentRefused(place, 'not-shown', { given: stranger })
    return beside.filter((name) => !untold.includes(name)).map((name) => `${place}: ${name}`)
  })
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
