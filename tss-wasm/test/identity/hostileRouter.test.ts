import fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ProtocolAbort } from '../../failure.ts'
import { secured } from '../../identity/envelope.ts'
import type { Channel } from '../../round/channel.ts'
import type { PartyId } from '../../partyId.ts'
import { openMailbox, type Broadcast, type Codec, type Private } from '../../round/mailbox.ts'
import { ManualClock, Network, seats } from '../network.ts'
import { company, identityOf } from '../parties.ts'

const bytes: Codec<Uint8Array> = { encode: (value) => value, decode: (value) => value }
const open: Broadcast<Uint8Array> = { kind: 'broadcast', name: 'open', codec: bytes, echoed: true }
const closed: Private<Uint8Array> = { kind: 'private', name: 'closed', codec: bytes }
const last: Broadcast<Uint8Array> = { kind: 'broadcast', name: 'last', codec: bytes }

/** What a router can do to an envelope on its way to one reader. */
const trick = fc.oneof(
  { arbitrary: fc.constant({ kind: 'deliver' } as const), weight: 12 },
  fc.constant({ kind: 'twice' } as const),
  fc.constant({ kind: 'drop' } as const),
  fc.constant({ kind: 'hold' } as const),
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('misdeliver' as const), to: fc.constantFrom(...seats(3)) }),
)
type Trick = typeof trick extends fc.Arbitrary<infer T> ? T : never

interface Router {
  channel(me: PartyId): Channel
  /** Envelopes so far, each reader's counted by itself. */
  handled(): number
}

/** A network that plays its tricks in turn, one per envelope and reader. */
function hostile(network: Network, tricks: readonly Trick[]): Router {
  let turn = 0
  const held: (() => void)[] = []
  const handle = (from: PartyId, to: PartyId, body: Uint8Array): void => {
    const put = (reader: PartyId, changed: Uint8Array): void => {
      network.deliver(reader, { from, to: reader, round: '', body: changed })
    }
    const next = tricks[turn++ % tricks.length] ?? { kind: 'deliver' }
    if (next.kind === 'twice') put(to, body)
    if (next.kind === 'deliver' || next.kind === 'twice') put(to, body)
    if (next.kind === 'hold')
      held.push(() => {
        put(to, body)
      })
    if (next.kind === 'flip')
      put(
        to,
        body.map((byte, i) => (i === next.at % body.length ? byte ^ 4 : byte)),
      )
    if (next.kind === 'cut') put(to, body.slice(0, next.at % body.length))
    if (next.kind === 'misdeliver') put(next.to, body)
    if (held.length > 2)
      held.splice(0).forEach((release) => {
        release()
      })
  }
  const channel = (me: PartyId): Channel => ({
    next: () => network.channel(me).next(),
    send: ({ to, body }) => {
      for (const reader of to === 'everyone' ? seats(3) : [to]) if (reader !== me) handle(me, reader, body)
      return Promise.resolve()
    },
  })
  return { channel, handled: () => turn }
}

/** Lets time pass whenever nothing has moved for a while, until everybody is done. */
async function whenever<T>(
  running: Promise<T>[],
  clock: ManualClock,
  router: Router,
): Promise<PromiseSettledResult<T>[]> {
  const progress = { settled: false }
  const outcomes = Promise.allSettled(running).finally(() => (progress.settled = true))
  while (!progress.settled) {
    const before = router.handled()
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    if (router.handled() === before) await clock.pass(1001)
  }
  return outcomes
}

describe('a router that does what it likes', () => {
  it('can stop honest parties, but never make them blame each other or believe anything', async () => {
    const friends = await company(2, 3)
    const property = fc.asyncProperty(fc.array(trick, { minLength: 5, maxLength: 40 }), async (tricks) => {
      const router = hostile(new Network(seats(3)), tricks)
      const clock = new ManualClock()
      const running = seats(3).map(async (me) => {
        const channel = secured(router.channel(me), { identity: identityOf(friends, me), roster: friends.roster, me })
        const peers = seats(3).filter((seat) => seat !== me)
        const mail = openMailbox(channel, { me, peers, rounds: [open, closed, last], deadlineMs: 1000, clock })
        await mail.broadcast(open, Uint8Array.of(me))
        const opened = await mail.collect(open)
        await Promise.all(peers.map((peer) => mail.sendTo(peer, closed, Uint8Array.of(me, peer))))
        const told = await mail.collect(closed)
        await mail.broadcast(last, Uint8Array.of(me, me))
        const ended = await mail.collect(last)
        for (const peer of peers) {
          assert.deepEqual(
            [opened.get(peer), told.get(peer), ended.get(peer)],
            [[peer], [peer, me], [peer, peer]].map((each) => Uint8Array.from(each)),
          )
        }
        return mail.transcriptHash()
      })
      const isHarmless = tricks.every(({ kind }) => kind === 'deliver' || kind === 'twice')
      const outcomes = await (isHarmless ? Promise.allSettled(running) : whenever(running, clock, router))
      const hashes: Uint8Array[] = []
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') hashes.push(outcome.value)
        else
          assert.ok(
            outcome.reason instanceof ProtocolAbort && outcome.reason.failure.kind === 'timed-out',
            String(outcome.reason),
          )
      }
      for (const hash of hashes) assert.deepEqual(hash, hashes[0])
      if (isHarmless) assert.equal(hashes.length, 3)
    })
    await fc.assert(property, { numRuns: 60, examples: [[[{ kind: 'deliver' }]], [[{ kind: 'twice' }]]] })
  })
})
