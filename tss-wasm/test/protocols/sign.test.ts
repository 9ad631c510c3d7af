import { secp256k1 } from '@noble/curves/secp256k1.js'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { order, type Point } from '../../curve/point.ts'
import { concatBytes, integerToFixedBytes } from '../../integers/bytes.ts'
import { deriveChild } from '../../curve/derivation.ts'
import { signRounds, signTable } from '../../protocols/messages.ts'
import { sign, signStages, type SignInput } from '../../protocols/sign.ts'
import type { EcdsaSignature } from '../../protocols/signature.ts'
import type { PartyId } from '../../partyId.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import { results, simulate, type Setting } from '../simulate.ts'
import { fixtureShare } from './fixtureShare.ts'

const shares = [0, 1, 2, 3, 4].map(fixtureShare)
const [wallet] = shares as [(typeof shares)[0]]
const digest = seededRandom('digest')(32)

/** The fixtures with these indexes sign; seat = index + 1. */
function setting(indexes: readonly number[], input: Partial<SignInput> = {}): Setting<SignInput> {
  const signers = new Map(indexes.map((i) => [(i + 1) as PartyId, wallet.parties[i]?.key ?? 0n]))
  const inputs = indexes.map((i): [PartyId, SignInput] => [
    (i + 1) as PartyId,
    { share: shares[i] ?? wallet, signers, digest, ...input },
  ])
  return { table: signTable, inputs: new Map(inputs) }
}

function assertValid(signature: EcdsaSignature | undefined, of: Uint8Array, by: Point): void {
  assert.ok(signature !== undefined)
  const { r, s, recovery } = signature
  const compact = concatBytes(integerToFixedBytes(r, 32), integerToFixedBytes(s, 32))
  assert.ok(secp256k1.verify(compact, of, by.toBytes(), { prehash: false, lowS: true }))
  const recovered = secp256k1.recoverPublicKey(concatBytes(Uint8Array.of(recovery), compact), of, { prehash: false })
  assert.deepEqual(recovered, by.toBytes())
}

describe('signing', () => {
  const triples = [0, 1, 2, 3, 4].flatMap((a) =>
    [0, 1, 2, 3, 4].flatMap((b) => [0, 1, 2, 3, 4].map((c) => [a, b, c] as const)),
  )
  const subsets: (readonly number[])[] = [
    ...triples.filter(([a, b, c]) => a < b && b < c),
    [0, 1, 3, 4],
    [0, 1, 2, 3, 4],
  ]
  for (const indexes of subsets) {
    it(`by ${indexes.join(', ')} of the five`, async () => {
      const signatures = results(await simulate(sign, setting(indexes)))
      for (const signature of signatures) assert.deepEqual(signature, signatures[0])
      assertValid(signatures[0], digest, wallet.publicKey)
    })
  }

  const digests: [string, Uint8Array][] = [
    ['zeros in front', integerToFixedBytes(0x1234n, 32)],
    ['only zeros', new Uint8Array(32)],
    ['one', integerToFixedBytes(1n, 32)],
    ['the group order, which counts as zero', integerToFixedBytes(order, 32)],
    ['all ones, above the group order', new Uint8Array(32).fill(0xff)],
  ]
  for (const [name, edge] of digests) {
    it(`a digest of ${name}`, async () => {
      const [signature] = results(await simulate(sign, setting([0, 1, 2], { digest: edge })))
      assertValid(signature, edge, wallet.publicKey)
    })
  }

  it('with a child key', async () => {
    const child = deriveChild(wallet.publicKey, new Uint8Array(32), [44, 60, 0])
    const [signature] = results(await simulate(sign, setting([0, 1, 2], { tweak: child.tweak })))
    assertValid(signature, digest, child.publicKey)
  })

  it('leaves the share as it was and tells its stages', async () => {
    const before = wallet.secret.reveal()
    const stages: string[] = []
    await simulate(sign, { ...setting([0, 1, 2]), onStage: (id, name) => id === 1 && stages.push(name) })
    assert.equal(wallet.secret.reveal(), before)
    assert.deepEqual(stages, [...signStages])
  })

  it('tells its last stage before its share of the signature leaves', async () => {
    const told: string[] = []
    await simulate(sign, {
      ...setting([0, 1, 2]),
      onStage: (id, name) => id === 1 && told.push(name),
      wrap: (channel, id) => ({
        ...channel,
        send(message) {
          if (id === 1) told.push(message.round)
          return channel.send(message)
        },
      }),
    })
    const share = told.indexOf(signRounds.signatureShare.name)
    assert.equal(told[share - 1], signStages.at(-1))
    assert.ok(told.slice(share).every((name) => name.startsWith(signRounds.signatureShare.name)))
  })

  it('refuses a digest of another length, too few signers, and a foreign seat', async () => {
    await assert.rejects(simulate(sign, setting([0, 1, 2], { digest: new Uint8Array(31) })), RangeError)
    await assert.rejects(simulate(sign, setting([0, 1])), RangeError)
    await assert.rejects(simulate(sign, setting([0, 1, 2], { share: shares[3] ?? wallet })), RangeError)
  })
})
