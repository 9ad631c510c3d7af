import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Interceptor, Transport } from '@connectrpc/connect'
import { createRouterTransport } from '@connectrpc/connect'
import { serviceRoutes } from '../../coordinator-stub/rpc/routes.ts'
import { ParticipantState, type Session, SessionState } from '../../proto/gen/coordinator_pb.js'
import { signConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import { createIdentity, type Identity } from '../../tss-wasm/identity/identity.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { failureOf } from '../../testkit/failureOf.ts'
import { rig, type Rig } from '../../testkit/harness.ts'
import { previewAndJoin } from '../../testkit/previewAndJoin.ts'
import type { Coordinator } from '../coordinator.ts'
import { memoryRuns } from '../connection/runs.ts'
import { createCoordinator } from '../createCoordinator.ts'
import type { CreatorSeat, Seat } from '../session/seat.ts'

/** One person has two devices with one identity, restored from one backup, and sits with both in one seat. */

const [one, two] = [1, 2] as PartyId[] as [PartyId, PartyId]
const keygen = { kind: 'keygen', walletName: 'Ours', threshold: 2, parties: 2, curve: 'secp256k1' } as const
const publicKey = new Uint8Array(33).fill(2)
const content = { type: 'ethereum-message', message: new TextEncoder().encode('hello') } as const
const wallet = { threshold: 2, parties: 2 }
const elsewhere = (detail = /another device|another program/) => ({ kind: 'refused', what: 'seat-elsewhere', detail })

/** A device of its own: its log of runs is another one, whatever identity it has. */
function device(transport: Transport): Coordinator {
  return createCoordinator(transport, { random: systemRandom, runs: memoryRuns() })
}

function through(at: Rig, meddle: Interceptor): Transport {
  return createRouterTransport(serviceRoutes(at.services), { transport: { interceptors: [meddle] } })
}

async function told(outcome: Promise<unknown>): Promise<void> {
  const { kind, what, detail } = (await failureOf(outcome)) as unknown as Record<string, string>
  const expected = elsewhere()
  assert.deepEqual({ kind, what }, { kind: expected.kind, what: expected.what })
  assert.match(detail ?? '', expected.detail)
}

interface Inviting extends AsyncDisposable {
  readonly at: Rig
  readonly host: CreatorSeat
  readonly identities: readonly [Identity, Identity]
  /** The guest takes the seat of the invitation with one more device. */
  take(as?: Identity, transport?: Transport): Promise<Seat>
}

async function inviting(meddle?: (at: Rig) => Interceptor): Promise<Inviting> {
  const at = await rig({ heartbeatMs: 50 })
  const identities = [await createIdentity(), await createIdentity()] as const
  const host = await device(meddle === undefined ? at.transport : through(at, meddle(at))).create({
    identity: identities[0],
    proposal: keygen,
    threshold: 2,
    mySeat: one,
    others: [{ seat: two, serverParty: '' }],
    lifeSeconds: 60,
  })
  const { joinToken, seatSecret } = host.invitations.get(two) ?? assert.fail('no invitation')
  return {
    at,
    host,
    identities,
    take: (identity = identities[1], transport = at.transport) =>
      previewAndJoin(device(transport), { sessionId: host.sessionId, joinToken }, { identity, seatSecret }),
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  }
}

async function endsWell(seats: readonly Seat[], roster: Roster, identities: readonly Identity[]): Promise<void> {
  const confirmed = seats.map(async (seat, at) => {
    const identity = identities[at] ?? assert.fail('who is it')
    const result = new Uint8Array(roster.kind === 'sign' ? 65 : 33).fill(2)
    const stated = { seat: seat.me, result, transcriptHash: new Uint8Array(32) }
    return seat.confirm(await signConfirmation(stated, roster, identity))
  })
  for (const all of await Promise.all(confirmed)) assert.deepEqual([...all.keys()], [1, 2])
}

async function createsWallet({ host, identities }: Inviting, guest: Seat): Promise<void> {
  await Promise.all([host.markReady(), guest.markReady()])
  const [roster] = await Promise.all([host.start(), guest.started()])
  await endsWell([host, guest], roster, identities)
}

async function sessionNow({ at, host }: Inviting): Promise<Session> {
  return at.services.sessions.get(host.sessionId)
}

describe('a new wallet with one guest on two devices', () => {
  it('goes on with the device that came last; the first is told, and nobody else notices', async () => {
    await using now = await inviting()
    await using phone = await now.take()
    const waiting = told(phone.agreed())
    await using laptop = await now.take()
    await waiting
    await phone.fail({ kind: 'cancelled' }) // closed by its person: nobody is to hear of it
    await createsWallet(now, laptop)
    const { state, participants } = await sessionNow(now)
    assert.equal(state, SessionState.COMPLETED)
    assert.equal(participants[1]?.refusedJoins, 0, 'no stranger had the invitation')
  })

  it('goes on with the first once all have the roster; the second is told, whatever it does then', async () => {
    await using now = await inviting()
    await using phone = await now.take()
    await Promise.all([now.host.propose(), phone.agreed()])
    await told(now.take())
    const { joinToken } = now.host.invitations.get(two) ?? assert.fail('no invitation')
    await device(now.at.transport).decline({ sessionId: now.host.sessionId, joinToken }, { kind: 'cancelled' })
    await createsWallet(now, phone)
  })

  it('goes on when the second takes over while the host signs the roster with the first in it', async () => {
    const made = Promise.withResolvers<undefined>()
    const taken = Promise.withResolvers<undefined>()
    await using now = await inviting(() => (next) => async (request) => {
      if (request.method.name === 'PublishRoster') {
        made.resolve(undefined)
        await taken.promise
      }
      return next(request)
    })
    await using phone = await now.take()
    const waiting = told(phone.agreed())
    const proposed = now.host.propose()
    await made.promise
    await using laptop = await now.take()
    taken.resolve(undefined)
    await Promise.all([proposed, waiting])
    await createsWallet(now, laptop)
  })

  it('does nothing in the name of the device that was left behind', async () => {
    await using now = await inviting()
    // This one does not hear what becomes of the session.
    const deaf: Interceptor = (next) => async (request) => {
      if (request.method.name === 'WatchSession') await new Promise(() => undefined)
      return next(request)
    }
    const phone = await now.take(undefined, through(now.at, deaf))
    await using laptop = await now.take()
    await phone.fail({ kind: 'misbehaviour', culprits: [one], check: 'proof of V' })
    await told(phone.channel.send({ to: one, round: 'r', body: Uint8Array.of(1) }))
    await createsWallet(now, laptop)
    await phone[Symbol.asyncDispose]()
  })

  it('tells a device nothing of that kind when the host replaces the invitation', async () => {
    await using now = await inviting()
    await using phone = await now.take()
    await now.host.revoke(two)
    const failure = await failureOf(phone.markReady())
    assert.notEqual(failure.kind === 'refused' && failure.what, 'seat-elsewhere')
  })
})

interface Asking extends AsyncDisposable {
  readonly at: Rig
  readonly requester: CreatorSeat
  readonly identities: readonly [Identity, Identity]
  approve(): Promise<Seat>
}

async function asking(): Promise<Asking> {
  const at = await rig({ heartbeatMs: 50 })
  const identities = [await createIdentity(), await createIdentity()] as const
  const requester = await device(at.transport).create({
    identity: identities[0],
    proposal: { kind: 'sign', publicKey, content },
    ...wallet,
    mySeat: one,
    others: [{ seat: two, serverParty: '', pinned: identities[1].public }],
  })
  return {
    at,
    requester,
    identities,
    async approve() {
      const stop = new AbortController()
      const mine = device(at.transport)
      for await (const { sessionId, joinToken } of mine.offersTo(identities[1], stop.signal)) {
        const seat = await previewAndJoin(mine, { sessionId, joinToken }, { identity: identities[1], wallet })
        await seat.markReady()
        return seat
      }
      return assert.fail('nothing was offered')
    },
    [Symbol.asyncDispose]: () => requester[Symbol.asyncDispose](),
  }
}

describe('a request that one signer approves on two devices', () => {
  it('is signed by the one that came last; the first is told, and nobody is blamed', async () => {
    await using now = await asking()
    await now.requester.markReady()
    await using phone = await now.approve()
    const waiting = told(phone.started())
    await using laptop = await now.approve()
    const [roster] = await Promise.all([now.requester.startRun([one, two]), laptop.started(), waiting])
    await endsWell([now.requester, laptop], roster, now.identities)
  })

  it('is signed by the first when the second comes while it signs', async () => {
    await using now = await asking()
    await now.requester.markReady()
    await using phone = await now.approve()
    const [roster] = await Promise.all([now.requester.startRun([one, two]), phone.started()])
    await told(now.approve())
    await endsWell([now.requester, phone], roster, now.identities)
  })
})

describe('programs and coordinators from before clients were told apart', () => {
  const blank = (message: object, ...fields: readonly string[]) => {
    for (const field of fields) if (field in message) Object.assign(message, { [field]: new Uint8Array() })
  }
  const older: Interceptor = (next) => async (request) => {
    if (!request.stream) blank(request.message, 'client', 'creatorClient')
    return next(request)
  }

  it('take part as before', async () => {
    await using now = await inviting(() => older)
    await using guest = await now.take(undefined, through(now.at, older))
    await createsWallet(now, guest)
    const { participants } = await sessionNow(now)
    assert.ok(participants.every(({ client, state }) => client.length === 0 && state === ParticipantState.COMPLETED))
  })

  it('take part together with newer ones', async () => {
    await using now = await inviting()
    await using guest = await now.take(undefined, through(now.at, older))
    await createsWallet(now, guest)
  })
})
