import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ProtocolAbort, type Failure } from '../../failure.ts'
import type { Channel, Incoming, PartyId } from '../../round/channel.ts'
import { openMailbox, type Broadcast, type Codec, type OpenMailbox, type Private } from '../../round/mailbox.ts'
import { delayed, ManualClock, Network, seats, silent, tampering } from '../network.ts'

const oneByte: Codec<number> = {
  encode: (value) => Uint8Array.of(value),
  decode(bytes) {
    if (bytes.length !== 1) throw new Error('not one byte')
    return bytes[0] ?? 0
  },
}
const first: Broadcast<number> = { kind: 'broadcast', name: 'first', codec: oneByte }
const second: Private<number> = { kind: 'private', name: 'second', codec: oneByte }
const echoed: Broadcast<number> = { kind: 'broadcast', name: 'echoed', codec: oneByte, echoed: true }
const [one, two, three] = seats(3) as [PartyId, PartyId, PartyId]

function open(channel: Channel, me: PartyId, clock = new ManualClock()): OpenMailbox {
  const peers = seats(3).filter((seat) => seat !== me)
  return openMailbox(channel, { me, peers, rounds: [first, second, echoed], deadlineMs: 1000, clock })
}

function failsWith(expected: Partial<Failure>): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ProtocolAbort, String(error))
    assert.deepEqual({ ...error.failure, ...expected }, error.failure)
    return true
  }
}

function message(from: PartyId, fields: Partial<Incoming> = {}): Incoming {
  return { from, to: 'everyone', round: 'first', body: Uint8Array.of(from), ...fields }
}

describe('a mailbox', () => {
  it('gives one message per peer, whatever the order of arrival', async () => {
    const network = new Network(seats(3))
    const mailbox = open(network.channel(one), one)
    network.deliver(one, message(two, { round: 'second', to: one, body: Uint8Array.of(22) }))
    network.deliver(one, message(three))
    network.deliver(one, message(two))
    network.deliver(one, message(three, { round: 'second', to: one, body: Uint8Array.of(33) }))
    const [broadcasts, privates] = await Promise.all([mailbox.collect(first), mailbox.collect(second)])
    assert.deepEqual(
      [...broadcasts],
      [
        [two, 2],
        [three, 3],
      ],
    )
    assert.deepEqual(
      [...privates],
      [
        [two, 22],
        [three, 33],
      ],
    )
  })

  it('is complete after n senders, not n messages', async () => {
    const network = new Network(seats(3))
    const clock = new ManualClock()
    const collecting = assert.rejects(
      open(network.channel(one), one, clock).collect(first),
      failsWith({ kind: 'timed-out', waitingFor: [three], round: 'first' }),
    )
    network.deliver(one, message(two))
    network.deliver(one, message(two))
    await clock.pass(1001)
    await collecting
  })

  it('counts the deadline from the last message that counted', async () => {
    const network = new Network(seats(3))
    const clock = new ManualClock()
    const mailbox = open(network.channel(one), one, clock)
    const collecting = mailbox.collect(first)
    await clock.pass(900)
    network.deliver(one, message(two))
    await clock.pass(900)
    network.deliver(one, message(three))
    assert.equal((await collecting).size, 2)
  })

  it('does not let duplicates push the deadline', async () => {
    const network = new Network(seats(3))
    const clock = new ManualClock()
    const collecting = assert.rejects(
      open(network.channel(one), one, clock).collect(first),
      failsWith({ kind: 'timed-out', waitingFor: [three], waitedMs: 1001 }),
    )
    network.deliver(one, message(two))
    await clock.pass(900)
    network.deliver(one, message(two))
    await clock.pass(101)
    await collecting
  })

  const offences: [name: string, sent: Incoming[], expected: Partial<Failure>][] = [
    [
      'an unknown round',
      [message(two, { round: 'no such' })],
      { culprits: [two], check: 'message belongs to a round of this protocol' },
    ],
    [
      'a second, different message',
      [message(two), message(two, { body: Uint8Array.of(9) })],
      { culprits: [two], check: 'first: one message per sender' },
    ],
    ['noise', [message(two, { body: new Uint8Array(3) })], { culprits: [two], check: 'first: message is well formed' }],
    [
      'a private message sent to everyone',
      [message(two, { round: 'second' })],
      { culprits: [two], check: 'second: private message is sent as such' },
    ],
    [
      'a broadcast sent to us alone',
      [message(two, { to: one })],
      { culprits: [two], check: 'first: broadcast message is sent as such' },
    ],
    ['our own message', [message(one)], { culprits: [], check: 'no message comes back to its own sender' }],
    ['a stranger', [message(7 as PartyId)], { culprits: [7 as PartyId], check: 'sender takes part in this run' }],
    [
      'noise for a later round',
      [message(two, { round: 'echoed', body: new Uint8Array() })],
      { culprits: [two], check: 'echoed: message is well formed' },
    ],
  ]
  for (const [name, sent, expected] of offences) {
    it(`refuses ${name}`, async () => {
      const network = new Network(seats(3))
      for (const each of sent) network.deliver(one, each)
      await assert.rejects(
        open(network.channel(one), one).collect(first),
        failsWith({ kind: 'misbehaviour', ...expected }),
      )
    })
  }

  it('remembers what it has handed out', async () => {
    const network = new Network(seats(3))
    const mailbox = open(network.channel(one), one)
    network.deliver(one, message(two))
    network.deliver(one, message(three))
    await mailbox.collect(first)
    network.deliver(one, message(two, { body: Uint8Array.of(9) }))
    await assert.rejects(
      mailbox.collect(second),
      failsWith({ culprits: [two], check: 'first: one message per sender' }),
    )
  })

  it('passes on why the session ended, to everybody who waits and who comes later', async () => {
    const network = new Network(seats(3))
    const mailbox = open(network.channel(one), one)
    const waiting = assert.rejects(mailbox.collect(first), failsWith({ kind: 'disconnected' }))
    network.cut(new ProtocolAbort({ kind: 'disconnected', detail: 'test' }))
    await waiting
    await assert.rejects(mailbox.collect(second), failsWith({ kind: 'disconnected' }))
  })
})

/** Everybody broadcasts their seat in the echoed round; party 2's channel is replaced. */
function echoRun(
  wrap: (honest: Channel, network: Network) => Channel,
  clock = new ManualClock(),
): { mailboxes: OpenMailbox[]; outcomes: Promise<PromiseSettledResult<ReadonlyMap<PartyId, number>>[]> } {
  const network = new Network(seats(3))
  const mailboxes = seats(3).map((me) => {
    const channel = network.channel(me)
    const peers = seats(3).filter((seat) => seat !== me)
    return openMailbox(me === two ? wrap(channel, network) : channel, {
      me,
      peers,
      rounds: [echoed],
      deadlineMs: 1000,
      clock,
    })
  })
  const run = async (mailbox: OpenMailbox, i: number): Promise<ReadonlyMap<PartyId, number>> => {
    await mailbox.broadcast(echoed, i + 1)
    return mailbox.collect(echoed)
  }
  return { mailboxes, outcomes: Promise.allSettled(mailboxes.map(run)) }
}

function reasonOf(outcome: PromiseSettledResult<unknown> | undefined): Failure {
  assert.equal(outcome?.status, 'rejected')
  assert.ok(outcome.reason instanceof ProtocolAbort, String(outcome.reason))
  return outcome.reason.failure
}

describe('an echoed round', () => {
  it('ends for honest parties with one transcript', async () => {
    const { mailboxes, outcomes } = echoRun((honest) => honest)
    assert.ok((await outcomes).every(({ status }) => status === 'fulfilled'))
    const [a, b, c] = mailboxes.map((mailbox) => mailbox.transcriptHash())
    assert.deepEqual(a, b)
    assert.deepEqual(b, c)
  })

  it('shows that somebody told two stories, and without signatures blames nobody', async () => {
    const { outcomes } = echoRun((honest, network) => ({
      ...honest,
      async send(sent) {
        if (sent.round !== 'echoed') return honest.send(sent)
        network.deliver(one, { ...sent, from: two })
        network.deliver(three, { ...sent, from: two, body: Uint8Array.of(99) })
      },
    }))
    for (const outcome of [(await outcomes)[0], (await outcomes)[2]]) {
      assert.deepEqual(reasonOf(outcome), {
        kind: 'misbehaviour',
        culprits: [],
        check: 'echoed: everybody got the same broadcast of party 2',
      })
    }
  })

  it('does not end before everybody has echoed', async () => {
    const clock = new ManualClock()
    const { outcomes } = echoRun((honest) => silent(honest, 'echoed/echo'), clock)
    await clock.pass(1001)
    const [a] = await outcomes
    assert.deepEqual(reasonOf(a), { kind: 'timed-out', waitingFor: [two], round: 'echoed/echo', waitedMs: 1001 })
  })

  it('names whose echo leaves somebody out', async () => {
    const { outcomes } = echoRun((honest) =>
      tampering(honest, 'echoed/echo', (sent) => [{ ...sent, body: Uint8Array.of(0) }]),
    )
    const [a] = await outcomes
    assert.deepEqual(reasonOf(a), {
      kind: 'misbehaviour',
      culprits: [two],
      check: "echoed: echo covers every other party's broadcast",
    })
  })

  it('waits for the slow', async () => {
    const gate = Promise.withResolvers<undefined>()
    const { outcomes } = echoRun((honest) => delayed(honest, gate.promise))
    gate.resolve(undefined)
    assert.ok((await outcomes).every(({ status }) => status === 'fulfilled'))
  })
})
