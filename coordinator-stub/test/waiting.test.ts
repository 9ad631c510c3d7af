import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { NewSession } from '../../participant/session/newSession.ts'
import type { CreatorSeat } from '../../participant/session/seat.ts'
import { createCoordinator } from '../../participant/createCoordinator.ts'
import { memoryRuns } from '../../participant/connection/runs.ts'
import { createIdentity, type Identity } from '../../tss-wasm/identity/identity.ts'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import type { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { SealedShare } from '../../tss-wasm/worker/api.ts'
import { openLedger } from '../party/ledger.ts'
import { openPartyFolder, type PartyFolder } from '../party/folder.ts'
import type { PartyWallet } from '../party/wallet.ts'
import { createSlots, slotLimits, type SlotRequest } from '../party/slots.ts'
import { dayMs, defaultPolicy } from '../../tss-wasm/policy/policy.ts'
import { runServerParty } from '../party/serverParty.ts'
import { createBell } from '../signals/signals.ts'
import { clients, keygenRequest, type Rig, rig, temporaryFolder } from '../../testkit/harness.ts'
import { previewAndJoin } from '../../testkit/previewAndJoin.ts'

const [one, two] = [1, 2] as PartyId[] as [PartyId, PartyId]

/** A wallet of this party and of `holder`, made long ago. */
async function heldWallet(folder: PartyFolder, holder: Identity, number: number): Promise<PartyWallet> {
  const publicKey = secp256k1.getPublicKey(new Uint8Array(32).fill(number))
  const identities = [holder.public, folder.identity.public]
  const wallet = {
    walletId: walletIdOf(publicKey),
    name: 'Ours',
    state: 'active',
    publicKey,
    threshold: 2,
    mySeat: two,
    seats: identities.map((identity, i) => ({ seat: (i + 1) as PartyId, identity })),
    pending: undefined,
  } as const
  await folder.putPending(wallet, new Uint8Array([1]) as SealedShare)
  await folder.activate(wallet.walletId)
  return wallet
}

/** A party that joins and waits; `until` looks again whenever it has joined a session or left one. */
async function waitingParty(
  at: Rig,
  folder: PartyFolder,
  { stop, closing }: { readonly stop: AbortSignal; readonly closing: AbortSignal },
  patienceMs: number,
) {
  const bell = createBell()
  const counts = { joined: 0, left: 0, bugs: 0, reserved: 0, mostAtOnce: 0 }
  const running = runServerParty(
    {
      name: 'server-1',
      folder,
      preparation: {
        reserve() {
          counts.reserved += 1
          return Promise.resolve({ take: () => assert.fail(), [Symbol.dispose]: () => undefined })
        },
        [Symbol.dispose]: () => undefined,
      },
      transport: at.transport,
      startEngine: () => assert.fail('nothing is computed'),
      random: systemRandom,
      policy: { ...defaultPolicy, mostSignaturesPerHour: 1000 },
      ledger: await openLedger(join(folder.path, 'ledger.json'), dayMs),
      now: Date.now,
      deadlineMs: 1000,
      patienceMs,
      log(event) {
        if (event === 'joined') counts.joined += 1
        if (event === 'session-failed') counts.left += 1
        counts.mostAtOnce = Math.max(counts.mostAtOnce, counts.joined - counts.left)
        if (event === 'bug') counts.bugs += 1
        bell.ring()
      },
    },
    stop,
    closing,
  )
  const until = async (fits: () => boolean) => {
    while (!fits()) assert.equal(await bell.wait(120_000, new AbortController().signal), 'raised')
  }
  return { running, counts, until }
}

/** A coordinator, and a party that waits at it until the scope ends. */
async function waitingRoom(patienceMs = 600_000) {
  await using opened = new AsyncDisposableStack()
  const temporary = opened.use(await temporaryFolder())
  const folder = opened.use(await openPartyFolder(join(temporary.path, 'party'), undefined, systemRandom))
  const at = await rig({ parties: [{ name: 'server-1', identity: folder.identity.public }] })
  const stop = new AbortController()
  const closing = new AbortController()
  const party = await waitingParty(at, folder, { stop: stop.signal, closing: closing.signal }, patienceMs)
  opened.defer(async () => {
    stop.abort(new Error('the test is over'))
    await party.running
  })
  const all = opened.move()
  return { folder, at, stop, closing, party, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

/** A wallet is asked for; nobody starts it. */
function openKeygen(at: Rig, folder: PartyFolder, identity: Identity): Promise<CreatorSeat> {
  return createCoordinator(at.transport, { random: systemRandom, runs: memoryRuns() }).create({
    identity,
    proposal: { kind: 'keygen', walletName: 'Ours', threshold: 2, parties: 2, curve: 'secp256k1' },
    threshold: 2,
    mySeat: one,
    others: [{ seat: two, serverParty: 'server-1', pinned: folder.identity.public }],
  })
}

describe('a server party that is told to stop', () => {
  it('leaves the sessions in which it only waits, telling why, and takes no other', async () => {
    await using room = await waitingRoom()
    const { folder, at, party, closing } = room
    const holder = await createIdentity()
    const seat = await openKeygen(at, folder, holder)
    const told = new Promise<ProtocolAbort>((resolve) => seat.ended(resolve))
    await party.until(() => party.counts.joined === 1)
    closing.abort()
    const { failure } = await told
    assert.equal(failure.kind, 'peer-gave-up')
    await party.running
    await using other = await openKeygen(at, folder, await createIdentity())
    assert.ok(other)
    assert.equal(party.counts.joined, 1)
  })
})

describe('sessions that wait for ever', () => {
  it('of strangers and of one wallet do not keep a server party from signing with another', async () => {
    await using room = await waitingRoom()
    const { folder, at, party } = room
    const pinned = { seat: two, serverParty: 'server-1', pinned: folder.identity.public }
    const open = async (identity: Identity, asked: Pick<NewSession, 'proposal' | 'parties'>) => {
      const client = createCoordinator(at.transport, { random: systemRandom, runs: memoryRuns() })
      const seat = await client.create({ identity, threshold: 2, mySeat: one, others: [pinned], ...asked })
      seat.leave()
    }
    const [stranger, holder, other] = await Promise.all([createIdentity(), createIdentity(), createIdentity()])
    const content = { type: 'ethereum-message', message: Uint8Array.of(1) } as const
    const wallets = [await heldWallet(folder, holder, 1), await heldWallet(folder, other, 2)]
    const signing = wallets.map(({ publicKey }) => ({
      proposal: { kind: 'sign', publicKey, content } as const,
      parties: 2,
    }))
    assert.ok(signing[0] && signing[1])
    for (let count = 0; count < 12; count += 1) {
      ;(await openKeygen(at, folder, stranger)).leave()
      await open(holder, signing[0])
    }
    // Two new wallets and eight signatures joined, ten new wallets refused; four signatures wait for their turn.
    await party.until(() => party.counts.joined + party.counts.left === 20)
    const before = party.counts.joined
    await open(other, signing[1])
    await party.until(() => party.counts.joined + party.counts.left === 21)
    assert.equal(party.counts.joined, before + 1)
  })

  it('whose proposal nobody has signed are declined at once, and offered to the party no more', async () => {
    await using room = await waitingRoom()
    const { at, party } = room
    const { signingKey, encryptionKey } = (await createIdentity()).public
    const asked = keygenRequest({
      seats: [{ seat: 1 }, { seat: 2, serverParty: 'server-1' }],
      proposal: systemRandom(256 * 1024),
      creatorIdentity: { $typeName: 'quorate.v1.Identity', signingKey, encryptionKey },
      creatorStatement: {
        $typeName: 'quorate.v1.Statement',
        terms: new Uint8Array(10),
        signature: new Uint8Array(64),
      },
    })
    await clients(at.transport).sessions.createSession(asked)
    await party.until(() => party.counts.left === 1)
    assert.deepEqual((await at.services.sessions.offeredTo({ serverParty: 'server-1' })).live, [])
  })

  it('leave nothing in the memory of a party once they have ended', async () => {
    await using room = await waitingRoom()
    const { folder, at, stop, party } = room
    const identity = await createIdentity()
    const held: number[] = []
    for (let count = 1; count <= 3; count += 1) {
      await using seat = await openKeygen(at, folder, identity)
      await party.until(() => party.counts.joined === count)
      await seat.fail({ kind: 'cancelled' })
      await party.until(() => party.counts.left === count)
      held.push(getEventListeners(stop.signal, 'abort').length)
    }
    assert.equal(held[2], held[0])
  })

  it('end, and others come, also when the disk cannot be read for a while', async () => {
    await using room = await waitingRoom()
    const { folder, at, party } = room
    const identity = await createIdentity()
    const open = () => openKeygen(at, folder, identity)
    const first = await open()
    await party.until(() => party.counts.joined === 1)
    const [there, away] = ['sessions', 'elsewhere'].map((name) => join(folder.path, name))
    assert.ok(there && away)
    await rename(there, away)
    await first.fail({ kind: 'cancelled' })
    await party.until(() => party.counts.bugs === 1)
    await rename(away, there)
    const second = await open()
    await party.until(() => party.counts.joined === 2)
    for (const seat of [first, second]) seat.leave()
  })
})

describe('a server party that is asked for', () => {
  const asked = (folder: PartyFolder, identity: Identity) => ({
    identity,
    proposal: { kind: 'keygen', walletName: 'Ours', threshold: 2, parties: 3, curve: 'secp256k1' } as const,
    threshold: 2,
    mySeat: one,
    others: [
      { seat: two, serverParty: '' },
      { seat: 3 as PartyId, serverParty: 'server-1', pinned: folder.identity.public },
    ],
  })

  it('joins when all people are seated, and puts primes aside only when they have approved the roster', async () => {
    await using room = await waitingRoom()
    const { folder, at, party } = room
    const client = () => createCoordinator(at.transport, { random: systemRandom, runs: memoryRuns() })
    const [creatorIdentity, guestIdentity] = await Promise.all([createIdentity(), createIdentity()])
    await using creator = await client().create(asked(folder, creatorIdentity))
    const [invitation] = creator.invitations.values()
    assert.ok(invitation)
    // A second session shows that the first offer has been looked at, and left alone.
    await using later = await openKeygen(at, folder, await createIdentity())
    await party.until(() => party.counts.joined === 1)
    let partyState = ''
    creator.watchPresence((participants) => {
      partyState = participants.find(({ seat }) => seat === 3)?.state ?? ''
    })
    assert.equal(partyState, 'invited')
    const { joinToken, seatSecret } = invitation
    const access = { sessionId: creator.sessionId, joinToken }
    await using guest = await previewAndJoin(client(), access, { seatSecret, identity: guestIdentity })
    await party.until(() => party.counts.joined === 2)
    await creator.propose()
    assert.equal(party.counts.reserved, 0)
    await Promise.all([creator.markReady(), guest.markReady()])
    await creator.start()
    assert.equal(party.counts.reserved, 1)
    for (const seat of [creator, later, guest]) seat.leave()
  })

  it('does not wait for a session’s life, and says for whom it waited', async () => {
    await using room = await waitingRoom(300)
    const { folder, at, party } = room
    const seat = await openKeygen(at, folder, await createIdentity())
    await party.until(() => party.counts.left === 1)
    await assert.rejects(seat.started(), ({ failure }: ProtocolAbort) => {
      assert.deepEqual(failure, { ...failure, kind: 'peer-gave-up', peer: two })
      return true
    })
  })
})

describe('signatures beyond what a party does at once', () => {
  it('have their turn when others end', async () => {
    await using room = await waitingRoom()
    const { folder, at, party } = room
    const holder = await createIdentity()
    const { publicKey } = await heldWallet(folder, holder, 1)
    const content = { type: 'ethereum-message', message: Uint8Array.of(1) } as const
    const pinned = { seat: two, serverParty: 'server-1', pinned: folder.identity.public }
    const open = () =>
      createCoordinator(at.transport, { random: systemRandom, runs: memoryRuns() }).create({
        ...{ identity: holder, threshold: 2, mySeat: one, others: [pinned], parties: 2 },
        proposal: { kind: 'sign', publicKey, content },
      })
    const seats = await Promise.all(Array.from({ length: 20 }, open))
    await party.until(() => party.counts.joined === 8)
    // Each is ended once the party sits in it: only then is it certain that the party was ever shown it.
    const over = seats.map(async (seat) => {
      const { promise: isSeated, resolve } = Promise.withResolvers<undefined>()
      seat.watchPresence((participants) => {
        if (participants.some(({ seat: other, state }) => other === two && state !== 'invited')) resolve(undefined)
      })
      await isSeated
      await seat.fail({ kind: 'cancelled' })
    })
    await Promise.all(over)
    await party.until(() => party.counts.left === 20)
    assert.equal(party.counts.bugs, 0)
    assert.ok(party.counts.mostAtOnce <= 8, `${party.counts.mostAtOnce} at once`)
  })
})

describe('slots of a server party', () => {
  const soon = new AbortController().signal
  const nobody = () => assert.fail('nobody loses a slot')

  it('are waited for by forty requests of one wallet, and each has its turn in the order of coming', async () => {
    const slots = createSlots()
    const served: number[] = []
    const ask = async (n: number) => {
      using slot = await slots.wait({ of: { walletId: 'w' }, creator: 'holder', caller: 'home' }, nobody, soon)
      assert.ok(slot)
      served.push(n)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(Array.from({ length: 40 }, (_, n) => ask(n)))
    assert.deepEqual(
      served,
      Array.from({ length: 40 }, (_, n) => n),
    )
  })

  it('go to the wallet that has the fewest, however many of another wait longer', async () => {
    const slots = createSlots({ ...slotLimits, signatures: { all: 3, perWallet: 3, perCreator: 9, perCaller: 9 } })
    const of = (walletId: string, n: number) => ({ of: { walletId }, creator: `${walletId}${n}`, caller: '' })
    const taken = [1, 2, 3].map((n) => slots.take(of('big', n), nobody))
    for (const slot of taken) slot?.keep()
    const served: string[] = []
    const ask = (walletId: string, n: number) =>
      slots.wait(of(walletId, n), nobody, soon).then((slot) => {
        served.push(walletId)
        return slot
      })
    const waiting = [ask('big', 4), ask('big', 5), ask('small', 1)]
    taken[0]?.[Symbol.dispose]()
    await waiting[2]
    assert.deepEqual(served, ['small'])
    taken[1]?.[Symbol.dispose]()
    await waiting[0]
    assert.deepEqual(served, ['small', 'big'])
  })

  it('are not waited for beyond a deadline, nor by more than can have a turn', async () => {
    const slots = createSlots({ ...slotLimits, signatures: { all: 1, perWallet: 1, perCreator: 1, perCaller: 9 } })
    const request = { of: { walletId: 'w' }, creator: 'holder', caller: '' }
    using first = await slots.wait(request, nobody, soon)
    assert.ok(first)
    const late = new AbortController()
    const waiting = Array.from({ length: 64 }, () => slots.wait(request, nobody, late.signal))
    assert.equal(await slots.wait(request, nobody, soon), undefined, 'the queue is full')
    late.abort()
    assert.ok((await Promise.all(waiting)).every((slot) => slot === undefined))
    first[Symbol.dispose]()
    assert.ok(slots.take(request, nobody), 'nobody who left has it')
  })

  const limits = {
    newWallets: { all: 4, perCreator: 2, perCaller: 3 },
    signatures: { all: 4, perWallet: 3, perCreator: 2, perCaller: 3 },
  }
  const asked = (creator: string, caller: string, of: SlotRequest['of'] = 'new wallets') => ({ of, creator, caller })
  const wallet = (walletId: string, madeAtMs: number) => ({ walletId, madeAtMs })

  it('are bounded for each creator and each caller, and given back', () => {
    const slots = createSlots(limits)
    const never = () => assert.fail('nobody gives up')
    const first = slots.take(asked('mallory', 'home'), never)
    assert.ok(first && slots.take(asked('mallory', 'office'), never))
    assert.equal(slots.take(asked('mallory', 'elsewhere'), never), undefined)
    assert.ok(slots.take(asked('m2', 'home'), never) && slots.take(asked('m3', 'home'), never))
    assert.equal(slots.take(asked('m4', 'home'), never), undefined)
    first[Symbol.dispose]()
    assert.ok(slots.take(asked('mallory', 'elsewhere'), never))
  })

  it('for new wallets take nothing from signatures', () => {
    const slots = createSlots({ ...limits, newWallets: { all: 1, perCreator: 9, perCaller: 9 } })
    for (let n = 0; n < 9; n += 1) slots.take(asked('mallory', 'home'), () => undefined)
    assert.ok(slots.take(asked('alice', 'alice', wallet('a', 1)), () => assert.fail()))
  })

  it('go from whoever has more than a fair share, the longest held first, to whoever has none', () => {
    const slots = createSlots(limits)
    const lost: string[] = []
    for (const [name, caller] of [
      ['m1', 'mallory'],
      ['m2', 'mallory'],
      ['m3', 'mallory'],
      ['bob', 'bob'],
    ] as const) {
      assert.ok(slots.take(asked(name, caller), () => lost.push(name)))
    }
    assert.ok(slots.take(asked('alice', 'alice'), () => lost.push('alice')))
    assert.deepEqual(lost, ['m1'])
    assert.equal(
      slots.take(asked('m4', 'mallory'), () => undefined),
      undefined,
    )
  })

  it('that strangers take with many wallets of their own are never those of an older wallet', () => {
    const slots = createSlots(limits)
    const lost: string[] = []
    const sign = (name: string, madeAtMs: number) =>
      slots.take(asked(name, name, wallet(name, madeAtMs)), () => lost.push(name))
    assert.ok(sign('ours', 1))
    for (let n = 0; n < 3; n += 1) assert.ok(sign(`young${n}`, 100 + n))
    assert.equal(sign('youngest', 200), undefined)
    assert.ok(sign('old', 2))
    assert.deepEqual(lost, ['young2'])
  })

  it('in which a wallet is being made are not given up', () => {
    const slots = createSlots({ ...limits, newWallets: { all: 1, perCreator: 9, perCaller: 9 } })
    const held = slots.take(asked('alice', 'alice'), () => assert.fail('given up'))
    held?.keep()
    assert.equal(
      slots.take(asked('bob', 'bob'), () => undefined),
      undefined,
    )
  })
})
