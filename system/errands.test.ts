import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { recoverMessageAddress } from 'viem'
import type { Errand, Operator } from '../coordinator-stub/party/errands.ts'
import { operatorAt } from '../coordinator-stub/party/operator.ts'
import { partySettings, partyStart } from '../coordinator-stub/party/settings.ts'
import { readSettings } from '../coordinator-stub/process/settings.ts'
import type { PinnedParty } from '../participant/session/serverParties.ts'
import { type Rig, rig, temporaryFolder } from '../testkit/harness.ts'
import { partiesIn, running, type Server } from '../testkit/partiesInProcess.ts'
import { app, installation, never, passphrase } from '../testkit/people.ts'
import { ethereumAddress } from '../tss-wasm/content/ethereum.ts'
import { encodeInvitation, type Invitation } from '../tss-wasm/identity/invitation.ts'
import { sealPreParameters } from '../tss-wasm/keyShare/sealedPreParameters.ts'
import { defaultPolicy, type Policy } from '../tss-wasm/policy/policy.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { fixturePreParameters } from '../tss-wasm/test/protocols/fixtureShare.ts'
import { createWallet } from '../web/jobs/createWallet.ts'
import { joinByInvitation, previewInvitation } from '../web/jobs/joinByInvitation.ts'
import { joinReshare } from '../web/jobs/joinReshare.ts'
import type { Ports } from '../web/jobs/ports.ts'
import { signContent } from '../web/jobs/signContent.ts'
import type { WalletRecord } from '../web/platform/shareStore.ts'
import { nextReshare } from '../testkit/resharing.ts'

const policy: Policy = { ...defaultPolicy, resharing: { ...defaultPolicy.resharing, members: 'any' } }

/** An operator who answers `codesMatch` so, and passes on what it is shown. */
function operator(agrees: (code: string) => boolean | Promise<boolean> = () => true) {
  const invited = Promise.withResolvers<readonly Invitation[]>()
  const done = Promise.withResolvers<string>()
  const answering: Operator = {
    invite: invited.resolve,
    codesMatch: (code) => Promise.resolve(agrees(code)),
    done: ({ state }) => {
      done.resolve(state)
    },
  }
  return { operator: answering, invited: invited.promise, done: done.promise }
}

describe('a party that its operator sends on an errand', () => {
  const resources = new AsyncDisposableStack()
  let place: string
  let at: Rig
  let servers: readonly Server[]
  let pinned: readonly PinnedParty[]
  let old: WalletRecord
  let phone: Ports
  let recovered: WalletRecord
  before(async () => {
    place = resources.use(await temporaryFolder()).path
    servers = await partiesIn(place, [[1, 1, 1], [2, 2], [4]], resources)
    // The third is known to nobody: it comes by invitation.
    pinned = servers.slice(0, 2).map(({ name, folder }) => ({ name, identity: folder.identity.public }))
    at = await rig({ parties: pinned })
    await using parties = await running(servers.slice(0, 2), { transport: at.transport, policy })
    const lost = await installation(at.transport, 0)
    const form = { name: 'Ours', threshold: 2, serverParties: pinned, passphrase: passphrase() }
    old = await createWallet(lost, form, () => undefined, never)
    await parties.said('wallet-active', 2)
  })
  after(() => resources.disposeAsync())

  const recovery = (lost: readonly number[]): Errand => ({ kind: 'recover', walletId: old.walletId, lost })

  async function signs(wallet: WalletRecord): Promise<void> {
    const message = 'Paid from the new phone'
    const content = { type: 'ethereum-message', message: new TextEncoder().encode(message) } as const
    const coSigners = wallet.seats.filter(({ serverParty }) => serverParty === 'server-1')
    const asked = { wallet, content, coSigners, passphrase: passphrase() }
    const { result } = await signContent(phone, asked, () => undefined, never)
    const address = await recoverMessageAddress({ message, signature: result as `0x${string}` })
    assert.equal(address, ethereumAddress(old.publicKey))
  }

  for (const [lost, reason] of [
    [[2], /seat 2 is this party's own/],
    [[4], /the wallet has no seat 4/],
    [[1, 3], /2 shares make new ones, and 1 are left/],
  ] as const) {
    it(`proposes nothing where seats ${lost.join(' and ')} are said to be lost`, async () => {
      const wanted = {
        transport: at.transport,
        policy,
        errand: { errand: recovery(lost), operator: operator().operator },
      }
      await using parties = await running(servers.slice(0, 1), wanted)
      assert.match(String((await parties.said('session-failed'))['reason']), reason)
    })
  }

  it('stops where its operator reads another code than whoever came, and the old shares stay', async () => {
    const { operator: doubting, invited } = operator(() => false)
    const wanted = { transport: at.transport, policy, errand: { errand: recovery([1]), operator: doubting } }
    await using parties = await running(servers.slice(0, 2), wanted)
    const stranger = await installation(at.transport, 3)
    const [invitation] = await invited
    assert.ok(invitation)
    const invitedTo = await previewInvitation(stranger, `join/${encodeInvitation(invitation)}`, app)
    const joining = { invitedTo, serverParties: pinned, passphrase: passphrase() }
    const agree = { codesMatch: () => Promise.resolve(true) }
    await assert.rejects(joinByInvitation(stranger, joining, () => undefined, never, agree))
    assert.equal((await parties.said('session-failed', 1, 'server-1'))['kind'], 'misbehaviour')
    for (const { folder } of servers.slice(0, 2)) assert.deepEqual(await folder.epochs.held(old.walletId), [0])
  })

  it('gives the place of a lost device to a new one, which signs at the same address', async () => {
    const codes: string[] = []
    const { operator: agreeing, invited, done } = operator((code) => codes.push(code) > 0)
    const wanted = { transport: at.transport, policy, errand: { errand: recovery([1]), operator: agreeing } }
    await using parties = await running(servers.slice(0, 2), wanted)
    phone = await installation(at.transport, 3)
    const [invitation, ...more] = await invited
    assert.ok(invitation)
    assert.deepEqual(more, [])
    const invitedTo = await previewInvitation(phone, `join/${encodeInvitation(invitation)}`, app)
    assert.equal(invitedTo.existing?.walletId, old.walletId)
    const same = { codesMatch: (code: string) => Promise.resolve(codes.push(code) > 0) }
    const joining = { invitedTo, serverParties: pinned, passphrase: passphrase() }
    recovered = await joinByInvitation(phone, joining, () => undefined, never, same)
    assert.equal(await done, 'rest')
    assert.equal(new Set(codes).size, 1)
    assert.deepEqual([recovered.epochs?.number, recovered.threshold], [1, 2])
    await parties.said('reshared', 2)
    for (const { folder } of servers.slice(0, 2)) assert.deepEqual(await folder.epochs.held(old.walletId), [1])
    await signs(recovered)
  })

  it('joins a wallet by an invitation, in the place of a party that is lost', async () => {
    const { operator: agreeing, invited, done } = operator()
    const wanted = { transport: at.transport, policy, errand: { errand: recovery([3]), operator: agreeing } }
    await using proposing = await running(servers.slice(0, 1), wanted)
    const { preParameters } = phone
    await preParameters.put(await sealPreParameters(fixturePreParameters(3), await preParameters.key(), systemRandom))
    const file = join(place, 'invitation.txt')
    const [invitation] = await invited
    assert.ok(invitation)
    await writeFile(file, `https://wallet.example/#/join/${encodeInvitation(invitation)}\n`)
    const joiner = operator()
    const errand = { errand: { kind: 'join', invitationFile: file }, operator: joiner.operator } as const
    await using joining = await running(servers.slice(2), { transport: at.transport, policy, errand })
    const agree = { codesMatch: () => Promise.resolve(true) }
    const asked = { request: await nextReshare(phone), serverParties: pinned, passphrase: passphrase() }
    const wallet = await joinReshare(phone, asked, () => undefined, never, agree)
    assert.deepEqual([await done, await joiner.done], ['rest', 'rest'])
    await joining.said('reshared')
    const [, , third] = servers
    const theirs = await third?.folder.wallet(old.walletId)
    assert.deepEqual([theirs?.state, theirs?.mySeat, theirs?.epochs?.number], ['active', 3, 2])
    assert.deepEqual(await third?.folder.epochs.held(old.walletId), [2])
    await signs(wallet)
    await proposing.said('reshared')
  })
})

describe('the errands of a party, on its command line', () => {
  const start = (flags: Readonly<Record<string, string>>) => {
    const values = readSettings(partySettings, { name: 'server-1', ...flags }, {})
    return partyStart({ ...values, name: values.name ?? '' }, undefined).errand
  }
  const wallet = '0'.repeat(32)

  it('are none, a recovery of places, or an invitation, one at a time', () => {
    assert.equal(start({}), undefined)
    const errand = { kind: 'recover', walletId: wallet, lost: [1, 3] }
    assert.deepEqual(start({ recover: wallet, lost: '1,3' }), { errand, comparing: true })
    const joining = start({ 'join-reshare': '/tmp/link', 'without-comparing': '1' })
    assert.deepEqual(joining, { errand: { kind: 'join', invitationFile: '/tmp/link' }, comparing: false })
    assert.throws(() => start({ recover: wallet }), /--recover and --lost go together/)
    assert.throws(() => start({ recover: 'mine', lost: '1' }), /id of a wallet/)
    assert.throws(() => start({ recover: wallet, lost: 'first' }), /numbers of seats/)
    assert.throws(() => start({ recover: wallet, lost: '1', 'join-reshare': '/tmp/link' }), /one at a time/)
  })

  for (const [typed, agrees] of [
    ['yes\n', true],
    ['no\n', false],
    ['', false],
  ] as const) {
    it(`take ${JSON.stringify(typed)} at the terminal for ${agrees ? 'an agreement' : 'a refusal'}`, async () => {
      const [stdin, stdout] = [new PassThrough(), new PassThrough()]
      stdin.end(typed)
      assert.equal(await operatorAt({ stdin, stdout }, true).codesMatch('123456'), agrees)
      assert.match(String(stdout.read()), /123456/)
    })
  }
})
