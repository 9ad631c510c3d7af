import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Code } from '@connectrpc/connect'
import { rateLimit } from '../limits/rateLimit.ts'
import { streamLimits } from '../limits/streamLimits.ts'
import { bearer, clients, refused, rig, startedSession } from '../../testkit/harness.ts'

const body = (length: number, fill = 1) => new Uint8Array(length).fill(fill)

describe('polling', () => {
  it('gives what there is in order, continues where it was acknowledged, and says when no more will come', async () => {
    const world = await rig()
    const { sessions, router } = clients(world.transport)
    const { sessionId, tokens } = await startedSession(clients(world.transport))
    for (let n = 1; n <= 5; n += 1) {
      await router.sendMessage({ sessionId, to: 0, messageId: `m${n}`, envelope: body(1, n) }, bearer(tokens[1]))
    }
    const poll = async (after?: bigint, seat = 2) => {
      const request = { sessionId, ...(after !== undefined && { after }) }
      const { messages, ended } = await router.getPendingMessages(request, bearer(tokens[seat]))
      return { bodies: messages.map(({ envelope }) => envelope[0]), ended }
    }
    assert.deepEqual(await poll(), { bodies: [1, 2, 3, 4, 5], ended: false })
    assert.deepEqual(await poll(3n), { bodies: [4, 5], ended: false })
    const acknowledge = (upTo: bigint) => router.acknowledgeMessages({ sessionId, upTo }, bearer(tokens[2]))
    assert.equal((await acknowledge(4n)).upTo, 4n)
    assert.equal((await acknowledge(2n)).upTo, 4n, 'an acknowledgement is not taken back')
    await refused(acknowledge(6n), Code.InvalidArgument, /no message with that number/)
    assert.deepEqual(await poll(), { bodies: [5], ended: false })
    assert.deepEqual(await poll(0n), { bodies: [1, 2, 3, 4, 5], ended: false }, 'nothing is lost by acknowledging')
    assert.deepEqual((await poll(undefined, 3)).bodies.length, 5, 'others have acknowledged nothing')

    const outcome = { case: 'failure', value: { kind: 'cancelled' } } as const
    await sessions.reportCompletion({ sessionId, outcome }, bearer(tokens[1]))
    assert.deepEqual(await poll(), { bodies: [5], ended: false })
    assert.deepEqual(await poll(5n), { bodies: [], ended: true })
  })

  it('gives large messages a page at a time', async () => {
    const world = await rig()
    const { router } = clients(world.transport)
    const { sessionId, tokens } = await startedSession(clients(world.transport))
    for (let n = 1; n <= 4; n += 1) {
      const message = { sessionId, to: 2, messageId: `m${n}`, envelope: body(700 * 1024, n) }
      await router.sendMessage(message, bearer(tokens[1]))
    }
    const seen: number[] = []
    for (let after = 0n; seen.length < 4;) {
      const { messages } = await router.getPendingMessages({ sessionId, after }, bearer(tokens[2]))
      assert.ok(messages.length >= 1 && messages.length <= 2, `${messages.length} at once`)
      for (const { envelope, cursor } of messages) {
        seen.push(envelope[0] ?? 0)
        after = cursor
      }
    }
    assert.deepEqual(seen, [1, 2, 3, 4])
  })
})

describe('limits', () => {
  it('stop a seat that floods, and nobody else', async () => {
    const world = await rig()
    const { router } = clients(world.transport)
    const { sessionId, tokens } = await startedSession(clients(world.transport))
    const again = (seat: number) =>
      router.sendMessage({ sessionId, to: 0, messageId: 'm', envelope: body(1) }, bearer(tokens[seat]))
    let taken = 0
    await refused(
      (async () => {
        for (; taken < 1500; taken += 50) await Promise.all(Array.from({ length: 50 }, () => again(1)))
      })(),
      Code.ResourceExhausted,
      /too many calls; retry in 1 s/,
    )
    assert.equal(taken, 1000)
    await again(2)
    world.clock.now += 1000
    await again(1)
  })

  it('refill steadily and forget who has been quiet', () => {
    const limit = rateLimit({ perSecond: 10, burst: 2 })
    limit.take('a', 0)
    limit.take('a', 0)
    assert.throws(() => {
      limit.take('a', 50)
    }, /too many calls/)
    limit.take('a', 150)
    limit.take('b', 150)
    assert.throws(() => {
      limit.take('a', 160)
    }, /too many calls/)
    limit.take('a', 10_000)
    limit.take('a', 10_000)
  })

  it('bound streams over all readers, and release them', () => {
    const streams = streamLimits({ all: 2 })
    const { signal } = new AbortController()
    const first = streams.enter('a', signal, undefined)
    using second = streams.enter('b', signal, undefined)
    assert.ok(!second.signal.aborted)
    assert.throws(() => streams.enter('c', signal, undefined), /reached its limit of open streams/)
    first[Symbol.dispose]()
    using third = streams.enter('c', signal, undefined)
    assert.ok(!third.signal.aborted)
  })

  it('leave room for others where one address calls itself many readers', () => {
    const streams = streamLimits({ all: 100, perCaller: 2 })
    const { signal } = new AbortController()
    const held = ['a', 'b'].map((reader) => streams.enter(reader, signal, '203.0.113.5'))
    assert.throws(() => streams.enter('c', signal, '203.0.113.5'), { code: Code.ResourceExhausted })
    using other = streams.enter('d', signal, '203.0.113.6')
    held[0]?.[Symbol.dispose]()
    using again = streams.enter('c', signal, '203.0.113.5')
    assert.ok(!other.signal.aborted && !again.signal.aborted)
    assert.throws(() => streams.enter('e', signal, '203.0.113.5'), { code: Code.ResourceExhausted })
  })
})
