import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { recoverMessageAddress } from 'viem'
import { ethereumAddress } from '../tss-wasm/content/ethereum.ts'
import { ProtocolAbort } from '../tss-wasm/failure.ts'
import { fingerprint } from '../tss-wasm/identity/identity.ts'
import { verifyRetired } from '../tss-wasm/identity/retired.ts'
import { sealPreParameters } from '../tss-wasm/keyShare/sealedPreParameters.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { fixturePreParameters } from '../tss-wasm/test/protocols/fixtureShare.ts'
import { bearer, clients, type Rig } from '../testkit/harness.ts'
import { createByInvitation, installation, meeting, never, nextRequest, passphrase } from '../testkit/people.ts'
import { reshareTogether } from '../testkit/resharing.ts'
import type { Ports } from '../web/jobs/ports.ts'
import { answerRequest, watchRequests } from '../web/jobs/requests.ts'
import { guardShare, keyFromPieces } from '../web/jobs/guardians.ts'
import type { NewPlace } from '../web/jobs/reshareWallet.ts'
import { openShareFile } from '../web/jobs/restore.ts'
import { oldSharesOf } from '../web/jobs/oldShares.ts'
import { openProof } from '../web/jobs/openProof.ts'
import { settlePending } from '../web/jobs/settlePending.ts'
import { signContent } from '../web/jobs/signContent.ts'
import type { OpenedShare } from '../tss-wasm/worker/api.ts'
import { dealtBy } from '../web/platform/dealtBy.ts'
import type { WalletRecord } from '../web/platform/shareStore.ts'
import { memoryShareStore } from '../web/test/memoryStores.ts'

const message = 'Paid by those who hold it now'

async function walletOf({ shares }: Ports): Promise<WalletRecord> {
  const [wallet] = await shares.list()
  assert.ok(wallet)
  return wallet
}

/** Two people sign, judged by another library. */
async function assertSign(asker: Ports, other: Ports, address: string): Promise<void> {
  const wallet = await walletOf(asker)
  const { mySeat } = await walletOf(other)
  const coSigners = wallet.seats.filter(({ seat }) => seat === mySeat)
  const answered = nextRequest(other).then((request) =>
    answerRequest(other, { request, passphrase: passphrase() }, () => undefined, never),
  )
  const content = { type: 'ethereum-message', message: new TextEncoder().encode(message) } as const
  const signed = await signContent(
    asker,
    { wallet, content, coSigners, passphrase: passphrase() },
    () => undefined,
    never,
  )
  await answered
  const signature = signed.result as `0x${string}`
  assert.equal(await recoverMessageAddress({ message, signature }), address)
}

function valuesOf(outcomes: readonly PromiseSettledResult<WalletRecord>[]): WalletRecord[] {
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
}

describe('three people, one of whom loses a device', () => {
  let at: Rig
  let people: readonly Ports[]
  let fresh: Ports
  let old: WalletRecord
  let address: string
  let records: readonly WalletRecord[]
  before(async () => {
    const met = await meeting(3)
    ;({ at, people } = met)
    const [mine] = await createByInvitation({ people }, { threshold: 2 })
    assert.equal(mine?.status, 'fulfilled')
    const [host, member] = people as [Ports, Ports, Ports]
    old = await walletOf(host)
    address = ethereumAddress(old.publicKey)
    await prepared(host, 3)
    await prepared(member, 4)
    fresh = await installation(at.transport, 2)
    const [first, second] = old.seats
    assert.ok(first && second)
    const places: NewPlace[] = [
      { kind: 'stays', seat: first },
      { kind: 'stays', seat: second },
      { kind: 'invited', label: 'new phone' },
    ]
    const outcomes = await reshareTogether({ host, members: [member], guests: [fresh], threshold: 2, places })
    records = valuesOf(outcomes)
  })

  it('have a wallet of the same address, with the new device in the seat of the lost one', () => {
    for (const { publicKey, epochs, threshold, seats } of records) {
      assert.equal(ethereumAddress(publicKey), address)
      assert.deepEqual([epochs?.number, epochs?.place, threshold, seats.length], [1, 'member', 2, 3])
    }
    assert.equal(records[0]?.seats[2]?.label, 'new phone')
    const [ours, , theirs] = records.map(({ seats }) => seats[2])
    assert.deepEqual(ours?.signingKey, theirs?.signingKey)
  })

  it('sign in every pair', async () => {
    const [one, two] = people as [Ports, Ports]
    await assertSign(one, two, address)
    await assertSign(two, fresh, address)
    await assertSign(fresh, one, address)
  })

  it('have erased their shares of before, and say so under the certificate', async () => {
    const [host, member] = people as [Ports, Ports]
    for (const { shares } of [host, member]) assert.deepEqual(await shares.epochs.held(old.walletId), [1])
    const epochs = await host.shares.epochs.read(old.walletId)
    const [attempt] = epochs?.attempts ?? []
    assert.ok(attempt && epochs?.current)
    const { current } = epochs
    const { sessionId, joinToken, from } = attempt
    const { session } = await clients(at.transport).sessions.getOutcome({ sessionId }, bearer(joinToken))
    assert.ok(session)
    const retired = session.participants.map((each) => each.retired).filter(({ length }) => length > 0)
    const seats = await Promise.all(retired.map((word) => verifyRetired(word, from, current)))
    assert.deepEqual(
      seats.map(({ seat }) => seat as number),
      [1, 2],
    )
  })

  it('are told what has become of the old shares: two erased, of the lost one no word', async () => {
    const [host] = people as [Ports, Ports]
    await settlePending(host)
    const wallet = await walletOf(host)
    const [attempt] = wallet.epochs?.attempts ?? []
    assert.ok(attempt && wallet.epochs)
    assert.equal(attempt.retired?.length, 2)
    const found = await oldSharesOf(wallet, host.now())
    assert.deepEqual(
      found?.holders.map(({ state, isMember }) => [state, isMember]),
      [
        ['erased', true],
        ['erased', true],
        ['silent', false],
      ],
    )
    assert.deepEqual([found.mayExist, found.threshold], [1, 2])
    const [word] = attempt.retired
    assert.ok(word)
    const forged = word.with(word.length - 1, (word.at(-1) ?? 0) ^ 1)
    const attempts = [{ ...attempt, retired: [word, forged, word] }]
    const believed = await oldSharesOf({ ...wallet, epochs: { ...wallet.epochs, attempts } }, host.now())
    assert.equal(believed?.mayExist, 2, 'one word counts once, and a forged one not at all')
  })

  it('bring a share of now back by two of three guardians, on a device that signs in its epoch', async () => {
    const [host, member] = people as [Ports, Ports]
    const wallet = await walletOf(host)
    const { file, pieces } = await guardShare(host, wallet, { needed: 2, guardians: 3 }, passphrase())
    // In these stores no identity is sealed, so that no share carries one.
    const device = { ...(await installation(at.transport, 0)), identity: host.identity }
    const source = () => ({ kind: 'backup', file, passphrase: keyFromPieces(pieces.slice(1)) }) as const
    {
      using opened = await openShareFile(device, source())
      assert.equal(opened.here, 'nothing')
      await opened.keep({ passphrase: passphrase() })
    }
    const restored = await walletOf(device)
    assert.deepEqual([restored.state, restored.mySeat, restored.epochs?.number], ['active', 1, 1])
    assert.deepEqual(restored.epochs?.hash, wallet.epochs?.hash)
    assert.deepEqual(await device.shares.epochs.held(wallet.walletId), [1])
    await assertSign(device, member, address)

    const epochsOf = (change: (text: string) => string | undefined): Ports => ({
      ...device,
      shares: memoryShareStore(),
      startEngine() {
        const engine = device.startEngine()
        const changed = (shown: OpenedShare): OpenedShare => {
          const { epochs = '', ...backup } = shown.backup ?? assert.fail()
          const given = change(epochs)
          return { ...shown, backup: { ...backup, ...(given !== undefined && { epochs: given }) } }
        }
        return { ...engine, openShareFile: async (from) => changed(await engine.openShareFile(from)) }
      },
    })
    // The last digit of the last confirmation is another; a file is in hex, and so are its signatures.
    const meddled = /("certificate":"[0-9a-f]+)(..)(225d7d")/
    const forged = epochsOf((text) =>
      text.replace(
        meddled,
        (_, head: string, digit: string, end: string) => head + (digit === '30' ? '31' : '30') + end,
      ),
    )
    await assert.rejects(openShareFile(forged, source()), /not well formed: epochs/)
    using older = await openShareFile(
      epochsOf(() => undefined),
      source(),
    )
    const known = (await older.keep({ passphrase: passphrase() })).epochs
    assert.deepEqual([known?.number, known?.attempts.length], [1, 0], 'of before this was written down: it signs')
  })

  it('do not sign with the lost device: who asks with its share learns that its epoch is over', async () => {
    const lost = people[2] ?? fresh
    const wallet = await walletOf(lost)
    const stop = new AbortController()
    const onRequest = () => assert.fail('a request of an epoch that is over is not shown')
    for (const ports of people.slice(0, 2)) watchRequests(ports, { onRequest }, stop.signal).catch(() => undefined)
    const content = { type: 'ethereum-message', message: new TextEncoder().encode(message) } as const
    const request = { wallet, content, coSigners: wallet.seats.slice(0, 2), passphrase: passphrase() }
    await assert.rejects(
      signContent(lost, request, () => undefined, never),
      (error) => {
        assert.ok(error instanceof ProtocolAbort)
        const { failure } = error
        assert.ok(failure.kind === 'peer-gave-up' || failure.kind === 'refused')
        assert.match(failure.detail, /epoch 0 is over/)
        return true
      },
    )
    stop.abort(new ProtocolAbort({ kind: 'cancelled' }))
  })

  it('send the proof to a device that was left out: it erases its share by that, and by nothing less', async () => {
    const [host] = people as [Ports, Ports]
    const lost = people[2] ?? fresh
    const before = await walletOf(lost)
    const [attempt] = (await walletOf(host)).epochs?.attempts ?? []
    assert.ok(attempt)
    const { certificate } = attempt
    // The last byte of the last confirmation, in hex, is another.
    const text = new TextDecoder().decode(certificate)
    const digit = text.charAt(text.length - 4)
    const forged = new TextEncoder().encode(`${text.slice(0, -4)}${digit === '0' ? '1' : '0'}"]}`)
    await assert.rejects(openProof(lost, before, forged), ProtocolAbort)
    await assert.rejects(openProof(lost, before, new Uint8Array(10)), ProtocolAbort)
    assert.deepEqual(await lost.shares.epochs.held(before.walletId), [0], 'nothing was changed')

    await openProof(lost, before, new Uint8Array(certificate))
    const after = await walletOf(lost)
    assert.deepEqual([after.state, after.epochs?.number, after.epochs?.place], ['left', 1, 'left'])
    assert.ok((after.renewedAtMs ?? 0) > 0)
    const dealers = before.seats.slice(0, 2).map((seat) => fingerprint(seat).slice(0, 14))
    const told = dealtBy(after)
    assert.equal(told.length, 2)
    for (const [i, known] of dealers.entries()) assert.ok(told[i]?.includes(known), 'it is told by whom')
    assert.deepEqual(dealtBy(before), [], 'nobody has left it out before')
    assert.deepEqual(await lost.shares.epochs.held(before.walletId), [])
  })
})

/** Another set of primes, as the search in the background makes it. */
async function prepared({ preParameters }: Ports, number: number): Promise<void> {
  await preParameters.put(
    await sealPreParameters(fixturePreParameters(number), await preParameters.key(), systemRandom),
  )
}
