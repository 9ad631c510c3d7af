import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reconstruct } from '../../crypto/feldman.ts'
import { generator, multiplySecret, order } from '../../curve/point.ts'
import type { KeyShare } from '../../keyShare/keyShare.ts'
import { keygen, keygenStages, type KeygenInput } from '../../protocols/keygen.ts'
import { keygenTable, signTable } from '../../protocols/messages.ts'
import { sign, type SignInput } from '../../protocols/sign.ts'
import { verifies } from '../../protocols/signature.ts'
import type { PartyId } from '../../partyId.ts'
import { seats } from '../network.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import { results, simulate, type Setting } from '../simulate.ts'
import { fixturePreParameters } from './fixtureShare.ts'

function setting(threshold: number, n: number): Setting<KeygenInput> {
  const partyKeys = new Map(seats(n).map((seat) => [seat, BigInt(seat)]))
  const inputs = seats(n).map((seat): [PartyId, KeygenInput] => [
    seat,
    { threshold, partyKeys, preParameters: fixturePreParameters(seat - 1) },
  ])
  return { table: keygenTable, inputs: new Map(inputs) }
}

describe('keygen', () => {
  for (const [t, n] of [
    [2, 2],
    [2, 3],
    [3, 5],
  ] as const) {
    it(`gives ${n} parties shares of one key, any ${t} of which are the key`, async () => {
      const stages: string[] = []
      const run = await simulate(keygen, {
        ...setting(t, n),
        onStage: (id, name) => id === 1 && stages.push(name),
      })
      const shares = results(run)
      const [first] = shares as [KeyShare]
      for (const [i, share] of shares.entries()) {
        assert.equal(share.index, i)
        assert.equal(share.threshold, t)
        assert.ok(share.publicKey.equals(first.publicKey))
        assert.deepEqual(
          share.parties.map(({ publicShare, ...rest }) => ({ ...rest, publicShare: publicShare.toHex() })),
          first.parties.map(({ publicShare, ...rest }) => ({ ...rest, publicShare: publicShare.toHex() })),
        )
        assert.ok(multiplySecret(generator, share.secret.reveal()).equals(share.parties[i]?.publicShare ?? generator))
      }
      const held = shares.map((share, i) => ({ key: BigInt(i + 1), share: share.secret.reveal() }))
      for (const some of [held.slice(0, t), held.slice(-t)]) {
        assert.ok(multiplySecret(generator, reconstruct(some, t)).equals(first.publicKey))
      }
      assert.deepEqual(stages, [...keygenStages])
      const transcripts = [...run.mailboxes.values()].map((mailbox) => mailbox.transcriptHash())
      assert.ok(transcripts.every((hash) => Buffer.from(hash).equals(transcripts[0] ?? new Uint8Array())))
    })
  }
})

describe('a key made here', () => {
  for (const [t, n] of [
    [2, 2],
    [2, 3],
  ] as const) {
    it(`signs with ${t} of ${n}`, async () => {
      const shares = results(await simulate(keygen, setting(t, n)))
      const [{ publicKey }] = shares as [KeyShare]
      const digest = seededRandom('digest')(32)
      for (const signing of [seats(n).slice(0, t), seats(n).slice(-t)]) {
        const signers = new Map(signing.map((seat) => [seat, BigInt(seat)]))
        const inputs = shares
          .map((share, i): [PartyId, SignInput] => [(i + 1) as PartyId, { share, signers, digest }])
          .filter(([seat]) => signers.has(seat))
        for (const signature of results(await simulate(sign, { table: signTable, inputs: new Map(inputs) }))) {
          assert.ok(verifies(signature, digest, publicKey))
        }
      }
    })
  }
})

describe('keygen refuses', () => {
  const alone = new Map([[1 as PartyId, 1n]])
  const refused: [string, Partial<KeygenInput>][] = [
    ['a threshold of one', { threshold: 1 }],
    ['a threshold above the number of parties', { threshold: 3 }],
    ['keys of other parties', { partyKeys: alone }],
    ['equal keys', { partyKeys: new Map([...alone, [2 as PartyId, 1n]]) }],
    ['keys that are equal modulo the group order', { partyKeys: new Map([...alone, [2 as PartyId, order + 1n]]) }],
    [
      'a key of zero',
      {
        partyKeys: new Map([
          [1 as PartyId, 0n],
          [2 as PartyId, 2n],
        ]),
      },
    ],
  ]
  for (const [what, wrong] of refused) {
    it(`${what} before anything is sent`, async () => {
      const { table, inputs } = setting(2, 2)
      const changed = new Map([...inputs].map(([id, input]) => [id, { ...input, ...wrong }]))
      await assert.rejects(simulate(keygen, { table, inputs: changed }), RangeError)
    })
  }
})
