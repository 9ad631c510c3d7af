import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRouterTransport, type Interceptor } from '@connectrpc/connect'
import { serviceRoutes } from '../../coordinator-stub/rpc/routes.ts'
import { rig } from '../../testkit/harness.ts'
import { previewAndJoin } from '../../testkit/previewAndJoin.ts'
import { createIdentity } from '../../tss-wasm/identity/identity.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { memoryRuns } from '../connection/runs.ts'
import { createCoordinator } from '../createCoordinator.ts'
import type { Presence, Seat } from '../session/seat.ts'

const [one, two, three] = [1, 2, 3] as PartyId[] as [PartyId, PartyId, PartyId]
const tenMinutesMs = 600_000

/** A device whose lid can be closed: its streams stay open, and nothing that it has to say leaves it. */
function lid() {
  let opened = Promise.withResolvers<undefined>()
  opened.resolve(undefined)
  let under = 0
  const meddle: Interceptor = (next) => async (request) => {
    await opened.promise
    under += 1
    try {
      return await next(request)
    } finally {
      under -= 1
    }
  }
  return {
    meddle,
    async close() {
      opened = Promise.withResolvers<undefined>()
      while (under > 0) await new Promise(setImmediate)
    },
    open() {
      opened.resolve(undefined)
    },
  }
}

/** @returns what this seat sees of others, once it is so */
async function seen(seat: Seat, fits: (others: ReadonlyMap<PartyId, Presence>) => boolean) {
  const { promise, resolve } = Promise.withResolvers<ReadonlyMap<PartyId, Presence>>()
  seat.watchPresence((participants) => {
    const others = new Map(participants.map((each) => [each.seat, each]))
    if (fits(others)) resolve(others)
  })
  return promise
}

test('who has not been heard of is told to the others, with since when, also to one who comes back; and no more when it is there again', async () => {
  const at = await rig({ heartbeatMs: 50 })
  let passedMs = 0
  Object.defineProperty(at.clock, 'now', { get: () => Date.now() + passedMs })
  const sleeper = lid()
  const device = (...interceptors: Interceptor[]) =>
    createCoordinator(createRouterTransport(serviceRoutes(at.services), { transport: { interceptors } }), {
      random: systemRandom,
      runs: memoryRuns(),
      timing: { beatMs: 20 },
    })
  await using host = await device().create({
    identity: await createIdentity(),
    proposal: { kind: 'keygen', walletName: 'Ours', threshold: 2, parties: 3, curve: 'secp256k1' },
    threshold: 2,
    mySeat: one,
    others: [two, three].map((seat) => ({ seat, serverParty: '' })),
    lifeSeconds: 3600,
  })
  const guests = { [two]: await createIdentity(), [three]: await createIdentity() }
  const take = (seat: PartyId, ...interceptors: Interceptor[]): Promise<Seat> => {
    const { joinToken, seatSecret } = host.invitations.get(seat) ?? assert.fail('no invitation')
    const identity = guests[seat] ?? assert.fail('no guest')
    return previewAndJoin(device(...interceptors), { sessionId: host.sessionId, joinToken }, { identity, seatSecret })
  }
  const reloaded = await take(two)
  await using third = await take(three, sleeper.meddle)
  assert.equal(third.me, three)

  await sleeper.close()
  passedMs = tenMinutesMs
  const unheard = (others: ReadonlyMap<PartyId, Presence>, seat: PartyId) => others.get(seat)?.unheardSinceMs
  const before = await seen(host, (all) => unheard(all, three) !== undefined && unheard(all, two) === undefined)
  const since = unheard(before, three) ?? NaN
  assert.ok(Math.abs(Date.now() - since - tenMinutesMs) < tenMinutesMs / 2, `${Date.now() - since} ms ago`)
  assert.equal(before.get(three)?.state, 'joined')

  reloaded.leave()
  await using again = await take(two)
  const after = await seen(again, (all) => unheard(all, three) !== undefined)
  assert.ok(Math.abs((unheard(after, three) ?? NaN) - since) < tenMinutesMs / 2, 'it does not begin anew')
  assert.equal(unheard(after, two), undefined, 'nobody is told of itself')

  sleeper.open()
  await Promise.all([host, again].map((seat) => seen(seat, (all) => unheard(all, three) === undefined)))
})
