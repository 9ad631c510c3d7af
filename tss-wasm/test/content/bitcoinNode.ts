import { createRequire } from 'node:module'

interface Verifier {
  verify(
    scriptSig: object,
    scriptPubKey: object,
    transaction: object,
    input: number,
    flags: number,
    witness: readonly Buffer[],
    satoshis: number,
  ): boolean
  errstr: string
}

interface BitcoreTransaction {
  readonly inputs: readonly { getWitnesses(): readonly Buffer[] }[]
  readonly id: string
}

interface TransactionClass {
  new (hex: string): BitcoreTransaction
  readonly SighashWitness: {
    sighash(transaction: object, type: number, input: number, scriptCode: Buffer, satoshis: Buffer): Buffer
  }
}

interface Bitcore {
  readonly Transaction: TransactionClass
  readonly Message: new (text: string) => { magicHash(): Buffer }
  readonly Script: { (script?: Buffer): object; readonly Interpreter: InterpreterClass }
}

interface InterpreterClass {
  new (): Verifier
  readonly SCRIPT_VERIFY_P2SH: number
  readonly SCRIPT_VERIFY_WITNESS: number
  readonly SCRIPT_VERIFY_STRICTENC: number
  readonly SCRIPT_VERIFY_LOW_S: number
  readonly SCRIPT_VERIFY_WITNESS_PUBKEYTYPE: number
}

/** bitcore-lib has no types of its own. */
const { Transaction, Script, Message } = createRequire(import.meta.url)('bitcore-lib') as Bitcore

/** By which a Bitcoin node knows a transaction, by an implementation that is not ours. */
export function bitcoinId(signed: string): string {
  return new Transaction(signed).id
}

/** What a Bitcoin node asks before it passes a transaction on, by an implementation that is not ours: what is wrong, or ''. */
export function bitcoinVerdict(
  signed: string,
  spent: readonly { readonly script: Uint8Array; readonly amount: bigint }[],
): string {
  const transaction = new Transaction(signed)
  const { Interpreter } = Script
  const flags =
    Interpreter.SCRIPT_VERIFY_P2SH |
    Interpreter.SCRIPT_VERIFY_WITNESS |
    Interpreter.SCRIPT_VERIFY_STRICTENC |
    Interpreter.SCRIPT_VERIFY_LOW_S |
    Interpreter.SCRIPT_VERIFY_WITNESS_PUBKEYTYPE
  if (transaction.inputs.length !== spent.length) return 'another number of inputs'
  for (const [i, { script, amount }] of spent.entries()) {
    const interpreter = new Interpreter()
    const witness = transaction.inputs[i]?.getWitnesses() ?? []
    const isValid = interpreter.verify(
      Script(),
      Script(Buffer.from(script)),
      transaction,
      i,
      flags,
      witness,
      Number(amount),
    )
    if (!isValid) return `input ${i}: ${interpreter.errstr}`
  }
  return ''
}

/** BIP-143, SIGHASH_ALL, by an implementation that is not ours. @param unsigned the transaction, hex; @param hash of the key */
export function bitcoinDigest(unsigned: string, input: number, hash: Uint8Array, amount: bigint): Uint8Array {
  const satoshis = Buffer.alloc(8)
  satoshis.writeBigUInt64LE(amount)
  const scriptCode = Buffer.concat([Buffer.of(0x19, 0x76, 0xa9, 0x14), hash, Buffer.of(0x88, 0xac)])
  const digest = Transaction.SighashWitness.sighash(new Transaction(unsigned), 1, input, scriptCode, satoshis)
  return new Uint8Array(digest)
}

/** What is signed of a text behind the prefix of Bitcoin messages, by an implementation that is not ours. */
export function bitcoinMessageHash(text: string): Uint8Array {
  return new Uint8Array(new Message(text).magicHash())
}
