import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { RawOldTx } from '@scure/btc-signer/script.js'
import { recoverAddress, Transaction as TheirTransaction, TypedDataEncoder } from 'ethers'
import { hashTypedData, keccak256, type Hex } from 'viem'
import { keyHash } from '../../content/keys.ts'
import { signingDigest } from '../../content/ethereum.ts'
import { decodePsbt, importPsbt } from '../../content/psbt.ts'
import { parsePsbt, unsignedOf } from '../../content/rawPsbt.ts'
import { ContentRefused } from '../../content/refused.ts'
import { signingTasks } from '../../content/signing.ts'
import { decodeTransaction, encodeTransaction } from '../../content/transaction.ts'
import { readTypedData, typedDataDigest } from '../../content/typedData.ts'
import { bitcoinDigest } from './bitcoinNode.ts'
import { invalid, lockTimes, owner, valid } from './vectors/bip370.ts'

// Vectors that others have published, a small part of each set: where they come from stands in each file. For every one of them
// there is the right digest, or a refusal with its reason; what is said to be invalid is refused.

const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, 'vectors', name), 'utf8')) as unknown

interface TransactionVector {
  readonly name: string
  readonly address: string
  readonly unsigned: Hex
  readonly signed: Hex
}
interface TypedVector {
  readonly name: string
  readonly types: Record<string, { name: string; type: string }[]>
  readonly primaryType: string
  readonly domain: Record<string, unknown>
  readonly message: Record<string, unknown>
  readonly digest: Hex
}

const bytes = (hex: string) => hexToBytes(hex.replace(/^0x/, ''))
const hex = (all: Uint8Array): Hex => `0x${bytesToHex(all)}`

/** The outcome: 'taken', or the rule by which it was refused. */
function outcome(work: () => void): string {
  try {
    work()
    return 'taken'
  } catch (error) {
    assert.ok(error instanceof ContentRefused, String(error))
    return error.rule
  }
}

function counted(outcomes: readonly string[]): Readonly<Record<string, number>> {
  return outcomes
    .toSorted()
    .reduce<Record<string, number>>((all, each) => ({ ...all, [each]: (all[each] ?? 0) + 1 }), {})
}

suite('published transactions (EIP-155, EIP-2930, EIP-1559)', () => {
  const { vectors } = read('transactions.json') as { vectors: TransactionVector[] }

  test('have the digest by which their published signature is their sender’s, or are what no network takes', () => {
    const outcomes = vectors.map(({ name, unsigned, signed, address }) =>
      outcome(() => {
        const transaction = decodeTransaction(bytes(unsigned))
        assert.equal(hex(encodeTransaction(transaction)), unsigned, name)
        const digest = hex(signingDigest({ type: 'ethereum-transaction', unsigned: bytes(unsigned) }))
        assert.equal(digest, keccak256(unsigned), name)
        assert.equal(digest, TheirTransaction.from(unsigned).unsignedHash, name)
        const { signature } = TheirTransaction.from(signed)
        assert.ok(signature !== null, name)
        assert.equal(recoverAddress(digest, signature).toLowerCase(), address.toLowerCase(), name)
      }),
    )
    // Of the random ones many have too little gas, no recipient, no chain, or numbers beyond EIP-2681.
    const refused = { 'any-chain': 5, 'below-gas': 36, 'creates-nothing': 6, 'too-large': 2, 'too-small': 10 }
    assert.deepEqual(counted(outcomes), { ...refused, taken: 76 })
  })

  test('are refused once they are signed', () => {
    for (const { name, signed } of vectors) {
      assert.throws(() => decodeTransaction(bytes(signed)), ContentRefused, name)
    }
  })
})

suite('published typed data (EIP-712)', () => {
  const { vectors } = read('eip712.json') as { vectors: TypedVector[] }

  test('has the published digest, as viem and ethers have it', () => {
    for (const { name, digest, types, primaryType, domain, message } of vectors) {
      const data = { types, primaryType, domain, message }
      const { json, leftOut } = readTypedData(JSON.stringify(data))
      assert.deepEqual(leftOut, [], name)
      assert.equal(hex(typedDataDigest(json)), digest, name)
      assert.equal(hashTypedData(data as Parameters<typeof hashTypedData>[0]), digest, name)
      assert.equal(TypedDataEncoder.hash(domain, types, message), digest, name)
    }
    assert.ok(vectors.length > 60)
  })

  test('is refused without any one of its values, or with another kind of value in its place', () => {
    for (const { types, primaryType, domain, message } of vectors) {
      for (const { name } of types[primaryType] ?? []) {
        const less = Object.fromEntries(Object.entries(message).filter(([other]) => other !== name))
        for (const wrong of [less, { ...message, [name]: { no: 'such' } }, { ...message, [name]: 1.5 }]) {
          const data = { types, primaryType, domain, message: wrong }
          const read = outcome(() => {
            readTypedData(JSON.stringify(data))
          })
          assert.notEqual(read, 'taken', `${name} of ${JSON.stringify(data)}`)
        }
      }
    }
  })
})

suite('published PSBTs', () => {
  const { valid: sound, invalid: broken } = read('psbt.json') as {
    valid: string[]
    invalid: string[]
  }
  const base64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))

  test('that are invalid (BIP-174, BIP-371) are refused', () => {
    assert.equal(broken.length, 31)
    for (const psbt of broken)
      assert.equal(
        outcome(() => parsePsbt(base64(psbt))),
        'not-psbt',
      )
  })

  test('that mix versions, lack fields or have lock times of the other kind (BIP-370) are refused', () => {
    assert.equal(Object.keys(invalid).length, 21)
    for (const [name, psbt] of Object.entries(invalid)) {
      assert.equal(
        outcome(() => parsePsbt(bytes(psbt))),
        'not-psbt',
        name,
      )
    }
  })

  test('that are valid are read, and refused for what is not ours to sign', () => {
    const outcomes = sound.map((psbt) => outcome(() => importPsbt(base64(psbt), bytes(owner))))
    // Two of BIP-174 have fields whose numbers BIP-370 has given away since; one has no input.
    const refused = { 'already-signed': 4, 'not-p2wpkh': 8, 'not-psbt': 2, 'wrong-field-count': 1 }
    assert.deepEqual(counted(outcomes), refused)
  })

  test('of version 2 (BIP-370) have the digest of the transaction that they stand for, by another implementation', () => {
    for (const [name, psbt, lockTime] of valid) {
      const imported = importPsbt(bytes(psbt), bytes(owner))
      const { inputs, notBefore } = decodePsbt(imported, bytes(owner))
      assert.equal(notBefore, lockTime, name)
      const content = { type: 'bitcoin-psbt', psbt: imported } as const
      const [task] = signingTasks({ publicKey: bytes(owner), content })
      const unsigned = unsignedOf(parsePsbt(bytes(psbt)))
      const raw = bytesToHex(RawOldTx.encode(unsigned as Parameters<typeof RawOldTx.encode>[0]))
      assert.deepEqual(task?.digest, bitcoinDigest(raw, 0, keyHash(bytes(owner)), inputs[0]?.amount ?? 0n), name)
    }
  })

  test('of version 2 have the lock time that follows from their inputs, or none', () => {
    for (const [psbt, lockTime] of lockTimes) {
      const read = () => unsignedOf(parsePsbt(bytes(psbt))).lockTime
      if (lockTime === undefined) assert.equal(outcome(read), 'other-lock-times')
      else assert.equal(read(), lockTime)
    }
  })
})
