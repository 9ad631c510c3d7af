import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { createClient, type Interceptor } from '@connectrpc/connect'
import { type OpenCodeRequest, CoordinatorService, type Session, SessionKind } from '../proto/gen/coordinator_pb.js'
import { createCoordinator } from '../participant/createCoordinator.ts'
import { memoryRuns } from '../participant/connection/runs.ts'
import { openPartyFolder, type PartyFolder } from '../coordinator-stub/party/folder.ts'
import { openLedger } from '../coordinator-stub/party/ledger.ts'
import { dayMs, defaultPolicy } from '../tss-wasm/policy/policy.ts'
import { runServerParty } from '../coordinator-stub/party/serverParty.ts'
import type { ProtocolAbort } from '../tss-wasm/failure.ts'
import { type Failure } from '../tss-wasm/failure.ts'
import { openCode } from '../tss-wasm/identity/checkCode.ts'
import { createIdentity, type Identity } from '../tss-wasm/identity/identity.ts'
import { encodeProposal, type Proposal, signProposal } from '../tss-wasm/identity/proposal.ts'
import { decodeRoster } from '../tss-wasm/identity/roster.ts'
import { stateTerms, termsOf } from '../tss-wasm/identity/terms.ts'
import { walletIdOf } from '../tss-wasm/keyShare/keyShare.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import type { SealedShare } from '../tss-wasm/worker/api.ts'
import { failureOf } from '../testkit/failureOf.ts'
import { rig, type Rig, temporaryFolder } from '../testkit/harness.ts'
import { type Change, lying, seatIn } from '../testkit/lying.ts'
import { createByInvitation, meddled, meeting, untilTurnedAway } from '../testkit/people.ts'

const [one, two] = [1, 2] as [PartyId, PartyId]

function isMisbehaviour(failure: Failure | undefined, check: RegExp, culprits: readonly number[] = []): void {
  assert.ok(failure?.kind === 'misbehaviour', JSON.stringify(failure))
  assert.match(failure.check, check)
  assert.deepEqual(failure.culprits, culprits)
}

const savings = {
  kind: 'keygen',
  walletName: 'Savings',
  threshold: 3,
  parties: 3,
  curve: 'secp256k1',
  names: true,
} as const

/** What the host signs for a session, hand-shake included. */
async function signedBy(host: Identity, proposal: Proposal, session: Uint8Array) {
  const bytes = encodeProposal(proposal, session)
  const shape = { threshold: 3, parties: 3 }
  const committed = new Uint8Array(proposal.kind === 'keygen' ? 32 : 0)
  const terms = termsOf(proposal, bytes, { session, seat: one }, shape, committed)
  return { bytes, signature: await signProposal(bytes, host), statement: await stateTerms(terms, host) }
}

const idOf = ({ sessionId }: Session) => new Uint8Array(Buffer.from(sessionId, 'hex'))

/** How a new wallet ends for its three people when guest 1 is shown something else; nobody has a wallet. */
async function outcomes(change: (host: Identity) => Change): Promise<(Failure | undefined)[]> {
  const hosts: Identity[] = []
  const all = await meeting(3, (number) =>
    number === 1 ? lying((session, method) => change(hosts[0] ?? assert.fail())(session, method)) : undefined,
  )
  const [host] = all.people
  hosts.push((await host?.identity.load()) ?? assert.fail())
  const outcome = await createByInvitation(all, { threshold: 2, ...untilTurnedAway(1) })
  for (const ports of all.people) assert.deepEqual(await ports.shares.list(), [], 'nobody has a wallet')
  return outcome.map((each) => (each.status === 'rejected' ? (each.reason as ProtocolAbort).failure : undefined))
}

describe('what a guest looked at is what it joins', () => {
  it('although the coordinator shows an older proposal of the same inviter', async () => {
    const older = new Uint8Array(16).fill(9)
    const [, guest] = await outcomes((host) => async (session, method) => {
      if (method !== 'GetSession') return
      const shown = await signedBy(host, savings, older)
      session.proposal = shown.bytes
      session.proposalSignature = shown.signature
    })
    isMisbehaviour(guest, /^proposal is of this session$/)
  })

  it('although the inviter is in league with it, and signs two proposals for one session', async () => {
    const [, guest] = await outcomes((host) => async (session, method) => {
      if (method !== 'GetSession') return
      const shown = await signedBy(host, savings, idOf(session))
      session.proposal = shown.bytes
      session.proposalSignature = shown.signature
      const creator = seatIn(session, one)
      if (creator) creator.statement = { $typeName: 'quorate.v1.Statement', ...shown.statement }
    })
    isMisbehaviour(guest, /^what was looked at is what is joined$/)
  })

  it('although the inviter keeps to its story until the roster', async () => {
    const [, guest] = await outcomes((host) => async (session) => {
      const shown = await signedBy(host, savings, idOf(session))
      if (session.proposal.length > 0) {
        session.proposal = shown.bytes
        session.proposalSignature = shown.signature
      }
      const creator = seatIn(session, one)
      if (creator) creator.statement = { $typeName: 'quorate.v1.Statement', ...shown.statement }
    })
    assert.ok(guest?.kind === 'peer-gave-up', JSON.stringify(guest))
    assert.match(guest.detail, /threshold: here 2, there 3/)
  })

  it('although the inviter says something else of itself after it was looked at', async () => {
    const [, guest] = await outcomes((host) => async (session, method) => {
      if (method === 'GetSession') return
      const said = await signedBy(host, { ...savings, walletName: 'Family', threshold: 2 }, idOf(session))
      const creator = seatIn(session, one)
      if (creator?.statement) creator.statement.signature = said.statement.signature
    })
    isMisbehaviour(guest, /^what was looked at is what is joined$/)
  })
})

describe('the check code of a new wallet', () => {
  it('ends the session, and names who opens something else than it has committed to', async () => {
    const guests: Identity[] = []
    const reopening: Interceptor = (next) => async (request) => {
      if (request.method.name === 'OpenCode' && !request.stream) {
        const message = request.message as unknown as OpenCodeRequest
        message.opening = await openCode(decodeRoster(roster), two, new Uint8Array(32), guests[0] ?? assert.fail())
      }
      return next(request)
    }
    let roster: Uint8Array = new Uint8Array()
    const overhearing = lying((session) => {
      if (session.roster.length > 0) roster = session.roster
    })
    const both: Interceptor = (next) => reopening(overhearing(next))
    const all = await meeting(3, (number) => (number === 1 ? both : undefined))
    guests.push((await all.people[1]?.identity.load()) ?? assert.fail())
    const outcome = await createByInvitation(all, { threshold: 2, lifeSeconds: 20 })
    const failures = outcome.map((each) =>
      each.status === 'rejected' ? (each.reason as ProtocolAbort).failure : undefined,
    )
    assert.ok(
      failures.some((failure) => failure?.kind === 'misbehaviour' && failure.culprits.join() === '2'),
      JSON.stringify(failures),
    )
    for (const failure of [failures[0], failures[2]]) {
      if (failure?.kind === 'peer-gave-up') assert.deepEqual(failure.about, [2])
      else isMisbehaviour(failure, /is what its party committed to/, [2])
    }
    for (const ports of all.people) assert.deepEqual(await ports.shares.list(), [])
  })

  it('is not made of what the coordinator says that somebody opened', async () => {
    const all = await meeting(2, (number) =>
      number === 0
        ? lying((session) => {
            seatIn(session, two)?.codeOpening.fill(3)
          })
        : undefined,
    )
    const [host] = await createByInvitation(all, { threshold: 2, lifeSeconds: 20 })
    assert.ok(host?.status === 'rejected')
    isMisbehaviour((host.reason as ProtocolAbort).failure, /opening is signed by its party/)
  })
})

const publicKey = new Uint8Array(33).fill(2)
const request = { kind: 'sign', publicKey, content: { type: 'ethereum-message', message: Uint8Array.of(1) } } as const

/** A server party with one wallet, whose other holder is Alice; one signature an hour. */
async function partyOf(at: Rig, folder: PartyFolder, alice: Identity, path: string) {
  const walletId = walletIdOf(publicKey)
  const pending = {
    sessionId: '0'.repeat(32),
    joinToken: '',
    roster: Uint8Array.of(1),
    confirmation: new Uint8Array(),
    isLeaving: false,
    storedAtMs: 0,
    expiresAtMs: 0,
  }
  const seats = [alice, folder.identity].map(({ public: identity }, i) => ({ seat: (i + 1) as PartyId, identity }))
  const wallet = { walletId, name: 'Ours', publicKey, threshold: 2, mySeat: two, seats }
  await folder.putPending({ ...wallet, state: 'pending', pending }, new Uint8Array([1]) as SealedShare)
  await folder.activate(walletId)
  const ended: string[] = []
  const waiting = new Set<() => void>()
  const stop = new AbortController()
  const running = runServerParty(
    {
      name: 'server-1',
      folder,
      preparation: { reserve: () => assert.fail('no wallet is made'), [Symbol.dispose]: () => undefined },
      transport: at.transport,
      startEngine: () => assert.fail('nothing is computed'),
      random: systemRandom,
      policy: { ...defaultPolicy, mostSignaturesPerHour: 1 },
      ledger: await openLedger(path, dayMs),
      now: Date.now,
      deadlineMs: 1000,
      patienceMs: 600_000,
      log(event, details) {
        if (event !== 'session-failed') return
        ended.push(String(details?.['reason']))
        for (const wake of waiting) wake()
      },
    },
    stop.signal,
  )
  return {
    /** Until so many sessions are over for the party; why, in the order in which they ended. */
    async hasEnded(count: number): Promise<readonly string[]> {
      while (ended.length < count) await new Promise<void>((resolve) => waiting.add(resolve))
      return ended
    },
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('the test is over'))
      await running
    },
  }
}

describe('the limits of a server party', () => {
  const others = (folder: PartyFolder) => [{ seat: two, serverParty: 'server-1', pinned: folder.identity.public }]
  const asking = { proposal: request, threshold: 2, parties: 2, mySeat: one }

  it('pay nothing for an old request that a coordinator plays again under new session ids', async () => {
    await using temporary = await temporaryFolder()
    await using folder = await openPartyFolder(join(temporary.path, 'party'), undefined, systemRandom)
    const at = await rig({ parties: [{ name: 'server-1', identity: folder.identity.public }] })
    const alice = await createIdentity()
    await using party = await partyOf(at, folder, alice, join(temporary.path, 'ledger.json'))
    const old = await signedBy(alice, request, new Uint8Array(16).fill(5))
    for (let times = 1; times <= 3; times += 1) {
      await createClient(CoordinatorService, at.transport).createSession({
        kind: SessionKind.SIGN,
        threshold: 2,
        seats: [{ seat: 1 }, { seat: 2, serverParty: 'server-1' }],
        creatorSeat: 1,
        proposal: old.bytes,
        proposalSignature: old.signature,
        creatorIdentity: alice.public,
        creatorStatement: old.statement,
      })
      const reasons = await party.hasEnded(times)
      assert.match(reasons.at(-1) ?? '', /proposal is of this session/)
    }
    const client = createCoordinator(at.transport, { random: systemRandom, runs: memoryRuns() })
    await using genuine = await client.create({ ...asking, identity: alice, others: others(folder) })
    await genuine.markReady()
    await agrees(genuine)
  })

  it('are given back what they paid for a request that ended before our part of a signature could leave', async () => {
    await using temporary = await temporaryFolder()
    await using folder = await openPartyFolder(join(temporary.path, 'party'), undefined, systemRandom)
    const at = await rig({ parties: [{ name: 'server-1', identity: folder.identity.public }] })
    const alice = await createIdentity()
    await using party = await partyOf(at, folder, alice, join(temporary.path, 'ledger.json'))
    const client = createCoordinator(at.transport, { random: systemRandom, runs: memoryRuns() })
    for (let times = 1; times <= 3; times += 1) {
      await using asked = await client.create({ ...asking, identity: alice, others: others(folder) })
      await asked.markReady()
      await agrees(asked)
      await asked.fail({ kind: 'cancelled' })
      await party.hasEnded(times)
    }
  })

  it('keep what they paid for a request that is shown again after it was signed', async () => {
    await using temporary = await temporaryFolder()
    await using folder = await openPartyFolder(join(temporary.path, 'party'), undefined, systemRandom)
    const at = await rig({ parties: [{ name: 'server-1', identity: folder.identity.public }] })
    const alice = await createIdentity()
    const client = createCoordinator(at.transport, { random: systemRandom, runs: memoryRuns() })
    await using again = await client.create({ ...asking, identity: alice, others: others(folder) })
    const path = join(temporary.path, 'ledger.json')
    // As it stands once our part of the signature has left.
    const charged = bytesToHex(sha256(encodeProposal(request, hexToBytes(again.sessionId))))
    const signed = { request: charged, walletId: walletIdOf(publicKey) }
    const paid = { chainId: undefined, amount: 0n }
    assert.equal(await (await openLedger(path, dayMs)).charge(signed, Date.now(), () => [paid]), true)
    await using party = await partyOf(at, folder, alice, path)
    await again.markReady()
    await agrees(again)
    await again.fail({ kind: 'cancelled' })
    await party.hasEnded(1)
    await using next = await client.create({ ...asking, identity: alice, others: others(folder) })
    await next.markReady()
    await assert.rejects(agrees(next), /limit of 1 signatures an hour/)
  })

  it('are not those of a holder in whose name the coordinator shows a request', async () => {
    const at = await rig()
    const [alice, bob, mallory] = [await createIdentity(), await createIdentity(), await createIdentity()]
    const old = await signedBy(alice, request, new Uint8Array(16).fill(5))
    const inHerName = lying((session) => {
      const creator = seatIn(session, one)
      if (creator === undefined) return
      creator.identity = { $typeName: 'quorate.v1.Identity', ...alice.public }
      creator.statement = { $typeName: 'quorate.v1.Statement', ...old.statement }
      session.proposal = old.bytes
      session.proposalSignature = old.signature
    })
    const client = createCoordinator(at.transport, { random: systemRandom, runs: memoryRuns() })
    const others = [{ seat: two, serverParty: '', pinned: bob.public }]
    await using session = await client.create({ ...asking, identity: mallory, others })
    const misled = createCoordinator(meddled(at, inHerName), { random: systemRandom, runs: memoryRuns() })
    const { value: offer } = await misled.offersTo(bob, new AbortController().signal).next()
    assert.equal(offer?.sessionId, session.sessionId)
    isMisbehaviour(await failureOf(misled.preview(offer)), /^proposal is of this session$/)
  })
})

/** The server party in seat 2 has approved. */
async function agrees(seat: {
  watchPresence: (tell: (all: readonly { seat: PartyId; state: string; failure?: Failure }[]) => void) => void
}) {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  seat.watchPresence((all) => {
    const party = all.find((each) => each.seat === two)
    if (party?.state === 'ready') resolve(undefined)
    if (party?.state === 'failed') reject(new Error(JSON.stringify(party.failure)))
  })
  await promise
}
