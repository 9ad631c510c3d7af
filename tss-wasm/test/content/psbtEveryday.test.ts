import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { RawPSBTV0, RawPSBTV2 } from '@scure/btc-signer/psbt.js'
import { Transaction } from '@scure/btc-signer/transaction.js'
import { keyAt } from '../../content/keys.ts'
import { mostGivenOut } from '../../content/ownKeys.ts'
import { decodePsbt, importPsbt, readPsbt } from '../../content/psbt.ts'
import { longestPsbt, mostInputs } from '../../content/rawPsbt.ts'
import { ContentRefused } from '../../content/refused.ts'
import { keyHashScript, scriptKind } from '../../content/scripts.ts'
import { assembleOrder, signingTasks } from '../../content/signing.ts'
import { bitcoinVerdict } from './bitcoinNode.ts'
import { psbtOf, signedBy } from './payments.ts'

const secretKey = new Uint8Array(32).fill(7)
const publicKey = secp256k1.getPublicKey(secretKey)
const stranger = keyHashScript(secp256k1.getPublicKey(new Uint8Array(32).fill(9)))
const script = (path: readonly number[]) => keyHashScript(keyAt(publicKey, path).publicKey)
const coins = [
  { path: [], amount: 60_000n },
  { path: [0, 3], amount: 50_000n },
]
const sendings = [
  { script: stranger, amount: 80_000n },
  { script: script([1, 7]), amount: 29_000n },
]
const plain = () => psbtOf(publicKey, coins, sendings)
type Raw = ReturnType<typeof RawPSBTV0.decode>

function changed(change: (raw: Raw) => void): Uint8Array {
  const raw = RawPSBTV0.decode(plain())
  change(raw)
  return RawPSBTV0.encode(raw)
}

const refusal = (field: string, rule: string, given?: string) => (error: unknown) => {
  assert.ok(error instanceof ContentRefused, String(error))
  assert.deepEqual([error.field, error.rule], [field, rule])
  if (given !== undefined) assert.equal(error.given, given)
  return true
}

function isTaken(psbt: Uint8Array): void {
  const order = { publicKey, content: { type: 'bitcoin-psbt', psbt } } as const
  const { result } = assembleOrder(order, signedBy(secretKey, signingTasks(order)))
  const spent = decodePsbt(psbt, publicKey).inputs.map(({ key, amount }) => ({
    script: keyHashScript(key.publicKey),
    amount,
  }))
  assert.equal(bitcoinVerdict(result, spent), '')
}

suite('PSBTs as people really have them', () => {
  test('of version 2 (BIP-370) show the same payment as version 0', () => {
    const second = Transaction.fromPSBT(plain(), { allowUnknownOutputs: true }).toPSBT(2)
    assert.deepEqual(importPsbt(second, publicKey), importPsbt(plain(), publicKey))
  })

  test('of version 2 take their lock time from what the inputs ask for', () => {
    const lockTime = (change: (raw: ReturnType<typeof RawPSBTV2.decode>) => void) => {
      const raw = RawPSBTV2.decode(Transaction.fromPSBT(plain(), { allowUnknownOutputs: true }).toPSBT(2))
      change(raw)
      return decodePsbt(importPsbt(RawPSBTV2.encode(raw), publicKey), publicKey).notBefore
    }
    const asks = (i: number, fields: object) => (raw: { inputs: object[] }) => {
      Object.assign(raw.inputs[i] ?? {}, fields)
    }
    const both = (one: object, two: object) => (raw: { inputs: object[] }) => {
      asks(0, one)(raw)
      asks(1, two)(raw)
    }
    // The cases of BIP-370, "Test Vectors", with heights and times of our own.
    assert.equal(
      lockTime(() => undefined),
      0,
    )
    assert.equal(
      lockTime((raw) => Object.assign(raw.global, { fallbackLocktime: 700 })),
      700,
    )
    assert.equal(lockTime(asks(0, { requiredHeightLocktime: 10_000 })), 10_000)
    assert.equal(lockTime(both({ requiredHeightLocktime: 10_000 }, { requiredHeightLocktime: 9000 })), 10_000)
    const either = { requiredHeightLocktime: 10_000, requiredTimeLocktime: 1_657_048_460 }
    assert.equal(lockTime(both(either, { requiredTimeLocktime: 1_657_048_459 })), 1_657_048_460)
    assert.equal(lockTime(both(either, either)), 10_000)
    assert.throws(
      () => lockTime(both({ requiredHeightLocktime: 10_000 }, { requiredTimeLocktime: 1_657_048_460 })),
      refusal('psbt', 'other-lock-times'),
    )
  })

  test('of a transaction of version 3 are signed; of another version they are refused by its number', () => {
    const version = (number: number) =>
      changed((raw) => Object.assign(raw.global.unsignedTx ?? {}, { version: number }))
    isTaken(importPsbt(version(3), publicKey))
    for (const number of [0, 4]) {
      assert.throws(() => importPsbt(version(number), publicKey), refusal('version', 'wrong-version', String(number)))
    }
  })

  test('of hundreds of inputs and outputs are signed, and one more than that is refused with both numbers', () => {
    const many = (count: number) =>
      psbtOf(
        publicKey,
        Array.from({ length: count }, () => ({ path: [], amount: 1000n })),
        Array.from({ length: 500 }, () => ({ script: stranger, amount: 300n })),
        { input: { nonWitnessUtxo: undefined } },
      )
    const psbt = importPsbt(distinct(many(mostInputs)), publicKey)
    assert.equal(signingTasks({ publicKey, content: { type: 'bitcoin-psbt', psbt } }).length, mostInputs)
    assert.throws(
      () => importPsbt(distinct(many(mostInputs + 1)), publicKey),
      refusal('inputs', 'too-many', `${mostInputs + 1}`),
    )
  })

  test('whose previous transactions carry long witnesses are measured without them', () => {
    const heavy = changed((raw) => {
      for (const { nonWitnessUtxo } of raw.inputs) {
        Object.assign(nonWitnessUtxo ?? {}, { segwitFlag: true, witnesses: [[new Uint8Array(longestPsbt)]] })
      }
    })
    assert.ok(heavy.length > 2 * longestPsbt)
    assert.deepEqual(importPsbt(heavy, publicKey), importPsbt(plain(), publicKey))
  })

  test('spend and pay any address that the app gives out, without saying its path', () => {
    const last = mostGivenOut - 1
    const far = psbtOf(
      publicKey,
      [{ path: [0, last], amount: 60_000n }],
      [{ script: script([1, last]), amount: 59_000n }],
    )
    const psbt = importPsbt(far, publicKey)
    const { inputs, outputs } = decodePsbt(psbt, publicKey)
    assert.deepEqual(
      [inputs[0]?.key.path, outputs[0]?.back],
      [
        [0, last],
        [1, last],
      ],
    )
    isTaken(psbt)
    const beyond = psbtOf(publicKey, [{ path: [0, mostGivenOut], amount: 60_000n }], sendings.slice(1))
    assert.throws(() => importPsbt(beyond, publicKey), refusal('input 1', 'not-ours'))
  })
})

suite('what a PSBT holds beside the payment', () => {
  test('is refused where it makes something else of it: a message, a proof of reserves', () => {
    const message = changed((raw) =>
      Object.assign(raw.global, { genericSignedMessage: new TextEncoder().encode('I owe Eve') }),
    )
    assert.throws(() => importPsbt(message, publicKey), refusal('psbt', 'signs-message'))
    assert.throws(() => decodePsbt(message, publicKey), refusal('psbt', 'signs-message'))
    const proof = changed((raw) => Object.assign(raw.inputs[0] ?? {}, { porCommitment: Uint8Array.of(1) }))
    assert.throws(() => importPsbt(proof, publicKey), refusal('input 1', 'proves-reserves'))
  })

  test('is refused by name where nobody could see it, and told where it is left out', () => {
    const preimage = changed((raw) =>
      Object.assign(raw.inputs[1] ?? {}, { sha256: [[new Uint8Array(32), Uint8Array.of(1)]] }),
    )
    assert.throws(() => importPsbt(preimage, publicKey), refusal('input 2', 'not-shown', 'sha256'))
    const described = changed((raw) => {
      Object.assign(raw.outputs[0] ?? {}, { witnessScript: Uint8Array.of(0x51) })
      Object.assign(raw.global, { unknown: [[{ type: 0x70, key: new Uint8Array() }, Uint8Array.of(1)]] })
    })
    const { psbt, leftOut } = readPsbt(described, publicKey)
    assert.deepEqual(leftOut, ['psbt: unknown', 'output 1: witnessScript'])
    assert.deepEqual(psbt, importPsbt(plain(), publicKey))
    assert.deepEqual(readPsbt(plain(), publicKey).leftOut, [])
  })
})

test('outputs without an address are distinguished by where their money goes', () => {
  const cases = [
    ['6a0568656c6c6f', 'memo'],
    ['6a', 'memo'],
    ['51', 'anybody'],
    ['', 'anybody'],
    ['0101', 'anybody'],
    ['51024e73', 'anybody'],
    ['5214751e76e8199196d454941c45d1b3a323f1433bd6', 'anybody'],
    ['00', 'nobody'],
    ['0100', 'nobody'],
    ['0180', 'nobody'],
    [`5120${'ff'.repeat(32)}`, 'nobody'],
    ['ac', 'other'],
    [bytesToHex(stranger), 'address'],
    ['5120a60869f0dbcf1dc659c9cecbaf8050135ea9e8cdc487053f1dc6880949dc684c', 'address'],
  ] as const
  for (const [hex, kind] of cases) assert.equal(scriptKind(hexToBytes(hex)), kind, hex)
})

/** The same coins, each of its own transaction. */
function distinct(psbt: Uint8Array): Uint8Array {
  const raw = RawPSBTV0.decode(psbt)
  const { inputs } = raw.global.unsignedTx as { inputs: { txid: Uint8Array }[] }
  for (const [i, input] of inputs.entries())
    input.txid = new Uint8Array(32)
      .fill(1)
      .with(0, i & 255)
      .with(1, i >> 8)
  return RawPSBTV0.encode(raw)
}
