import assert from 'node:assert/strict'
import { afterEach, before, beforeEach, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { SigningContent } from '../../content/content.ts'
import { type Failure, ProtocolAbort } from '../../failure.ts'
import { writeBackup } from '../../keyShare/backup.ts'
import { sealWallet } from '../../keyShare/seal.ts'
import { systemRandom } from '../../random.ts'
import type { PartyId } from '../../partyId.ts'
import type { SealedShare, ShareSource, Signatures } from '../../worker/api.ts'
import { type WarmEngines, warmEngines, warmLimits } from '../../worker/warmEngines.ts'
import { fixtureWallet } from '../fixtures/sealed/make.ts'
import { Network, seats } from '../network.ts'
import { type Company, company, gather, identityOf } from '../parties.ts'
import { aesKey, withKey } from './engines.ts'
import { type SearchedWorkers, searchedWorkers } from './searchedWorker.ts'

const passphrase = 'the passphrase of the first job'
const ignore = () => undefined
const clean = { bytes: 0, numbers: 0, secrets: 0 }

/** What must not be found: passphrase, share, moduli; the share also as the text and bytes that it is sealed as. */
function secretsOf(index: number): (Uint8Array | bigint)[] {
  const { share } = fixtureWallet(index)
  const { primes } = share.preParameters.paillier
  const numbers = [share.secret.reveal(), ...Object.values(primes.reveal())]
  return [utf8ToBytes(passphrase), ...numbers.flatMap((number) => [number, utf8ToBytes(String(number))])]
}

async function settled(ready: () => boolean): Promise<void> {
  const limit = AbortSignal.timeout(300_000)
  while (!ready()) await pause(5, undefined, { signal: limit })
}

const isOfKind = (kind: Failure['kind']) => (error: unknown) =>
  error instanceof ProtocolAbort && error.failure.kind === kind

describe('a worker that has served', () => {
  const message: SigningContent = { type: 'ethereum-message', message: utf8ToBytes('Pay the bearer') }
  const signing = seats(3)
  let everybody: Company
  let shares: readonly SealedShare[]
  let file: Uint8Array
  let workers: SearchedWorkers
  let warm: WarmEngines
  before(async () => {
    everybody = await company(3, 5)
    const seated = seats(5).map((seat) => identityOf(everybody, seat).public)
    shares = await Promise.all(
      signing.map((me) => sealWallet({ ...fixtureWallet(me - 1), seats: seated }, withKey, systemRandom)),
    )
    const wallet = fixtureWallet(1)
    const labels = wallet.seats.map((_, i) => ({ label: `seat ${i}` }))
    file = await writeBackup({ madeAtMs: 1_790_000_000_000, labels, wallet }, utf8ToBytes(passphrase))
  })
  beforeEach(async () => {
    workers = searchedWorkers()
    warm = warmEngines(workers.spawn)
    await settled(() => warm.idle() === 1)
  })
  afterEach(() => {
    warm[Symbol.dispose]()
  })

  const backup = (): ShareSource => ({ kind: 'backup', file, passphrase: new Uint8Array(utf8ToBytes(passphrase)) })

  async function signTogether(): Promise<readonly Signatures[]> {
    const identities = new Map(signing.map((seat) => [seat, identityOf(everybody, seat)]))
    const publicKey = fixtureWallet(0).share.publicKey.toBytes(true)
    const { roster } = gather(identities, 3, { kind: 'sign', publicKey, content: message })
    const network = new Network(signing)
    return Promise.all(
      shares.map(async (sealedShare, i) => {
        const me = (i + 1) as PartyId
        using engine = warm.start()
        const seating = { me, identity: identityOf(everybody, me), roster, deadlineMs: 60_000 }
        const request = { ...seating, sealedShare, sealing: withKey, content: message }
        return await engine.sign(request, network.channel(me), () => undefined)
      }),
    )
  }

  it('keeps nothing of the shares that it has signed with, and signs with others', async () => {
    const [first, second] = await signTogether()
    assert.deepEqual(first?.signatures, second?.signatures)
    await settled(() => warm.idle() === 3)
    const secrets = signing.flatMap((me) => secretsOf(me - 1))
    assert.deepEqual(await workers.search(secrets), [clean, clean, clean])
    const [third] = await signTogether()
    assert.notDeepEqual(third?.signatures, first?.signatures)
    assert.equal(workers.started(), 3)
  })

  it('ends with what a passphrase or a file has opened: the next job has another', async () => {
    const opening = warm.start()
    await opening.openShareFile(backup())
    const [during] = await workers.search(secretsOf(1))
    assert.ok(during && during.secrets > 0 && during.bytes + during.numbers > 0, 'the search finds what is there')
    opening[Symbol.dispose]()
    assert.equal(warm.idle(), 0)
    using next = warm.start()
    await assert.rejects(next.keepOpened({ sealing: withKey, installationKey: aesKey }), /kept after it was opened/)
    assert.equal(workers.started(), 2)
    assert.deepEqual((await workers.search(secretsOf(1))).at(-1), clean)
  })

  it('ends when its job fails', async () => {
    const failing = warm.start()
    const request = { sealedShare: new Uint8Array() as SealedShare, sealing: withKey, content: message }
    const { roster } = everybody
    const seating = { me: 1 as PartyId, identity: identityOf(everybody, 1 as PartyId), roster, deadlineMs: 1000 }
    await assert.rejects(failing.sign({ ...seating, ...request }, new Network(signing).channel(1 as PartyId), ignore))
    failing[Symbol.dispose]()
    assert.equal(warm.idle(), 0)
    using next = warm.start()
    await next.diagnostics()
    assert.equal(workers.started(), 2)
  })

  it('ends when its job is given up', async () => {
    const engine = warm.start()
    const opening = engine.diagnostics()
    engine[Symbol.dispose]()
    await assert.rejects(opening, isOfKind('cancelled'))
    using next = warm.start()
    await next.diagnostics()
    assert.equal(workers.started(), 2)
  })

  it('takes no further call of whoever has left it, though it serves on', async () => {
    const engine = warm.start()
    await engine.diagnostics()
    engine[Symbol.dispose]()
    await assert.rejects(engine.diagnostics(), isOfKind('cancelled'))
    await settled(() => warm.idle() === 1)
  })

  it('crashes alone: whoever computes beside it goes on, and who comes next has another', async () => {
    const other = warm.start()
    const crashing = warm.start()
    await crashing.diagnostics()
    const lost = crashing.openShareFile(backup())
    const good = other.diagnostics()
    workers.crash()
    await assert.rejects(lost, isOfKind('engine-crashed'))
    assert.equal((await good).threads, 1)
    crashing[Symbol.dispose]()
    other[Symbol.dispose]()
    await settled(() => warm.idle() === 1)
    using next = warm.start()
    await next.diagnostics()
    assert.equal(workers.started(), 2)
  })

  it('is not handed out when it has died while it waited', async () => {
    workers.crash()
    await settled(() => warm.idle() === 0)
    using next = warm.start()
    await next.diagnostics()
    assert.equal(workers.started(), 2)
  })
})

describe('a warm worker wears out', () => {
  it('after its last job', async () => {
    const workers = searchedWorkers()
    using warm = warmEngines(workers.spawn, { ...warmLimits, jobs: 2 })
    const job = async () => {
      await settled(() => warm.idle() === 1)
      using engine = warm.start()
      await engine.diagnostics()
    }
    await job()
    await job()
    assert.equal(warm.idle(), 0)
    using next = warm.start()
    await next.diagnostics()
    assert.equal(workers.started(), 2)
  })

  it('of old age, also while nobody asks for it', async () => {
    const workers = searchedWorkers()
    let nowMs = 0
    using warm = warmEngines(workers.spawn, { ...warmLimits, lifeMs: 30 }, () => nowMs)
    await settled(() => warm.idle() === 1)
    nowMs = 30
    await settled(() => warm.idle() === 0)
    using next = warm.start()
    await next.diagnostics()
    assert.equal(workers.started(), 2)
  })
})
