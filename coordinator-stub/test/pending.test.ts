import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { join } from 'node:path'
import { createCoordinator } from '../../participant/createCoordinator.ts'
import { memoryRuns } from '../../participant/connection/runs.ts'
import { createIdentity } from '../../tss-wasm/identity/identity.ts'
import { signConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import { encodeRoster, type Roster } from '../../tss-wasm/identity/roster.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { SealedShare } from '../../tss-wasm/worker/api.ts'
import { openPartyFolder, type PartyFolder } from '../party/folder.ts'
import { openLedger } from '../party/ledger.ts'
import { dayMs, defaultPolicy } from '../../tss-wasm/policy/policy.ts'
import { runServerParty } from '../party/serverParty.ts'
import { invitationFor, type Rig, rig, temporaryFolder } from '../../testkit/harness.ts'
import { previewAndJoin } from '../../testkit/previewAndJoin.ts'

const me = 1 as PartyId
const party = 2 as PartyId
const walletId = 'ab'.repeat(16)
const publicKey = new Uint8Array(33).fill(2)

/** A server party that stored its share and was stopped before it could say so (or hear that all had). */
async function stoppedAfterStoring(at: Rig, folder: PartyFolder) {
  const identity = await createIdentity()
  const creator = await createCoordinator(at.transport, { random: systemRandom, runs: memoryRuns() }).create({
    identity,
    proposal: { kind: 'keygen', walletName: 'Ours', threshold: 2, parties: 2, curve: 'secp256k1' },
    threshold: 2,
    mySeat: me,
    others: [{ seat: party, serverParty: 'server-1', pinned: folder.identity.public }],
  })
  const { sessionId, joinToken } = await invitationFor(at, 'server-1', folder.identity)
  const seat = await previewAndJoin(
    createCoordinator(at.transport, { random: systemRandom, runs: memoryRuns() }),
    { sessionId, joinToken },
    { identity: folder.identity },
  )
  await Promise.all([creator.markReady(), seat.markReady()])
  const roster = await creator.start()
  const confirmation = await confirmed(roster, party, folder.identity)
  const wallet = { walletId, name: 'Ours', publicKey, threshold: 2, mySeat: party, seats: roster.seats }
  const { expiresAtMs } = seat
  const pending = {
    sessionId,
    joinToken,
    roster: encodeRoster(roster),
    confirmation,
    isLeaving: false,
    storedAtMs: Date.now(),
    expiresAtMs,
  }
  await folder.putPending({ ...wallet, state: 'pending', pending }, new Uint8Array([1]) as SealedShare)
  return { creator, confirmation: await confirmed(roster, me, identity) }
}

const confirmed = (roster: Roster, seat: PartyId, identity: PartyFolder['identity']) =>
  signConfirmation({ seat, result: publicKey, transcriptHash: new Uint8Array(32) }, roster, identity)

describe('a share that was stored but not confirmed', () => {
  it('is confirmed after the restart, and active when everybody has confirmed', async () => {
    await using temporary = await temporaryFolder()
    await using folder = await openPartyFolder(join(temporary.path, 'party'), undefined, systemRandom)
    const at = await rig({ parties: [{ name: 'server-1', identity: folder.identity.public }] })
    const { creator, confirmation } = await stoppedAfterStoring(at, folder)

    const stop = new AbortController()
    const { promise: active, resolve } = Promise.withResolvers<undefined>()
    const running = runServerParty(
      {
        name: 'server-1',
        folder,
        preparation: { reserve: () => assert.fail('no wallet is made'), [Symbol.dispose]: () => undefined },
        transport: at.transport,
        startEngine: () => assert.fail('nothing is computed'),
        random: systemRandom,
        policy: defaultPolicy,
        ledger: await openLedger(join(temporary.path, 'ledger.json'), dayMs),
        now: Date.now,
        patienceMs: 600_000,
        deadlineMs: 1000,
        log(event) {
          if (event === 'wallet-active') resolve(undefined)
        },
      },
      stop.signal,
    )
    const all = await creator.confirm(confirmation)
    assert.deepEqual([...all.keys()], [me, party])
    await active
    assert.equal((await folder.wallet(walletId))?.state, 'active')
    stop.abort(new Error('the test is over'))
    await running
    await creator[Symbol.asyncDispose]()
  })
})
