import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Code, ConnectError } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { createCoordinator } from '../participant/createCoordinator.ts'
import { memoryRuns } from '../participant/connection/runs.ts'
import { createRequests, type RequestBox, type Requests } from '../participant/requests/requestBox.ts'
import { openRun, type Signing } from '../participant/requests/signRequest.ts'
import { encodeTransaction } from '../tss-wasm/content/transaction.ts'
import { ProtocolAbort } from '../tss-wasm/failure.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import type { Spent } from '../tss-wasm/policy/decide.ts'
import { foretell } from '../tss-wasm/policy/foretell.ts'
import { checkRules } from '../tss-wasm/policy/published.ts'
import type { OpenedRequest } from '../tss-wasm/requests/entry.ts'
import type { Membership } from '../tss-wasm/requests/mailbox.ts'
import type { Request } from '../tss-wasm/requests/request.ts'
import { type RequestState, stateOf } from '../tss-wasm/requests/state.ts'
import { startEngine } from '../tss-wasm/worker/client.ts'
import { spawnInNode } from '../tss-wasm/worker/spawn.node.ts'
import type { NewWallet } from '../tss-wasm/worker/api.ts'
import type { LocalStack } from '../testkit/localStack.ts'
import { temporaryFolder } from '../testkit/harness.ts'
import { createWallet, person, type Person } from '../testkit/person.ts'
import { runningStack } from '../testkit/running.ts'

const me = 1 as PartyId
const hourMs = 3600_000

const rawDigest = () => ({ type: 'raw-digest', digest: systemRandom(32) }) as const

/** One person and two server parties as processes, of whom two sign. */
describe('a request that outlives whoever asks', () => {
  const resources = new AsyncDisposableStack()
  let stack: LocalStack
  let asker: Person
  let wallet: NewWallet
  let membership: Membership

  before(async () => {
    const folder = resources.use(await temporaryFolder()).path
    stack = resources.use(await runningStack({ dataFolder: folder, roundDeadlineSeconds: 15 }))
    asker = await person(createGrpcTransport({ baseUrl: stack.grpcUrl }))
    wallet = await createWallet(asker, stack.parties)
    const others = stack.parties.map(({ identity }, at) => ({ seat: (at + 2) as PartyId, identity }))
    const members = [{ seat: me, identity: asker.identity.public }, ...others]
    membership = { publicKey: wallet.publicKey, epoch: 0, threshold: 2, members }
  })
  after(() => resources.disposeAsync())

  /** The asker's program, which knows nothing of an earlier one. */
  const requestsOf = (): Requests =>
    createRequests(createGrpcTransport({ baseUrl: stack.grpcUrl }), { random: systemRandom, now: Date.now })
  const boxOf = (requests: Requests): Promise<RequestBox> => requests.open({ membership, me, identity: asker.identity })

  function request(content: Request['content'], changes: Partial<Request> = {}): Request {
    const now = Date.now()
    return {
      ...{ id: systemRandom(16), salt: systemRandom(16), from: me, publicKey: wallet.publicKey, content },
      ...{ note: '', createdMs: now, expiresMs: now + hourMs },
      ...changes,
    }
  }
  const message = (text: string) => ({ type: 'ethereum-message', message: new TextEncoder().encode(text) }) as const

  /** As soon as the request is as wanted, by whatever its members have signed. */
  async function until(
    id: Uint8Array,
    isWanted: (state: RequestState) => boolean,
  ): Promise<{ readonly opened: OpenedRequest; readonly state: RequestState }> {
    const requests = requestsOf()
    const box = await boxOf(requests)
    const over = new AbortController()
    try {
      for await (const { requests: heads } of requests.watch([membership], over.signal)) {
        if (heads.length === 0) continue
        const opened = await box.read(id)
        const state = stateOf(opened, membership, Date.now())
        if (isWanted(state)) return { opened, state }
      }
    } finally {
      over.abort(new ProtocolAbort({ kind: 'cancelled' }))
    }
    throw new Error('the watch has ended')
  }

  it('is approved and signed by server parties once it has gone, and read when it comes back', async () => {
    const asked = request(message('pay the milkman'))
    await (await boxOf(requestsOf())).ask(asked)
    const { state } = await until(asked.id, ({ stage }) => stage === 'signed')
    assert.deepEqual(state.signed?.signers, [2, 3])
    assert.deepEqual(
      state.members.map(({ answer }) => answer),
      ['approved', 'approved', 'approved'],
    )
    // Read on another day: the signature was held against the content when it was opened.
    const again = stateOf(await (await boxOf(requestsOf())).read(asked.id), membership, Date.now() + 48 * hourMs)
    assert.deepEqual([again.stage, again.signed], ['signed', state.signed])
  })

  it('is signed once, with one signature, when several open a session for it', async () => {
    const asked = request(message('pay the baker'))
    const box = await boxOf(requestsOf())
    await box.ask(asked)
    const { opened } = await until(asked.id, ({ stage }) => stage === 'ready' || stage === 'signed')
    const coordinator = createCoordinator(asker.transport, { random: systemRandom, runs: memoryRuns() })
    const signing: Signing = {
      ...{ coordinator, box, identity: asker.identity, claim: 'a'.repeat(32), now: Date.now },
      sign: async (roster, channel) => {
        using engine = startEngine(spawnInNode)
        const { content } = asked
        const sealing = { kind: 'key', key: asker.key } as const
        const seating = { me, identity: asker.identity, roster, deadlineMs: 60_000 }
        const { sealedShare } = wallet
        return await engine.sign(
          { ...seating, sealedShare, sealing, content, request: opened.bytes },
          channel,
          () => undefined,
        )
      },
    }
    await openRun(signing, opened, new AbortController().signal).catch((error: unknown) => {
      assert.ok(error instanceof ProtocolAbort, String(error)) // the servers were first, and want nobody else
    })
    const { opened: end } = await until(asked.id, ({ stage }) => stage === 'signed')
    const made = end.statements.flatMap(({ says }) => (says.type === 'signed' ? [says] : []))
    const of = made[0]?.signatures
    assert.ok(made.every(({ signatures }) => JSON.stringify(signatures) === JSON.stringify(of)))
  })

  it('is signed by the others when whoever has opened the session for it dies in the middle of the run', async () => {
    let isDead = false
    // The program is gone: nothing of it arrives any more, not even that it stops.
    const transport = createGrpcTransport({
      baseUrl: stack.grpcUrl,
      interceptors: [
        (next) => (call) => (isDead ? Promise.reject(new ConnectError('dead', Code.Unavailable)) : next(call)),
      ],
    })
    const requests = createRequests(transport, { random: systemRandom, now: Date.now })
    const box = await boxOf(requests)
    const claim = 'd'.repeat(32)
    // The servers may be quicker to open a session, and sign that request between them.
    let opened: OpenedRequest
    do {
      const asked = request(message('pay the cook'))
      await box.ask(asked)
      opened = await box.read(asked.id)
    } while ((await box.meet(opened, claim)) !== claim)
    const { id } = opened.request
    opened = (await until(id, ({ stage }) => stage === 'ready')).opened
    const stop = new AbortController()
    const died = Promise.withResolvers<undefined>()
    const quick = { callMs: 5000, giveUpMs: 1000 }
    const signing: Signing = {
      coordinator: createCoordinator(transport, { random: systemRandom, runs: memoryRuns(), timing: quick }),
      ...{ box, identity: asker.identity, claim, now: Date.now },
      sign: async (roster, channel) => {
        using engine = startEngine(spawnInNode)
        const sealing = { kind: 'key', key: asker.key } as const
        const seating = { me, identity: asker.identity, roster, deadlineMs: 60_000 }
        const { sealedShare } = wallet
        const { content } = opened.request
        return await engine.sign(
          { ...seating, sealedShare, sealing, content, request: opened.bytes },
          channel,
          ({ type }) => {
            if (type !== 'received') return
            isDead = true
            died.resolve(undefined)
          },
        )
      },
    }
    const run = openRun(signing, opened, stop.signal).catch((error: unknown) => {
      assert.ok(error instanceof ProtocolAbort, String(error))
    })
    await died.promise
    stop.abort(new ProtocolAbort({ kind: 'cancelled' }))
    await run
    const { state } = await until(id, ({ stage }) => stage === 'signed')
    assert.deepEqual(state.signed?.signers, [2, 3])
  })

  it('is foretold by rules that each party has told, with what the wallet has spent', async () => {
    const friend = `0x${'5b'.repeat(20)}`
    const paying = {
      type: 'ethereum-transaction' as const,
      unsigned: encodeTransaction({
        ...{ chainId: 5n, nonce: 7n, maxPriorityFeePerGas: 0n, maxFeePerGas: 1n, gasLimit: 21_000n },
        ...{ to: friend, value: 1_000n, data: new Uint8Array(), accessList: [] },
      }),
    }
    const asked = request(paying)
    const requests = requestsOf()
    const box = await boxOf(requests)
    await box.ask(asked)
    const over = new AbortController()
    const spentBy = new Map<number, readonly Spent[]>()
    try {
      for await (const { notices } of requests.watch([membership], over.signal)) {
        for (const { seat } of notices) {
          const rules = await box.told(seat as PartyId)
          checkRules(rules, membership, seat as PartyId, { nowMs: Date.now(), newestMs: 0 })
          assert.equal(
            foretell(rules, { order: { ...asked, content: rawDigest() }, by: '' }, Date.now()).type,
            'refuses',
          )
          const spent = rules.spent?.filter(({ chainId }) => chainId === 5) ?? []
          if (spent.length > 0) spentBy.set(seat, spent)
        }
        // Whoever opens the session, it takes two: of three members both servers, as the asker takes no part.
        if (spentBy.size === 2) break
      }
    } finally {
      over.abort(new ProtocolAbort({ kind: 'cancelled' }))
    }
    for (const spent of spentBy.values()) {
      assert.deepEqual(
        spent.map(({ amount }) => amount),
        [22_000n],
      )
    }
  })

  it('is rejected by each policy with the rule that stands against it, and ends', async () => {
    const asked = request(rawDigest())
    await (await boxOf(requestsOf())).ask(asked)
    const { state } = await until(asked.id, ({ stage }) => stage === 'rejected')
    for (const { by, reason = '' } of state.members.slice(1)) {
      assert.equal(by, 'policy')
      assert.match(reason, /raw digest/)
    }
    assert.equal(state.signed, undefined)
  })
})
