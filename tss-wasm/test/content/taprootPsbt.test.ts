import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { p2tr } from '@scure/btc-signer/payment.js'
import { Transaction } from '@scure/btc-signer/transaction.js'
import {
  decodeTaprootPsbt,
  finalizeTaprootPayment,
  importTaprootPsbt,
  taprootAddress,
  taprootDigests,
} from '../../content/taprootPsbt.ts'
import { hexToBytes } from '../../integers/bytes.ts'
import { schemeFixture } from '../schemes/fixtures.ts'
import { isTaprootPaid, taprootPayment } from '../../../testkit/schemeJudges.ts'
import { refusal } from './refusal.ts'

const secret = new Uint8Array(32).fill(7)
const publicKey = secp256k1.getPublicKey(secret, true)
const other = secp256k1.getPublicKey(new Uint8Array(32).fill(8), true)
const payee = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'
const own = p2tr(publicKey.slice(1))
const coins = [50_000n, 70_000n]

type Input = Parameters<Transaction['addInput']>[0]
type Changes = { readonly [K in keyof Input]?: Input[K] | undefined }

/** By btc-signer, with one coin of ours and whatever is changed about it. */
function written(changes: Changes, amount = 900n): Uint8Array {
  const transaction = new Transaction({ allowUnknownOutputs: true, disableScriptCheck: true })
  const witnessUtxo = { amount: 1000n, script: own.script }
  transaction.addOutputAddress(payee, amount)
  const input = { txid: '11'.repeat(32), index: 0, witnessUtxo, tapInternalKey: own.tapInternalKey, ...changes }
  transaction.addInput(input as Input)
  return transaction.toPSBT(0)
}

describe('a payment from a Taproot address', () => {
  const psbt = importTaprootPsbt(taprootPayment(publicKey, payee, coins, 100_000n), publicKey)

  it('shows where it goes, what it costs, and what comes back', () => {
    const transaction = Transaction.fromPSBT(psbt)
    transaction.addOutputAddress(own.address, 15_000n)
    const { inputs, outputs, leaving, fee } = decodeTaprootPsbt(
      importTaprootPsbt(transaction.toPSBT(0), publicKey),
      publicKey,
    )
    assert.deepEqual(
      inputs.map(({ amount }) => amount),
      coins,
    )
    assert.deepEqual(
      outputs.map(({ address, amount, isOwn }) => [address, amount, isOwn]),
      [
        [payee, 100_000n, false],
        [own.address, 15_000n, true],
      ],
    )
    assert.deepEqual([leaving, fee], [100_000n, 5000n])
  })

  it('is signed by digests that another signer signs too', () => {
    const theirs = Transaction.fromPSBT(psbt)
    theirs.sign(secret, undefined, new Uint8Array(32))
    const signatures = [0, 1].map((i) => theirs.getInput(i).tapKeySig ?? assert.fail())
    const { transaction, transactionId } = finalizeTaprootPayment(psbt, signatures)
    theirs.finalize()
    assert.deepEqual([transaction, transactionId], [theirs.hex, theirs.id])
    assert.ok(isTaprootPaid(transaction, taprootAddress(publicKey), coins))
    assert.equal(taprootDigests(psbt, decodeTaprootPsbt(psbt, publicKey)).length, 2)
  })

  it('goes to the address that others have for the key, whichever sign it has', () => {
    const { cases } = schemeFixture('taproot-tweak') as {
      readonly cases: readonly { readonly internalKey_sumOfFirstCommitments: string; readonly bip86Address: string }[]
    }
    assert.equal(cases.length, 4)
    for (const { internalKey_sumOfFirstCommitments: key, bip86Address } of cases)
      assert.equal(taprootAddress(hexToBytes(key)), bip86Address)
    for (const sign of [2, 3]) assert.equal(taprootAddress(new Uint8Array([sign, ...publicKey.slice(1)])), own.address)
  })

  it('leaves out what changes nothing, and is written in one way', () => {
    const derivation = { hashes: [], der: { fingerprint: 1, path: [86, 0] } }
    const busy = written({ tapBip32Derivation: [[own.tapInternalKey, derivation]], sighashType: 0 })
    const imported = importTaprootPsbt(busy, publicKey)
    assert.deepEqual(imported, importTaprootPsbt(written({}), publicKey))
    assert.deepEqual(
      refusal(() => decodeTaprootPsbt(busy, publicKey)),
      { field: 'psbt', rule: 'not-canonical' },
    )
  })

  const refused: readonly [what: string, psbt: () => Uint8Array, field: string, rule: string][] = [
    ['nothing that is a PSBT', () => new Uint8Array(20), 'psbt', 'not-psbt'],
    ['a coin of another key', () => taprootPayment(other, payee, [1000n], 900n), 'input 1', 'not-ours'],
    ['another internal key', () => written({ tapInternalKey: other.slice(1) }), 'input 1', 'other-signer'],
    ['a coin without its amount', () => written({ witnessUtxo: undefined }), 'input 1', 'missing-amount'],
    ['part of the transaction only', () => written({ sighashType: 0x83 }), 'input 1', 'wrong-sighash'],
    ['a signature', () => written({ tapKeySig: new Uint8Array(64).fill(1) }), 'input 1', 'already-signed'],
    ['a script tree', () => written({ tapMerkleRoot: new Uint8Array(32).fill(1) }), 'input 1', 'not-shown'],
    ['more than it spends', () => written({}, 1001n), 'outputs', 'more-than-inputs'],
    ['too much', () => written({ witnessUtxo: { amount: 2n ** 62n, script: own.script } }), 'input 1', 'too-large'],
  ]
  for (const [what, make, field, rule] of refused) {
    it(`with ${what} is refused`, () => {
      assert.deepEqual(
        refusal(() => importTaprootPsbt(make(), publicKey)),
        { field, rule },
      )
    })
  }
})
