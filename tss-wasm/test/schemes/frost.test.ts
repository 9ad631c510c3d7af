import type { Nonces } from '@noble/curves/abstract/frost.js'
import { schnorr } from '@noble/curves/secp256k1.js'
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { EdwardsPoint } from '../../groups/ed25519.ts'
import type { Element } from '../../groups/group.ts'
import { bytesToHex, utf8ToBytes } from '../../integers/bytes.ts'
import type { PartyId } from '../../partyId.ts'
import { frostSign, frostSignStages, type FrostSignInput } from '../../schemes/frostSign.ts'
import type { GroupKeyShare } from '../../schemes/groupShare.ts'
import { frostRounds } from '../../schemes/messages.ts'
import { OneTimeNonces } from '../../schemes/nonces.ts'
import { ed25519Suite, taprootSuite, type FrostSuite } from '../../schemes/suite.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import { recorded, silent } from '../network.ts'
import type { Outgoing } from '../../round/channel.ts'
import { results, simulate } from '../simulate.ts'
import { frostSetting, newShares } from './settings.ts'
import { entry } from '../../protocols/members.ts'

type Judge = (signature: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>, key: Uint8Array) => Promise<boolean>

const webCrypto: Judge = async (signature, message, key) => {
  const imported = await crypto.subtle.importKey('raw', new Uint8Array(key), 'Ed25519', false, ['verify'])
  return crypto.subtle.verify('Ed25519', imported, signature, message)
}
const plainSchnorr: Judge = (signature, message, key) =>
  Promise.resolve(schnorr.verify(signature, message, key.subarray(1)))

function suiteOf<P extends Element<P>>(suite: FrostSuite<P>, judge: Judge): void {
  const rounds = frostRounds[suite.scheme]
  const message = new Uint8Array(utf8ToBytes('Pay 1 to Ana'))

  describe(`signing with ${suite.scheme}`, () => {
    let shares: readonly GroupKeyShare<P>[] = []
    before(async () => {
      shares = await newShares(suite, 2, 3)
    })
    const some = (...indexes: number[]) => indexes.map((i) => entry(shares, i))

    for (const indexes of [
      [0, 1],
      [0, 2],
      [1, 2],
      [0, 1, 2],
    ]) {
      it(`by ${indexes.map((i) => i + 1).join(', ')} of three gives what an ordinary verifier takes`, async () => {
        const signatures = results(await simulate(frostSign<P>, frostSetting(suite, some(...indexes), message)))
        const [signature] = signatures as [Uint8Array<ArrayBuffer>]
        for (const each of signatures) assert.deepEqual(each, signature)
        const key = shares[0]?.publicKey.toBytes() ?? new Uint8Array()
        assert.equal(signature.length, 64)
        assert.ok(await judge(signature, message, key))
        assert.ok(!(await judge(signature, new Uint8Array(utf8ToBytes('Pay 2 to Ana')), key)))
      })
    }

    it('of an empty message, and of a long one', async () => {
      for (const length of [0, 5000]) {
        const any = new Uint8Array(length).fill(7)
        const [signature] = results(await simulate(frostSign<P>, frostSetting(suite, some(0, 1), any)))
        assert.ok(signature && (await judge(signature, any, shares[0]?.publicKey.toBytes() ?? new Uint8Array())))
      }
    })

    it('leaves the share as it was and tells its last stage before its signature share leaves', async () => {
      const before = shares[0]?.secret.reveal()
      const told: string[] = []
      await simulate(frostSign<P>, {
        ...frostSetting(suite, some(0, 1), message),
        onStage: (id, name) => id === 1 && told.push(name),
        wrap: (channel, id) => ({
          ...channel,
          send(sent) {
            if (id === 1) told.push(sent.round)
            return channel.send(sent)
          },
        }),
      })
      assert.equal(shares[0]?.secret.reveal(), before)
      assert.deepEqual(told, [frostSignStages[0], rounds.nonces.name, frostSignStages[1], rounds.share.name])
    })

    it('draws nonces that depend on the share, whatever the generator says', async () => {
      const said = new Map<PartyId, Outgoing[]>([1, 2].map((id) => [id as PartyId, []]))
      await simulate(frostSign<P>, {
        ...frostSetting(suite, some(0, 1), message),
        random: () => () => new Uint8Array(32),
        wrap: (channel, id) => recorded(channel, said.get(id) ?? []),
      })
      const nonces = [...said.values()].map((sent) => bytesToHex(sent[0]?.body ?? new Uint8Array()))
      assert.equal(new Set(nonces).size, 2)
    })

    it('refuses too few signers, strangers, a foreign seat and a share of another scheme', async () => {
      const { table, inputs } = frostSetting(suite, some(0, 1), message)
      const changed = (change: Partial<FrostSignInput<P>>) =>
        simulate(frostSign<P>, { table, inputs: new Map([...inputs].map(([id, own]) => [id, { ...own, ...change }])) })
      const signers = (...keys: bigint[]) => new Map(keys.map((key, i) => [(i + 1) as PartyId, key]))
      const [share, , third] = shares as [GroupKeyShare<P>, GroupKeyShare<P>, GroupKeyShare<P>]
      await assert.rejects(changed({ share: { ...share, threshold: 3 } }), /too few signers/)
      await assert.rejects(changed({ signers: signers(1n, 4n) }), /not of this wallet/)
      await assert.rejects(changed({ signers: signers(1n, 1n) }), RangeError)
      await assert.rejects(changed({ share: third }), /holds another share/)
      await assert.rejects(changed({ suite: { ...suite } }), /another scheme/)
    })
  })

  describe(`nonces of ${suite.scheme}`, () => {
    const secret = {
      identifier: suite.frost.Identifier.fromNumber(1),
      signingShare: new Uint8Array(suite.frost.utils.randomScalar()),
    }
    const draw = () => OneTimeNonces.draw(suite.frost, secret, seededRandom('nonces'))

    it('are spent by their first use, also if that fails', () => {
      const nonces = draw()
      const kept = nonces.spend((both) => both)
      assert.ok(
        [...kept.hiding, ...kept.binding].every((byte) => byte === 0),
        'and overwritten',
      )
      assert.throws(() => nonces.spend(() => 1), /used once/)
      const failing = draw()
      assert.throws(() => {
        failing.spend(() => {
          throw new Error('no signature')
        })
      }, /no signature/)
      assert.throws(() => failing.spend(() => 1), /used once/)
    })

    it('cannot be spent while they are being spent', () => {
      const nonces = draw()
      nonces.spend(() => {
        assert.throws(() => nonces.spend(() => 1), /used once/)
      })
    })

    it('do not travel: a clone, a copy and JSON hold none', () => {
      const nonces = draw()
      const known = nonces.spend(({ hiding, binding }) => [bytesToHex(hiding), bytesToHex(binding)])
      const again = draw()
      const copies = [
        JSON.stringify(again),
        JSON.stringify(structuredClone(again)),
        JSON.stringify(Object.entries(again)),
      ]
      for (const copy of copies) for (const nonce of known) assert.ok(!copy.includes(nonce))
      assert.ok(!('spend' in structuredClone(again)))
      assert.throws(() => {
        const borrowed = Object.assign(Object.create(OneTimeNonces.prototype) as OneTimeNonces, again)
        borrowed.spend(() => 1)
      }, TypeError)
    })

    it('are gone when the scope that drew them is left', () => {
      let outside: OneTimeNonces | undefined
      {
        using nonces = draw()
        outside = nonces
      }
      assert.throws(() => outside.spend(() => 1), /used once/)
    })
  })
}

suiteOf(ed25519Suite, webCrypto)
suiteOf(taprootSuite, plainSchnorr)

describe('the nonces of a run', () => {
  /** noble's suite, and every nonce that it hands out. */
  function watched() {
    const handed: Nonces[] = []
    const { frost } = ed25519Suite
    const commit: typeof frost.commit = (...input) => {
      const drawn = frost.commit(...input)
      handed.push(drawn.nonces)
      return drawn
    }
    return { handed, suite: { ...ed25519Suite, frost: { ...frost, commit } } }
  }
  const message = utf8ToBytes('once')

  for (const [how, silentIn] of [
    ['that succeeds', undefined],
    ['that ends before the nonces are used', frostRounds.ed25519.nonces.name],
    ['that ends after they were used', frostRounds.ed25519.share.name],
  ] as const) {
    it(`${how} are overwritten`, async () => {
      const { handed, suite } = watched()
      const shares = await newShares(suite, 2, 2)
      const { outcomes } = await simulate(frostSign<EdwardsPoint>, {
        ...frostSetting(suite, shares, message),
        wrap: (channel, id) => (id === 2 && silentIn !== undefined ? silent(channel, silentIn) : channel),
      })
      assert.equal(outcomes.get(1 as PartyId)?.ok, silentIn === undefined)
      assert.equal(handed.length, 2)
      for (const { hiding, binding } of handed) assert.ok([...hiding, ...binding].every((byte) => byte === 0))
    })
  }
})
