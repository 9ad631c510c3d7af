import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRouterTransport, type Interceptor } from '@connectrpc/connect'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { JoinSessionRequest, StartSessionRequest } from '../../proto/gen/coordinator_pb.js'
import { serviceRoutes } from '../../coordinator-stub/rpc/routes.ts'
import { invitationFor, pinnedParty, rig } from '../../testkit/harness.ts'
import { lying, seatIn } from '../../testkit/lying.ts'
import { previewAndJoin } from '../../testkit/previewAndJoin.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import { decodeRoster, encodeRoster, type Roster, signRoster } from '../../tss-wasm/identity/roster.ts'
import { signed } from '../../tss-wasm/identity/signed.ts'
import { concatBytes } from '../../tss-wasm/integers/bytes.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { memoryRuns } from '../connection/runs.ts'
import { createCoordinator } from '../createCoordinator.ts'

const [one, two] = [1, 2] as PartyId[] as [PartyId, PartyId]
const content = { type: 'ethereum-message', message: Uint8Array.of(1, 2, 3) } as const
const proposal = { kind: 'sign', publicKey: secp256k1.getPublicKey(new Uint8Array(32).fill(3)), content } as const
const ours = 'quorate 0.1.0 cggmp24/1'
const older = 'quorate 0.1.0'

interface Meddling {
  /** On the way between the requester and the coordinator; is given the requester's identity. */
  readonly requester?: (identity: Identity) => Interceptor
  readonly signer?: (identity: Identity) => Interceptor
}

/** A request of party 1 that party 2 approves, and the roster of its run as each of them has it. */
async function agreement({ requester, signer }: Meddling): Promise<PromiseSettledResult<Roster>[]> {
  const { identity: person } = await pinnedParty('person')
  const { identity, pinned } = await pinnedParty('server-1')
  const at = await rig({ parties: [pinned], heartbeatMs: 50 })
  const client = (meddle: Interceptor | undefined) => {
    const interceptors = meddle === undefined ? [] : [meddle]
    const transport = createRouterTransport(serviceRoutes(at.services), { transport: { interceptors } })
    return createCoordinator(transport, { random: systemRandom, runs: memoryRuns() })
  }
  await using creator = await client(requester?.(person)).create({
    ...{ identity: person, proposal, threshold: 2, parties: 3, mySeat: one, lifeSeconds: 60 },
    others: [{ seat: two, serverParty: 'server-1', pinned: pinned.identity }],
  })
  const access = await invitationFor(at, 'server-1', identity)
  const joining = { identity, wallet: { threshold: 2, parties: 3 } }
  await using joiner = await previewAndJoin(client(signer?.(identity)), access, joining)
  await Promise.all([creator.markReady(), joiner.markReady()])
  const started = creator.startRun([one, two])
  const theirs = started.then(() => joiner.started())
  return await Promise.allSettled([started, theirs])
}

/** The same text with a party's capability taken out of it. */
const stripped = (terms: Uint8Array): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(new TextDecoder().decode(terms).replace(ours, older))

/** A party of an earlier version: it states, and signs, that it can the nine rounds only. */
const earlierVersion =
  (identity: Identity): Interceptor =>
  (next) =>
  async (request) => {
    const { statement } = request.message as JoinSessionRequest
    if (request.method.name === 'JoinSession' && statement !== undefined) {
      statement.terms = stripped(statement.terms)
      const { signingKey, encryptionKey } = identity.public
      statement.signature = await signed('join', concatBytes(signingKey, encryptionKey, statement.terms), identity)
    }
    return next(request)
  }

/** A requester who signs a roster for the nine rounds although everybody can better. */
const downgrading =
  (identity: Identity): Interceptor =>
  (next) =>
  async (request) => {
    if (request.method.name === 'StartSession') {
      const message = request.message as StartSessionRequest
      message.roster = encodeRoster({ ...decodeRoster(message.roster), signing: undefined })
      message.rosterSignature = await signRoster(message.roster, identity)
    }
    return next(request)
  }

function failsBy(outcome: PromiseSettledResult<unknown> | undefined, check: string, culprits: readonly number[]): void {
  assert.ok(outcome?.status === 'rejected', 'nobody noticed')
  assert.ok(outcome.reason instanceof ProtocolAbort, String(outcome.reason))
  const { failure } = outcome.reason
  assert.ok(failure.kind === 'misbehaviour', JSON.stringify(failure))
  assert.deepEqual([failure.check, failure.culprits], [check, culprits])
}

/** What is said to the coordinator on this way, in its order. */
const noting =
  (calls: string[]): Interceptor =>
  (next) =>
  (request) => {
    calls.push(request.method.name)
    return next(request)
  }

/** A coordinator of an earlier version does not see these fields. */
const unseen: Interceptor = (next) => (request) => {
  const message = request.message as Partial<Record<'ready' | 'creatorReady', boolean>>
  if (request.method.name === 'JoinSession') message.ready = false
  if (request.method.name === 'CreateSession') message.creatorReady = false
  return next(request)
}

const inTurn =
  (...[first, second]: [Interceptor, Interceptor]): Interceptor =>
  (next) =>
    first(second(next))

describe('what signers say to the coordinator', () => {
  it('is one thing until the start: that they come, and are ready', async () => {
    const [asking, coming]: [string[], string[]] = [[], []]
    const outcomes = await agreement({ requester: () => noting(asking), signer: () => noting(coming) })
    assert.ok(outcomes.every(({ status }) => status === 'fulfilled'))
    const told = (calls: readonly string[]) => calls.filter((name) => !/^(Get|Watch|Report)/.test(name))
    assert.deepEqual(told(asking), ['CreateSession', 'StartSession', 'SubscribeMessages'])
    assert.deepEqual(told(coming), ['JoinSession', 'SubscribeMessages'], 'who listens before anything is said')
  })

  it('is said twice to a coordinator of an earlier version', async () => {
    const calls: string[] = []
    const outcomes = await agreement({ requester: () => unseen, signer: () => inTurn(unseen, noting(calls)) })
    assert.ok(outcomes.every(({ status }) => status === 'fulfilled'))
    assert.ok(calls.includes('MarkReady'))
  })
})

describe('by which protocol a signature is made', () => {
  it('is CGGMP24 when all signers have said in their hand-shakes that they can', async () => {
    const outcomes = await agreement({})
    for (const outcome of outcomes) {
      assert.ok(outcome.status === 'fulfilled', String((outcome as PromiseRejectedResult).reason))
      assert.equal(outcome.value.signing, 'cggmp24/1')
    }
  })

  it('is the nine rounds with a signer of an earlier version', async () => {
    const [requester] = await agreement({ signer: earlierVersion })
    assert.ok(requester?.status === 'fulfilled')
    assert.equal(requester.value.signing, undefined)
  })

  it('is not up to the coordinator: what a party can is in its signed hand-shake', async () => {
    const strip = lying((session) => {
      const { statement } = seatIn(session, two) ?? {}
      if (statement !== undefined) statement.terms = stripped(statement.terms)
    })
    const [requester] = await agreement({ requester: () => strip })
    failsBy(requester, 'hand-shake is signed by its party', [])
  })

  it('is not up to the coordinator: what is agreed is in the signed roster', async () => {
    const strip = lying((session) => {
      if (session.roster.length === 0) return
      session.roster = encodeRoster({ ...decodeRoster(session.roster), signing: undefined })
    })
    const [, signer] = await agreement({ signer: () => strip })
    failsBy(signer, 'roster is signed by the creator of the session', [])
  })

  it('is not up to the requester alone, who is named when all can better', async () => {
    const [, signer] = await agreement({ requester: downgrading })
    failsBy(signer, 'roster names the protocol that all signers can', [one])
  })
})
