import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { recoverAddress } from 'viem'
import { ethereumAddress } from '../../content/ethereum.ts'
import { reconstruct } from '../../crypto/feldman.ts'
import { generator, multiplySecret, order } from '../../curve/point.ts'
import { bytesToHex, integerToFixedBytes } from '../../integers/bytes.ts'
import type { KeyShare } from '../../keyShare/keyShare.ts'
import { flawOfShare } from '../../keyShare/validate.ts'
import { reshareRounds, signTable } from '../../protocols/messages.ts'
import { reshareNewStages, reshareOldStages } from '../../protocols/reshare.ts'
import { sign, type SignInput } from '../../protocols/sign.ts'
import type { Channel, Outgoing } from '../../round/channel.ts'
import type { PartyId } from '../../partyId.ts'
import { recorded } from '../network.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import { results, simulate } from '../simulate.ts'
import { fixtureShare } from './fixtureShare.ts'
import { oldShares, reshare, reshareSetting, type ReshareInput } from './reshareSetting.ts'

const digest = seededRandom('digest')(32)
const [first, second, third] = oldShares as [KeyShare, KeyShare, KeyShare]

function newShares(shares: readonly (KeyShare | undefined)[]): KeyShare[] {
  return shares.filter((share) => share !== undefined)
}

/** Every choice of `size` of the list. */
function choices<T>(list: readonly T[], size: number): T[][] {
  if (size === 0) return [[]]
  return list.flatMap((one, i) => choices(list.slice(i + 1), size - 1).map((rest) => [one, ...rest]))
}

/** What they sign together is the wallet's signature, as another library sees it. */
async function assertSign(shares: readonly KeyShare[], of: KeyShare): Promise<void> {
  const seatOf = ({ index }: KeyShare) => (index + 1) as PartyId
  const signers = new Map(shares.map((share) => [seatOf(share), share.parties[share.index]?.key ?? 0n]))
  const inputs = new Map(shares.map((share): [PartyId, SignInput] => [seatOf(share), { share, signers, digest }]))
  for (const { r, s, recovery } of results(await simulate(sign, { table: signTable, inputs }))) {
    const hex = (x: bigint) => bytesToHex(integerToFixedBytes(x, 32))
    const signature = { r: `0x${hex(r)}`, s: `0x${hex(s)}`, yParity: recovery } as const
    const signer = await recoverAddress({ hash: `0x${bytesToHex(digest)}`, signature })
    assert.equal(signer, ethereumAddress(of.publicKey.toBytes(true)))
  }
}

const shapes: [string, readonly KeyShare[], number, number][] = [
  ['2 of 3 to 2 of 3, all there', oldShares, 2, 3],
  ['2 of 3 to 2 of 3, one lost', [first, third], 2, 3],
  ['2 of 3 to 3 of 5', [second, third], 3, 5],
  ['2 of 3 to 2 of 2', [first, second], 2, 2],
  ['3 of 5 to 3 of 3', [fixtureShare(1), fixtureShare(2), fixtureShare(4)], 3, 3],
]

describe('resharing', () => {
  for (const [name, dealing, threshold, parties] of shapes) {
    it(`${name}: the key stays, and any ${threshold} of the new members sign`, async () => {
      const [before] = dealing as [KeyShare]
      const secrets = dealing.map(({ secret }) => secret.reveal())
      const run = await simulate(reshare, reshareSetting(dealing, threshold, parties))
      const shares = newShares(results(run))
      assert.equal(shares.length, parties)
      for (const [i, share] of shares.entries()) {
        assert.equal(share.index, i)
        assert.equal(flawOfShare(share), undefined)
        assert.ok(share.publicKey.equals(before.publicKey))
      }
      assert.deepEqual(
        dealing.map(({ secret }) => secret.reveal()),
        secrets,
      )
      const transcripts = [...run.mailboxes].slice(dealing.length).map(([, mail]) => bytesToHex(mail.transcriptHash()))
      assert.equal(new Set(transcripts).size, 1, 'the new members have heard the same')
      for (const signers of choices(shares, threshold)) await assertSign(signers, before)
    })
  }

  it('twice in a row leaves the key as it was, and shares of two epochs do not fit together', async () => {
    const once = newShares(results(await simulate(reshare, reshareSetting([first, third], 2, 3))))
    const twice = newShares(results(await simulate(reshare, reshareSetting(once.slice(1), 3, 4))))
    await assertSign(twice.slice(1), first)
    const held = [once[0], twice[1], twice[2]].map((share) => ({
      key: share?.parties[share.index]?.key ?? 0n,
      share: share?.secret.reveal() ?? 0n,
    }))
    assert.ok(!multiplySecret(generator, reconstruct(held, 3)).equals(first.publicKey))
  })

  it('tells its stages', async () => {
    const told = new Map<PartyId, string[]>()
    await simulate(reshare, {
      ...reshareSetting([first, third], 2, 2),
      onStage: (id, name) => told.set(id, [...(told.get(id) ?? []), name]),
    })
    assert.deepEqual([...told.values()], [reshareOldStages, reshareOldStages, reshareNewStages, reshareNewStages])
  })

  it('says that a share is stored only once it is', async () => {
    const order: string[] = []
    const keep = async (share: KeyShare): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve))
      order.push(`kept ${share.index}`)
    }
    await simulate(reshare, {
      ...reshareSetting([first, third], 2, 2, keep),
      wrap: (channel, id) => ({
        ...channel,
        send(message) {
          if (message.round === reshareRounds.stored.name) order.push(`said ${id - 3}`)
          return channel.send(message)
        },
      }),
    })
    for (const index of [0, 1]) assert.ok(order.indexOf(`kept ${index}`) < order.indexOf(`said ${index}`))
    assert.equal(order.length, 4)
  })

  it('ends without that word where the share cannot be stored', async () => {
    const said: Outgoing[] = []
    const full = () => Promise.reject(new Error('the disk is full'))
    await assert.rejects(
      simulate(reshare, { ...reshareSetting([first, third], 2, 2, full), wrap: (channel) => recorded(channel, said) }),
      /disk is full/,
    )
    assert.ok(!said.some(({ round }) => round === reshareRounds.stored.name))
  })
})

describe('resharing refuses', () => {
  type Change = (input: ReshareInput) => ReshareInput
  const both =
    (change: (handover: Handover) => Partial<Handover>): Change =>
    (input) =>
      'old' in input
        ? { old: { ...input.old, ...change(input.old) } }
        : { fresh: { ...input.fresh, ...change(input.fresh) } }
  type Handover = Pick<Extract<ReshareInput, { old: unknown }>['old'], 'dealers' | 'receivers' | 'threshold'>
  const keys = (map: ReadonlyMap<PartyId, bigint>, ...changed: readonly bigint[]) =>
    new Map([...map].map(([id, key], i) => [id, changed[i] ?? key]))

  const refused: [string, Change][] = [
    ['a new threshold of one', both(() => ({ threshold: 1 }))],
    ['a new threshold above the number of new members', both(() => ({ threshold: 4 }))],
    ['a party key that an old member has', both(({ receivers }) => ({ receivers: keys(receivers, 3n) }))],
    [
      'a party key that an absent old member has, modulo the group order',
      both(({ receivers }) => ({ receivers: keys(receivers, order + 2n) })),
    ],
    ['two equal party keys', both(({ receivers }) => ({ receivers: keys(receivers, 7n, 7n) }))],
    ['a dealer that holds no share of this key', both(({ dealers }) => ({ dealers: keys(dealers, 9n) }))],
    [
      'a party in both committees',
      both(({ dealers, receivers }) => ({ receivers: new Map([...receivers, ...dealers]) })),
    ],
    [
      'an old key that does not belong together',
      (input) =>
        'old' in input
          ? input
          : { fresh: { ...input.fresh, before: { ...input.fresh.before, publicKey: fixtureShare(0).publicKey } } },
    ],
    [
      'an old threshold that is another one',
      (input) =>
        'old' in input ? input : { fresh: { ...input.fresh, before: { ...input.fresh.before, threshold: 3 } } },
    ],
    ['the share of another seat', (input) => ('old' in input ? { old: { ...input.old, share: second } } : input)],
  ]
  for (const [what, change] of refused) {
    it(`${what} before anything is sent`, async () => {
      const { inputs, ...setting } = reshareSetting([first, third], 2, 3)
      const said: Outgoing[] = []
      const changed = new Map([...inputs].map(([id, input]) => [id, change(input)]))
      const wrap = (channel: Channel, id: PartyId) =>
        changed.get(id) === inputs.get(id) ? channel : recorded(channel, said)
      await assert.rejects(simulate(reshare, { ...setting, inputs: changed, wrap }), RangeError)
      assert.deepEqual(said, [])
    })
  }

  it('fewer old members than sign', async () => {
    await assert.rejects(simulate(reshare, reshareSetting([fixtureShare(0), fixtureShare(1)], 2, 2)), /too few dealers/)
  })
})
