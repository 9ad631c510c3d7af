import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { ProtocolAbort, type Failure } from '../../failure.ts'
import type { Channel, Incoming, Outgoing } from '../../round/channel.ts'
import type { PartyId } from '../../partyId.ts'
import type { Clock } from '../../round/clock.ts'
import { type Broadcast, openMailbox, type MailboxOptions, type OpenMailbox } from '../../round/mailbox.ts'
import { delayed, ManualClock, Network, recorded, seats, silent, tampering } from '../network.ts'
import { echoed, failsWith, first, oneByte, one, second, three, two } from './rounds.ts'

function open(
  channel: Channel,
  me: PartyId,
  clock: Clock = new ManualClock(),
  options: Partial<MailboxOptions> = {},
): OpenMailbox {
  const peers = seats(3).filter((seat) => seat !== me)
  return openMailbox(channel, { me, peers, rounds: [first, second, echoed], deadlineMs: 1000, clock, ...options })
}

/** Whoever asks it for the time after a timer is due has the timer called first. */
class PunctualClock implements Clock {
  #time = 0
  readonly #timers = new Map<() => void, number>()

  now(): number {
    for (const [callback, at] of this.#timers) {
      if (at > this.#time || !this.#timers.delete(callback)) continue
      callback()
    }
    return this.#time
  }

  after(milliseconds: number, callback: () => void): () => void {
    this.#timers.set(callback, this.#time + milliseconds)
    return () => this.#timers.delete(callback)
  }

  async pass(milliseconds: number, then: () => void): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#time += milliseconds
    then()
    await new Promise((resolve) => setImmediate(resolve))
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

  it('counts the deadline from when it began to wait, when nothing has come for longer', async () => {
    const network = new Network(seats(3))
    const clock = new ManualClock()
    const mailbox = open(network.channel(one), one, clock)
    network.deliver(one, message(two))
    network.deliver(one, message(three))
    await mailbox.collect(first)
    await clock.pass(5000)
    const collecting = assert.rejects(
      mailbox.collect(second),
      failsWith({ kind: 'timed-out', waitingFor: [two, three], waitedMs: 1000 }),
    )
    await clock.pass(999)
    await clock.pass(1)
    await collecting
  })

  it('takes what comes at the very last moment, and waits on for the rest', async () => {
    const network = new Network(seats(3))
    const clock = new PunctualClock()
    const collecting = open(network.channel(one), one, clock).collect(first)
    await clock.pass(1000, () => {
      network.deliver(one, message(two))
    })
    await clock.pass(999, () => {
      network.deliver(one, message(three))
    })
    assert.equal((await collecting).size, 2)
  })

  it('leaves no timer behind', async () => {
    const network = new Network(seats(3))
    const clock = new ManualClock()
    const asked: number[] = []
    let cancelled = 0
    const watched: Clock = {
      now: () => clock.now(),
      after(milliseconds, callback) {
        asked.push(milliseconds)
        const cancel = clock.after(milliseconds, callback)
        return () => {
          cancelled += 1
          cancel()
        }
      },
    }
    const collecting = open(network.channel(one), one, watched).collect(first)
    await clock.pass(300)
    network.deliver(one, message(two))
    await clock.pass(300)
    network.deliver(one, message(three))
    await collecting
    assert.deepEqual(asked, [1000, 1000])
    assert.equal(cancelled, 2)
  })

  it('tells of each message of the protocol that counts, and of no echo', async () => {
    const network = new Network(seats(3))
    const told: string[] = []
    const mailbox = open(network.channel(one), one, undefined, {
      onReceived: (from, round) => told.push(`${from} ${round}`),
    })
    await mailbox.broadcast(first, 1)
    await mailbox.broadcast(echoed, 1)
    for (const round of ['first', 'echoed']) {
      for (const from of [two, three]) network.deliver(one, message(from, { round }))
    }
    network.deliver(one, message(two, { round: 'echoed' }))
    for (const from of [two, three]) {
      network.deliver(one, message(from, { round: 'echoed/echo', body: Uint8Array.of(0, 0) }))
    }
    await assert.rejects(mailbox.collect(echoed), failsWith({ culprits: [two] }))
    assert.deepEqual(told, ['2 first', '3 first', '2 echoed', '3 echoed'])
  })

  it('is done when it has timed out: the end of the session after that disturbs nobody', async (context) => {
    const unhandled = context.mock.fn()
    process.on('unhandledRejection', unhandled)
    const network = new Network(seats(3))
    const clock = new ManualClock()
    const collecting = assert.rejects(open(network.channel(one), one, clock).collect(first))
    await clock.pass(1000)
    await collecting
    network.cut(new ProtocolAbort({ kind: 'disconnected', detail: 'test' }))
    await clock.pass(0)
    process.off('unhandledRejection', unhandled)
    assert.equal(unhandled.mock.callCount(), 0)
  })

  it('is not used in another way than a protocol may', async () => {
    const network = new Network(seats(3))
    const sent: Outgoing[] = []
    const mailbox = open(recorded(network.channel(one), sent), one)
    const foreign = { ...second, name: 'foreign' }
    await assert.rejects(mailbox.sendTo(two, foreign, 1), /^Error: round foreign is not in the table of contents$/)
    await assert.rejects(
      mailbox.broadcast({ ...first, name: 'foreign' }, 1),
      /^Error: round foreign is not in the table/,
    )
    await assert.rejects(mailbox.sendTo(7 as PartyId, second, 1), /^Error: party 7 is no peer in this run$/)
    await mailbox.sendTo(two, second, 5)
    await assert.rejects(mailbox.sendTo(two, second, 6), /^Error: second was sent to party 2 already$/)
    await mailbox.sendTo(three, second, 6)
    await mailbox.broadcast(first, 1)
    await assert.rejects(mailbox.broadcast(first, 2), /^Error: first was broadcast already$/)
    assert.deepEqual(sent, [
      { to: two, round: 'second', body: Uint8Array.of(5) },
      { to: three, round: 'second', body: Uint8Array.of(6) },
      { to: 'everyone', round: 'first', body: Uint8Array.of(1) },
    ])
    for (const from of [two, three]) {
      network.deliver(one, message(from))
      network.deliver(one, message(from, { round: 'echoed' }))
    }
    await mailbox.collect(first)
    await assert.rejects(mailbox.collect(first), /^Error: first was collected already$/)
    await assert.rejects(mailbox.collect(echoed), /^Error: echoed is not complete$/)
  })

  it('hashes every broadcast, in the order of rounds and seats, and nothing private', async () => {
    const third: Broadcast<number> = { kind: 'broadcast', name: 'third', codec: oneByte }
    const network = new Network(seats(3))
    const mailbox = open(network.channel(two), two, undefined, { rounds: [first, second, third] })
    const hash = (text: string | Uint8Array) => createHash('sha256').update(text).digest()
    assert.throws(() => mailbox.transcriptHash(), /^Error: first is not complete$/)
    await mailbox.broadcast(third, 32)
    await mailbox.broadcast(first, 12)
    network.deliver(two, message(three, { body: Uint8Array.of(13) }))
    network.deliver(two, message(one, { round: 'third', body: Uint8Array.of(31) }))
    network.deliver(two, message(three, { round: 'third', body: Uint8Array.of(33) }))
    network.deliver(two, message(one, { body: Uint8Array.of(11) }))
    await mailbox.collect(first)
    await mailbox.collect(third)
    const part = (name: string, bytes: number[]) => [hash(name), ...bytes.map((byte) => hash(Uint8Array.of(byte)))]
    const parts = [...part('first', [11, 12, 13]), ...part('third', [31, 32, 33])]
    const expected = hash(Buffer.concat([Buffer.from('quorate/transcript/1'), ...parts]))
    assert.deepEqual(Buffer.from(mailbox.transcriptHash()), expected)
  })

  it('has no transcript while a broadcast is missing, ours or theirs', async () => {
    const network = new Network(seats(3))
    const mailbox = open(network.channel(one), one, undefined, { rounds: [first] })
    for (const from of [two, three]) network.deliver(one, message(from))
    await mailbox.collect(first)
    assert.throws(() => mailbox.transcriptHash(), /^Error: first is not complete$/)
    const unheard = open(new Network(seats(3)).channel(one), one, undefined, { rounds: [first] })
    await unheard.broadcast(first, 1)
    assert.throws(() => unheard.transcriptHash(), /^Error: first is not complete$/)
  })

  describe('between two committees', () => {
    const down: Broadcast<number> = { ...first, name: 'down', echoed: true, route: { from: 'old', to: 'new' } }
    const up: Broadcast<number> = { ...first, name: 'up', route: { from: 'new', to: 'old' } }
    const committees = { old: [one], new: [two, three] }
    const rounds = [down, up]

    it('hears from those who speak, and compares with those who listen', async () => {
      const network = new Network(seats(3))
      const boxes = seats(3).map((seat) => open(network.channel(seat), seat, undefined, { rounds, committees }))
      const [old, ...fresh] = boxes as [OpenMailbox, OpenMailbox, OpenMailbox]
      await old.broadcast(down, 7)
      for (const heard of await Promise.all(fresh.map((box) => box.collect(down))))
        assert.deepEqual([...heard], [[one, 7]])
      await Promise.all(fresh.map((box, i) => box.broadcast(up, i)))
      assert.deepEqual(await old.collect(up), new Map([[two, 0], [three, 1]])) // prettier-ignore
      const [a, b] = fresh.map((box) => Buffer.from(box.transcriptHash()))
      assert.deepEqual(a, b)
    })

    it('waits for nobody who does not speak, and does not read what others are told', async () => {
      const network = new Network(seats(3))
      const clock = new ManualClock()
      const mailbox = open(network.channel(three), three, clock, { rounds, committees })
      network.deliver(three, message(two, { round: 'up', body: Uint8Array.of(1, 2, 3) })) // for the old, and no number
      const collecting = assert.rejects(mailbox.collect(down), failsWith({ kind: 'timed-out', waitingFor: [one] }))
      await clock.pass(1001)
      await collecting
    })

    it('names who says what only the other committee says', async () => {
      const network = new Network(seats(3))
      const mailbox = open(network.channel(three), three, undefined, { rounds, committees })
      network.deliver(three, message(two, { round: 'down', body: Uint8Array.of(1) }))
      const check = 'sender speaks in this round'
      await assert.rejects(
        mailbox.collect(down),
        failsWith({ kind: 'misbehaviour', culprits: [two], check, detail: 'down' }),
      )
    })
  })

  const offences: [
    name: string,
    sent: Incoming[],
    expected: Partial<Extract<Failure, { readonly kind: 'misbehaviour' }>>,
  ][] = [
    [
      'an unknown round',
      [message(two, { round: 'no such' })],
      { culprits: [two], check: 'message belongs to a round of this protocol' },
    ],
    [
      'a second, different message',
      [message(two), message(two, { body: Uint8Array.of(9) })],
      { culprits: [two], check: 'one message per sender', detail: 'first' },
    ],
    [
      'an echo of a round that is not echoed',
      [message(two, { round: 'first/echo', body: Uint8Array.of(0) })],
      { culprits: [two], check: 'message belongs to a round of this protocol' },
    ],
    [
      'noise',
      [message(two, { round: 'second', to: one, body: new Uint8Array(3) })],
      { culprits: [two], check: 'message is well formed', detail: 'second' },
    ],
    [
      'a private message sent to everyone',
      [message(two, { round: 'second' })],
      { culprits: [two], check: 'private message is sent as such', detail: 'second' },
    ],
    [
      'a broadcast sent to us alone',
      [message(two, { to: one })],
      { culprits: [two], check: 'broadcast message is sent as such', detail: 'first' },
    ],
    ['our own message', [message(one)], { culprits: [], check: 'message comes from another party' }],
    ['a stranger', [message(7 as PartyId)], { culprits: [7 as PartyId], check: 'sender takes part in this run' }],
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
      failsWith({ culprits: [two], check: 'one message per sender', detail: 'first' }),
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
        check: 'everybody got the same broadcast',
        detail: 'echoed of party 2',
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

  for (const isHeard of [true, false]) {
    it(`names whoever sends noise to everybody, ${isHeard ? 'and echoes' : 'although it keeps its echo to itself'}`, async () => {
      const clock = new ManualClock()
      const { outcomes } = echoRun((honest) => {
        const noisy = tampering(honest, 'echoed', (sent) => [{ ...sent, body: new Uint8Array(3) }])
        return isHeard ? noisy : silent(noisy, 'echoed/echo')
      }, clock)
      if (!isHeard) await clock.pass(1001)
      for (const outcome of [(await outcomes)[0], (await outcomes)[2]]) {
        assert.deepEqual(reasonOf(outcome), {
          kind: 'misbehaviour',
          culprits: [two],
          check: 'message is well formed',
          detail: 'echoed',
        })
      }
    })
  }

  it('shows that somebody told two stories, although it keeps its echo to itself', async () => {
    const clock = new ManualClock()
    const { outcomes } = echoRun(
      (honest, network) => ({
        ...honest,
        async send(sent) {
          if (sent.round !== 'echoed') return
          network.deliver(one, { ...sent, from: two })
          network.deliver(three, { ...sent, from: two, body: new Uint8Array(3) })
          return Promise.resolve()
        },
      }),
      clock,
    )
    await clock.pass(1001)
    for (const outcome of [(await outcomes)[0], (await outcomes)[2]])
      assert.equal((reasonOf(outcome) as { check?: string }).check, 'everybody got the same broadcast')
  })

  it('names whose echo leaves somebody out', async () => {
    const { outcomes } = echoRun((honest) =>
      tampering(honest, 'echoed/echo', (sent) => [{ ...sent, body: Uint8Array.of(0) }]),
    )
    const [a] = await outcomes
    assert.deepEqual(reasonOf(a), {
      kind: 'misbehaviour',
      culprits: [two],
      check: "echo covers every other party's broadcast",
      detail: 'echoed',
    })
  })

  it('is not echoed between two, who cannot be told different things', async () => {
    const network = new Network([one, two])
    const sent: Outgoing[] = []
    const mailbox = open(recorded(network.channel(one), sent), one, undefined, { peers: [two] })
    await mailbox.broadcast(echoed, 1)
    network.deliver(one, message(two, { round: 'echoed' }))
    assert.deepEqual([...(await mailbox.collect(echoed))], [[two, 2]])
    assert.deepEqual(
      sent.map(({ round }) => round),
      ['echoed'],
    )
  })

  it('waits for the slow', async () => {
    const gate = Promise.withResolvers<undefined>()
    const { outcomes } = echoRun((honest) => delayed(honest, gate.promise))
    gate.resolve(undefined)
    assert.ok((await outcomes).every(({ status }) => status === 'fulfilled'))
  })
})
