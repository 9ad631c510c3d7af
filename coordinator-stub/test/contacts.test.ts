import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { create } from '@bufbuild/protobuf'
import { ParticipantState, SessionSchema, SessionState } from '../../proto/gen/coordinator_pb.js'
import { createContacts } from '../sessions/contacts.ts'
import type { Neighbours } from '../signals/neighbours.ts'
import { bearer, clients, keygenRequest, rig, wireIdentity } from '../../testkit/harness.ts'

const { INVITED, JOINED, READY, COMPLETED } = ParticipantState
const minuteMs = 60_000

/** A session whose seats 1, 2, … are in these states, and were since the beginning of time. */
function sessionOf(...states: readonly ParticipantState[]) {
  const participants = states.map((state, i) => ({ seat: i + 1, state }))
  return create(SessionSchema, { sessionId: 'a', state: SessionState.WAITING, participants })
}

describe('who has not been heard of', () => {
  it('sits in the session and has been quiet for longer than its program would be', () => {
    const contacts = createContacts(0)
    const session = sessionOf(JOINED, READY, INVITED, COMPLETED)
    contacts.heard('a', 1, minuteMs)
    assert.deepEqual(contacts.silences(session, minuteMs), [])
    assert.deepEqual(contacts.silences(session, 2 * minuteMs), [{ seat: 2, forMs: 120_000n }])
    contacts.heard('a', 2, 2 * minuteMs)
    assert.deepEqual(contacts.silences(session, 3 * minuteMs), [{ seat: 1, forMs: 120_000n }])
    session.state = SessionState.COMPLETED
    assert.deepEqual(contacts.silences(session, 3 * minuteMs), [])
  })

  it('is not who has spoken to another instance, of which the others are told now and then', () => {
    const listeners: ((news: string | undefined) => void)[] = []
    let told = 0
    const neighbours = (): Neighbours => ({
      areThere: true,
      tell(news) {
        told += news.length
        for (const one of news) for (const hear of listeners) hear(one)
      },
      listen: (hear) => listeners.push(hear),
    })
    const [here, there] = [createContacts(0, neighbours()), createContacts(0, neighbours())]
    const session = sessionOf(JOINED)
    for (let ms = 0; ms <= 2 * minuteMs; ms += 1000) there.heard('a', 1, ms)
    assert.deepEqual(here.silences(session, 2 * minuteMs), [])
    assert.equal(told, 5)
    assert.deepEqual(here.silences(session, 4 * minuteMs), [{ seat: 1, forMs: 120_000n }])
  })

  it('is remembered for so many seats, the ones that were heard last', () => {
    const contacts = createContacts(0, undefined, 2)
    for (const seat of [1, 2, 1, 3]) contacts.heard('a', seat, 3 * minuteMs)
    const silent = contacts.silences(sessionOf(JOINED, JOINED, JOINED), 3 * minuteMs)
    assert.deepEqual(silent, [{ seat: 2, forMs: 180_000n }])
  })

  it('is told to who watches and who asks; a program that only listens is there as long as it listens', async () => {
    const world = await rig({ heartbeatMs: 20 })
    const { sessions } = clients(world.transport)
    const { sessionId, joinTokens } = await sessions.createSession(keygenRequest({ lifeSeconds: 24 * 3600 }))
    for (const seat of [1, 2, 3]) {
      await sessions.joinSession({ sessionId, identity: wireIdentity(seat) }, bearer(joinTokens[seat]))
    }
    const left = new AbortController()
    const listening = sessions.watchSession({ sessionId }, { ...bearer(joinTokens[2]), signal: left.signal })
    const heartbeats = listening[Symbol.asyncIterator]()
    await heartbeats.next()
    const silent = async () => {
      const { silences } = await sessions.getSession({ sessionId, above: 1n }, bearer(joinTokens[1]))
      return silences.map(({ seat }) => seat)
    }
    world.clock.now += 2 * minuteMs
    while ((await silent()).includes(2)) await heartbeats.next()
    assert.deepEqual(await silent(), [3])

    left.abort()
    do world.clock.now += 2 * minuteMs
    while (!(await silent()).includes(2))
    assert.deepEqual(await silent(), [2, 3])
    for await (const { silences } of sessions.watchSession({ sessionId, calls: true }, bearer(joinTokens[1]))) {
      assert.deepEqual(
        silences.map(({ seat }) => seat),
        [2, 3],
      )
      break
    }
  })
})
