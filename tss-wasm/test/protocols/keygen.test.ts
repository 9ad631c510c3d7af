import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reconstruct } from '../../crypto/feldman.ts'
import { generator, multiplySecret } from '../../curve/point.ts'
import type { KeyShare } from '../../keyShare/keyShare.ts'
import { keygen, keygenStages, type KeygenInput } from '../../protocols/keygen.ts'
import { keygenTable } from '../../protocols/messages.ts'
import type { PartyId } from '../../round/channel.ts'
import { seats } from '../network.ts'
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
