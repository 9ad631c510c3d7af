import { secp256k1 } from '@noble/curves/secp256k1.js'
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { inspect } from 'node:util'
import { deriveChild } from '../../curve/derivation.ts'
import type { Point } from '../../curve/point.ts'
import { sameBytes } from '../../bytes.ts'
import { bytesToHex, concatBytes, integerToFixedBytes } from '../../integers/bytes.ts'
import { presign, presignStages } from '../../protocols/presign.ts'
import { mostSlotsFor } from '../../protocols/presignMessages.ts'
import type { Message, PresignatureBatch } from '../../protocols/presignature.ts'
import { messageFirstRun, sessionId } from '../../protocols/presignSession.ts'
import { prepareSigning } from '../../protocols/signingPreparation.ts'
import { messageFirstTable, signMessageFirst, signOnline } from '../../protocols/signOnline.ts'
import type { EcdsaSignature } from '../../protocols/signature.ts'
import type { PartyId } from '../../partyId.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import { results, simulate, type Setting } from '../simulate.ts'
import { onlineSetting, presignSetting, run, shares, signersOf, wallet } from './presignSettings.ts'

const random = seededRandom('messages')
const content = (): Message => ({ digest: random(32), origin: 'content' })

/** By a library that is not ours. */
function assertValid(signature: EcdsaSignature | undefined, { digest }: Pick<Message, 'digest'>, by: Point): void {
  assert.ok(signature !== undefined)
  const { r, s, recovery } = signature
  const compact = concatBytes(integerToFixedBytes(r, 32), integerToFixedBytes(s, 32))
  assert.ok(secp256k1.verify(compact, digest, by.toBytes(), { prehash: false, lowS: true }))
  const recovered = secp256k1.recoverPublicKey(concatBytes(Uint8Array.of(recovery), compact), digest, {
    prehash: false,
  })
  assert.deepEqual(recovered, by.toBytes())
}

const presigned = async (...given: Parameters<typeof presignSetting>) =>
  results(await simulate(presign, presignSetting(...given)))

describe('presigning and signing', () => {
  const sets = [[1, 3, 4], ...(process.env['DEEP'] === '1' ? [[0, 1, 2, 3, 4]] : [])]
  for (const indexes of sets) {
    it(`by ${indexes.join(', ')} of the five`, async () => {
      const batches = await presigned(indexes, 1)
      const message = content()
      const signed = results(await simulate(signOnline, onlineSetting(batches, indexes, [message])))
      for (const signatures of signed) assert.deepEqual(signatures, signed[0])
      assertValid(signed[0]?.[0], message, wallet.publicKey)
    })
  }

  it('makes a batch at once and uses it up from the lowest slot, some or several at a time', async () => {
    const indexes = [0, 1, 2]
    const batches = await presigned(indexes, 3)
    assert.deepEqual(
      batches.map(({ left, next }) => [left, next]),
      [3, 3, 3].map((left) => [left, 0]),
    )
    const nonces = new Set<bigint>()
    for (const messages of [[content()], [content(), content()]]) {
      const [signatures = []] = results(await simulate(signOnline, onlineSetting(batches, indexes, messages)))
      for (const [i, message] of messages.entries()) {
        assertValid(signatures[i], message, wallet.publicKey)
        nonces.add(signatures[i]?.r ?? 0n)
      }
    }
    assert.equal(nonces.size, 3)
    assert.deepEqual(
      batches.map(({ left }) => left),
      [0, 0, 0],
    )
  })

  it('for a child key, which the presignatures are then bound to', async () => {
    const child = deriveChild(wallet.publicKey, new Uint8Array(32), [44, 60, 0])
    const batches = await presigned([0, 1, 2], 1, { tweak: child.tweak })
    const message = content()
    const [signatures] = results(await simulate(signOnline, onlineSetting(batches, [0, 1, 2], [message])))
    assertValid(signatures?.[0], message, child.publicKey)
  })

  it('digests that others made, which are fixed before presigning', async () => {
    const { inputs } = presignSetting([0, 1, 2], 1)
    const digests = [random(32), random(32)]
    const setting: Setting<Parameters<typeof signMessageFirst>[1]> = {
      table: messageFirstTable(3, 2),
      inputs: new Map([...inputs].map(([id, input]) => [id, { ...input, digests }])),
    }
    const [signatures] = results(await simulate(signMessageFirst, setting))
    for (const [i, digest] of digests.entries()) assertValid(signatures?.[i], { digest }, wallet.publicKey)
  })

  it('tells its stages and leaves the share as it was', async () => {
    const before = wallet.secret.reveal()
    const stages: string[] = []
    await simulate(presign, {
      ...presignSetting([1, 3, 4], 1),
      onStage: (id, name) => id === 2 && stages.push(name),
    })
    assert.deepEqual(stages, [...presignStages])
    assert.equal(wallet.secret.reveal(), before)
  })

  it('refuses what cannot be presigned for', async () => {
    for (const input of [
      { run: new Uint8Array(31) },
      { share: shares[3] ?? wallet },
      { slots: 0 },
      { slots: 65 },
      { digests: [new Uint8Array(31)] },
      { digests: [random(32), random(32)] },
      { signers: signersOf([0, 1]) },
      { share: { ...wallet, publicKey: wallet.publicKey.double() } },
    ]) {
      const setting = presignSetting([0, 1, 2], 1, input)
      await assert.rejects(simulate(presign, setting), RangeError, Object.keys(input).join())
    }
    assert.deepEqual([2, 3, 5, 10, 20].map(mostSlotsFor), [64, 64, 64, 53, 25])
  })
})

describe('a presignature', () => {
  const indexes = [0, 1, 2]
  let batches: PresignatureBatch[]
  let batch: PresignatureBatch
  before(async () => {
    batches = await presigned(indexes, 4)
    ;[batch] = batches as [PresignatureBatch]
  })
  const signers = signersOf(indexes)
  const asked = (more: object = {}) => ({ sid: batch.sid, first: batch.next, messages: [content()], signers, ...more })
  const refusal = (reason: RegExp) => (error: unknown) => {
    assert.match(String(error), /refused/)
    assert.match(String(error), reason)
    return true
  }

  it('cannot be copied, sent to a worker, stored or printed', () => {
    assert.throws(() => structuredClone(batch), { name: 'DataCloneError' })
    const { port1, port2 } = new MessageChannel()
    assert.throws(() => {
      port1.postMessage(batch)
    }, /could not be cloned/)
    port1.close()
    port2.close()
    assert.equal(JSON.stringify({ batch }), '{"batch":"[presignatures]"}')
    assert.equal(inspect(batch), '[presignatures]')
    assert.equal(String(batch), '[presignatures]')
    assert.throws(() => batch.staysHere(), /one worker/)
    assert.deepEqual(Object.keys(batch), ['staysHere'])
  })

  it('is refused for another run, other signers, another slot, no digest, too many messages and what is not content', () => {
    const before = batch.left
    const refused = (more: object, reason: RegExp) => {
      assert.throws(() => batch.take(asked(more)), refusal(reason))
    }
    refused({ sid: new Uint8Array(32) }, /another run/)
    refused({ signers: signersOf([0, 1, 3]) }, /other signers/)
    refused({ signers: signersOf([0, 1]) }, /other signers/)
    refused({ signers: new Map([...signers].map(([id, key]) => [id, key + 1n])) }, /other signers/)
    refused({ first: batch.next + 1 }, /taken, or not yet/)
    refused({ messages: [] }, /32 bytes/)
    refused({ messages: [{ digest: new Uint8Array(31), origin: 'content' }] }, /32 bytes/)
    refused({ messages: Array.from({ length: before + 1 }, content) }, /too few/)
    refused({ messages: [content(), { digest: random(32), origin: 'opaque' }] }, /cannot sign this digest/)
    assert.equal(batch.left, before)
  })

  it('made for one digest signs no other, not even another of its batch, and that one whoever made it', async () => {
    const [digest, next] = [random(32), random(32)]
    const [bound] = await presigned(indexes, 2, { digests: [digest, next] })
    assert.ok(bound)
    const request = { ...asked({ sid: bound.sid, first: 0 }) }
    const asking = (...digests: Uint8Array[]) => ({
      ...request,
      messages: digests.map((each) => ({ digest: each, origin: 'opaque' as const })),
    })
    assert.throws(() => bound.take(request), refusal(/cannot sign this digest/))
    for (const wrong of [[next], [next, digest], [digest, digest]]) {
      assert.throws(() => bound.take(asking(...wrong)), refusal(/cannot sign this digest/))
    }
    assert.equal(bound.take(asking(digest)).length, 1)
    assert.equal(bound.take({ ...asking(next), first: 1 }).length, 1)
    assert.notDeepEqual(bound.sid, batch.sid)
  })

  it('is taken once, by one of two who ask at the same time', async () => {
    const request = asked()
    const ask = async () => {
      await Promise.resolve()
      return batch.take(request)
    }
    const outcomes = await Promise.allSettled([ask(), ask(), ask()])
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    assert.throws(() => batch.take(request), refusal(/taken/))
  })

  it('is gone when signing fails, before its share leaves', async () => {
    const left = batch.left
    const others = batches.slice(1)
    for (const other of others) other.take({ ...asked(), first: 0, messages: [content()] })
    const spent: number[] = []
    await simulate(signOnline, {
      ...onlineSetting(batches, indexes, [content()]),
      wrap: (channel, id) => ({
        ...channel,
        send(message) {
          if (id === (1 as PartyId)) spent.push(batch.left)
          return id === (2 as PartyId) ? Promise.resolve() : channel.send(message)
        },
      }),
    })
    assert.deepEqual(spent, [left - 1])
    assert.equal(batch.left, left - 1)
  })

  it('is gone once erased, and its secrets with it', () => {
    const [, other] = batches
    assert.ok(other)
    const [taken] = other.take({ ...asked(), first: other.next, messages: [content()] })
    other.erase()
    assert.equal(other.left, 0)
    assert.throws(() => other.take({ ...asked(), first: other.next }), refusal(/too few/))
    assert.equal(JSON.stringify(taken?.k), '"[secret]"')
  })

  it('has another id for every run, key, set of signers and number of slots', () => {
    const key = (indexes: readonly number[], tweak = 0n) => ({ tweak, key: prepareSigning(wallet, indexes, tweak) })
    const plain = { run, slots: 1, ...key(indexes) }
    const { tweak } = deriveChild(wallet.publicKey, new Uint8Array(32), [1])
    const others = [
      { ...plain, run: random(32) },
      { ...plain, slots: 2 },
      { ...plain, ...key(indexes, tweak) },
      { ...plain, ...key([0, 1, 3]) },
      { ...plain, run: messageFirstRun(run, [random(32)], 0n) },
      { ...plain, run: messageFirstRun(run, [new Uint8Array(32)], 0n) },
      { ...plain, run: messageFirstRun(run, [new Uint8Array(32)], 1n) },
      { ...plain, run: messageFirstRun(run, [], 0n) },
    ]
    const ids = [plain, ...others].map((binding) => bytesToHex(sessionId(binding)))
    assert.equal(new Set(ids).size, ids.length)
    assert.ok(batches.every(({ sid }) => sameBytes(sid, batch.sid)))
  })
})
