import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { keyAt } from '../../content/keys.ts'
import { importPsbt } from '../../content/psbt.ts'
import { keyHashScript } from '../../content/scripts.ts'
import { assembleOrder, isSignedOrder, signingTasks } from '../../content/signing.ts'
import type { SigningContent } from '../../content/content.ts'
import { ProtocolAbort, type Failure } from '../../failure.ts'
import { verifyAllConfirmed } from '../../identity/confirmation.ts'
import { createIdentity } from '../../identity/identity.ts'
import { cggmp24, type SigningProtocol } from '../../identity/signingProtocol.ts'
import { referenceArithmetic } from '../../integers/reference.ts'
import { unsealPreParameters } from '../../keyShare/sealedPreParameters.ts'
import { systemRandom } from '../../random.ts'
import type { Channel, Outgoing } from '../../round/channel.ts'
import { encodeRequest, requestHash } from '../../requests/request.ts'
import type { PartyId } from '../../partyId.ts'
import type { NewWallet, Progress, SearchProgress, Sealing, Signatures } from '../../worker/api.ts'
import { startEngine } from '../../worker/client.ts'
import { spawnInNode } from '../../worker/spawn.node.ts'
import { bitcoinVerdict } from '../content/bitcoinNode.ts'
import { psbtOf } from '../content/payments.ts'
import { Network, seats } from '../network.ts'
import { company, gather, identityOf, type Company } from '../parties.ts'
import { watchedWorker } from './watchedWorker.ts'
import { aesKey, create, createTogether, valuesOf, withKey, withPassphrase } from './engines.ts'

const [one, two, three] = seats(3) as [PartyId, PartyId, PartyId]
const content: SigningContent = { type: 'ethereum-message', message: new TextEncoder().encode('Pay the bearer') }

function failure(error: unknown): Failure {
  assert.ok(error instanceof ProtocolAbort, String(error))
  return error.failure
}

function failureOf(outcome: PromiseSettledResult<unknown> | undefined): Failure {
  assert.ok(outcome?.status === 'rejected')
  return failure(outcome.reason)
}

function signers(
  company: Company,
  parties: readonly PartyId[],
  wallet: NewWallet,
  about = content,
  protocol?: SigningProtocol,
): Company {
  const identities = new Map(parties.map((seat) => [seat, identityOf(company, seat)]))
  return gather(identities, 2, { kind: 'sign', publicKey: wallet.publicKey, content: about }, protocol)
}

interface Signing {
  readonly sealing?: Sealing
  readonly content?: SigningContent
  readonly path?: readonly number[]
  readonly request?: Uint8Array
  readonly roster?: Company['roster']
}

/** One party's part in signing; `changes` are what this party does differently. */
async function sign(
  company: Company,
  me: PartyId,
  wallet: NewWallet,
  channel: Channel,
  changes: Signing = {},
): Promise<Signatures> {
  using engine = startEngine(spawnInNode)
  const { sealedShare } = wallet
  const seating = {
    me,
    identity: identityOf(company, me),
    roster: changes.roster ?? company.roster,
    deadlineMs: 60_000,
  }
  const request = {
    ...seating,
    sealedShare,
    sealing: changes.sealing ?? withKey,
    content: changes.content ?? content,
    ...(changes.request && { request: changes.request }),
    path: changes.path ?? [],
  }
  return await engine.sign(request, channel, () => undefined)
}

describe('a wallet of two of three, made and used by three workers', () => {
  const steps = new Map<PartyId, Progress[]>(seats(3).map((seat) => [seat, []]))
  const sealing = withPassphrase('correct horse')
  const watched = watchedWorker()
  let friends: Company
  let wallets: readonly NewWallet[]
  let first: NewWallet
  let second: NewWallet
  let third: NewWallet
  before(async () => {
    friends = await company(2, 3)
    const outcomes = await createTogether(friends, {
      network: new Network(seats(3)),
      sealing,
      spawn: watched.spawn,
      progress: (party, step) => steps.get(party)?.push(step),
    })
    wallets = valuesOf(outcomes)
    ;[first, second, third] = wallets as [NewWallet, NewWallet, NewWallet]
  })

  it('has one key, and is confirmed by all', async () => {
    assert.equal(new Set(wallets.map(({ walletId }) => walletId)).size, 1)
    const confirmations = new Map(wallets.map(({ confirmation }, i) => [(i + 1) as PartyId, confirmation]))
    for (const me of seats(3)) {
      const { result } = await verifyAllConfirmed(confirmations, friends.roster, me)
      assert.deepEqual(result, first.publicKey)
    }
  })

  it('takes less than 200 MB in a worker, all told', () => {
    const megabytes = watched.peakBytes() / 1e6
    assert.ok(megabytes > 1 && megabytes < 200, `${megabytes} MB`)
  })

  it('computes with the kernel that the environment asks for', async () => {
    using engine = startEngine(spawnInNode)
    const { kernel } = await engine.diagnostics()
    assert.equal(kernel, process.env['QUORATE_KERNEL'] ?? kernel)
  })

  it('takes the passphrase away from the page', () => {
    assert.ok(sealing.kind === 'passphrase' && sealing.passphrase.every((byte) => byte === 0))
  })

  it('tells its stages in order, and who was heard in which round', () => {
    for (const [party, told] of steps) {
      const stages = told.filter((step) => step.type === 'stage')
      assert.ok(stages.length > 4)
      assert.deepEqual(
        stages.map(({ index }) => index),
        stages.map((_, i) => i),
      )
      assert.ok(stages.every(({ of }) => of === stages.length))
      const heard = new Set(told.flatMap((step) => (step.type === 'received' ? [step.from] : [])))
      assert.deepEqual(
        [...heard].sort(),
        seats(3).filter((seat) => seat !== party),
      )
    }
  })

  it('opens its shares with the right passphrase only, and says so', async () => {
    using engine = startEngine(spawnInNode)
    const summary = await engine.checkShare(first.sealedShare, withPassphrase('correct horse'))
    assert.deepEqual(summary, { walletId: first.walletId, seat: one, epoch: 0, sealedWith: 'passphrase' })
    await assert.rejects(engine.checkShare(first.sealedShare, withPassphrase('battery staple')), (error) => {
      const refused = failure(error)
      assert.ok(refused.kind === 'refused' && refused.what === 'passphrase')
      return true
    })
  })

  for (const [a, b, protocol] of [
    [one, two, undefined],
    [two, three, cggmp24],
    [one, three, cggmp24],
  ] as const) {
    const pair = [a, b]
    it(`signs with parties ${pair.join(' and ')} by ${protocol ?? 'nine rounds'}`, async () => {
      const session = signers(friends, pair, first, content, protocol)
      const network = new Network(pair)
      const signatures = await Promise.all(
        pair.map((me) => {
          const wallet = wallets[me - 1] ?? first
          const open = me === one ? withPassphrase('correct horse') : withKey
          return sign(session, me, wallet, network.channel(me), { sealing: open })
        }),
      )
      const [a, b] = signatures as [Signatures, Signatures]
      assert.deepEqual(a.signatures, b.signatures)
      assert.ok(isSignedOrder(signingTasks({ publicKey: first.publicKey, content }), a.signatures))
      assert.equal(a.protocol, protocol ?? 'tss-lib/2')
      const confirmations = new Map(pair.map((me, i) => [me, (signatures[i] ?? a).confirmation]))
      await verifyAllConfirmed(confirmations, session.roster, one === pair[0] ? one : two)
    })
  }

  for (const protocol of [undefined, cggmp24] as const) {
    it(`signs every input of a payment in one run by ${protocol ?? 'nine rounds'}, each with its own key`, async () => {
      const { publicKey } = first
      const coins = [
        { path: [], amount: 60_000n },
        { path: [0, 3], amount: 50_000n },
        { path: [], amount: 40_000n },
      ]
      const sendings = [{ script: keyHashScript(second.confirmation.subarray(0, 33)), amount: 120_000n }]
      const payment = { type: 'bitcoin-psbt', psbt: importPsbt(psbtOf(publicKey, coins, sendings), publicKey) } as const
      const pair = [two, three] as const
      const session = signers(friends, pair, first, payment, protocol)
      const network = new Network(pair)
      const signed = await Promise.all(
        pair.map((me) => sign(session, me, wallets[me - 1] ?? first, network.channel(me), { content: payment })),
      )
      const [a, b] = signed as [Signatures, Signatures]
      assert.equal(a.signatures.length, 3)
      assert.deepEqual(a.signatures, b.signatures)
      const { result } = assembleOrder({ publicKey, content: payment }, a.signatures)
      const spent = coins.map(({ path, amount }) => ({
        script: keyHashScript(keyAt(publicKey, path).publicKey),
        amount,
      }))
      assert.equal(bitcoinVerdict(result, spent), '')
      const confirmations = new Map(pair.map((me, i) => [me, (signed[i] ?? a).confirmation]))
      await verifyAllConfirmed(confirmations, session.roster, pair[0])
    })
  }

  it('signs every content of a batch in one session, with a key below its own', async () => {
    const { publicKey } = first
    const message = (text: string) => ({ type: 'ethereum-message', message: new TextEncoder().encode(text) }) as const
    const batch = { type: 'batch', items: ['one', 'two', 'three'].map(message) } as const
    const pair = [two, three] as const
    const identities = new Map(pair.map((seat) => [seat, identityOf(friends, seat)]))
    const session = gather(identities, 2, { kind: 'sign', publicKey, path: [0, 5], content: batch }, cggmp24)
    const network = new Network(pair)
    const asked = { path: [0, 5], content: batch }
    const signed = await Promise.all(
      pair.map((me) => sign(session, me, wallets[me - 1] ?? first, network.channel(me), asked)),
    )
    const [a, b] = signed as [Signatures, Signatures]
    assert.deepEqual(a.signatures, b.signatures)
    assert.ok(isSignedOrder(signingTasks({ publicKey, path: [0, 5], content: batch }), a.signatures))
    const fewer = { type: 'batch', items: batch.items.slice(1) } as const
    const other = sign(session, two, second, network.channel(two), { path: [0, 5], content: fewer })
    await assert.rejects(other, /asked to sign something else/)
  })

  it('signs with a key below its own, and not with one that the others were not asked for', async () => {
    const { publicKey } = first
    const path = [0, 5]
    const pair = [one, two] as const
    const identities = new Map(pair.map((seat) => [seat, identityOf(friends, seat)]))
    const session = gather(identities, 2, { kind: 'sign', publicKey, path, content })
    const network = new Network(pair)
    const sealingOf = (me: PartyId) => ({ sealing: me === one ? withPassphrase('correct horse') : withKey })
    const signed = await Promise.all(
      pair.map((me) => {
        return sign(session, me, wallets[me - 1] ?? first, network.channel(me), { path, ...sealingOf(me) })
      }),
    )
    assert.ok(isSignedOrder(signingTasks({ publicKey, path, content }), signed[0]?.signatures ?? []))
    assert.ok(!isSignedOrder(signingTasks({ publicKey, content }), signed[0]?.signatures ?? []))
    const other = sign(session, two, second, network.channel(two), { path: [0, 6] })
    await assert.rejects(other, /asked to sign something else/)
  })

  it('does not sign what the others were not asked to sign', async () => {
    const session = signers(friends, [two, three], second)
    const other: SigningContent = { type: 'ethereum-message', message: new TextEncoder().encode('Pay the thief') }
    const network = new Network([two, three])
    await assert.rejects(
      sign(session, two, second, network.channel(two), { content: other }),
      /asked to sign something else/,
    )
  })

  it('signs a request that was agreed to before, and no content that it does not say', async () => {
    const { publicKey } = second
    const times = { createdMs: 1_800_000_000_000, expiresMs: 1_800_000_600_000 }
    const named = { id: new Uint8Array(16), salt: new Uint8Array(16).fill(3), from: two, note: '', ...times }
    const request = encodeRequest({ ...named, publicKey, content })
    const pair = [two, three] as const
    const identities = new Map(pair.map((seat) => [seat, identityOf(friends, seat)]))
    const session = gather(identities, 2, { kind: 'sign', request: requestHash(request) })
    const network = new Network(pair)
    const signed = await Promise.all(
      pair.map((me) => sign(session, me, wallets[me - 1] ?? first, network.channel(me), { request })),
    )
    assert.ok(isSignedOrder(signingTasks({ publicKey, content }), signed[0]?.signatures ?? []))
    const refusing = (using: object) =>
      assert.rejects(sign(session, two, second, network.channel(two), using), /asked to sign something else/)
    const other: SigningContent = { type: 'ethereum-message', message: new TextEncoder().encode('Pay the thief') }
    await refusing({ request, content: other })
    await refusing({ request: encodeRequest({ ...named, note: 'another', publicKey, content }) })
    await refusing({})
  })

  it('does not sign what cannot be decoded', async () => {
    const session = signers(friends, [two, three], second)
    const noise: SigningContent = { type: 'ethereum-transaction', unsigned: new Uint8Array(40) }
    const network = new Network([two, three])
    await assert.rejects(sign(session, two, second, network.channel(two), { content: noise }), /refused: content/)
  })

  it('does not sign with a stranger in a seat of the wallet', async () => {
    const stranger = await createIdentity()
    const identities = new Map([
      [two, identityOf(friends, two)],
      [three, stranger],
    ])
    const session = gather(identities, 2, { kind: 'sign', publicKey: second.publicKey, content })
    const network = new Network([two, three])
    await assert.rejects(
      sign(session, two, second, network.channel(two)),
      /seat 3 is not taken by the party that holds/,
    )
  })

  it('does not sign with the share of another seat, or under another threshold', async () => {
    const session = signers(friends, [two, three], second)
    const network = new Network([two, three])
    await assert.rejects(sign(session, two, third, network.channel(two)), /share is of another seat/)
    const identities = new Map(seats(3).map((seat) => [seat, identityOf(friends, seat)]))
    const ofThree = gather(identities, 3, { kind: 'sign', publicKey: second.publicKey, content })
    await assert.rejects(sign(ofThree, two, second, network.channel(two)), /another threshold/)
  })

  it('does not sign with a wrong passphrase, and sends nothing', async () => {
    const session = signers(friends, [one, two], first)
    const network = new Network([one, two])
    let sent = 0
    const counted: Channel = { ...network.channel(one), send: () => Promise.resolve(void (sent += 1)) }
    await assert.rejects(sign(session, one, first, counted, { sealing: withPassphrase('wrong') }), /wrong passphrase/)
    assert.equal(sent, 0)
  })
})

describe('a wallet that does not come to be', () => {
  it('names who is silent, at every other party', async () => {
    const friends = await company(2, 3)
    // Neither begins to wait before the other has spoken, however long that one's worker takes to start.
    const spoken = new Set<PartyId>()
    const { promise: both, resolve } = Promise.withResolvers<undefined>()
    const together = (me: PartyId) => (honest: Channel) => ({
      ...honest,
      async send(message: Outgoing) {
        await honest.send(message)
        if (spoken.add(me).size === 2) resolve(undefined)
        await both
      },
    })
    const channels = new Map([one, two].map((me) => [me, together(me)]))
    const scene = { network: new Network(seats(3)), channels, deadlineMs: 3000 }
    const outcomes = await Promise.allSettled(
      [one, two].map(async (me) => {
        using engine = startEngine(spawnInNode)
        return await create(engine, friends, me, scene)
      }),
    )
    for (const outcome of outcomes) {
      const { kind, ...rest } = failureOf(outcome)
      assert.equal(kind, 'timed-out')
      assert.deepEqual('waitingFor' in rest && rest.waitingFor, [three])
    }
  })

  it('passes on that somebody gave up', async () => {
    const friends = await company(2, 3)
    const network = new Network(seats(3))
    using engine = startEngine(spawnInNode)
    const making = create(engine, friends, one, { network })
    network.cut(new ProtocolAbort({ kind: 'peer-gave-up', peer: three, why: 'unknown', detail: 'went home' }))
    await assert.rejects(making, (error) => {
      assert.deepEqual(failure(error), { kind: 'peer-gave-up', peer: three, why: 'unknown', detail: 'went home' })
      return true
    })
  })

  it('is cancelled by terminating the worker', async () => {
    const friends = await company(2, 3)
    const network = new Network(seats(3))
    const started = Promise.withResolvers<undefined>()
    const engine = startEngine(spawnInNode)
    const making = create(engine, friends, one, {
      network,
      progress: () => {
        started.resolve(undefined)
      },
    })
    await started.promise
    engine[Symbol.dispose]()
    await assert.rejects(making, (error) => failure(error).kind === 'cancelled')
    await assert.rejects(engine.diagnostics(), (error) => failure(error).kind === 'cancelled')
  })
})

describe('an engine whose worker dies', () => {
  const dying = (): ReturnType<typeof spawnInNode> => spawnInNode(new URL('./dyingWorker.ts', import.meta.url))

  it('rejects every pending call, and every later one', async () => {
    using engine = startEngine(dying)
    const calls = [engine.diagnostics(), engine.checkShare(new Uint8Array() as never, withKey)]
    for (const call of calls) await assert.rejects(call, (error) => failure(error).kind === 'engine-crashed')
    await assert.rejects(engine.diagnostics(), (error) => failure(error).kind === 'engine-crashed')
  })

  it('says so when it cannot even start', async () => {
    using engine = startEngine(() => spawnInNode(new URL('./noSuchFile.ts', import.meta.url)))
    await assert.rejects(engine.diagnostics(), (error) => failure(error).kind === 'engine-crashed')
  })
})

describe('the search for pre-parameters', () => {
  it('finds four safe primes, tells how it goes, and gives out only what is sealed', async () => {
    using engine = startEngine(spawnInNode)
    const steps: SearchProgress[] = []
    const sealed = await engine.makePreParameters(aesKey, (step) => steps.push(step))
    const parameters = await unsealPreParameters(sealed, aesKey, {
      arithmetic: referenceArithmetic,
      random: systemRandom,
    })
    assert.equal(parameters.paillier.n.toString(2).length, 2048)
    assert.deepEqual(steps.at(-1), { found: 4, candidatesTried: steps.at(-1)?.candidatesTried, expectedRemainingMs: 0 })
    assert.ok(steps.every(({ found }, i) => found >= (steps[i - 1]?.found ?? 0)))
  })
})
