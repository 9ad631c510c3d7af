import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Budget, openReader } from '../messages/reader.ts'
import type { Delivery, Page } from '../signals/message.ts'
import { createSignals } from '../signals/signals.ts'

const never = new AbortController().signal
const topic = 'messages x'

/** A session whose messages are stored in `stored`; seat 2 reads. */
function world({ budget = { left: 1 << 30 }, pageLength = 3 }: { budget?: Budget; pageLength?: number } = {}) {
  const stored: Delivery[] = []
  const signals = createSignals()
  const state = { ended: false, reads: 0, duringRead: () => undefined as unknown }
  const read = async (after: bigint): Promise<Page> => {
    state.reads += 1
    const last = BigInt(stored.length)
    const mine = stored.filter(({ cursor, to, from }) => cursor > after && (to === 2 || (to === 0 && from !== 2)))
    const deliveries = mine.slice(0, pageLength)
    const { ended } = state
    await Promise.resolve()
    state.duringRead()
    return { deliveries, isFull: deliveries.length === pageLength, last, ended }
  }
  const reader = openReader(topic, 2, 0n, read, signals, budget)
  return {
    state,
    budget,
    reader,
    /** `where`: stored by this instance, by another one that we have heard of, or by one that we have not heard of yet. */
    store(where: 'here' | 'elsewhere' | 'unheard', { from = 1, to = 0, bytes = 1 } = {}) {
      const message = { cursor: BigInt(stored.length + 1), from, to, envelope: new Uint8Array(bytes) }
      stored.push(message)
      if (where !== 'unheard') {
        signals.raise(topic, { ...message, envelope: where === 'here' ? message.envelope : undefined })
      }
    },
    end() {
      state.ended = true
      signals.raise(topic)
    },
    /** Cursors until it is quiet or over. */
    async read(most = 1000) {
      const cursors: number[] = []
      while (cursors.length < most) {
        const next = await reader.next(1, never)
        if (typeof next === 'string') break
        cursors.push(Number(next.cursor))
      }
      return cursors
    },
  }
}

describe('a reader of messages', () => {
  it('asks the database once, then takes from memory what is stored here', async () => {
    const at = world()
    at.store('unheard')
    assert.deepEqual(await at.read(), [1])
    assert.equal(at.state.reads, 1)
    at.store('here')
    at.store('here', { from: 2 })
    at.store('here', { to: 3 })
    at.store('here', { to: 2 })
    assert.deepEqual(await at.read(), [2, 5])
    assert.equal(at.state.reads, 1)
  })

  it('misses nothing that another instance stored, whether it has heard of it or not', async () => {
    const at = world()
    assert.deepEqual(await at.read(), [])
    at.store('elsewhere')
    assert.deepEqual(await at.read(), [1])
    at.store('unheard')
    at.store('here')
    assert.deepEqual(await at.read(), [2, 3], 'what was stored here does not overtake it')
    at.store('elsewhere', { to: 3 })
    const { reads } = at.state
    assert.deepEqual(await at.read(), [])
    assert.equal(at.state.reads, reads, 'news for another seat cost nothing')
  })

  it('misses nothing that is stored while it asks the database', async () => {
    const at = world()
    at.state.duringRead = () => {
      at.state.duringRead = () => undefined
      at.store('here')
    }
    assert.deepEqual(await at.read(), [1])
    assert.equal(at.state.reads, 2)
  })

  it('gives pages one after the other, and ends after the last message', async () => {
    const at = world()
    for (let n = 0; n < 7; n += 1) at.store('unheard')
    assert.deepEqual(await at.read(5), [1, 2, 3, 4, 5])
    at.store('here')
    at.end()
    assert.deepEqual(await at.read(), [6, 7, 8])
    assert.equal(await at.reader.next(1, never), 'ended')
  })

  it('holds little for a slow connection, and reads the rest from the database when it can take it', async () => {
    const at = world({ budget: { left: 10 * 1024 * 1024 }, pageLength: 1 })
    assert.deepEqual(await at.read(), [])
    for (let n = 0; n < 100; n += 1) {
      at.store('here', { bytes: 100 * 1024 })
      assert.ok(at.budget.left >= 9 * 1024 * 1024, 'a megabyte at most')
    }
    assert.deepEqual(
      await at.read(),
      Array.from({ length: 100 }, (_, n) => n + 1),
    )
    assert.equal(at.budget.left, 10 * 1024 * 1024)
    at.store('here', { bytes: 1000 })
    at.reader[Symbol.dispose]()
    assert.equal(at.budget.left, 10 * 1024 * 1024, 'what it held is given back')
  })

  it('holds nothing when all readers together hold as much as they may', async () => {
    const at = world({ budget: { left: 100 } })
    assert.deepEqual(await at.read(), [])
    at.store('here', { bytes: 101 })
    assert.equal(at.budget.left, 100)
    assert.deepEqual(await at.read(), [1])
  })
})
