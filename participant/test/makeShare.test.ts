import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Code, ConnectError, createRouterTransport, type Interceptor } from '@connectrpc/connect'
import { concealBugs } from '../../coordinator-stub/process/refusal.ts'
import { serviceRoutes } from '../../coordinator-stub/rpc/routes.ts'
import type { ReportCompletionRequest } from '../../proto/gen/coordinator_pb.js'
import { invitationFor, pinnedParty, rig, silent } from '../../testkit/harness.ts'
import { previewAndJoin } from '../../testkit/previewAndJoin.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { signConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import type { CreateWallet, Engine, NewWallet, SealedPreParameters, SealedShare } from '../../tss-wasm/worker/api.ts'
import { memoryRuns } from '../connection/runs.ts'
import { createCoordinator } from '../createCoordinator.ts'
import type { Seat } from '../session/seat.ts'
import { makeShare, makeShareFor, type ShareToMake } from '../share/makeShare.ts'
import type { ShareUnderWay } from '../share/pendingSession.ts'
import type { NewShares } from '../share/pendingShares.ts'
import { settleShare } from '../share/settleShare.ts'

const [me, peer] = [1, 2] as PartyId[] as [PartyId, PartyId]
const never = new AbortController().signal
const walletId = 'ab'.repeat(16)
const full = new ProtocolAbort({ kind: 'refused', what: 'storage-full', detail: 'test' })
/** Where the line is cut it is given up at once; nothing is, because a busy machine answers late. */
const timing = { callMs: 600_000, silenceMs: 600_000, giveUpMs: 20, firstPauseMs: 5, longestPauseMs: 20 }

type Step = 'note' | 'store' | 'markLeaving' | 'activate'
/** before: the change is not made; after: it is, and the answer is lost. */
type Fault = { readonly step: Step; readonly when: 'before' | 'after' } | undefined

interface Shelf {
  entry: ShareUnderWay | undefined
  state: 'none' | 'pending' | 'active'
  fault: Fault
}

/** One share in memory, with a disk that fails once, where `fault` says. */
function shelfOf(fault: Fault): { readonly shelf: Shelf; readonly shares: NewShares<string> } {
  const shelf: Shelf = { entry: undefined, state: 'none', fault }
  const change = (step: Step | undefined, work: () => void) => {
    const failing = shelf.fault?.step === step ? shelf.fault : undefined
    if (failing !== undefined) shelf.fault = undefined
    if (failing?.when === 'before') return Promise.reject(full)
    work()
    return failing === undefined ? Promise.resolve() : Promise.reject(full)
  }
  const settled = (state: Shelf['state']) => () => {
    shelf.entry = undefined
    shelf.state = state
  }
  const shares: NewShares<string> = {
    state: () => Promise.resolve(shelf.state),
    note: (share) =>
      change('note', () => {
        shelf.entry = share
      }),
    async store(share, made) {
      await change('store', () => {
        shelf.entry = share
        shelf.state = 'pending'
      })
      return made.walletId
    },
    markLeaving: (share) =>
      change('markLeaving', () => {
        shelf.entry = { ...share, isLeaving: true }
      }),
    activate: () => change('activate', settled('active')),
    discard: () => change(undefined, settled('none')),
    forget: () => change(undefined, settled(shelf.state)),
  }
  return { shelf, shares }
}

/** Computes nothing: what is tried here is what happens around it. */
function engineDouble(compute: () => Promise<void> = () => Promise.resolve()): Engine {
  const createWallet = async ({ me: seat, roster, identity }: CreateWallet): Promise<NewWallet> => {
    await compute()
    const publicKey = new Uint8Array(33).fill(2)
    const confirmation = await signConfirmation(
      { seat, result: publicKey, transcriptHash: new Uint8Array(32) },
      roster,
      identity,
    )
    return { walletId, publicKey, sealedShare: new Uint8Array([1]) as Uint8Array as SealedShare, confirmation }
  }
  const double: Pick<Engine, 'createWallet' | typeof Symbol.dispose> = { createWallet, [Symbol.dispose]: silent }
  return double as Engine
}

/** What of ours reaches the coordinator, and what of it is lost on the way. */
interface Line {
  readonly said: string[]
  /** It is cut; called by what it does not let through. */
  cut?: (() => void) | undefined
}

const overLine =
  (line: Line): Interceptor =>
  (next) =>
  async (request) => {
    if (request.method.name !== 'ReportCompletion') return next(request)
    if (line.cut !== undefined) {
      line.cut()
      throw new ConnectError('cut', Code.Unavailable)
    }
    const { outcome } = request.message as ReportCompletionRequest
    line.said.push(outcome.case ?? 'nothing')
    return next(request)
  }

/** A started 2-of-2 keygen of ours with a party that confirms whatever happens. */
async function ceremony() {
  const party = await pinnedParty('server-1')
  const { identity } = await pinnedParty('person')
  const at = await rig({ parties: [party.pinned], heartbeatMs: 50 })
  const line: Line = { said: [] }
  const transport = createRouterTransport(serviceRoutes(at.services), {
    transport: { interceptors: [overLine(line)] },
    router: { interceptors: [concealBugs(silent)] },
  })
  const coordinator = createCoordinator(transport, { random: systemRandom, runs: memoryRuns(), timing })
  await using opened = new AsyncDisposableStack()
  const mine = opened.use(
    await coordinator.create({
      identity,
      proposal: { kind: 'keygen', walletName: 'Ours', threshold: 2, parties: 2, curve: 'secp256k1' },
      threshold: 2,
      mySeat: me,
      others: [{ seat: peer, serverParty: 'server-1', pinned: party.pinned.identity }],
    }),
  )
  const access = await invitationFor(at, 'server-1', party.identity)
  const theirs = createCoordinator(at.transport, { random: systemRandom, runs: memoryRuns() })
  const other = opened.use(await previewAndJoin(theirs, access, { identity: party.identity }))
  await Promise.all([mine.markReady(), other.markReady()])
  const [roster] = await Promise.all([mine.start(), other.started()])
  const share: ShareToMake = {
    identity,
    roster,
    deadlineMs: 1000,
    walletName: 'Ours',
    sealing: { kind: 'passphrase', passphrase: new Uint8Array() },
    material: async () => ({
      preParameters: new Uint8Array() as Uint8Array as SealedPreParameters,
      preParametersKey: await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']),
    }),
  }
  const theirWord = await signConfirmation(
    { seat: peer, result: new Uint8Array(33).fill(2), transcriptHash: new Uint8Array(32) },
    roster,
    party.identity,
  )
  const { promise: confirming, resolve } = Promise.withResolvers<undefined>()
  const peerEnded = other
    .confirm(theirWord, () => {
      resolve(undefined)
    })
    .then(
      () => 'active',
      () => 'left',
    )
  await confirming
  const open = opened.move()
  return {
    line,
    coordinator,
    identity,
    mine: mine as Seat,
    share,
    peerEnded,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

interface Left {
  /** What makeShare left behind. */
  readonly state: Shelf['state']
  readonly isLeaving: boolean
  /** What was said to the coordinator while it was settled, and what came of it. */
  readonly said: readonly string[]
  readonly settled: 'active' | 'discard' | 'wait' | 'nothing'
  readonly then: Shelf['state']
}

async function leftBy(fault: Fault, cut = false): Promise<Left> {
  await using at = await ceremony()
  const { shelf, shares } = shelfOf(fault)
  const host = { shares, startEngine: () => engineDouble(), now: () => Date.now() }
  // While the session lives our word is said again and again: the person closes the app.
  if (cut)
    at.line.cut = () => {
      at.mine.leave()
    }
  await assert.rejects(makeShare(host, at.mine, at.share, never), ProtocolAbort)
  at.line.cut = undefined
  const { state, entry } = shelf
  const before = { state, isLeaving: entry?.isLeaving ?? false }
  if (entry === undefined) return { ...before, said: [], settled: 'nothing', then: state }
  at.line.said.length = 0
  const { coordinator, identity } = at
  const verdict = await settleShare({ coordinator, shares, identity, nowMs: Date.now() }, entry)
  return { ...before, said: at.line.said, settled: verdict.state, then: shelf.state }
}

describe('a new share', () => {
  it('is noted, stored, marked as leaving, announced and then activated', async () => {
    await using at = await ceremony()
    const { shelf, shares } = shelfOf(undefined)
    const order: string[] = []
    const seen: NewShares<string> = {
      ...shares,
      note: (share) => (order.push('note'), shares.note(share)),
      store: (share, made) => (order.push('store'), shares.store(share, made)),
      markLeaving: (share) => (order.push('leaving', ...at.line.said), shares.markLeaving(share)),
      activate: (share) => (order.push(...at.line.said, 'activate'), shares.activate(share)),
    }
    const host = { shares: seen, startEngine: () => engineDouble(), now: () => Date.now() }
    assert.equal(await makeShare(host, at.mine, at.share, never), walletId)
    assert.deepEqual(order, ['note', 'store', 'leaving', 'confirmation', 'activate'])
    assert.deepEqual([shelf.state, shelf.entry, await at.peerEnded], ['active', undefined, 'active'])
  })

  it('that is made for somebody else is given away, and nothing of it is announced', async () => {
    await using at = await ceremony()
    const host = { startEngine: () => engineDouble() }
    const given = await makeShareFor(host, at.mine, at.share, (made) => Promise.resolve(made.walletId), never)
    assert.equal(given, walletId)
    await at.mine[Symbol.asyncDispose]()
    assert.deepEqual(at.line.said, [])
  })

  it('that cannot be given away is told to the others as a failure', async () => {
    await using at = await ceremony()
    const giving = makeShareFor(
      { startEngine: () => engineDouble() },
      at.mine,
      at.share,
      () => Promise.reject(full),
      never,
    )
    await assert.rejects(giving, full)
    assert.deepEqual([at.line.said, await at.peerEnded], [['failure'], 'left'])
  })
})

describe('a share whose store fails', () => {
  const gone = { said: ['withdrawal'], settled: 'discard', then: 'none' } as const
  const cases: readonly (readonly [NonNullable<Fault>, Left])[] = [
    [
      { step: 'note', when: 'before' },
      { state: 'none', isLeaving: false, said: [], settled: 'nothing', then: 'none' },
    ],
    [
      { step: 'note', when: 'after' },
      { state: 'none', isLeaving: false, ...gone },
    ],
    [
      { step: 'store', when: 'before' },
      { state: 'none', isLeaving: false, ...gone },
    ],
    [
      { step: 'store', when: 'after' },
      { state: 'pending', isLeaving: false, ...gone },
    ],
    [
      { step: 'markLeaving', when: 'before' },
      { state: 'pending', isLeaving: false, ...gone },
    ],
    // It is marked, so it counts as said: sent late, refused because we have told that we stopped, kept.
    [
      { step: 'markLeaving', when: 'after' },
      { state: 'pending', isLeaving: true, said: ['confirmation'], settled: 'wait', then: 'pending' },
    ],
    [
      { step: 'activate', when: 'before' },
      { state: 'pending', isLeaving: true, said: [], settled: 'active', then: 'active' },
    ],
    [
      { step: 'activate', when: 'after' },
      { state: 'active', isLeaving: false, said: [], settled: 'nothing', then: 'active' },
    ],
  ]
  for (const [fault, left] of cases) {
    const action = left.said[0] ?? (left.settled === 'nothing' ? 'has nothing to settle' : 'is activated')
    it(`at "${fault.step}", ${fault.when} the change: ${action}, and is ${left.then} then`, async () => {
      assert.deepEqual(await leftBy(fault), left)
    })
  }

  it('not at all, but whose confirmation is lost on the way, is confirmed when it is settled', async () => {
    assert.deepEqual(await leftBy(undefined, true), {
      state: 'pending',
      isLeaving: true,
      said: ['confirmation'],
      settled: 'active',
      then: 'active',
    })
  })

  it('when it is settled is settled the next time', async () => {
    await using at = await ceremony()
    const { shelf, shares } = shelfOf({ step: 'activate', when: 'before' })
    const host = { shares, startEngine: () => engineDouble(), now: () => Date.now() }
    await assert.rejects(makeShare(host, at.mine, at.share, never), full)
    shelf.fault = { step: 'activate', when: 'before' }
    const settling = { coordinator: at.coordinator, shares, identity: at.identity, nowMs: Date.now() }
    const entry = shelf.entry ?? assert.fail('nothing is left to settle')
    await assert.rejects(settleShare(settling, entry), full)
    assert.equal((await settleShare(settling, entry)).state, 'active')
    assert.deepEqual([shelf.state, shelf.entry], ['active', undefined])
  })
})

describe('a share that is being computed', () => {
  it('when the person cancels or a computation fails is nobody’s: the others hear why, and it is withdrawn', async () => {
    for (const why of ['cancelled', 'engine-crashed'] as const) {
      await using at = await ceremony()
      const { shelf, shares } = shelfOf(undefined)
      const cancelling = new AbortController()
      const computing = () => {
        if (why === 'engine-crashed') return Promise.reject(new Error('a bug'))
        cancelling.abort()
        return new Promise<never>(silent)
      }
      const host = { shares, startEngine: () => engineDouble(computing), now: () => Date.now() }
      await assert.rejects(makeShare(host, at.mine, at.share, cancelling.signal))
      assert.deepEqual([at.line.said, await at.peerEnded, shelf.state], [['failure'], 'left', 'none'])
      const settling = { coordinator: at.coordinator, shares, identity: at.identity, nowMs: Date.now() }
      const verdict = await settleShare(settling, shelf.entry ?? assert.fail('nothing was noted'))
      assert.deepEqual([verdict.state, at.line.said], ['discard', ['failure', 'withdrawal']])
    }
  })
})
