import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ProtocolAbort } from '../../failure.ts'
import type { PartyId } from '../../partyId.ts'
import { reshareRounds, reshareTable } from '../../protocols/messages.ts'
import type { Channel, Outgoing } from '../../round/channel.ts'
import { committeeChannels, deviceOf, partyOf } from '../../round/committees.ts'
import { Network, recorded, seats } from '../network.ts'

const [one, two] = seats(2) as [PartyId, PartyId]
const committees = { old: [one], new: [one, two] }
const body = Uint8Array.of(1)

/** Device 1 deals and receives, device 2 receives. */
function devices() {
  const network = new Network([one, two])
  const sent: Outgoing[] = []
  const channels = committeeChannels(recorded(network.channel(one), sent), one, committees, reshareTable)
  const other = committeeChannels(network.channel(two), two, committees, reshareTable)
  const found = (channel: Channel | undefined): Channel => {
    assert.ok(channel)
    return channel
  }
  return {
    network,
    sent,
    old: found(channels.get('old')),
    fresh: found(channels.get('new')),
    other: found(other.get('new')),
  }
}

describe('a device in both committees', () => {
  it('says to itself alone what does not travel', async () => {
    const { old, fresh, sent } = devices()
    const round = reshareRounds.share.name
    await old.send({ to: partyOf(one, 'new'), round, body })
    const { from } = await fresh.next()
    assert.equal(from, partyOf(one, 'old'))
    assert.deepEqual(sent, [])
  })

  it('says to everybody what its other party hears as well, and who spoke follows from the round', async () => {
    const { old, fresh, other, sent } = devices()
    const round = reshareRounds.commitment.name
    await old.send({ to: 'everyone', round, body })
    for (const channel of [fresh, other]) assert.equal((await channel.next()).from, partyOf(one, 'old'))
    assert.equal(sent.length, 1)
    await fresh.send({ to: 'everyone', round: reshareRounds.moduli.name, body })
    assert.equal((await other.next()).from, partyOf(one, 'new'))
  })

  it('is told apart from its two parties only by name: culprits are devices', () => {
    for (const committee of ['old', 'new'] as const) assert.equal(deviceOf(partyOf(two, committee)), two)
    assert.notEqual(partyOf(two, 'old'), partyOf(two, 'new'))
  })

  it('has both of its parties end when the line ends, whichever of them waited', async () => {
    const { network, old, fresh } = devices()
    const waiting = old.next()
    network.cut(new ProtocolAbort({ kind: 'cancelled' }))
    await assert.rejects(waiting, ProtocolAbort)
    await assert.rejects(fresh.next(), ProtocolAbort)
  })
})
