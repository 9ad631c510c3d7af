import { bytesToHex } from '@noble/hashes/utils.js'
import { Address, OutScript, p2tr } from '@scure/btc-signer/payment.js'
import { SigHash, Transaction } from '@scure/btc-signer/transaction.js'
import { sameBytes } from '../bytes.ts'
import type { FinalPayment } from './finalPsbt.ts'
import { encodePsbt, longestImport, parsePsbt, type RawInput, type RawPsbt, unsignedOf } from './rawPsbt.ts'
import { ContentRefused } from './refused.ts'
import { addressOf } from './scripts.ts'

/** A payment from the one address of a Taproot key, by its key path (SCHEMES 5.2). Amounts in satoshi. */
export interface TaprootPayment {
  readonly inputs: readonly {
    /** As it is written everywhere: reversed hex. */
    readonly transactionId: string
    readonly index: number
    readonly amount: bigint
  }[]
  readonly outputs: readonly {
    readonly amount: bigint
    readonly script: Uint8Array
    /** On the main network; undefined for a script that has none. */
    readonly address: string | undefined
    /** Whether it goes back to the key's own address. */
    readonly isOwn: boolean
  }[]
  /** What goes to others. */
  readonly leaving: bigint
  /** What no output gets. Every signature is over the amounts of all inputs, so a lie about one of them makes no payment. */
  readonly fee: bigint
}

/** What BIP-371 adds to inputs and outputs. */
interface TaprootFields {
  readonly tapInternalKey?: Uint8Array
  readonly tapMerkleRoot?: Uint8Array
  readonly tapLeafScript?: unknown
  readonly tapBip32Derivation?: unknown
}

const versions = [1, 2, 3]
const mostSatoshi = 21_000_000n * 100_000_000n
/** SIGHASH_DEFAULT: all of the transaction, in signatures of 64 bytes. */
const signDefault = SigHash.DEFAULT
/** Of an input, as other programs write it; all but the coin and the internal key is left out. */
const readOfInput: readonly string[] = [
  ...['witnessUtxo', 'nonWitnessUtxo', 'sighashType', 'tapInternalKey', 'tapBip32Derivation'],
  ...['txid', 'index', 'sequence', 'requiredTimeLocktime', 'requiredHeightLocktime'],
]

/** BIP-86 without a path: pays to the key itself, tweaked, and no script can spend it. @param publicKey 33 bytes, untweaked */
export function taprootScript(publicKey: Uint8Array): Uint8Array {
  return p2tr(internalKey(publicKey)).script
}

/** bc1p.., on the main network. */
export function taprootAddress(publicKey: Uint8Array): string {
  return Address().encode(
    OutScript.decode(taprootScript(publicKey)) as Parameters<ReturnType<typeof Address>['encode']>[0],
  )
}

/**
 * Reads a PSBT (version 0) whose every input is a coin of this key: what it is worth (0x01), the internal key (0x17), and
 * nothing else. Exactly one byte string means each payment, as `importTaprootPsbt` writes it.
 * @param publicKey 33 bytes, the internal key
 * @throws ContentRefused
 */
export function decodeTaprootPsbt(psbt: Uint8Array, publicKey: Uint8Array): TaprootPayment {
  const { payment, canonical } = read(parsePsbt(psbt), publicKey)
  if (!sameBytes(canonical, psbt)) throw new ContentRefused('psbt', 'not-canonical')
  return payment
}

/** The same payment in the one form that is signed, from a PSBT of version 0 or 2. @throws ContentRefused */
export function importTaprootPsbt(psbt: Uint8Array, publicKey: Uint8Array): Uint8Array<ArrayBuffer> {
  const { canonical } = read(parsePsbt(psbt, longestImport), publicKey)
  decodeTaprootPsbt(canonical, publicKey)
  return canonical
}

/** BIP-341, SIGHASH_DEFAULT: 32 bytes for each input. @param psbt as `decodeTaprootPsbt` takes it */
export function taprootDigests(psbt: Uint8Array, { inputs }: TaprootPayment): readonly Uint8Array<ArrayBuffer>[] {
  const transaction = opened(psbt)
  const coins = inputs.map((_, i) => transaction.getInput(i).witnessUtxo)
  const scripts = coins.map((coin) => coin?.script ?? new Uint8Array())
  const amounts = inputs.map(({ amount }) => amount)
  return inputs.map((_, i) => new Uint8Array(transaction.preimageWitnessV1(i, scripts, signDefault, amounts)))
}

/** @param signatures 64 bytes for each input, verified by the caller */
export function finalizeTaprootPayment(psbt: Uint8Array, signatures: readonly Uint8Array[]): FinalPayment {
  const transaction = opened(psbt)
  for (const [i, tapKeySig] of signatures.entries()) transaction.updateInput(i, { tapKeySig }, true)
  transaction.finalize()
  return { transaction: bytesToHex(transaction.extract()), transactionId: transaction.id, psbt: transaction.toPSBT(0) }
}

function read(
  raw: RawPsbt,
  publicKey: Uint8Array,
): { readonly payment: TaprootPayment; readonly canonical: Uint8Array<ArrayBuffer> } {
  if (raw.global.genericSignedMessage !== undefined) throw new ContentRefused('psbt', 'signs-message')
  const own = taprootScript(publicKey)
  const tapInternalKey = internalKey(publicKey)
  const unsigned = unsignedOf(raw)
  if (!versions.includes(unsigned.version)) {
    throw new ContentRefused('version', 'wrong-version', { given: `${unsigned.version}` })
  }
  const seen = new Set<string>()
  const inputs = unsigned.inputs.map(({ txid, index, finalScriptSig }, i) => {
    const field = `input ${i + 1}`
    const map: RawInput & TaprootFields = raw.inputs[i] ?? {}
    if (finalScriptSig.length > 0) throw new ContentRefused(field, 'already-signed')
    mustBePlain(field, map)
    const place = `${bytesToHex(txid)}:${index}`
    if (seen.has(place)) throw new ContentRefused(field, 'spent-twice', { given: place })
    seen.add(place)
    const { witnessUtxo } = map
    if (witnessUtxo === undefined) throw new ContentRefused(field, 'missing-amount')
    if (!sameBytes(witnessUtxo.script, own)) {
      throw new ContentRefused(field, 'not-ours', { given: addressOf(witnessUtxo.script) })
    }
    if (map.tapInternalKey !== undefined && !sameBytes(map.tapInternalKey, tapInternalKey))
      throw new ContentRefused(field, 'other-signer')
    return { transactionId: bytesToHex(txid), index, amount: satoshi(field, witnessUtxo.amount) }
  })
  const outputs = unsigned.outputs.map(({ amount, script }, i) => ({
    amount: satoshi(`output ${i + 1}`, amount),
    script,
    address: addressOf(script),
    isOwn: sameBytes(script, own),
  }))
  const sum = (amounts: readonly { readonly amount: bigint }[]) => amounts.reduce((all, { amount }) => all + amount, 0n)
  const fee = sum(inputs) - sum(outputs)
  if (fee < 0n)
    throw new ContentRefused('outputs', 'more-than-inputs', { given: `${sum(outputs)}`, needed: `${sum(inputs)}` })
  const canonical = encodePsbt({
    global: { unsignedTx: unsigned },
    inputs: inputs.map(({ amount }) => ({ witnessUtxo: { amount, script: own }, tapInternalKey })),
    outputs: outputs.map(({ isOwn }) => (isOwn ? { tapInternalKey } : {})),
  } as RawPsbt)
  return { payment: { inputs, outputs, leaving: sum(outputs.filter(({ isOwn }) => !isOwn)), fee }, canonical }
}

/** Not signed, to be signed as a whole, and by the key alone. */
function mustBePlain(field: string, map: RawInput & TaprootFields): void {
  if (map.sighashType !== undefined && map.sighashType !== signDefault) {
    throw new ContentRefused(field, 'wrong-sighash', { given: `0x${map.sighashType.toString(16)}` })
  }
  const signatures = [map.partialSig, map.finalScriptSig, map.finalScriptWitness, map.tapKeySig, map.tapScriptSig]
  if (signatures.some((each) => each !== undefined)) throw new ContentRefused(field, 'already-signed')
  const stranger = Object.keys(map).find((name) => !readOfInput.includes(name))
  if (stranger !== undefined) throw new ContentRefused(field, 'not-shown', { given: stranger })
}

function internalKey(publicKey: Uint8Array): Uint8Array {
  if (publicKey.length !== 33) throw new RangeError('a Taproot key has 33 bytes')
  return publicKey.slice(1)
}

function satoshi(field: string, amount: bigint): bigint {
  if (amount < 0n || amount > mostSatoshi) throw new ContentRefused(field, 'too-large', { given: `${amount}` })
  return amount
}

/** Any output may be paid to, also what the library knows no address for. */
function opened(psbt: Uint8Array): Transaction {
  return Transaction.fromPSBT(psbt, { allowUnknownOutputs: true })
}
