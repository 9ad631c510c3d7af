import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { recoverMessageAddress } from 'viem'
import type { SigningContent } from '../../content/content.ts'
import { assembleSigned, ethereumAddress } from '../../content/ethereum.ts'
import { generator } from '../../curve/point.ts'
import { ProtocolAbort } from '../../failure.ts'
import { createIdentity, type Identity } from '../../identity/identity.ts'
import type { Proposal } from '../../identity/proposal.ts'
import type { PresignedSlots } from '../../identity/roster.ts'
import { cggmp24 } from '../../identity/signingProtocol.ts'
import { sealWallet, type SealedShare } from '../../keyShare/seal.ts'
import type { PartyId } from '../../partyId.ts'
import { PresignatureBatch } from '../../protocols/presignature.ts'
import { systemRandom } from '../../random.ts'
import { systemClock } from '../../round/clock.ts'
import { Secret } from '../../secret.ts'
import type { Engine, Signatures } from '../../worker/api.ts'
import { longestWaitMs, readyPresignatures, type Purpose } from '../../worker/presignatures.ts'
import { failureOf } from '../../../testkit/failureOf.ts'
import { localEngine } from '../localEngine.ts'
import { Network, seats } from '../network.ts'
import { gather, identityOf, type Company } from '../parties.ts'
import { shares, wallet as anyShare } from '../protocols/presignSettings.ts'
import { withKey } from './engines.ts'

const signers = [1, 2, 3] as PartyId[]
const [one] = signers as [PartyId]
const publicKey = anyShare.publicKey.toBytes(true)
const text = 'Pay the bearer'
const content: SigningContent = { type: 'ethereum-message', message: new TextEncoder().encode(text) }
const of = { publicKey, epoch: 0, path: [], signers }
const nothing = (): void => undefined

function isRefused(error: unknown): boolean {
  assert.ok(error instanceof ProtocolAbort, String(error))
  const { failure } = error
  assert.ok(failure.kind === 'refused', failure.kind)
  assert.equal(failure.what, 'presignature')
  return true
}

interface Changes {
  readonly network?: Network
  readonly who?: PartyId[]
  readonly what?: SigningContent
  readonly engine?: Engine
  readonly path?: readonly number[]
  readonly epoch?: number
  readonly sealedShare?: SealedShare
}

describe('presignatures that wait for messages', () => {
  const identities = new Map<PartyId, Identity>()
  /** Each in a worker of its own, as it were. */
  const engines = new Map<PartyId, Engine>()
  const sealed = new Map<PartyId, SealedShare>()

  const engineOf = (seat: PartyId): Engine => {
    const engine = engines.get(seat)
    assert.ok(engine)
    return engine
  }
  const sealedFor = async (seat: PartyId, epoch = 0): Promise<SealedShare> => {
    const share = shares[seat - 1]
    assert.ok(share)
    const everybody = seats(5).map((each) => {
      const identity = identities.get(each)
      assert.ok(identity)
      return identity.public
    })
    return sealWallet({ name: 'Ours', createdAtMs: 0, epoch, seats: everybody, share }, withKey, systemRandom)
  }
  const meet = (proposal: Proposal, who = signers): Company =>
    gather(new Map([...identities].filter(([seat]) => who.includes(seat))), anyShare.threshold, proposal, cggmp24)
  const seated = (company: Company, me: PartyId) => {
    const sealedShare = sealed.get(me)
    assert.ok(sealedShare)
    const { roster } = company
    return { me, identity: identityOf(company, me), roster, deadlineMs: 60_000, sealedShare, sealing: withKey }
  }
  async function presign(slots: number): Promise<readonly Uint8Array[]> {
    const company = meet({ kind: 'sign', publicKey, presign: slots })
    const network = new Network(signers)
    const made = signers.map((me) =>
      engineOf(me).presign(
        { ...seated(company, me), publicKey, epoch: 0, path: [], slots },
        network.channel(me),
        nothing,
      ),
    )
    return (await Promise.all(made)).map(({ batch }) => batch)
  }
  /** One party's call, in a session of those who sign. */
  function signOne(me: PartyId, presigned: PresignedSlots, changes: Changes = {}): Promise<Signatures> {
    const { network = new Network(signers), who = signers, what = content, engine = engineOf(me) } = changes
    const { path = [], epoch = 0, sealedShare = sealed.get(me) } = changes
    assert.ok(sealedShare)
    const below = { ...(path.length > 0 && { path }), ...(epoch > 0 && { epoch }) }
    const company = meet({ kind: 'sign', publicKey, content: what, ...below }, who)
    const roster = { ...company.roster, presigned }
    const request = { ...seated(company, me), roster, content: what, path, sealedShare }
    return engine.sign(request, network.channel(me), nothing)
  }
  async function signAll(presigned: PresignedSlots): Promise<readonly Signatures[]> {
    const company = meet({ kind: 'sign', publicKey, content })
    const roster = { ...company.roster, presigned }
    const network = new Network(signers)
    return Promise.all(
      signers.map((me) => engineOf(me).sign({ ...seated(company, me), roster, content }, network.channel(me), nothing)),
    )
  }
  const free = async (me = one) => engineOf(me).freePresignatures(of)

  let batch: Uint8Array
  before(async () => {
    for (const seat of seats(5)) identities.set(seat, await createIdentity())
    for (const seat of signers) {
      engines.set(seat, localEngine(systemRandom, systemClock))
      sealed.set(seat, await sealedFor(seat))
    }
    const [made, ...others] = await presign(3)
    assert.ok(made)
    for (const other of others) assert.deepEqual(other, made)
    batch = made
  })

  it('sign in one message, each once', async () => {
    assert.deepEqual(await free(), { batch, first: 0, left: 3 })
    for (const { signatures, presigned, protocol } of await signAll({ batch, first: 0 })) {
      const [signature] = signatures
      assert.ok(signature)
      assert.deepEqual([presigned, protocol], [true, cggmp24])
      const hex = assembleSigned(content, signature)
      const by = await recoverMessageAddress({ message: text, signature: hex as `0x${string}` })
      assert.equal(by, ethereumAddress(publicKey))
    }
    for (const me of signers) {
      assert.deepEqual(await free(me), { batch, first: 1, left: 2 })
      await assert.rejects(signOne(me, { batch, first: 0 }), isRefused)
    }
  })

  it('go to one of two sessions that name the same', async () => {
    const network = new Network(signers)
    const calls = [1, 2].map(() => signOne(one, { batch, first: 1 }, { network }).catch((error: unknown) => error))
    assert.ok(isRefused(await Promise.race(calls)))
    assert.deepEqual(await free(), { batch, first: 2, left: 1 })
    network.cut(new ProtocolAbort({ kind: 'cancelled' }))
    const kinds = (await Promise.all(calls)).map((error) => (error as ProtocolAbort).failure.kind)
    assert.deepEqual(kinds.sort(), ['cancelled', 'refused'])
  })

  it('stay where they are for any other signers, path, epoch, batch, slot, or a digest that somebody else has made', async () => {
    const slots = { batch, first: 2 }
    const digest = systemRandom(32)
    const old = await sealedFor(one, 1)
    const wrong: (() => Promise<unknown>)[] = [
      () => signOne(one, slots, { who: [1, 2, 4] as PartyId[] }),
      () => signOne(one, slots, { who: [1, 2, 3, 4] as PartyId[] }),
      () => signOne(one, slots, { path: [0, 1] }),
      () => signOne(one, slots, { epoch: 1, sealedShare: old }),
      () => signOne(one, { batch: systemRandom(32), first: 2 }),
      () => signOne(one, { batch, first: 1 }),
      () => signOne(one, slots, { what: { type: 'raw-digest', digest } }),
    ]
    for (const call of wrong) await assert.rejects(call(), isRefused)
    assert.deepEqual(await free(), { batch, first: 2, left: 1 })
  })

  it('are not in another worker, which opens the same share', async () => {
    const engine = localEngine(systemRandom, systemClock)
    assert.equal(await engine.freePresignatures(of), undefined)
    await assert.rejects(signOne(one, { batch, first: 2 }, { engine }), isRefused)
  })

  it('are gone once they are erased, by wallet or by batch', async () => {
    const engine = engineOf(one)
    await engine.erasePresignatures({ publicKey: new Uint8Array(33) })
    await engine.erasePresignatures({ batch: new Uint8Array(32) })
    assert.ok(await free())
    await engine.erasePresignatures({ publicKey })
    assert.equal(await free(), undefined)
    await assert.rejects(signOne(one, { batch, first: 2 }), isRefused)
    const [, two] = signers as [PartyId, PartyId]
    await engineOf(two).erasePresignatures({ batch })
    assert.equal(await free(two), undefined)
  })

  it('are not made for what the others were not asked for', async () => {
    const company = meet({ kind: 'sign', publicKey, presign: 3 })
    const request = { ...seated(company, one), publicKey, epoch: 0, path: [], slots: 3 }
    const named = { ...company.roster, presigned: { batch, first: 0 } }
    const nine = { ...company.roster, signing: undefined }
    const all = [
      { slots: 2 },
      { epoch: 1 },
      { path: [1] },
      { publicKey: generator.toBytes(true) },
      { roster: named },
      { roster: nine },
    ]
    for (const changes of all) {
      const call = engineOf(one).presign({ ...request, ...changes }, new Network(signers).channel(one), nothing)
      assert.equal((await failureOf(call)).kind, 'refused')
    }
  })
})

describe('what a worker keeps of presignatures', () => {
  const purpose: Purpose = { publicKey, epoch: 0, tweak: 0n, signers }
  const batchOf = (sid: number) => {
    const [k, χ] = [new Secret(1n), new Secret(1n)]
    const binding = { sid: new Uint8Array(32).fill(sid), publicKey: generator, signers: new Map<PartyId, bigint>() }
    return new PresignatureBatch(binding, [{ Γ: generator, k, χ, inverseOfδ: 1n, Δ: [], S: [] }])
  }

  it('is erased after a day, or when the clock is set back', () => {
    for (const laterMs of [longestWaitMs, -1]) {
      let nowMs = 1000
      const ready = readyPresignatures(() => nowMs)
      const batch = batchOf(1)
      ready.keep(purpose, batch)
      nowMs += Math.min(laterMs, longestWaitMs - 1)
      if (laterMs > 0) assert.equal(ready.find(purpose, { batch: batch.sid, first: 0 }), batch)
      nowMs = 1000 + laterMs
      assert.equal(ready.free(purpose), undefined)
      assert.equal(batch.left, 0)
    }
  })

  it('is the newest batch of each purpose, whatever the order of its signers', () => {
    const ready = readyPresignatures(() => 0)
    const [older, newer, other] = [batchOf(1), batchOf(2), batchOf(3)]
    ready.keep(purpose, older)
    ready.keep({ ...purpose, tweak: 5n }, other)
    ready.keep({ ...purpose, signers: signers.toReversed() }, newer)
    assert.deepEqual([older.left, newer.left, other.left], [0, 1, 1])
    assert.throws(() => ready.find(purpose, { batch: older.sid, first: 0 }), isRefused)
    assert.equal(ready.find(purpose, { batch: newer.sid, first: 0 }), newer)
    ready.erase()
    assert.deepEqual([newer.left, other.left], [0, 0])
  })
})
