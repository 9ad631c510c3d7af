import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { decodeScalar, encodeScalar, sumElements, timesGenerator, type Element } from '../../groups/group.ts'
import { evaluateInExponent, interpolate } from '../../groups/sharing.ts'
import { bytesToHex, hexToBytes } from '../../integers/bytes.ts'
import type { PartyId } from '../../partyId.ts'
import { flawOfGroupShare, type GroupKeyShare } from '../../schemes/groupShare.ts'
import { groupKeygen, groupKeygenStages, type GroupKeygenInput } from '../../schemes/keygen.ts'
import { keygenRounds } from '../../schemes/messages.ts'
import { verifyPossession } from '../../schemes/possession.ts'
import { blsSuite, ed25519Suite, taprootSuite, type KeySuite } from '../../schemes/suite.ts'
import { Secret } from '../../secret.ts'
import { recorded, seats } from '../network.ts'
import type { Outgoing } from '../../round/channel.ts'
import { results, simulate } from '../simulate.ts'
import { schemeFixture } from './fixtures.ts'
import { drawingOf, groupKeygenSetting, hexOf, newShares, scripted } from './settings.ts'
import { entry } from '../../protocols/members.ts'

function keygenSuite<P extends Element<P>>(suite: KeySuite<P>): void {
  const { group } = suite
  describe(`keygen in ${group.name}`, () => {
    for (const [t, n] of [
      [2, 2],
      [2, 3],
      [3, 5],
    ] as const) {
      it(`gives ${n} parties shares of one key, any ${t} of which are the key`, async () => {
        const stages: string[] = []
        const run = await simulate(groupKeygen<P>, {
          ...groupKeygenSetting(suite, t, n),
          onStage: (id, name) => id === 1 && stages.push(name),
        })
        const shares = results(run)
        const [first] = shares as [GroupKeyShare<P>]
        for (const [i, share] of shares.entries()) {
          assert.equal(flawOfGroupShare(share), undefined)
          assert.equal(share.index, i)
          assert.ok(share.publicKey.equals(first.publicKey))
          assert.deepEqual(
            share.parties.map(({ publicShare }) => hexOf(publicShare)),
            first.parties.map(({ publicShare }) => hexOf(publicShare)),
          )
        }
        const held = shares.map(({ secret }, i) => ({ key: BigInt(i + 1), share: secret.reveal() }))
        for (const some of [held.slice(0, t), held.slice(-t)])
          assert.ok(timesGenerator(group, interpolate(group, some)).equals(first.publicKey))
        assert.deepEqual(stages, [...groupKeygenStages])
        const transcripts = [...run.mailboxes.values()].map((mailbox) => bytesToHex(mailbox.transcriptHash()))
        assert.equal(new Set(transcripts).size, 1)
      })
    }

    it('refuses keys and thresholds that cannot be, before anything is sent', async () => {
      const { table, inputs } = groupKeygenSetting(suite, 2, 2)
      const [one, two] = seats(2) as [PartyId, PartyId]
      const keys = (a: bigint, b: bigint) =>
        new Map([
          [one, a],
          [two, b],
        ])
      const refused: Partial<GroupKeygenInput<P>>[] = [
        { threshold: 1 },
        { threshold: 3 },
        { threshold: 1.5 },
        { partyKeys: keys(1n, 1n) },
        { partyKeys: keys(0n, 1n) },
        { partyKeys: keys(1n, group.order) },
        { partyKeys: new Map([[one, 1n]]) },
      ]
      for (const wrong of refused) {
        const said: Outgoing[] = []
        const changed = new Map([...inputs].map(([id, input]) => [id, { ...input, ...wrong }]))
        const wrap = (channel: Parameters<typeof recorded>[0]) => recorded(channel, said)
        await assert.rejects(simulate(groupKeygen<P>, { table, inputs: changed, wrap }), RangeError)
        assert.deepEqual(said, [])
      }
    })
  })

  describe(`a share in ${group.name}`, () => {
    let share: GroupKeyShare<P>
    before(async () => {
      share = entry(await newShares(suite, 2, 3), 0)
    })

    it('is refused by the name of what is wrong with it', () => {
      const [a, b, c] = share.parties as [
        GroupKeyShare<P>['parties'][0],
        GroupKeyShare<P>['parties'][0],
        GroupKeyShare<P>['parties'][0],
      ]
      const wrong: [Partial<GroupKeyShare<P>>, string][] = [
        [{ parties: [a] }, 'number of parties is possible'],
        [{ threshold: 4 }, 'threshold is possible'],
        [{ parties: [a, b, { ...c, key: group.order }] }, 'party keys are distinct scalars'],
        [{ parties: [b, a, c] }, 'party keys are sorted'],
        [{ index: 3 }, 'own key is among the party keys'],
        [{ secret: new Secret(group.order) }, 'secret share is in range'],
        [{ secret: new Secret(1n) }, 'secret share belongs to its public share'],
        [{ publicKey: group.zero }, 'no element is the identity'],
        [{ publicKey: group.generator }, 'public shares interpolate to the public key'],
        [{ threshold: 3 }, 'threshold is the one the key was made with'],
      ]
      for (const [change, flaw] of wrong) assert.equal(flawOfGroupShare({ ...share, ...change }), flaw)
    })
  })
}

keygenSuite(ed25519Suite)
keygenSuite(taprootSuite)
keygenSuite(blsSuite)

interface DkgParty {
  readonly signing_key: string
  readonly coefficient: string
  readonly vss_commitments: readonly string[]
  readonly proof_of_knowledge: string
  readonly signing_shares: Readonly<Record<string, string>>
  readonly verifying_share: string
  readonly signing_share: string
}

/** The key generation that frost-rs's crate has as a vector, run again by our parties with its coefficients. */
function vectorSuite<P extends Element<P>>(suite: KeySuite<P>, file: string, isTweaked: boolean): void {
  const { group } = suite
  const scalar = (hex: string): bigint => {
    const decoded = decodeScalar(group, hexToBytes(hex))
    assert.ok('passed' in decoded)
    return decoded.passed
  }
  const element = (hex: string): P => {
    const decoded = group.decodeElement(hexToBytes(hex))
    assert.ok('passed' in decoded)
    return decoded.passed
  }
  const { inputs } = schemeFixture(file) as { inputs: Record<string, DkgParty> & { verifying_key: string } }
  const vector = (seat: number): DkgParty => {
    const found = inputs[String(seat)]
    assert.ok(found)
    return found
  }

  describe(`the key generation of ${file}`, () => {
    it('gives the same commitments, shares and keys here', async () => {
      const said = new Map(seats(3).map((seat) => [seat, [] as Outgoing[]]))
      const shares = results(
        await simulate(groupKeygen<P>, {
          ...groupKeygenSetting(suite, 2, 3),
          wrap: (channel, id) => recorded(channel, said.get(id) ?? []),
          random: (id) => {
            const { signing_key, coefficient } = vector(id)
            const draws = [scalar(signing_key), scalar(coefficient), 12345n]
            return scripted(...draws.map((draw) => drawingOf(group, draw)))
          },
        }),
      )
      const { dealing, share: shareRound } = keygenRounds[suite.scheme]
      for (const seat of seats(3)) {
        const { vss_commitments, signing_shares } = vector(seat)
        const [first] = said.get(seat) ?? []
        assert.ok(first)
        assert.deepEqual(dealing.codec.decode(first.body).commitments.map(bytesToHex), vss_commitments)
        for (const [sender, received] of Object.entries(signing_shares)) {
          const sent = said
            .get(Number(sender) as PartyId)
            ?.find(({ to, round }) => to === seat && round === shareRound.name)
          assert.equal(bytesToHex(sent?.body ?? new Uint8Array()), received)
        }
      }
      if (isTweaked) return
      assert.equal(shares[0] && hexOf(shares[0].publicKey), inputs.verifying_key)
      for (const [i, { secret, parties }] of shares.entries()) {
        const { verifying_share, signing_share } = vector(i + 1)
        assert.equal(bytesToHex(encodeScalar(group, secret.reveal())), signing_share)
        assert.equal(parties[i] && hexOf(parties[i].publicShare), verifying_share)
      }
    })

    it('has proofs of possession that hold here, for their own party', () => {
      for (const seat of [1, 2, 3]) {
        const { vss_commitments, proof_of_knowledge } = vector(seat)
        const statement = { suite, point: element(vss_commitments[0] ?? ''), context: new Uint8Array() }
        const proof = hexToBytes(proof_of_knowledge)
        assert.equal(verifyPossession({ ...statement, key: BigInt(seat) }, proof), undefined)
        assert.equal(verifyPossession({ ...statement, key: 4n }, proof), 'proof of possession')
        const bound = { ...statement, key: BigInt(seat), context: Uint8Array.of(1) }
        assert.equal(verifyPossession(bound, proof), 'proof of possession')
      }
    })
  })
}

vectorSuite(ed25519Suite, 'frost-ed25519-dkg', false)
vectorSuite(taprootSuite, 'frost-secp256k1-tr-dkg', true)

interface Ceremony {
  readonly suite: string
  readonly n: number
  readonly round1: readonly { readonly id: string; readonly commitment: readonly string[]; readonly proof: string }[]
  readonly groupKey: string
  readonly verifyingShares: Readonly<Record<string, string>>
}

function ceremonySuite<P extends Element<P>>(suite: KeySuite<P>, ceremony: Ceremony, name: string): void {
  it(`${name} has proofs that hold and gives the same public shares`, () => {
    const { group } = suite
    const dealt = ceremony.round1.map(({ id, commitment, proof }) => {
      const key = decodeScalar(group, hexToBytes(id))
      assert.ok('passed' in key)
      const points = commitment.map((hex) => {
        const decoded = group.decodeElement(hexToBytes(hex))
        assert.ok('passed' in decoded)
        return decoded.passed
      })
      const statement = { suite, key: key.passed, point: entry(points, 0), context: new Uint8Array() }
      assert.equal(verifyPossession(statement, hexToBytes(proof)), undefined)
      return points
    })
    if (suite.scheme === 'taproot') return // recorded after the tweak: with the rest of taproot
    const combined = (dealt[0] ?? []).map((_, c) =>
      sumElements(
        group,
        dealt.map((points) => entry(points, c)),
      ),
    )
    assert.equal(combined[0] && hexOf(combined[0]), ceremony.groupKey)
    for (const [id, publicShare] of Object.entries(ceremony.verifyingShares)) {
      const key = decodeScalar(group, hexToBytes(id))
      assert.ok('passed' in key)
      assert.equal(hexOf(evaluateInExponent(group, combined, key.passed)), publicShare)
    }
  })
}

describe('a key generation of noble and the Rust crates together', () => {
  for (const [i, ceremony] of (schemeFixture('frost-interop') as Ceremony[]).entries()) {
    const name = `number ${i + 1}`
    if (ceremony.suite === ed25519Suite.name) ceremonySuite(ed25519Suite, ceremony, name)
    else ceremonySuite(taprootSuite, ceremony, name)
  }
})
