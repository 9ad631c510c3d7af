import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Failure, ProtocolAbort } from '../../failure.ts'
import type { KeyShare } from '../../keyShare/keyShare.ts'
import { writeSaveData } from '../../keyShare/saveData.ts'
import { reshareRounds, reshareTable } from '../../protocols/messages.ts'
import { reshareNew, reshareOld } from '../../protocols/reshare.ts'
import type { Party } from '../../protocols/protocol.ts'
import type { RandomSource } from '../../random.ts'
import type { Channel, Incoming, Outgoing } from '../../round/channel.ts'
import type { PartyId } from '../../partyId.ts'
import { echoOf } from '../../round/echo.ts'
import { openMailbox } from '../../round/mailbox.ts'
import type { Broadcast } from '../../round/round.ts'
import { ManualClock } from '../network.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import { sharedArithmetic } from '../simulate.ts'
import { recordedReshare, recordings, type RecordedMessage, type RecordedReshare } from './recordedReshare.ts'

/** Bytes changed in each kind of message; all kinds of field are among them either way. */
const flips = process.env['DEEP'] === '1' ? 60 : 4

const recorded = new Map<string, Promise<RecordedReshare>>()
function session(name: (typeof recordings)[number]): Promise<RecordedReshare> {
  const loading = recorded.get(name) ?? recordedReshare(name)
  recorded.set(name, loading)
  return loading
}

/**
 * What the others said then, and echoes, which tss-lib does not know: every listener has heard what was recorded, and us.
 */
function playback(
  { committees, messages }: Pick<RecordedReshare, 'committees' | 'messages'>,
  me: PartyId,
): Channel & { readonly said: readonly Outgoing[] } {
  const said: Outgoing[] = []
  const queue: Incoming[] = messages.filter(({ from, to }) => from !== me && (to === 'everyone' || to === me))
  const waiting: PromiseWithResolvers<Incoming>[] = []
  const deliver = (message: Incoming): void => {
    const waiter = waiting.shift()
    if (waiter === undefined) queue.push(message)
    else waiter.resolve(message)
  }
  return {
    said,
    async send(message) {
      const echoed = [reshareRounds.commitment, reshareRounds.moduli].find(
        (round) => echoOf(round).name === message.round,
      ) as Broadcast<unknown> | undefined
      if (echoed === undefined) said.push(message)
      else {
        const all = [...messages.filter(({ from }) => from !== me), ...said.map((own) => ({ ...own, from: me }))]
        const held = all
          .filter(({ round }) => round === echoed.name)
          .map(({ from, body }) => ({ from, digest: sha256(body), evidence: new Uint8Array() }))
          .sort((a, b) => a.from - b.from)
        for (const from of committees.new.filter((other) => other !== me)) {
          const body = echoOf(echoed).codec.encode([held.filter((heard) => heard.from !== from)])
          deliver({ from, to: 'everyone', round: message.round, body })
        }
      }
      return Promise.resolve()
    },
    next() {
      const message = queue.shift()
      if (message !== undefined) return Promise.resolve(message)
      const waiter = Promise.withResolvers<Incoming>()
      waiting.push(waiter)
      return waiter.promise
    },
  }
}

function partyIn({ committees }: RecordedReshare, me: PartyId, channel: Channel, random: RandomSource): Party {
  const peers = [...committees.old, ...committees.new].filter((id) => id !== me)
  const clock = new ManualClock()
  const mail = openMailbox(channel, { me, peers, rounds: reshareTable, committees, deadlineMs: 1000, clock })
  return { id: me, peers, mail, arithmetic: sharedArithmetic, random, stage: () => undefined }
}

/** A new member sits in the recorded session again. */
async function asNew(of: RecordedReshare, index: number, messages = of.messages): Promise<KeyShare> {
  const { id, preParameters } = of.fresh[index] ?? assert.fail('no such member')
  const [{ share: before }] = of.old as [RecordedReshare['old'][0]]
  const channel = playback({ ...of, messages }, id)
  const { dealers, receivers, threshold } = of
  const keep = () => Promise.resolve()
  return reshareNew(partyIn(of, id, channel, seededRandom(`new ${index}`)), {
    dealers,
    receivers,
    threshold,
    before,
    preParameters,
    keep,
  })
}

const integersOf = (share: KeyShare) => new TextDecoder().decode(writeSaveData(share))

for (const name of recordings) {
  describe(`tss-lib's ${name}`, () => {
    it('gives every new member that is ours the share that tss-lib had', async () => {
      const of = await session(name)
      for (const [index, { result }] of of.fresh.entries()) {
        assert.equal(integersOf(await asNew(of, index)), integersOf(result))
      }
    })

    it('has an old member that is ours say the same bytes', async () => {
      const of = await session(name)
      const { dealers, receivers, threshold } = of
      for (const { id, share, random } of of.old) {
        const channel = playback(of, id)
        await reshareOld(partyIn(of, id, channel, random), { dealers, receivers, threshold, share })
        const theirs = of.messages.filter(({ from }) => from === id)
        assert.deepEqual(
          channel.said.map(({ to, round, body }) => ({ to, round, body })),
          theirs.map(({ to, round, body }) => ({ to, round, body })),
        )
      }
    })

    it('is encoded by our codecs as Go encodes it', async () => {
      for (const { round, body } of (await session(name)).messages) {
        const { codec } = reshareTable.find((one) => one.name === round) ?? assert.fail(round)
        assert.deepEqual((codec as Broadcast<unknown>['codec']).encode(codec.decode(body)), body, round)
      }
    })
  })
}

describe('a byte that is another in what tss-lib said', () => {
  const draw = seededRandom('flips')
  const below = (end: number) => new DataView(draw(4).buffer).getUint32(0) % end
  /** tss-lib ignores the host in a type URL, and so do we. */
  const host = 'type.googleapis.com/'

  function flipped(message: RecordedMessage): RecordedMessage {
    const body = new Uint8Array(message.body)
    const at = Buffer.from(body).indexOf(host)
    let where = below(body.length)
    while (where >= at && where < at + host.length - 1) where = below(body.length)
    body[where] = (body[where] ?? 0) ^ (1 << below(8))
    return { ...message, body }
  }

  for (const { name: round, kind } of reshareTable) {
    if (round === reshareRounds.ready.name) continue // old members listen to it; it is below
    it(`of "${round}" is found, and its sender is named`, async () => {
      const of = await session('rotate-2of3')
      const me = of.fresh[0]?.id
      const candidates = of.messages.filter(
        (one) => one.round === round && one.from !== me && (kind === 'broadcast' || one.to === me),
      )
      for (let i = 0; i < flips; i += 1) {
        const chosen = candidates[below(candidates.length)] ?? assert.fail(round)
        const changed = flipped(chosen)
        const messages = of.messages.map((one) => (one === chosen ? changed : one))
        await assertNamed(asNew(of, 0, messages), chosen, changed)
      }
    })
  }

  it(`of "${reshareRounds.ready.name}" is found by an old member, and its sender is named`, async () => {
    const of = await session('rotate-2of3')
    const [{ id, share, random }] = of.old as [RecordedReshare['old'][0]]
    const { dealers, receivers, threshold } = of
    const chosen = of.messages.find((one) => one.round === reshareRounds.ready.name) ?? assert.fail()
    const changed = flipped(chosen)
    const messages = of.messages.map((one) => (one === chosen ? changed : one))
    const party = partyIn(of, id, playback({ ...of, messages }, id), random)
    await assertNamed(reshareOld(party, { dealers, receivers, threshold, share }), chosen, changed)
  })

  async function assertNamed(run: Promise<unknown>, { from, body }: Incoming, changed: Incoming): Promise<void> {
    const failure: Failure = await run.then(
      () => assert.fail(`nobody noticed ${difference(body, changed.body)} of party ${from}`),
      (error: unknown) => {
        if (error instanceof ProtocolAbort) return error.failure
        throw error
      },
    )
    assert.ok(failure.kind === 'misbehaviour', JSON.stringify(failure))
    assert.deepEqual(failure.culprits, [from], `${failure.check}, ${difference(body, changed.body)}`)
  }

  function difference(a: Uint8Array, b: Uint8Array): string {
    const at = a.findIndex((byte, i) => byte !== b[i])
    return `byte ${at} of ${a.length}, ${a[at]} to ${b[at]}`
  }
})
