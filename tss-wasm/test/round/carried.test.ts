import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PartyId } from '../../partyId.ts'
import type { Channel, Outgoing } from '../../round/channel.ts'
import { type Broadcast, openMailbox, type OpenMailbox } from '../../round/mailbox.ts'
import { mailAt, seriesTable } from '../../round/series.ts'
import { ManualClock, type Network, Network as MemoryNetwork, recorded, seats, tampering } from '../network.ts'
import { failsWith, first, one, oneByte, three, two } from './rounds.ts'

/** Brings the echoes of `first`. */
const next: Broadcast<number> = { kind: 'broadcast', name: 'next', codec: oneByte, carries: first }

/** Everybody says their seat in both rounds; party 2's channel is replaced. */
function run(wrap: (honest: Channel, network: Network) => Channel, parties = 3, times = 1) {
  const network = new MemoryNetwork(seats(parties))
  const sent: Outgoing[] = []
  const mailboxes = seats(parties).map((me): [PartyId, OpenMailbox] => {
    const channel = me === two ? wrap(network.channel(me), network) : recorded(network.channel(me), sent)
    const peers = seats(parties).filter((seat) => seat !== me)
    const rounds = seriesTable([first, next], times)
    return [me, openMailbox(channel, { me, peers, rounds, deadlineMs: 1000, clock: new ManualClock() })]
  })
  const outcomes = Promise.allSettled(
    mailboxes.map(async ([me, mailbox]) => {
      const heard: number[] = []
      for (let time = 0; time < times; time += 1) {
        const mail = mailAt(mailbox, time, times)
        await mail.broadcast(first, me)
        await mail.collect(first)
        await mail.broadcast(next, me)
        heard.push(...(await mail.collect(next)).values())
      }
      return heard
    }),
  )
  return { outcomes, sent, mailboxes: mailboxes.map(([, mailbox]) => mailbox) }
}

async function assertAll(outcomes: ReturnType<typeof run>['outcomes'], expected: Parameters<typeof failsWith>[0]) {
  for (const index of [0, 2]) {
    const outcome = (await outcomes)[index]
    assert.ok(outcome?.status === 'rejected')
    failsWith(expected)(outcome.reason)
  }
}

describe('an echo that the next message brings', () => {
  for (const [parties, times] of [
    [3, 1],
    [2, 1],
    [3, 2],
  ] as const) {
    it(`is taken off again: ${parties} parties, ${times} times`, async () => {
      const { outcomes, sent, mailboxes } = run((honest) => honest, parties, times)
      const [heard] = await outcomes
      const others = seats(parties).slice(1)
      assert.ok(heard?.status === 'fulfilled')
      assert.deepEqual(heard.value, Array.from({ length: times }, () => others).flat())
      assert.equal(new Set(sent.map(({ round }) => round)).size, 2 * times, 'and takes no message of its own')
      const [ours, theirs] = mailboxes.map((mailbox) => mailbox.transcriptHash())
      assert.deepEqual(ours, theirs)
    })
  }

  it('shows that somebody told two stories', async () => {
    const { outcomes } = run((honest, network) => ({
      ...honest,
      async send(message) {
        if (message.round !== 'first') return honest.send(message)
        network.deliver(one, { ...message, from: two })
        network.deliver(three, { ...message, from: two, body: Uint8Array.of(99) })
      },
    }))
    await assertAll(outcomes, { culprits: [], check: 'everybody got the same broadcast', detail: 'first of party 2' })
  })

  it('names whose echo leaves somebody out, and whose message is cut short', async () => {
    const body = (...bytes: number[]) => Uint8Array.of(...bytes)
    for (const [changed, check] of [
      [body(0, 0, 0, 1, 0, 2), "echo covers every other party's broadcast"],
      [body(0, 0, 0, 9, 0), 'message is well formed'],
      [body(0, 0), 'message is well formed'],
      [body(0, 0, 0, 1, 0), 'message is well formed'],
    ] as const) {
      const { outcomes } = run((honest) => tampering(honest, 'next', (message) => [{ ...message, body: changed }]))
      await assertAll(outcomes, { culprits: [two], check })
    }
  })

  it('cannot be sent before its round has come', async () => {
    const network = new MemoryNetwork(seats(2))
    const mailbox = openMailbox(network.channel(one), { me: one, peers: [two], rounds: [first, next], deadlineMs: 1 })
    await mailbox.broadcast(first, 1)
    await assert.rejects(mailbox.broadcast(next, 1), /is not complete/)
  })
})
