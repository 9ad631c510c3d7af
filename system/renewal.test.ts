import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { recoverMessageAddress } from 'viem'
import type { PartyFolder } from '../coordinator-stub/party/folder.ts'
import { renewalDueMs } from '../coordinator-stub/party/renewal.ts'
import { partyLabel, type PinnedParty } from '../participant/session/serverParties.ts'
import { type Rig, rig, temporaryFolder } from '../testkit/harness.ts'
import { installation, never, passphrase } from '../testkit/people.ts'
import { partiesIn, running, type RunningParties, type Server } from '../testkit/partiesInProcess.ts'
import { nextReshare } from '../testkit/resharing.ts'
import { ethereumAddress } from '../tss-wasm/content/ethereum.ts'
import { sealPreParameters } from '../tss-wasm/keyShare/sealedPreParameters.ts'
import { dayMs, defaultPolicy } from '../tss-wasm/policy/policy.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { fixturePreParameters } from '../tss-wasm/test/protocols/fixtureShare.ts'
import { createWallet } from '../web/jobs/createWallet.ts'
import { joinReshare } from '../web/jobs/joinReshare.ts'
import type { Ports } from '../web/jobs/ports.ts'
import { signContent } from '../web/jobs/signContent.ts'
import type { WalletRecord } from '../web/platform/shareStore.ts'

describe('shares that server parties renew by their policy', () => {
  const resources = new AsyncDisposableStack()
  let at: Rig
  let servers: readonly Server[]
  let pinned: readonly PinnedParty[]
  let me: Ports
  let old: WalletRecord
  let renewed: WalletRecord
  let again: RunningParties
  before(async () => {
    const temporary = resources.use(await temporaryFolder())
    servers = await partiesIn(
      temporary.path,
      [
        [1, 3],
        [2, 4],
      ],
      resources,
    )
    pinned = servers.map(({ name, folder }) => ({ name, identity: folder.identity.public }))
    at = await rig({ parties: pinned })
    me = await installation(at.transport, 0)
    {
      await using parties = await started()
      const form = { name: 'Ours', threshold: 2, serverParties: pinned, passphrase: passphrase() }
      old = await createWallet(me, form, () => undefined, never)
      await parties.said('wallet-active', 2)
    }
    for (const { folder } of servers) await age(folder, 91)
    const { preParameters } = me
    await preParameters.put(await sealPreParameters(fixturePreParameters(0), await preParameters.key(), systemRandom))
    again = resources.use(await started())
  })
  after(() => resources.disposeAsync())

  /** The record of the one wallet, as if it had been made so long ago. */
  async function age({ path }: PartyFolder, days: number): Promise<void> {
    const file = join(path, 'wallets', `${old.walletId}.json`)
    const record = JSON.parse(await readFile(file, 'utf8')) as object
    await writeFile(file, JSON.stringify({ ...record, madeAtMs: Date.now() - days * dayMs }))
  }

  const started = () =>
    running(servers, {
      transport: at.transport,
      policy: { ...defaultPolicy, resharing: { ...defaultPolicy.resharing, renewEveryDays: 90 } },
    })

  it('ask the person once the shares are old; all are renewed when everybody is there', async () => {
    const request = await nextReshare(me)
    assert.equal(request.proposal.reason, 'renewal')
    assert.deepEqual([request.from.serverParty, request.weStay, request.leaving], ['server-1', true, []])
    const agree = { codesMatch: () => Promise.resolve(true) }
    const joining = { request, serverParties: pinned, passphrase: passphrase() }
    renewed = await joinReshare(me, joining, () => undefined, never, agree)
    assert.deepEqual([renewed.epochs?.number, renewed.threshold], [1, 2])
    assert.deepEqual(renewed.publicKey, old.publicKey)
    assert.deepEqual(
      renewed.seats.map(({ serverParty = '' }) => serverParty),
      ['', ...pinned.map(partyLabel)],
    )
    await again.said('reshared', 2)
  })

  it('sign with either server at the same address', async () => {
    for (const coSigners of [renewed.seats.slice(1, 2), renewed.seats.slice(2)]) {
      const message = 'After ninety days'
      const content = { type: 'ethereum-message', message: new TextEncoder().encode(message) } as const
      const asked = { wallet: renewed, content, coSigners, passphrase: passphrase() }
      const { result } = await signContent(me, asked, () => undefined, never)
      const signature = result as `0x${string}`
      assert.equal(await recoverMessageAddress({ message, signature }), ethereumAddress(old.publicKey))
    }
  })

  it('are not due again for as long as before', async () => {
    for (const { folder } of servers) {
      const wallet = await folder.wallet(old.walletId)
      assert.ok(wallet)
      assert.ok(renewalDueMs(wallet, 90) > Date.now() + 89 * dayMs)
      assert.deepEqual(await folder.epochs.held(old.walletId), [1], 'the share of before is erased')
    }
  })
})
