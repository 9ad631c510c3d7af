import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { parseTransaction, recoverMessageAddress, type Hex } from 'viem'
import { mostItems } from '../../content/batch.ts'
import type { BatchItem, SigningContent } from '../../content/content.ts'
import { ethereumAddress } from '../../content/ethereum.ts'
import { keyAt } from '../../content/keys.ts'
import { assembleOrder, isSignedOrder, signatureCount, signingTasks } from '../../content/signing.ts'
import { encodeTransaction } from '../../content/transaction.ts'
import { decodeProposal, encodeProposal } from '../../identity/proposal.ts'
import { spends } from '../../requests/spends.ts'
import { refusal } from './refusal.ts'

const secretKey = new Uint8Array(32).fill(7)
const publicKey = secp256k1.getPublicKey(secretKey)
const friend = '0x000000000000000000000000000000000000dEaD'
const session = new Uint8Array(16)

const payment = (nonce: bigint, value = 1n): BatchItem => ({
  type: 'ethereum-transaction',
  unsigned: encodeTransaction({
    chainId: 1n,
    nonce,
    maxPriorityFeePerGas: 1n,
    maxFeePerGas: 2n,
    gasLimit: 21_000n,
    to: friend,
    value,
    data: new Uint8Array(),
    accessList: [],
  }),
})
const message = (text: string): BatchItem => ({ type: 'ethereum-message', message: utf8ToBytes(text) })
const bitcoin: BatchItem = { type: 'bitcoin-message', message: utf8ToBytes('mine'), format: 'bip137' }
const batch = (...items: BatchItem[]) => ({ type: 'batch', items }) as const
const order = (...items: BatchItem[]) => ({ publicKey, content: batch(...items) })

const signedBy = (tasks: ReturnType<typeof signingTasks>) =>
  tasks.map(({ digest }) => {
    const raw = secp256k1.sign(digest, secretKey, { prehash: false, format: 'recovered' })
    return { recovery: raw[0] ?? -1, r: raw.slice(1, 33), s: raw.slice(33) }
  })

suite('several contents under one approval', () => {
  test('take the signatures that each of them takes by itself, in their order', async () => {
    const items = [payment(1n), message('hello'), bitcoin, payment(2n)]
    const tasks = signingTasks(order(...items))
    const alone = items.flatMap((content) => signingTasks({ publicKey, content }))
    assert.deepEqual(tasks, alone)
    assert.equal(signatureCount(batch(...items)), 4)
    const signatures = signedBy(tasks)
    assert.ok(isSignedOrder(tasks, signatures))
    assert.ok(!isSignedOrder(tasks, signatures.toReversed()))

    const signed = assembleOrder(order(...items), signatures)
    const each = signed.items ?? []
    assert.equal(signed.result, each.map(({ result }) => result).join('\n'))
    assert.deepEqual(
      each,
      items.map((content, i) => assembleOrder({ publicKey, content }, signatures.slice(i, i + 1))),
    )
    assert.equal(parseTransaction((each[3]?.result ?? '0x') as Hex).nonce, 2)
    assert.match(each[3]?.transactionHash ?? '', /^0x[0-9a-f]{64}$/)
    const signature = (each[1]?.result ?? '0x') as Hex
    assert.equal(await recoverMessageAddress({ message: 'hello', signature }), ethereumAddress(publicKey))
  })

  test('are all by the key of the order’s path', () => {
    const path = [0, 4]
    const tasks = signingTasks({ ...order(payment(1n), bitcoin), path })
    assert.deepEqual(
      tasks.map(({ key }) => key),
      [keyAt(publicKey, path), keyAt(publicKey, path)],
    )
  })

  test('are refused as one, naming the item', () => {
    const refused = (content: SigningContent, field: string, rule: string) => {
      assert.deepEqual(refusal(() => signingTasks({ publicKey, content })), { field, rule }) // prettier-ignore
    }
    refused(batch(), 'items', 'too-small')
    refused(batch(...Array.from({ length: mostItems + 1 }, (_, i) => payment(BigInt(i)))), 'items', 'too-many')
    refused(
      batch(payment(1n), { type: 'ethereum-transaction', unsigned: Uint8Array.of(2, 0xc0) }),
      'items[2].transaction',
      'wrong-field-count',
    )
    refused(batch(payment(1n), message('a'), payment(1n)), 'items[3]', 'same-twice')
    assert.equal(signingTasks(order(...Array.from({ length: mostItems }, (_, i) => payment(BigInt(i))))).length, 200)
  })

  test('spend what each of them spends', () => {
    assert.deepEqual(spends(order(payment(5n), message('a'), payment(6n))), ['nonce 5 of  on 1', 'nonce 6 of  on 1'])
  })

  test('are written in a proposal in one way, item by item', () => {
    const proposal = { kind: 'sign', ...order(message('a'), bitcoin) } as const
    const bytes = encodeProposal(proposal, session)
    // SPEC 8.6
    assert.equal(
      new TextDecoder().decode(bytes),
      `{"protocol":"quorate/2","kind":"sign","session":"${'00'.repeat(16)}","publicKey":"${bytesToHex(publicKey)}",` +
        '"content":{"type":"batch","items":[{"type":"ethereum-message","message":"61"},' +
        '{"type":"bitcoin-message","message":"6d696e65","format":"bip137"}]}}',
    )
    assert.equal(bytesToHex(sha256(bytes)), '0b09dcbe49b9f96e4b4cd239d1d5cc0269f69108f4fb621d8b612c948c7b6031')
    assert.deepEqual(decodeProposal(bytes).proposal, proposal)
    const text = new TextDecoder().decode(bytes)
    const refusals = [
      text.replace(
        '"type":"ethereum-message","message":"61"',
        '"type":"raw-digest","digest":"' + '11'.repeat(32) + '"',
      ),
      text.replace('"type":"ethereum-message","message":"61"', '"type":"bitcoin-psbt","psbt":"00"'),
      text.replace('"type":"ethereum-message","message":"61"', '"type":"batch","items":[]'),
      text.replace(/"items":\[.*\]/, '"items":[]'),
      text.replace('"type":"ethereum-message","message":"61"', '"message":"61","type":"ethereum-message"'),
    ]
    for (const other of refusals) {
      assert.notEqual(other, text)
      assert.throws(() => decodeProposal(utf8ToBytes(other)), /proposal/)
    }
  })
})
