import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserStreamPlaces } from '../platform/browser/streamPlaces.ts'

/** Of six connections, over HTTP/1.1. */
const forPagesAndCalls = 2

test('tabs hold four streams together, and one of them is for messages, whoever waits for whatever else', async () => {
  const tabs = Array.from({ length: 8 }, () => browserStreamPlaces(navigator.locks))
  await using held = new AsyncDisposableStack()
  const taken = { offers: 0, requests: 0, session: 0, messages: 0 }
  for (const kind of ['offers', 'requests', 'session', 'messages'] as const) {
    for (const tab of tabs) {
      const place = await tab.take(kind)
      if (place !== undefined) held.use(place)
      if (place !== undefined) taken[kind] += 1
    }
  }
  assert.deepEqual(taken, { offers: 1, requests: 1, session: 1, messages: 1 })
  assert.equal(taken.offers + taken.requests + taken.session + taken.messages, 6 - forPagesAndCalls)
})

test('who waits gets the place of whoever has gone', async () => {
  const [one, other] = [browserStreamPlaces(navigator.locks), browserStreamPlaces(navigator.locks)]
  const first = await one.take('messages')
  assert.equal(await other.take('messages'), undefined)
  first?.[Symbol.dispose]()
  let second: Disposable | undefined
  while (second === undefined) second = await other.take('messages')
  assert.equal(await one.take('messages'), undefined)
  second[Symbol.dispose]()
})
