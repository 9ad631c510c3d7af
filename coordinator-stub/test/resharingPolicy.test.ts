import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { epochsOf } from '../../participant/reshare/recordedEpochs.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { createIdentity, type Identity } from '../../tss-wasm/identity/identity.ts'
import type { ReshareProposal } from '../../tss-wasm/identity/reshareProposal.ts'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { explainPolicy } from '../../tss-wasm/policy/explain.ts'
import { defaultPolicy, type Policy } from '../../tss-wasm/policy/policy.ts'
import { decodePolicy } from '../../tss-wasm/policy/policyFile.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import type { SealedShare } from '../../tss-wasm/worker/api.ts'
import { openAskedPlans } from '../party/askedPlans.ts'
import { openPartyFolder, type PartyFolder } from '../party/folder.ts'
import { isQuiet, renewalDueMs } from '../party/renewal.ts'
import { agreeToReshare } from '../party/resharing.ts'
import { namesOf, type PartyWallet } from '../party/wallet.ts'
import { temporaryFolder } from '../../testkit/harness.ts'

const [one, two, three] = [1, 2, 3] as [PartyId, PartyId, PartyId]
const hourMs = 3600_000
const dayMs = 24 * hourMs
const text = (resharing: object) =>
  JSON.stringify({ version: 1, messages: true, chains: 'any', mostSignaturesPerHour: 1, resharing })

describe('a server party that guards who the members are', () => {
  const resources = new AsyncDisposableStack()
  let folder: PartyFolder
  let wallet: PartyWallet
  let alice: Identity
  let nowMs = Date.UTC(2026, 4, 3, 12)
  const logged: string[] = []
  before(async () => {
    const temporary = resources.use(await temporaryFolder())
    folder = resources.use(await openPartyFolder(join(temporary.path, 'party'), undefined, systemRandom))
    alice = await createIdentity()
    const lost = await createIdentity()
    const publicKey = secp256k1.getPublicKey(new Uint8Array(32).fill(7))
    wallet = {
      ...{ walletId: walletIdOf(publicKey), name: 'Ours', state: 'active', publicKey, threshold: 2, mySeat: two },
      seats: [alice, folder.identity, lost].map(({ public: identity }, i) => ({ seat: (i + 1) as PartyId, identity })),
      ...{ madeAtMs: nowMs, pending: undefined },
    }
    await folder.putPending(wallet, new Uint8Array([1]) as SealedShare)
    await folder.activate(wallet.walletId)
  })
  after(() => resources.disposeAsync())

  /** Seat 3 is given to somebody new, unless it is said that all three go on. */
  function proposal(changes: Partial<ReshareProposal> = {}): ReshareProposal {
    const { current } = epochsOf(wallet)
    assert.ok(current)
    const nothing = new Uint8Array(1)
    const members = wallet.seats.map(({ identity }) => ({
      ...{
        identity,
        key: nothing,
        publicShare: nothing,
        paillierN: nothing,
        nTilde: nothing,
        h1: nothing,
        h2: nothing,
      },
    }))
    return {
      ...{ kind: 'reshare', walletName: 'Ours', reason: 'device', publicKey: wallet.publicKey, number: 1, parent: 0 },
      ...{ parentHash: current.hash, supersedes: [], threshold: 2, parties: 3 },
      dealers: [
        { seat: one, from: one },
        { seat: two, from: two },
      ],
      before: { threshold: 2, hash: nothing, members },
      ...changes,
    }
  }
  const everybody = { dealers: [one, two, three].map((seat) => ({ seat, from: seat })), reason: 'renewal' } as const

  /** Its program, started anew. @returns why it does not agree; undefined: it does */
  async function refusal(resharing: object, asked: ReshareProposal): Promise<string | undefined> {
    const policy: Policy = decodePolicy(text(resharing))
    const plans = await openAskedPlans(join(folder.path, 'resharing'))
    const log = (event: string) => logged.push(event)
    const ports = { folder, policy, plans, now: () => nowMs, log }
    try {
      await agreeToReshare(ports, asked, { creator: alice.public, me: two })
      return undefined
    } catch (error) {
      assert.ok(error instanceof ProtocolAbort, String(error))
      assert.equal(error.failure.kind === 'refused' && error.failure.what, 'policy')
      return error.message
    }
  }
  const guarded = { members: 'any', delayHours: 48 }

  it('agrees to other members no sooner than so many hours after it was first asked, over restarts', async () => {
    assert.match((await refusal(guarded, proposal())) ?? '', /48 hours after .* from 2026-05-05T12:00Z on/)
    nowMs += 47 * hourMs
    assert.match((await refusal(guarded, proposal({ number: 2 }))) ?? '', /from 2026-05-05T12:00Z on/)
    nowMs += hourMs
    assert.equal(await refusal(guarded, proposal({ number: 3 })), undefined, 'whatever number the attempt has')
    assert.deepEqual(logged, ['members-asked'], 'whoever runs it is told once')
  })

  it('lets the delay of one plan serve no other: another threshold or another seat waits again', async () => {
    assert.match((await refusal(guarded, proposal({ threshold: 3 }))) ?? '', /from 2026-05-07T12:00Z on/)
    const other = [
      { seat: one, from: one },
      { seat: two, from: two },
      { seat: 4 as PartyId, from: three },
    ]
    assert.match((await refusal(guarded, proposal({ dealers: other }))) ?? '', /from 2026-05-07T12:00Z on/)
  })

  it('does not agree for ever to what was asked for once', async () => {
    nowMs += 7 * dayMs + hourMs
    assert.match((await refusal(guarded, proposal())) ?? '', /48 hours after/)
  })

  it('lets nobody wait for new shares of the same members', async () => {
    assert.equal(await refusal(guarded, proposal(everybody)), undefined)
    assert.equal(await refusal({ members: 'any' }, proposal({ threshold: 3 })), undefined, 'nor without a delay')
  })

  it('makes new shares of a wallet no more often than its policy says', async () => {
    const limited = { members: 'same', mostPerDay: 1 }
    assert.equal(await refusal(limited, proposal(everybody)), undefined)
    await (await openAskedPlans(join(folder.path, 'resharing'))).take(wallet.walletId, nowMs)
    assert.match((await refusal(limited, proposal(everybody))) ?? '', /at most 1 times in 24 hours/)
    nowMs += dayMs
    assert.equal(await refusal(limited, proposal(everybody)), undefined)
  })

  it('bounds what it notes of the plans of a wallet', async () => {
    const plans = await openAskedPlans(join(folder.path, 'resharing'))
    const ask = (number: number) => plans.ask('f'.repeat(32), number.toString(16).padStart(64, '0'), nowMs, dayMs)
    for (let number = 0; number < 64; number += 1) assert.equal((await ask(number)).isNew, true)
    await assert.rejects(ask(64), /too many other changes/)
    assert.equal((await ask(3)).isNew, false)
  })

  it('proposes to renew shares at its age, server parties one after the other, and when nobody signs', async () => {
    const { madeAtMs = 0 } = wallet
    assert.equal(renewalDueMs(wallet, 90), madeAtMs + 90 * dayMs)
    await folder.nameParties(wallet.walletId, [{ name: 'server-1', signingKey: alice.public.signingKey }])
    const named = await folder.wallet(wallet.walletId)
    assert.ok(named)
    assert.deepEqual([...namesOf(named)], [[one, 'server-1']])
    assert.equal(renewalDueMs(named, 90), madeAtMs + 90 * dayMs + 26 * hourMs, 'the lower seat is first')
    const charged = (atMs: number) => ({
      earlier: () => [{ atMs, request: '', walletId: wallet.walletId, chainId: undefined, amount: 0n }],
    })
    const quiet = (atMs: number) => {
      const { earlier } = charged(atMs)
      return isQuiet({ ledger: { earlier, charge: () => assert.fail(), giveBack: () => assert.fail() } }, named, nowMs)
    }
    assert.deepEqual([quiet(nowMs - 60_000), quiet(nowMs - hourMs)], [false, true])
  })
})

describe('a policy for new shares', () => {
  it('is told in sentences', () => {
    const sentences = explainPolicy(
      decodePolicy(text({ members: 'any', delayHours: 48, mostPerDay: 1, renewEveryDays: 90 })),
    )
    assert.deepEqual(sentences.slice(-3), [
      'It waits 48 hours from the first time it is asked for other members until it agrees.',
      'It makes new shares of a wallet at most 1 times in 24 hours.',
      'It proposes to renew shares once they are 90 days old.',
    ])
    assert.equal(explainPolicy(defaultPolicy).filter((sentence) => /hours from|propose/.test(sentence)).length, 0)
  })

  it('is refused where it contradicts itself or a number is out of range', () => {
    assert.throws(() => decodePolicy(text({ members: 'none', renewEveryDays: 90 })), /makes no new shares/)
    for (const wrong of [{ delayHours: -1 }, { delayHours: 1.5 }, { mostPerDay: 0 }, { renewEveryDays: 0 }])
      assert.throws(() => decodePolicy(text({ members: 'any', ...wrong })), /the policy file: resharing/)
  })
})
