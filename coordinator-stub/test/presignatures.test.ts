import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Engine } from '../../tss-wasm/worker/api.ts'
import { createPartyPresignatures } from '../party/presignatures.ts'
import type { PartyWallet } from '../party/wallet.ts'

const [one, two, three] = [1, 2, 3] as PartyId[] as [PartyId, PartyId, PartyId]
const of = { publicKey: new Uint8Array(33).fill(2), epoch: 0, path: [], signers: [one, two] }
const slots = { batch: new Uint8Array(32).fill(7), first: 1 }
const refused = { name: 'ProtocolAbort', message: /refused/ }

/** An engine with so many presignatures, whatever for. */
function engineWith(left: () => number): Engine {
  const engine: Partial<Engine> = {
    freePresignatures: () => Promise.resolve(left() > 0 ? { ...slots, left: left() } : undefined),
    [Symbol.dispose]: () => undefined,
  }
  return engine as Engine
}

describe('presignatures of a server party', () => {
  it('are named by one run at a time, and where there are as many as it signs', async () => {
    using presignatures = createPartyPresignatures(() => engineWith(() => 2))
    assert.equal(await presignatures.hold(of, 1), undefined, 'no worker has any')
    presignatures.engine()
    assert.equal(await presignatures.hold(of, 3), undefined)
    const [first, second] = await Promise.all([presignatures.hold(of, 2), presignatures.hold(of, 2)])
    assert.deepEqual([first?.slots, second], [slots, undefined])
    const others = await presignatures.hold({ ...of, signers: [two, three] }, 1)
    assert.ok(others)
    first?.[Symbol.dispose]()
    assert.ok(await presignatures.hold({ ...of, signers: [two, one] }, 1))
  })

  it('are made once for each signature, with the same key and signers', () => {
    using presignatures = createPartyPresignatures(() => engineWith(() => 0))
    assert.throws(() => {
      presignatures.spend(of)
    }, refused)
    presignatures.pay(of)
    for (const wrong of [
      { ...of, signers: [one, three] },
      { ...of, path: [1] },
      { ...of, epoch: 1 },
    ]) {
      assert.throws(() => {
        presignatures.spend(wrong)
      }, refused)
    }
    presignatures.spend({ ...of, signers: [two, one] })
    assert.throws(() => {
      presignatures.spend(of)
    }, refused)
  })

  it('are made in one session at a time: of two that begin at once in that of the lower seat', () => {
    const wallet = { walletId: 'ours', mySeat: two } as PartyWallet
    using presignatures = createPartyPresignatures(() => engineWith(() => 0))
    const ours = presignatures.beFilling(wallet, two)
    assert.throws(() => presignatures.beFilling(wallet, three), refused)
    const theirs = presignatures.beFilling(wallet, one)
    ours[Symbol.dispose]()
    assert.throws(() => presignatures.beFilling(wallet, two), refused)
    assert.throws(() => presignatures.beFilling(wallet, one), refused)
    theirs[Symbol.dispose]()
    presignatures.beFilling(wallet, three)[Symbol.dispose]()
  })

  it('are none once their worker has died, and are made in another', async () => {
    let started = 0
    const dead: Partial<Engine> = {
      freePresignatures: () => Promise.reject(new ProtocolAbort({ kind: 'engine-crashed', detail: '' })),
      [Symbol.dispose]: () => undefined,
    }
    using presignatures = createPartyPresignatures(() => {
      started += 1
      return started === 1 ? (dead as Engine) : engineWith(() => 1)
    })
    presignatures.engine()
    assert.equal(await presignatures.hold(of, 1), undefined)
    assert.equal(await presignatures.areLow(of), true)
    presignatures.engine()
    assert.equal(started, 2)
    assert.ok(await presignatures.hold(of, 1))
  })
})
