import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { describe, it } from 'node:test'
import { Code, ConnectError, createRouterTransport, type Interceptor, type Transport } from '@connectrpc/connect'
import type { CreatorSeat, Seat } from '../session/seat.ts'
import { createContact } from '../connection/contact.ts'
import { createCoordinator } from '../createCoordinator.ts'
import type { Timing } from '../connection/persistence.ts'
import { memoryRuns } from '../connection/runs.ts'
import type { PinnedParty } from '../session/serverParties.ts'
import { type Session, SessionState } from '../../proto/gen/coordinator_pb.js'
import type { SubscribeMessagesResponse } from '../../proto/gen/router_pb.js'
import { type Failure, ProtocolAbort } from '../../tss-wasm/failure.ts'
import { signConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import { decodeRoster, encodeRoster, type Roster, signRoster } from '../../tss-wasm/identity/roster.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { deviceClock, type DeviceClock } from '../../tss-wasm/round/clock.ts'
import { type VirtualMachine, virtualMachine } from '../../tss-wasm/test/round/virtualClock.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { concealBugs } from '../../coordinator-stub/process/refusal.ts'
import { serviceRoutes } from '../../coordinator-stub/rpc/routes.ts'
import type { Services } from '../../coordinator-stub/rpc/services.ts'
import { failureOf } from '../../testkit/failureOf.ts'
import { invitationFor, pinnedParty, rig, type Rig, silent } from '../../testkit/harness.ts'
import { previewAndJoin } from '../../testkit/previewAndJoin.ts'

const timing: Partial<Timing> & { readonly giveUpMs: number } = {
  callMs: 10_000,
  silenceMs: 10_000,
  giveUpMs: 10_000,
  firstPauseMs: 5,
  longestPauseMs: 20,
}
const proposal = { kind: 'keygen', walletName: 'Ours', threshold: 2, parties: 2, curve: 'secp256k1' } as const
const [one, two] = [1, 2] as PartyId[] as [PartyId, PartyId]

/** A coordinator that treats what passes through it as `meddle` says. */
function meddling(services: Services, meddle: Interceptor): Transport {
  return createRouterTransport(serviceRoutes(services), {
    transport: { interceptors: [meddle] },
    router: { interceptors: [concealBugs(silent)] },
  })
}

interface World extends AsyncDisposable {
  readonly rig: Rig
  readonly creator: CreatorSeat
  readonly joiner: Seat
  readonly identities: readonly [Identity, Identity]
}

/** Of work that goes on as long as it is given time. */
async function failureInTime(machine: VirtualMachine, work: Promise<unknown>): Promise<Failure> {
  let ended: Failure | undefined
  const failing = failureOf(work).then((failure) => (ended = failure))
  while (ended === undefined) {
    await Promise.race([machine.pass(1000), failing])
    await new Promise(setImmediate)
  }
  return ended
}

/** A 2-of-2 session of a person and a server party, each with a client of its own way to the coordinator. */
async function world({
  toCreator,
  toJoiner,
  pinned,
  lifeSeconds = 60,
  patience = timing,
  clock,
}: {
  toCreator?: Interceptor
  toJoiner?: Interceptor
  pinned?: PinnedParty
  lifeSeconds?: number
  patience?: typeof timing
  clock?: DeviceClock
} = {}): Promise<World> {
  const party = await pinnedParty('server-1')
  const { identity: person } = await pinnedParty('person')
  const at = await rig({ parties: [party.pinned], heartbeatMs: 50 })
  const straight: Interceptor = (next) => next
  const client = (meddle = straight) =>
    createCoordinator(meddling(at.services, meddle), {
      random: systemRandom,
      runs: memoryRuns(),
      timing: patience,
      ...(clock && { clock }),
    })
  await using opened = new AsyncDisposableStack()
  const creator = opened.use(
    await client(toCreator).create({
      identity: person,
      proposal,
      threshold: 2,
      mySeat: one,
      others: [{ seat: two, serverParty: 'server-1', pinned: (pinned ?? party.pinned).identity }],
      lifeSeconds,
    }),
  )
  const { sessionId, joinToken } = await invitationFor(at, 'server-1', party.identity)
  const joiner = opened.use(
    await previewAndJoin(client(toJoiner), { sessionId, joinToken }, { identity: party.identity }),
  )
  const seats = opened.move()
  return {
    rig: at,
    creator,
    joiner,
    identities: [person, party.identity],
    [Symbol.asyncDispose]: () => seats.disposeAsync(),
  }
}

/** Ana, who has created a session of three with names; Ben; and Eva, who says none, by what she saw before she joined. */
async function club(forge?: (roster: Roster) => Roster) {
  const at = await rig()
  const [ana, ben, eva] = await Promise.all(
    ['ana', 'ben', 'eva'].map(async (name) => (await pinnedParty(name)).identity),
  )
  if (ana === undefined || ben === undefined || eva === undefined) throw new Error('three people')
  const publishing: Interceptor = (next) => async (request) => {
    if (forge !== undefined && !request.stream && request.method.name === 'PublishRoster') {
      const published = request.message as unknown as { roster: Uint8Array; rosterSignature: Uint8Array }
      published.roster = encodeRoster(forge(decodeRoster(published.roster)))
      published.rosterSignature = await signRoster(published.roster, ana)
    }
    return next(request)
  }
  const client = (meddle: Interceptor = (next) => next) =>
    createCoordinator(meddling(at.services, meddle), { random: systemRandom, runs: memoryRuns(), timing })
  await using opened = new AsyncDisposableStack()
  const host = opened.use(
    await client(publishing).create({
      identity: ana,
      name: 'Ana',
      proposal: { ...proposal, parties: 3, names: true },
      threshold: 2,
      mySeat: one,
      others: [2, 3].map((seat) => ({ seat: seat as PartyId, serverParty: '' })),
      lifeSeconds: 60,
    }),
  )
  const look = async (seat: PartyId) => {
    const { joinToken, seatSecret } = host.invitations.get(seat) ?? assert.fail('no invitation')
    const guest = client()
    return { guest, seatSecret, seen: await guest.preview({ sessionId: host.sessionId, joinToken }, 'joined') }
  }
  const first = await look(two)
  const inBen = opened.use(
    await first.guest.join(first.seen, { identity: ben, name: 'Ben', seatSecret: first.seatSecret }),
  )
  const second = await look(3 as PartyId)
  const inEva = opened.use(await second.guest.join(second.seen, { identity: eva, seatSecret: second.seatSecret }))
  const seats = opened.move()
  const disposing = { [Symbol.asyncDispose]: () => seats.disposeAsync() }
  return { host, ben: inBen, eva: inEva, seenByEva: second.seen, ...disposing }
}

async function begun(now: World): Promise<Roster> {
  await Promise.all([now.creator.markReady(), now.joiner.markReady()])
  const [roster] = await Promise.all([now.creator.start(), now.joiner.started()])
  return roster
}

/** Changes each message that `method` streams. */
const streamed =
  <T>(method: string, change: (messages: AsyncIterable<T>) => AsyncIterable<T>): Interceptor =>
  (next) =>
  async (request) => {
    const response = await next(request)
    if (!response.stream || request.method.name !== method) return response
    return { ...response, message: change(response.message as AsyncIterable<T>) as typeof response.message }
  }

const body = (value: number) => Uint8Array.of(value)
const confirmationOf = (seat: PartyId, roster: Roster, identity: Identity) =>
  signConfirmation({ seat, result: new Uint8Array(33).fill(2), transcriptHash: new Uint8Array(32) }, roster, identity)

describe('a session through an honest coordinator', () => {
  it('starts, carries messages and completes with everybody’s confirmation', async () => {
    await using now = await world()
    const roster = await begun(now)
    await now.creator.channel.send({ to: 'everyone', round: 'r', body: body(1) })
    await now.creator.channel.send({ to: two, round: 'r', body: body(2) })
    const got = [await now.joiner.channel.next(), await now.joiner.channel.next()]
    assert.deepEqual(
      got.map(({ from, to, body }) => [from, to, body[0]]),
      [
        [1, 'everyone', 1],
        [1, 2, 2],
      ],
    )
    const [mine, theirs] = await Promise.all([
      confirmationOf(one, roster, now.identities[0]),
      confirmationOf(two, roster, now.identities[1]),
    ])
    const [all] = await Promise.all([now.creator.confirm(mine), now.joiner.confirm(theirs)])
    assert.deepEqual([...all.keys()], [1, 2])
  })

  it('tells a party why the other stopped, after what it had sent', async () => {
    await using now = await world()
    await begun(now)
    await now.creator.channel.send({ to: two, round: 'r', body: body(7) })
    await now.creator.fail({ kind: 'misbehaviour', culprits: [two], check: 'proof of V' })
    assert.deepEqual((await now.joiner.channel.next()).body, body(7))
    const failure = await failureOf(now.joiner.channel.next())
    assert.deepEqual(failure, {
      kind: 'peer-gave-up',
      peer: 1,
      why: 'misbehaviour',
      detail: 'party 2: proof of V',
      about: [2],
    })
  })

  it('tells why the session has ended also to a party that is sending', async () => {
    let isDeaf = false
    const deaf = streamed<{ session?: Session }>('WatchSession', async function* (states) {
      for await (const state of states) if (!isDeaf) yield state
    })
    await using now = await world({ toJoiner: deaf })
    await begun(now)
    isDeaf = true // the news of the end come later than the refusal
    await now.creator.fail({ kind: 'timed-out', waitingFor: [two], round: 'r' })
    const failure = await failureOf(now.joiner.channel.send({ to: one, round: 'r', body: body(1) }))
    assert.ok(failure.kind === 'peer-gave-up' && failure.peer === 1, JSON.stringify(failure))
  })

  it('names who is not ready when its time is up', async () => {
    await using now = await world({ lifeSeconds: 5 })
    const failure = failureOf(now.creator.markReady().then(() => now.creator.start()))
    const checked = now.joiner.checkCode()
    await now.creator.checkCode()
    await checked
    now.rig.clock.now += 6000
    await now.rig.services.sessions.sweep(now.rig.clock.now)
    assert.deepEqual(await failure, { kind: 'timed-out', waitingFor: [2], round: 'start', waitedMs: 5000 })
  })

  it('names who has not come, and of those who have nobody who could do no more', async () => {
    const at = await rig()
    const [creator, guest] = [await pinnedParty('creator'), await pinnedParty('guest')]
    const client = createCoordinator(at.transport, { random: systemRandom, runs: memoryRuns(), timing })
    await using host = await client.create({
      identity: creator.identity,
      proposal: { ...proposal, parties: 3 },
      threshold: 2,
      mySeat: one,
      others: [2, 3].map((seat) => ({ seat: seat as PartyId, serverParty: '' })),
      lifeSeconds: 5,
    })
    const { joinToken, seatSecret } = host.invitations.get(two) ?? assert.fail('no invitation')
    const access = { sessionId: host.sessionId, joinToken }
    await using joined = await previewAndJoin(client, access, { identity: guest.identity, seatSecret })
    const failures = [host.propose(), joined.agreed()].map(failureOf)
    at.clock.now += 6000
    await at.services.sessions.sweep(at.clock.now)
    for (const each of failures) {
      assert.deepEqual(await each, { kind: 'timed-out', waitingFor: [3], round: 'start', waitedMs: 5000 })
    }
  })

  it('shows whoever comes later who is in, and has everybody’s name in everybody’s roster', async () => {
    await using now = await club()
    const { host, ben, eva, seenByEva } = now
    assert.deepEqual(
      [seenByEva.creatorName, ...seenByEva.joined.map(({ seat, name }) => `${seat} ${name}`)],
      ['Ana', '2 Ben'],
    )
    const [proposed, ...agreed] = await Promise.all([host.propose(), ben.agreed(), eva.agreed()])
    for (const roster of [proposed, ...agreed]) {
      assert.equal(roster.protocol, 'quorate/3')
      assert.deepEqual(
        roster.seats.map(({ name }) => name),
        ['Ana', 'Ben', ''],
      )
    }
  })

  it('is ended by a creator who shows a member under another name than it gave itself', async () => {
    await using now = await club((roster) => ({
      ...roster,
      seats: roster.seats.map((each) => (each.seat === two ? { ...each, name: 'Eva' } : each)),
    }))
    now.host.propose().catch(() => undefined)
    for (const seat of [now.ben, now.eva]) {
      const failure = await failureOf(seat.agreed())
      assert.ok(failure.kind === 'misbehaviour', JSON.stringify(failure))
      assert.deepEqual(
        [failure.check, failure.detail],
        ['roster has the names that were stated', 'party 2'],
        JSON.stringify(failure),
      )
    }
  })

  it('is left by leaving the seat', async () => {
    await using now = await world()
    await begun(now)
    await now.creator[Symbol.asyncDispose]()
    const failure = await failureOf(now.joiner.channel.next())
    assert.deepEqual(failure, { kind: 'peer-gave-up', peer: 1, why: 'cancelled', detail: '' })
  })
})

describe('a bad network', () => {
  it('that loses answers leaves one session of one creation', async () => {
    let losses = 0
    const lossy: Interceptor = (next) => async (request) => {
      const answer = await next(request)
      if (request.method.name === 'CreateSession' && losses++ < 3) throw new ConnectError('lost', Code.Unavailable)
      return answer
    }
    await using at = await world({ toCreator: lossy })
    const rows = await at.rig.database.query('select session_id from sessions')
    assert.deepEqual(rows, [{ session_id: at.creator.sessionId }])
  })

  it('that loses answers makes nobody receive twice', async () => {
    let losses = 0
    const lossy: Interceptor = (next) => async (request) => {
      const response = await next(request)
      if (request.method.name === 'SendMessage' && losses++ < 3) throw new ConnectError('lost', Code.Unavailable)
      return response
    }
    await using now = await world({ toCreator: lossy })
    await begun(now)
    for (const value of [1, 2]) await now.creator.channel.send({ to: two, round: 'r', body: body(value) })
    assert.deepEqual((await now.joiner.channel.next()).body, body(1))
    assert.deepEqual((await now.joiner.channel.next()).body, body(2))
    assert.equal(losses, 5)
  })

  it('that cuts and repeats streams loses nothing and doubles nothing', async () => {
    let connections = 0
    const cutting = streamed<SubscribeMessagesResponse>('SubscribeMessages', async function* (messages) {
      connections += 1
      let count = 0
      for await (const message of messages) {
        yield message
        yield message
        if ((count += 1) === 3) throw new ConnectError('cut', Code.Unavailable)
      }
    })
    await using now = await world({ toJoiner: cutting })
    await begun(now)
    const sent = Array.from({ length: 12 }, (_, at) => at)
    for (const value of sent) await now.creator.channel.send({ to: two, round: 'r', body: body(value) })
    const got: number[] = []
    while (got.length < sent.length) got.push((await now.joiner.channel.next()).body[0] ?? -1)
    assert.deepEqual(got, sent)
    assert.ok(connections >= 4, String(connections))
  })

  it('that goes silent is tried again, and given up in time', async () => {
    const dead: Interceptor = (next) => (request) =>
      ['SubscribeMessages', 'GetPendingMessages'].includes(request.method.name)
        ? new Promise(() => undefined)
        : next(request)
    const machine = virtualMachine()
    await using now = await world({ toJoiner: dead, clock: deviceClock(machine, machine.wallMs) })
    await begun(now)
    assert.equal((await failureInTime(machine, now.joiner.channel.next())).kind, 'disconnected')
  })

  it('that holds streams back but answers calls stops nothing', async () => {
    const held: Interceptor = (next) => async (request) => {
      const response = await next(request)
      return response.stream ? new Promise(() => undefined) : response
    }
    await using now = await world({ toCreator: held, toJoiner: held, patience: { ...timing, firstWordMs: 50 } })
    const roster = await begun(now)
    await now.creator.channel.send({ to: two, round: 'r', body: body(1) })
    assert.deepEqual((await now.joiner.channel.next()).body, body(1))
    await now.joiner.channel.send({ to: one, round: 'r', body: body(2) })
    assert.deepEqual((await now.creator.channel.next()).body, body(2))
    const confirmations = [one, two].map((seat, at) => confirmationOf(seat, roster, now.identities[at as 0 | 1]))
    const [mine, theirs] = (await Promise.all(confirmations)) as [Uint8Array, Uint8Array]
    await Promise.all([now.creator.confirm(mine), now.joiner.confirm(theirs)])
  })

  it('that is away for longer than a call is tried loses nobody who is awaited', async () => {
    let isAway = false
    const tries = new EventEmitter()
    const check = () => {
      if (!isAway) return
      tries.emit('failed')
      throw new ConnectError('no way to it', Code.Unavailable)
    }
    const cut: Interceptor = (next) => async (request) => {
      check()
      const response = await next(request)
      if (!response.stream) return response
      const messages = (async function* () {
        for await (const message of response.message) {
          check()
          yield message
        }
      })()
      return { ...response, message: messages as typeof response.message }
    }
    const giveUpMs = 500
    await using now = await world({ toJoiner: cut, patience: { ...timing, giveUpMs } })
    isAway = true
    const ready = now.joiner.markReady() // said while nobody can hear it
    const since = performance.now()
    while (performance.now() - since < 2 * giveUpMs) await once(tries, 'failed')
    isAway = false
    await Promise.all([ready, now.creator.markReady()])
    await Promise.all([now.creator.start(), now.joiner.started()])
  })

  it('is reported while a participant retries, and no longer once it stops', async () => {
    const at = await rig({ heartbeatMs: 10 })
    const { identity } = await pinnedParty('person')
    let isDown = false
    const check = () => {
      if (isDown) throw new ConnectError('gone', Code.Unavailable)
    }
    const cut = streamed('WatchInvitations', async function* (messages) {
      for await (const message of messages) {
        check()
        yield message
      }
    })
    const down: Interceptor = (next) => (request) => {
      check()
      return cut(next)(request)
    }
    const news = new EventEmitter()
    const contact = createContact((isLost) => news.emit('contact', isLost))
    const options = { random: systemRandom, runs: memoryRuns(), timing, contact }
    const client = createCoordinator(meddling(at.services, down), options)
    const stop = new AbortController()
    const watching = client.offersTo(identity, stop.signal).next()
    for (const isGone of [true, false, true]) {
      const told = once(news, 'contact')
      isDown = isGone
      assert.deepEqual(await told, [isGone])
    }
    const told = once(news, 'contact')
    stop.abort(new ProtocolAbort({ kind: 'cancelled' }))
    assert.deepEqual(await failureOf(watching), { kind: 'cancelled' })
    assert.deepEqual(await told, [false])
  })

  it('that swallows calls ends in a failure', async () => {
    const hole: Interceptor = (next) => (request) =>
      request.method.name === 'SendMessage' ? new Promise(() => undefined) : next(request)
    const machine = virtualMachine()
    await using now = await world({ toCreator: hole, clock: deviceClock(machine, machine.wallMs) })
    await begun(now)
    const sending = now.creator.channel.send({ to: two, round: 'r', body: body(1) })
    assert.equal((await failureInTime(machine, sending)).kind, 'disconnected')
  })
})

describe('a malicious coordinator', () => {
  it('cannot seat somebody else in a pinned seat', async () => {
    const { pinned } = await pinnedParty('server-1')
    await using now = await world({ pinned })
    const failure = await failureOf(now.creator.propose())
    assert.ok(failure.kind === 'misbehaviour' && failure.check.includes('pinned'), JSON.stringify(failure))
  })

  it('cannot change the proposal or the roster', async () => {
    const otherName: Interceptor = (next) => async (request) => {
      const response = await next(request)
      if (request.method.name !== 'GetSession' || response.stream) return response
      const { session } = response.message as unknown as { session: Session }
      session.proposal = Uint8Array.from(session.proposal, (byte, at) => (at === 50 ? byte ^ 1 : byte))
      return response
    }
    const misled = await failureOf(world({ toJoiner: otherName }))
    assert.ok(misled.kind === 'misbehaviour' && misled.check.includes('proposal'), JSON.stringify(misled))

    const otherRoster = streamed<{ session?: Session }>('WatchSession', async function* (states) {
      for await (const state of states) {
        state.session?.roster.fill(1)
        yield state
      }
    })
    await using now = await world({ toJoiner: otherRoster })
    now.creator.markReady().catch(() => undefined)
    const failure = await failureOf(now.joiner.markReady())
    assert.ok(failure.kind === 'misbehaviour' && failure.check.includes('roster is signed'), JSON.stringify(failure))
  })

  it('cannot declare a session completed that is not', async () => {
    const hasty = streamed<{ session?: Session }>('WatchSession', async function* (states) {
      for await (const state of states) {
        if (state.session?.state === SessionState.IN_PROGRESS) {
          state.session.version += 100n
          state.session.state = SessionState.COMPLETED
        }
        yield state
      }
    })
    await using now = await world({ toCreator: hasty })
    const roster = await begun(now)
    const failure = await failureOf(now.creator.confirm(await confirmationOf(one, roster, now.identities[0])))
    assert.ok(
      failure.kind === 'misbehaviour' &&
        failure.check === 'confirmation is signed by its party' &&
        failure.detail === 'party 2',
      JSON.stringify(failure),
    )
  })

  it('that delivers to the wrong reader, or nonsense, is noticed', async () => {
    for (const change of [{ to: 1 }, { from: 2 }, { envelope: new Uint8Array(1024 * 1024 + 1) }]) {
      const misrouting = streamed<SubscribeMessagesResponse>('SubscribeMessages', async function* (messages) {
        for await (const message of messages) yield message.cursor === 0n ? message : { ...message, ...change }
      })
      await using now = await world({ toJoiner: misrouting })
      await begun(now)
      await now.creator.channel.send({ to: two, round: 'r', body: body(1) })
      const failure = await failureOf(now.joiner.channel.next())
      assert.ok(failure.kind === 'disconnected' && failure.detail.includes('may not deliver'), JSON.stringify(failure))
    }
  })

  it('that answers with another session, none, or no token is noticed', async () => {
    for (const [change, check] of [
      [{ session: undefined }, /answers with a session/],
      [{ joinTokens: {} }, /join token/],
    ] as const) {
      const bad: Interceptor = (next) => async (request) => {
        const response = await next(request)
        if (request.method.name === 'CreateSession') Object.assign(response.message, change)
        return response
      }
      const failure = await failureOf(world({ toCreator: bad }))
      assert.ok(failure.kind === 'misbehaviour' && check.test(failure.check), JSON.stringify(failure))
    }
  })
})
