import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { RawPSBTV0 } from '@scure/btc-signer/psbt.js'
import { Transaction } from '@scure/btc-signer/transaction.js'
import fc from 'fast-check'
import { bitcoinAddress } from '../../content/bitcoin.ts'
import { keyAt } from '../../content/keys.ts'
import { decodePsbt, importPsbt } from '../../content/psbt.ts'
import { keyHashScript } from '../../content/scripts.ts'
import { longestImport, mostInputs } from '../../content/rawPsbt.ts'
import { ContentRefused } from '../../content/refused.ts'
import { assembleOrder, signingTasks } from '../../content/signing.ts'
import { bitcoinVerdict } from './bitcoinNode.ts'
import { previous, psbtOf, signedBy, type Coin } from './payments.ts'

const secretKey = new Uint8Array(32).fill(7)
const publicKey = secp256k1.getPublicKey(secretKey)
const stranger = keyHashScript(secp256k1.getPublicKey(new Uint8Array(32).fill(9)))
const script = (path: readonly number[]) => keyHashScript(keyAt(publicKey, path).publicKey)
const coins: readonly Coin[] = [
  { path: [], amount: 60_000n },
  { path: [0, 3], amount: 50_000n },
]
const sendings = [
  { script: stranger, amount: 80_000n },
  { script: script([1, 7]), amount: 29_000n },
]
const good = () => importPsbt(psbtOf(publicKey, coins, sendings), publicKey)

function refusal(field: string, rule: string) {
  return (error: unknown) => error instanceof ContentRefused && error.field === field && error.rule === rule
}

/** The PSBT with its maps changed by hand, as no honest program would write it. */
function changed(change: (raw: ReturnType<typeof RawPSBTV0.decode>) => void, psbt = good()): Uint8Array {
  const raw = RawPSBTV0.decode(psbt)
  change(raw)
  return RawPSBTV0.encode(raw)
}

suite('a Bitcoin payment', () => {
  test('is shown with what leaves, what comes back, the fee, and whose coins they are', () => {
    const payment = decodePsbt(good(), publicKey)
    assert.deepEqual(
      payment.inputs.map(({ amount, key }) => [amount, key.path]),
      [
        [60_000n, []],
        [50_000n, [0, 3]],
      ],
    )
    assert.deepEqual(
      payment.outputs.map(({ amount, back }) => [amount, back]),
      [
        [80_000n, undefined],
        [29_000n, [1, 7]],
      ],
    )
    assert.equal(payment.outputs[1]?.address, bitcoinAddress(keyAt(publicKey, [1, 7]).publicKey))
    assert.deepEqual([payment.fee, payment.leaving], [1000n, 80_000n])
    assert.deepEqual([payment.isReplaceable, payment.notBefore, payment.areAmountsProven], [true, 0, true])
  })

  test('is accepted by a script interpreter that is not ours, every input of it', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            path: fc.constantFrom<readonly number[]>([], [0, 0], [0, 19], [1, 2], [5, 2 ** 31 - 1]),
            amount: fc.bigInt({ min: 10_000n, max: 10n ** 12n }),
          }),
          { minLength: 1, maxLength: 5 },
        ),
        fc.constantFrom(0xffffffff, 0xfffffffe, 0xfffffffd, 0),
        (mine, sequence) => {
          const sum = mine.reduce((all, { amount }) => all + amount, 0n)
          const unnamed = mine.some(({ path }) => path[0] === 5)
          const named = (raw: ReturnType<typeof RawPSBTV0.decode>) => {
            for (const [i, { path }] of mine.entries()) {
              const entry = [keyAt(publicKey, path).publicKey, { fingerprint: 1, path: [2 ** 31 + 84, ...path] }]
              if (path.length > 0) Object.assign(raw.inputs[i] ?? {}, { bip32Derivation: [entry] })
            }
          }
          const received = psbtOf(publicKey, mine, [{ script: stranger, amount: sum - 900n }], { sequence })
          const psbt = importPsbt(unnamed ? changed(named, new Uint8Array(received)) : received, publicKey)
          const order = { publicKey, content: { type: 'bitcoin-psbt', psbt } } as const
          const tasks = signingTasks(order)
          const { result, transactionHash, psbt: final } = assembleOrder(order, signedBy(secretKey, tasks))
          const spent = mine.map(({ path, amount }) => ({ script: script(path), amount }))
          assert.equal(bitcoinVerdict(result, spent), '')
          assert.match(bitcoinVerdict(result, spent.with(0, { script: script([]), amount: 1n })), /input 0/)
          const theirs = Transaction.fromPSBT(final ?? new Uint8Array(), { allowUnknownOutputs: true })
          assert.equal(theirs.id, transactionHash)
          assert.equal(bytesToHex(theirs.extract()), result)
          const { size, isReplaceable } = decodePsbt(psbt, publicKey)
          assert.ok(
            size >= theirs.vsize && size <= theirs.vsize + mine.length,
            'size is what it will be, or a bit more',
          )
          assert.equal(isReplaceable, sequence < 0xfffffffe)
        },
      ),
      { numRuns: 8 },
    )
  })

  test('signs nothing that a signature of somebody else is put into', () => {
    const order = { publicKey, content: { type: 'bitcoin-psbt', psbt: good() } } as const
    const tasks = signingTasks(order)
    const signatures = signedBy(secretKey, tasks)
    assert.throws(() => assembleOrder(order, signatures.toReversed()), /not those of the order/)
    assert.throws(() => assembleOrder(order, signatures.slice(1)), /not those of the order/)
    assert.throws(() => signingTasks({ ...order, path: [0, 1] }), refusal('path', 'path-not-wanted'))
  })
})

suite('a PSBT', () => {
  test('is refused by name of the place and the rule it breaks', () => {
    const input = (fields: object) =>
      changed((raw) => {
        Object.assign(raw.inputs[0] ?? {}, fields)
      })
    const signature = Uint8Array.of(0x30, 0x06, 2, 1, 1, 2, 1, 1, 1)
    const cases: [Uint8Array, field: string, rule: string][] = [
      [new Uint8Array(), 'psbt', 'not-psbt'],
      [new Uint8Array(longestImport + 1), 'psbt', 'too-long'],
      [good().slice(0, -1), 'psbt', 'not-psbt'],
      [Uint8Array.from([...good(), 0]), 'psbt', 'wrong-field-count'],
      [input({ sighashType: 2 }), 'input 1', 'wrong-sighash'],
      [input({ sighashType: 0x81 }), 'input 1', 'wrong-sighash'],
      [input({ partialSig: [[publicKey, signature]] }), 'input 1', 'already-signed'],
      [input({ finalScriptWitness: [signature, publicKey] }), 'input 1', 'already-signed'],
      [input({ witnessScript: Uint8Array.of(0x51) }), 'input 1', 'not-p2wpkh'],
      [input({ redeemScript: Uint8Array.of(0x51) }), 'input 1', 'not-p2wpkh'],
      [input({ witnessUtxo: undefined, nonWitnessUtxo: undefined }), 'input 1', 'missing-amount'],
      [input({ nonWitnessUtxo: undefined, witnessUtxo: { amount: 60_000n, script: stranger } }), 'input 1', 'not-ours'],
      [
        input({ nonWitnessUtxo: undefined, witnessUtxo: { amount: 60_000n, script: Uint8Array.of(0x51) } }),
        'input 1',
        'not-p2wpkh',
      ],
      // The fee attack on BIP-143: the amount that is shown is not the one of the coin.
      [input({ witnessUtxo: { amount: 50_000n, script: script([]) } }), 'input 1', 'other-amount'],
      [input({ nonWitnessUtxo: previous(script([]), 60_000n, 77).transaction }), 'input 1', 'other-amount'],
      [
        input({
          nonWitnessUtxo: undefined,
          witnessUtxo: { amount: 22_000_000n * 100_000_000n, script: script([]) },
        }),
        'input 1',
        'too-large',
      ],
      [psbtOf(publicKey, coins, [{ script: stranger, amount: 110_001n }]), 'outputs', 'more-than-inputs'],
      [
        psbtOf(
          publicKey,
          Array.from({ length: mostInputs + 1 }, () => ({ path: [], amount: 1000n })),
          sendings.slice(1),
        ),
        'inputs',
        'too-many',
      ],
      [
        changed((raw) => {
          const { inputs } = raw.global.unsignedTx as { inputs: { txid: Uint8Array; index: number }[] }
          Object.assign(inputs[1] ?? {}, { txid: inputs[0]?.txid, index: inputs[0]?.index })
        }),
        'input 2',
        'spent-twice',
      ],
    ]
    for (const [psbt, field, rule] of cases) {
      assert.throws(() => importPsbt(psbt, publicKey), refusal(field, rule), `${field} ${rule}`)
    }
    const [other] = [secp256k1.getPublicKey(new Uint8Array(32).fill(8))]
    assert.throws(() => decodePsbt(good(), other), refusal('input 1', 'not-ours'))
  })

  test('has one form that is signed; every other is refused, and imported into that one', () => {
    const psbt = good()
    const described = changed((raw) => {
      const entry = [keyAt(publicKey, [0, 3]).publicKey, { fingerprint: 7, path: [2 ** 31 + 84, 0, 3] }] as const
      Object.assign(raw.inputs[1] ?? {}, { sighashType: 1, bip32Derivation: [entry] })
      Object.assign(raw.outputs[0] ?? {}, { bip32Derivation: [entry] })
    })
    for (const other of [described, psbtOf(publicKey, coins, sendings)]) {
      assert.throws(() => decodePsbt(other, publicKey), refusal('psbt', 'not-canonical'))
      assert.deepEqual(importPsbt(other, publicKey), psbt)
    }
    assert.deepEqual(importPsbt(psbt, publicKey), psbt)
  })

  test('marks amounts that are not proven', () => {
    const bare = psbtOf(publicKey, coins, sendings, { input: { nonWitnessUtxo: undefined } })
    assert.equal(decodePsbt(importPsbt(bare, publicKey), publicKey).areAmountsProven, false)
    const one = psbtOf(publicKey, coins.slice(0, 1), [{ script: stranger, amount: 50_000n }], {
      input: { nonWitnessUtxo: undefined },
    })
    assert.equal(decodePsbt(importPsbt(one, publicKey), publicKey).areAmountsProven, true)
  })

  test('never takes an output for ours that is not', () => {
    const lying = changed((raw) => {
      const entry = [keyAt(publicKey, [1, 7]).publicKey, { fingerprint: 7, path: [1, 7] }] as const
      Object.assign(raw.outputs[0] ?? {}, { bip32Derivation: [entry] })
    })
    const payment = decodePsbt(importPsbt(lying, publicKey), publicKey)
    assert.equal(payment.outputs[0]?.back, undefined)
  })

  test('takes an output to a key of ours that nobody would find for what leaves the wallet', () => {
    const paying = (path: readonly number[], from: readonly Coin[] = coins) => {
      const mine = [{ script: script(path), amount: 100_000n }]
      const named = changed(
        (raw) => {
          const entryOf = (path: readonly number[]) => [keyAt(publicKey, path).publicKey, { fingerprint: 7, path }]
          for (const [i, coin] of from.entries())
            if (coin.path.length > 0) Object.assign(raw.inputs[i] ?? {}, { bip32Derivation: [entryOf(coin.path)] })
          Object.assign(raw.outputs[0] ?? {}, { bip32Derivation: [entryOf(path)] })
        },
        new Uint8Array(psbtOf(publicKey, from, mine)),
      )
      const { outputs, leaving } = decodePsbt(importPsbt(named, publicKey), publicKey)
      assert.equal(leaving, outputs[0]?.back === undefined ? 100_000n : 0n)
      return outputs[0]?.back
    }
    for (const path of [
      [0, 99_999],
      [1, 20],
    ])
      assert.deepEqual(paying(path), path)
    for (const path of [[1], [0, 100_000], [2, 0], [1, 2, 3], [1_029_384_756, 77, 5]]) {
      assert.equal(paying(path), undefined, String(path))
    }
    assert.deepEqual(paying([7, 7, 7], [{ path: [7, 7, 7], amount: 120_000n }]), [7, 7, 7], 'back to where it was')
  })

  test('that holds only once its coins are older says so', () => {
    const waits = (sequence: number, version = 2) => {
      const psbt = changed(
        (raw) => {
          Object.assign(raw.global.unsignedTx ?? {}, { version })
        },
        new Uint8Array(psbtOf(publicKey, coins, sendings, { sequence })),
      )
      return decodePsbt(importPsbt(psbt, publicKey), publicKey).waitsForCoins
    }
    for (const sequence of [1, 0xffff, 0x00400001, 0x0001ffff]) assert.ok(waits(sequence), String(sequence))
    for (const sequence of [0, 0x00400000, 0x80000001, 0xfffffffd, 0xffffffff])
      assert.ok(!waits(sequence), String(sequence))
    assert.ok(!waits(1, 1), 'the rule holds for version 2')
  })

  test('changed in any byte is another payment or none, never a crash', () => {
    const psbt = good()
    const digests = bytesToHex(signingTasks({ publicKey, content: { type: 'bitcoin-psbt', psbt } })[0]?.digest ?? psbt)
    for (let at = 0; at < psbt.length; at += 11) {
      const other = psbt.with(at, (psbt[at] ?? 0) ^ 0x01)
      try {
        const [task] = signingTasks({ publicKey, content: { type: 'bitcoin-psbt', psbt: other } })
        assert.notEqual(bytesToHex(task?.digest ?? other), digests, `byte ${at}`)
      } catch (error) {
        assert.ok(error instanceof ContentRefused, String(error))
      }
    }
  })
})
