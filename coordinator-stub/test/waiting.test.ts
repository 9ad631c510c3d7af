import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { CreatorSeat, NewSession } from '../../proto/client/client.ts'
import { createCoordinator } from '../../proto/client/coordinator.ts'
import { memoryRuns } from '../../proto/client/runs.ts'
import { createIdentity, type Identity } from '../../tss-wasm/identity/identity.ts'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { SealedShare } from '../../tss-wasm/worker/api.ts'
import { openLedger } from '../party/ledger.ts'
import { openPartyFolder, type PartyFolder } from '../party/folder.ts'
import type { PartyWallet } from '../party/wallet.ts'
import { places } from '../party/places.ts'
import { dayMs, defaultPolicy } from '../party/policy.ts'
import { runServerParty } from '../party/serverParty.ts'
import { createBell } from '../signals/signals.ts'
import { type Rig, rig, temporaryFolder } from '../../testkit/harness.ts'

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
async function waitingParty(at: Rig, folder: PartyFolder, stop: AbortSignal) {
  const bell = createBell()
  const counts = { joined: 0, left: 0, bugs: 0 }
  const running = runServerParty(
    {
      name: 'server-1',
      folder,
      preparation: {
        reserve: () => Promise.resolve({ take: () => assert.fail(), [Symbol.dispose]: () => undefined }),
        [Symbol.dispose]: () => undefined,
      },
      transport: at.transport,
      startEngine: () => assert.fail('nothing is computed'),
      random: systemRandom,
      policy: { ...defaultPolicy, mostSignaturesPerHour: 1000 },
      ledger: await openLedger(join(folder.path, 'ledger.json'), dayMs),
      now: Date.now,
      deadlineMs: 1000,
      log(event) {
        if (event === 'joined') counts.joined += 1
        if (event === 'session-failed') counts.left += 1
        if (event === 'bug') counts.bugs += 1
        bell.ring()
      },
    },
    stop,
  )
  const until = async (fits: () => boolean) => {
    while (!fits()) assert.equal(await bell.wait(10_000, new AbortController().signal), 'raised')
  }
  return { running, counts, until }
}

/** A coordinator, and a party that waits at it until the scope ends. */
async function waitingRoom() {
  await using opened = new AsyncDisposableStack()
  const temporary = opened.use(await temporaryFolder())
  const folder = opened.use(await openPartyFolder(join(temporary.path, 'party'), undefined, systemRandom))
  const at = await rig({ parties: [{ name: 'server-1', identity: folder.identity.public }] })
  const stop = new AbortController()
  const party = await waitingParty(at, folder, stop.signal)
  opened.defer(async () => {
    stop.abort(new Error('the test is over'))
    await party.running
  })
  const all = opened.move()
  return { folder, at, stop, party, [Symbol.asyncDispose]: () => all.disposeAsync() }
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
    await party.until(() => party.counts.joined + party.counts.left === 24)
    const before = party.counts.joined
    await open(other, signing[1])
    await party.until(() => party.counts.joined + party.counts.left === 25)
    assert.equal(party.counts.joined, before + 1)
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

  it('have places that are given back', () => {
    const free = places()
    const taken = Array.from({ length: 8 }, () => free.take('new wallets'))
    assert.ok(taken.every((place) => place !== undefined) && free.take('new wallets') === undefined)
    taken[3]?.[Symbol.dispose]()
    assert.ok(free.take('new wallets') !== undefined && free.take('new wallets') === undefined)
    for (const walletId of ['a', 'b']) for (let n = 0; n < 8; n += 1) assert.ok(free.take({ walletId }))
    assert.equal(free.take({ walletId: 'c' }), undefined)
  })
})
