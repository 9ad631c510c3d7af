import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Interceptor, Transport } from '@connectrpc/connect'
import { createRouterTransport } from '@connectrpc/connect'
import type { Seat } from '../../participant/session/seat.ts'
import { createCoordinator } from '../../participant/createCoordinator.ts'
import { memoryRuns } from '../../participant/connection/runs.ts'
import { askAndSign, takePartInRuns } from '../../participant/sign/signingRuns.ts'
import { misbehaviour, refused } from '../../tss-wasm/failure.ts'
import { signConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import { createIdentity, type Identity } from '../../tss-wasm/identity/identity.ts'
import type { PresignedSlots, Roster } from '../../tss-wasm/identity/roster.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Channel } from '../../tss-wasm/round/channel.ts'
import { serviceRoutes } from '../rpc/routes.ts'
import { rig, type Rig } from '../../testkit/harness.ts'
import { previewAndJoin } from '../../testkit/previewAndJoin.ts'

const never = new AbortController().signal
const [one, two, three, four] = [1, 2, 3, 4] as PartyId[] as [PartyId, PartyId, PartyId, PartyId]

const client = (transport: Transport) => createCoordinator(transport, { random: systemRandom, runs: memoryRuns() })

function through(at: Rig, meddle: Interceptor): Transport {
  return createRouterTransport(serviceRoutes(at.services), { transport: { interceptors: [meddle] } })
}

describe('a call that a network doubles', () => {
  it('revokes one invitation: the new one is good', async () => {
    const at = await rig()
    const doubling: Interceptor = (next) => async (request) => {
      const answer = await next(request)
      if (request.method.name === 'RevokeSeat') await next(request)
      return answer
    }
    const [host, guest] = await Promise.all([createIdentity(), createIdentity()])
    await using seat = await client(through(at, doubling)).create({
      identity: host,
      proposal: { kind: 'keygen', walletName: 'Ours', threshold: 2, parties: 2, curve: 'secp256k1' },
      threshold: 2,
      mySeat: one,
      others: [{ seat: two, serverParty: '' }],
    })
    for (let times = 0; times < 2; times += 1) {
      const { joinToken, seatSecret } = await seat.revoke(two)
      const access = { sessionId: seat.sessionId, joinToken }
      await using joined = await previewAndJoin(client(at.transport), access, { identity: guest, seatSecret })
      assert.equal(joined.me, two)
      joined.leave()
    }
  })
})

/** Seat 1 asks for a signature that three make, seats 2 to 4 are asked; all have approved. */
async function asked(at: Rig) {
  const identities = await Promise.all([1, 2, 3, 4].map(() => createIdentity()))
  const [host, ...guests] = identities
  assert.ok(host)
  const content = { type: 'ethereum-message', message: Uint8Array.of(1) } as const
  const requester = await client(at.transport).create({
    identity: host,
    proposal: { kind: 'sign', publicKey: new Uint8Array(33).fill(2), content },
    threshold: 3,
    parties: 4,
    mySeat: one,
    others: guests.map((identity, i) => ({ seat: (i + 2) as PartyId, serverParty: '', pinned: identity.public })),
  })
  const signers = await Promise.all(
    guests.map(async (identity) => {
      const coordinator = client(at.transport)
      const { value } = await coordinator.offersTo(identity, never).next()
      assert.ok(value)
      const seat = await previewAndJoin(coordinator, value, { identity, wallet: { threshold: 3, parties: 4 } })
      await seat.markReady()
      return seat
    }),
  )
  await requester.markReady()
  return { identities, requester, signers }
}

const confirmed = async (seat: PartyId, roster: Roster, identity: Identity | undefined) => {
  assert.ok(identity)
  const said = { seat, result: new Uint8Array(65).fill(3), transcriptHash: new Uint8Array(32) }
  return { confirmation: await signConfirmation(said, roster, identity) }
}

describe('a run that takes the place of another', () => {
  it('is finished by parties that were still in the previous run', async () => {
    const at = await rig({ heartbeatMs: 50 })
    const { identities, requester, signers } = await asked(at)
    const [second, third, fourth] = signers
    assert.ok(second && third && fourth)
    const vanished = third.started().then(() => third.fail({ kind: 'cancelled' }))
    const answers = [second, fourth].map((seat) =>
      takePartInRuns(seat, async (roster, channel) => {
        if (roster.seats.some((each) => each.seat === three)) await channel.next()
        return confirmed(seat.me, roster, identities[seat.me - 1])
      }),
    )
    const done = await askAndSign(requester, {
      threshold: 3,
      async sign(roster, channel) {
        if (roster.seats.some((each) => each.seat === three)) await channel.next()
        const made = await confirmed(one, roster, identities[0])
        await requester.confirm(made.confirmation)
        return made
      },
      taken: () => undefined,
    })
    assert.ok(done.confirmation.length > 0)
    await vanished
    for (const answer of await Promise.all(answers)) assert.ok(answer.confirmation.length > 0)
    const runs = await at.database.query("select details from audit where event = 'started' order by entry")
    const seats = runs.map((row) => (row['details'] as { seats: number[] }).seats)
    assert.deepEqual(seats.slice(-2), [
      [one, two, three],
      [one, two, four],
    ])
    for (const seat of [requester, ...signers]) seat.leave()
  })
})

describe('a run in which one accuses another', () => {
  const runsOf = async (at: Rig) => {
    const rows = await at.database.query("select details from audit where event = 'started' order by entry")
    return rows.map((row) => (row['details'] as { seats: number[] }).seats)
  }

  it('without evidence leaves out neither: the two are not in one run again', async () => {
    const at = await rig({ heartbeatMs: 50 })
    const { identities, requester, signers } = await asked(at)
    const lie = misbehaviour([three], 'proof of V')
    const sign = (seat: Seat) => async (roster: Roster, channel: Channel) => {
      const isFirst = roster.seats.some((each) => each.seat === two) && roster.seats.some((each) => each.seat === three)
      if (isFirst && seat.me === two) throw lie
      if (isFirst) await channel.next()
      return confirmed(seat.me, roster, identities[seat.me - 1])
    }
    const answers = signers.map((seat) => takePartInRuns(seat, sign(seat)))
    for (const answer of answers) answer.catch(() => undefined)
    const done = await askAndSign(requester, {
      threshold: 3,
      sign: confirming(requester, sign(requester)),
      taken: () => undefined,
    })
    assert.ok(done.confirmation.length > 0)
    assert.deepEqual((await runsOf(at)).slice(-2), [
      [one, two, three],
      [one, two, four],
    ])
    for (const seat of [requester, ...signers]) seat.leave()
  })

  it('goes on without whom our own checks have named, and with the one who reported it', async () => {
    const at = await rig({ heartbeatMs: 50 })
    const { identities, requester, signers } = await asked(at)
    const sign = (seat: Seat) => async (roster: Roster, channel: Channel) => {
      if (!roster.seats.some((each) => each.seat === three)) return confirmed(seat.me, roster, identities[seat.me - 1])
      if (seat.me === three) await channel.next()
      throw misbehaviour([three], 'broadcast is the same for everybody', 'sign 5')
    }
    const answers = signers.map((seat) => takePartInRuns(seat, sign(seat)))
    for (const answer of answers) answer.catch(() => undefined)
    const done = await askAndSign(requester, {
      threshold: 3,
      sign: confirming(requester, sign(requester)),
      taken: () => undefined,
    })
    assert.ok(done.confirmation.length > 0)
    assert.deepEqual((await runsOf(at)).slice(-2), [
      [one, two, three],
      [one, two, four],
    ])
    for (const seat of [requester, ...signers]) seat.leave()
  })
})

describe('a run by presignatures', () => {
  const presigned: PresignedSlots = { batch: new Uint8Array(32).fill(5), first: 0 }

  it('that a signer does not have any more is followed by one without, with the same parties', async () => {
    const at = await rig({ heartbeatMs: 50 })
    const { identities, requester, signers } = await asked(at)
    const named: (PresignedSlots | undefined)[] = []
    const sign = (seat: Seat) => async (roster: Roster, channel: Channel) => {
      if (seat.me === one) named.push(roster.presigned)
      if (roster.presigned === undefined) return confirmed(seat.me, roster, identities[seat.me - 1])
      if (seat.me === two) throw refused('presignature', 'restarted')
      await channel.next()
      throw new Error('nothing is sent')
    }
    const answers = signers.map((seat) => takePartInRuns(seat, sign(seat)))
    for (const answer of answers) answer.catch(() => undefined)
    const done = await askAndSign(requester, {
      threshold: 3,
      sign: confirming(requester, sign(requester)),
      taken: () => undefined,
      presigned: (seats) => Promise.resolve(seats.includes(two) ? presigned : undefined),
    })
    assert.ok(done.confirmation.length > 0)
    assert.deepEqual(named, [presigned, undefined])
    const runs = await at.database.query("select details from audit where event = 'started' order by entry")
    const seats = runs.map((row) => (row['details'] as { seats: number[] }).seats)
    assert.deepEqual(seats.slice(-2), [
      [one, two, three],
      [one, two, three],
    ])
    for (const seat of [requester, ...signers]) seat.leave()
  })

  it('is no excuse in a run without: whoever says so there is left out', async () => {
    const at = await rig({ heartbeatMs: 50 })
    const { identities, requester, signers } = await asked(at)
    const sign = (seat: Seat) => async (roster: Roster, channel: Channel) => {
      const withTwo = roster.seats.some((each) => each.seat === two)
      if (!withTwo) return confirmed(seat.me, roster, identities[seat.me - 1])
      if (seat.me === two) throw refused('presignature', 'says so again and again')
      await channel.next()
      throw new Error('nothing is sent')
    }
    const answers = signers.map((seat) => takePartInRuns(seat, sign(seat)))
    for (const answer of answers) answer.catch(() => undefined)
    const done = await askAndSign(requester, {
      threshold: 3,
      sign: confirming(requester, sign(requester)),
      taken: () => undefined,
      presigned: () => Promise.resolve(presigned),
    })
    assert.ok(done.confirmation.length > 0)
    for (const seat of [requester, ...signers]) seat.leave()
  })
})

type Made = Awaited<ReturnType<typeof confirmed>>

/** The requester confirms what it has made, as its jobs do. */
const confirming =
  (requester: Seat, sign: (roster: Roster, channel: Channel) => Promise<Made>) =>
  async (roster: Roster, channel: Channel): Promise<Made> => {
    const made = await sign(roster, channel)
    await requester.confirm(made.confirmation)
    return made
  }
