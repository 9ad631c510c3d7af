import { bytesToHex } from '@noble/hashes/utils.js'
import { sha256x2 } from '@scure/btc-signer/utils.js'
import { ByteReader, sameBytes } from '../bytes.ts'
import { keyHash, type KeyPath, type WalletKey } from './keys.ts'
import { isFindable, mostGivenOut, ownKeys, type FindKey } from './ownKeys.ts'
import {
  encodePsbt,
  type Entries,
  longestImport,
  longestPsbt,
  type Outpoint,
  parsePsbt,
  type RawInput,
  type RawOutput,
  type RawPsbt,
  serialized,
  strayFields,
  unsignedOf,
  withoutWitnesses,
} from './rawPsbt.ts'
import { ContentRefused, type ContentRule, type RefusedValue } from './refused.ts'
import { addressOf, isKeyHashScript, scriptKind, type ScriptKind } from './scripts.ts'

/** A Bitcoin payment from addresses of one wallet, as its PSBT tells it. Amounts in satoshi. */
export interface BitcoinPayment {
  readonly inputs: readonly PaymentInput[]
  readonly outputs: readonly PaymentOutput[]
  /** What goes to others. */
  readonly leaving: bigint
  /** What no output gets. */
  readonly fee: bigint
  /** Virtual bytes once signed, at most one more than it will be for each input. */
  readonly size: number
  /** Whether it says that another one may replace it until it is in a block (BIP-125). */
  readonly isReplaceable: boolean
  /** Of a block, or seconds since 1970 from 500 000 000 on; 0 when it holds at once. */
  readonly notBefore: number
  /** Whether it holds only once a coin has been there for some time (BIP-68). */
  readonly waitsForCoins: boolean
  /**
   * Whether a lie about an input's amount, and so about the fee, would be found out: by the transaction that it spends, or
   * because the only input's amount is what is signed. Otherwise two requests with two lies could be put together.
   */
  readonly areAmountsProven: boolean
}

export interface PaymentInput {
  /** As it is written everywhere: reversed hex. */
  readonly transactionId: string
  readonly index: number
  readonly amount: bigint
  readonly sequence: number
  readonly key: WalletKey
}

export interface PaymentOutput {
  readonly amount: bigint
  readonly script: Uint8Array
  /** On the main network; undefined for a script that has none. */
  readonly address: string | undefined
  /** What becomes of the amount, where there is no address. */
  readonly kind: ScriptKind
  /**
   * Where below the wallet's own key it goes back to. Undefined for everybody else, and for a key of the wallet that nobody
   * would look for: coins at m/1029384756/77 are lost to all but whoever chose that path, and could ask a ransom for it.
   */
  readonly back: KeyPath | undefined
}

/** Of transactions: 3 is passed on by other rules (BIP-431), and means what 2 means. */
const versions = [1, 2, 3]
const mostSatoshi = 21_000_000n * 100_000_000n
const signAll = 1
const finalSequence = 0xffffffff
const leastReplaceable = 0xfffffffe
/** BIP-68: of a sequence number in transactions of version 2; how long is in its low 16 bits. */
const noRelativeLock = 0x80000000
/**
 * Reads a PSBT (BIP-174, version 0) that spends from this wallet only: every input pays to the witness public key hash of
 * one of its keys, says what it is worth, and is to be signed as a whole (SIGHASH_ALL). Exactly one byte string means each
 * payment, as `importPsbt` writes it.
 * @param publicKey of the wallet, compressed
 * @throws ContentRefused
 */
export function decodePsbt(psbt: Uint8Array, publicKey: Uint8Array): BitcoinPayment {
  const { payment, canonical } = read(parsePsbt(psbt), publicKey, ownKeys(publicKey))
  if (!sameBytes(canonical, psbt)) throw refused('psbt', 'not-canonical')
  return payment
}

/** A PSBT as it is signed, and what of the one that was given is not in it. */
export interface ImportedPsbt {
  readonly psbt: Uint8Array<ArrayBuffer>
  /** Names of fields that change nothing about what is signed. */
  readonly leftOut: readonly string[]
}

/**
 * The one form of a PSBT that is signed here, from any of version 0 or 2 that says the same: what is not needed is left out,
 * what each input is worth and which key it belongs to is written down.
 * @throws ContentRefused
 */
export function readPsbt(psbt: Uint8Array, publicKey: Uint8Array): ImportedPsbt {
  const raw = parsePsbt(psbt, longestImport)
  const { canonical } = read(raw, publicKey, ownKeys(publicKey, mostGivenOut))
  const leftOut = strayFields(raw)
  if (canonical.length > longestPsbt) {
    throw refused('psbt', 'too-long', { given: `${canonical.length}`, needed: `${longestPsbt}` })
  }
  decodePsbt(canonical, publicKey)
  return { psbt: canonical, leftOut }
}

/** `readPsbt` without what is left out. @throws ContentRefused */
export function importPsbt(psbt: Uint8Array, publicKey: Uint8Array): Uint8Array<ArrayBuffer> {
  return readPsbt(psbt, publicKey).psbt
}

/** How many signatures it takes, read without knowing whose keys they are by. @throws ContentRefused */
export function psbtInputs(psbt: Uint8Array): number {
  return unsignedOf(parsePsbt(psbt)).inputs.length
}

interface Read {
  readonly payment: BitcoinPayment
  readonly canonical: Uint8Array<ArrayBuffer>
}

function read(raw: RawPsbt, publicKey: Uint8Array, keyOf: FindKey): Read {
  mustPay(raw)
  const unsigned = unsignedOf(raw)
  const { version, lockTime } = unsigned
  if (!versions.includes(version)) throw refused('version', 'wrong-version', { given: `${version}` })
  const seen = new Set<string>()
  const inputs = unsigned.inputs.map((input, i) => {
    const field = `input ${i + 1}`
    const map = raw.inputs[i] ?? {}
    if (input.finalScriptSig.length > 0) throw refused(field, 'already-signed')
    mustBeUnsigned(field, map)
    const place = `${bytesToHex(input.txid)}:${input.index}`
    if (seen.has(place)) throw refused(field, 'spent-twice', { given: place })
    seen.add(place)
    const { amount, script } = worth(field, map, input)
    if (!isKeyHashScript(script)) throw refused(field, 'not-p2wpkh', { given: addressOf(script) })
    const key = keyOf(script, map.bip32Derivation)
    if (key === undefined) throw refused(field, 'not-ours', { given: addressOf(script) })
    const spent = map.nonWitnessUtxo && withoutWitnesses(map.nonWitnessUtxo)
    return { ...input, amount: satoshi(field, amount), script, key, spent }
  })
  const outputs = unsigned.outputs.map(({ amount, script }, i) => {
    const own = keyOf(script, raw.outputs[i]?.bip32Derivation)
    const isFound =
      own !== undefined && (isFindable(own.path) || inputs.some((input) => sameBytes(input.script, script)))
    return { amount: satoshi(`output ${i + 1}`, amount), script, back: isFound ? own : undefined }
  })
  const sum = (amounts: readonly { readonly amount: bigint }[]) => amounts.reduce((all, { amount }) => all + amount, 0n)
  const fee = sum(inputs) - sum(outputs)
  if (fee < 0n) {
    throw refused('outputs', 'more-than-inputs', { given: `${sum(outputs)}`, needed: `${sum(inputs)}` })
  }

  const entries = ({ path, publicKey: child }: WalletKey): Entries | undefined =>
    path.length === 0 ? undefined : [[child, { fingerprint: fingerprintOf(publicKey), path: [...path] }]]
  const maps = {
    global: { unsignedTx: unsigned },
    inputs: inputs.map(({ amount, script, key, spent }) => ({
      ...(spent && { nonWitnessUtxo: spent }),
      witnessUtxo: { amount, script },
      ...withEntries(entries(key)),
    })),
    outputs: outputs.map(({ back }) => withEntries(back && entries(back))),
  }
  const canonical = encodePsbt(maps)
  const payment: BitcoinPayment = {
    inputs: inputs.map(({ txid, index, amount, sequence, key }) => ({
      transactionId: bytesToHex(txid),
      index,
      amount,
      sequence,
      key,
    })),
    outputs: outputs.map(({ amount, script, back }) => ({
      amount,
      script,
      address: addressOf(script),
      kind: scriptKind(script),
      back: back?.path,
    })),
    leaving: sum(outputs.filter(({ back }) => back === undefined)),
    fee,
    size: sizeOf(serialized(unsigned).length, inputs.length),
    isReplaceable: inputs.some(({ sequence }) => sequence < leastReplaceable),
    notBefore: inputs.some(({ sequence }) => sequence !== finalSequence) ? lockTime : 0,
    waitsForCoins: version >= 2 && inputs.some(({ sequence }) => sequence < noRelativeLock && sequence % 0x10000 > 0),
    areAmountsProven: inputs.length === 1 || inputs.every(({ spent }) => spent !== undefined),
  }
  return { payment, canonical }
}

/** What has the shape of a payment and means something else. */
function mustPay({ global, inputs }: RawPsbt): void {
  if (global.genericSignedMessage !== undefined) throw refused('psbt', 'signs-message')
  const proof = inputs.findIndex(({ porCommitment }) => porCommitment !== undefined)
  if (proof >= 0) throw refused(`input ${proof + 1}`, 'proves-reserves')
}

function mustBeUnsigned(field: string, map: RawInput): void {
  if (map.sighashType !== undefined && map.sighashType !== signAll) {
    throw refused(field, 'wrong-sighash', { given: `0x${map.sighashType.toString(16)}` })
  }
  const signatures = [map.partialSig, map.finalScriptSig, map.finalScriptWitness, map.tapKeySig, map.tapScriptSig]
  if (signatures.some((each) => each !== undefined)) throw refused(field, 'already-signed')
  if (map.redeemScript !== undefined || map.witnessScript !== undefined) throw refused(field, 'not-p2wpkh')
}

/**
 * What an input is worth. Where the transaction is there from which it comes, its hash is the one that the input names, and
 * it says the same: an amount of which a signer is told a lie makes a fee that it cannot see.
 */
function worth(field: string, { witnessUtxo, nonWitnessUtxo }: RawInput, { txid, index }: Outpoint): RawOutput {
  if (nonWitnessUtxo === undefined) {
    if (witnessUtxo === undefined) throw refused(field, 'missing-amount')
    return witnessUtxo
  }
  if (!sameBytes(sha256x2(serialized(nonWitnessUtxo)).reverse(), txid)) {
    throw refused(field, 'other-amount')
  }
  const output = nonWitnessUtxo.outputs[index]
  if (output === undefined) throw refused(field, 'other-amount')
  if (witnessUtxo !== undefined) {
    const isSame = witnessUtxo.amount === output.amount && sameBytes(witnessUtxo.script, output.script)
    if (!isSame) throw refused(field, 'other-amount')
  }
  return output
}

/** BIP-32: the first four bytes of a key's hash. */
function fingerprintOf(publicKey: Uint8Array): number {
  const reader = new ByteReader(keyHash(publicKey))
  return reader.uint32()
}

/** BIP-141: bytes outside the witness weigh four; a witness is a count, a signature (at most 72) and a key behind their lengths. */
function sizeOf(unsignedLength: number, inputs: number): number {
  return Math.ceil((4 * unsignedLength + 2 + inputs * (1 + 1 + 72 + 1 + 33)) / 4)
}

function withEntries(bip32Derivation: Entries | undefined): { readonly bip32Derivation?: Entries } {
  return bip32Derivation === undefined ? {} : { bip32Derivation }
}

function satoshi(field: string, amount: bigint): bigint {
  if (amount < 0n || amount > mostSatoshi) throw refused(field, 'too-large', { given: `${amount}` })
  return amount
}

function refused(field: string, rule: ContentRule, value?: RefusedValue): ContentRefused {
  return new ContentRefused(field, rule, value)
}
