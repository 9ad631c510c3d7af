import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createClient } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { temporaryFolder } from '../../testkit/harness.ts'
import type { LocalStack } from '../../testkit/localStack.ts'
import { runningStack } from '../../testkit/running.ts'
import { CoordinatorService } from '../../proto/gen/coordinator_pb.js'
import { dice } from '../../fuzz/mutate.ts'
import { keygen, overGrpc, sign, somePeople, wallets } from '../ceremony.ts'
import { faults } from '../faults.ts'
import { startProxy, type Fate } from '../proxy.ts'

const resources = new AsyncDisposableStack()
let stack: LocalStack
before(async () => {
  const { path: dataFolder } = resources.use(await temporaryFolder())
  stack = resources.use(await runningStack({ dataFolder, parties: [] }))
})
after(() => resources.disposeAsync())

/** Two of the faults of `npm run soak`, once each: one of calls and one of streams; lost calls cost their time-outs. */
describe('a ceremony on a bad network', () => {
  it('ends with a wallet for everybody, and a signature', async () => {
    const roll = dice(5)
    const bad = faults.filter(({ name }) => /breaks off|streams are cut/.test(name))
    assert.equal(bad.length, 2)
    const fate = (path: string): Fate => Object.assign({}, ...bad.map((fault) => fault.fate(path, roll))) as Fate
    await using proxy = await startProxy(stack.grpcUrl, fate)
    const people = await somePeople(3, overGrpc(proxy.url), 'remembered')
    const told = { onProgress: () => undefined }
    assert.ok('ms' in (await keygen(people, told)))
    assert.equal(await wallets(people), 'all')
    assert.ok('ms' in (await sign(people, told)))
    assert.ok(proxy.counts.meddled > 5, `only ${proxy.counts.meddled} calls were meddled with`)
  })
})

describe('the proxy', () => {
  it('does what it is told: passes on, sends twice, loses, breaks off', async () => {
    let fate: Fate = {}
    await using proxy = await startProxy(stack.grpcUrl, () => fate)
    const sessions = createClient(CoordinatorService, createGrpcTransport({ baseUrl: proxy.url }))
    const ask = (timeoutMs = 300_000) => sessions.getSession({ sessionId: '00'.repeat(16) }, { timeoutMs })
    // The coordinator's own answer, whole, with its status and words.
    await assert.rejects(ask(), /\[(unauthenticated|not_found|permission_denied)\]/)
    fate = { twice: true }
    await assert.rejects(ask(), /\[(unauthenticated|not_found|permission_denied)\]/)
    for (const lost of ['call', 'answer'] as const) {
      fate = { lost }
      await assert.rejects(ask(1000), /\[deadline_exceeded\]/)
    }
    fate = { cutAfterMs: 0, delayMs: 50 } // cut before the answer is there
    await assert.rejects(ask(), /\[internal\]/)
    assert.deepEqual(proxy.counts, { calls: 5, meddled: 4 })
  })
})
