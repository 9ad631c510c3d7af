import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { create } from '@bufbuild/protobuf'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import {
  ParticipantState,
  type Session,
  SessionKind,
  SessionSchema,
  SessionState,
} from '../../proto/gen/coordinator_pb.js'
import { type Rig, rig } from '../../testkit/harness.ts'
import { seededRandom } from '../../testkit/seededRandom.ts'
import { verifyCertificate } from '../../tss-wasm/identity/certificate.ts'
import type { Epoch } from '../../tss-wasm/identity/handover.ts'
import { createIdentity, type Identity } from '../../tss-wasm/identity/identity.ts'
import { encodeProposal, signProposal } from '../../tss-wasm/identity/proposal.ts'
import {
  firstEpoch,
  handoverOf,
  signReshareApproval,
  signReshareConfirmation,
} from '../../tss-wasm/identity/reshareAgreement.ts'
import type { ReshareProposal } from '../../tss-wasm/identity/reshareProposal.ts'
import { encodeRoster, type Roster } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { type Account, addAccount, epochOf, getAccount } from '../orders/accounts.ts'
import { certificateIn, followed, forgetReshares, noteReshare, reshareOf, resharesOf } from '../orders/reshares.ts'
import { queryAudit } from '../rest/auditQuery.ts'

const random = seededRandom('reshares of accounts')
const digest = (text: string) => new Uint8Array(sha256(new TextEncoder().encode(text)))

/** Alice, server-1 and server-2 hold a 2-of-3 key; the fourth comes into Alice's place, the fifth is a stranger. */
describe('an account whose wallet has new shares', () => {
  let at: Rig
  let people: readonly Identity[]
  let start: Epoch
  let count = 0
  before(async () => {
    at = await rig()
    people = await Promise.all(Array.from({ length: 5 }, createIdentity))
  })

  const person = (index: number): Identity => people[index] ?? assert.fail()

  async function account(): Promise<Account> {
    count += 1
    const publicKey = Uint8Array.of(2, ...digest(`key ${count}`))
    const members = [0, 1, 2].map((index) => ({ seat: (index + 1) as PartyId, identity: person(index).public }))
    start = firstEpoch({ publicKey, threshold: 2, members })
    const made: Account = {
      ...{ accountId: bytesToHex(random(16)), name: 'Till', publicKey, threshold: 2, suspended: false },
      ...{ ownedBy: 'shop', sessionId: bytesToHex(random(16)), createdAtMs: at.clock.now, epochs: { current: start } },
      participants: [
        { seat: 1, party_id: 'alice', type: 'user' },
        { seat: 2, party_id: 'server-1', type: 'server' },
        { seat: 3, party_id: 'server-2', type: 'server' },
      ],
    }
    await addAccount(at.database, made)
    return made
  }

  interface Attempt {
    readonly number?: number
    /** The proposal is signed by this one, who sits in its creator's seat. */
    readonly creator?: number
    readonly signedBy?: number
    readonly confirmed?: readonly number[]
  }

  /** Server-1 proposes, and deals with server-2; person 3 receives the first seat. */
  async function attempt({ number = 1, creator = 1, signedBy = creator, confirmed = [3, 1, 2] }: Attempt = {}) {
    const key = Uint8Array.of(1)
    const { publicKey, members } = start
    const proposal: ReshareProposal = {
      ...{ kind: 'reshare', walletName: 'Till', reason: 'device', publicKey, number, parent: 0, threshold: 2 },
      ...{ parentHash: start.hash, supersedes: [], parties: 3 },
      dealers: [2, 3].map((seat) => ({ seat: seat as PartyId, from: seat as PartyId })),
      before: {
        ...{ threshold: 2, hash: digest('shares before') },
        members: members.map(({ identity }) => ({
          ...{ identity, key, publicShare: publicKey, paillierN: key, nTilde: key, h1: key, h2: key },
        })),
      },
    }
    const id = random(16)
    const sitting = [person(3), person(creator), person(2)]
    const bytes = encodeProposal(proposal, id)
    const roster: Roster = {
      ...{ protocol: 'quorate/2', kind: 'reshare', session: id, run: random(16), threshold: 2, creator: 2 as PartyId },
      proposalHash: sha256(bytes),
      seats: sitting.map((identity, i) => ({
        ...{ seat: (i + 1) as PartyId, identity: identity.public, codeCommitment: random(32) },
      })),
    }
    const handover = handoverOf(proposal, roster)
    const result = { transcriptHash: digest('transcript'), sharesAfter: digest(`shares after ${number}`) }
    const participants = await Promise.all(
      sitting.map(async (identity, i) => ({
        ...{ seat: i + 1, serverParty: i === 0 ? '' : `server-${i}`, identity: { ...identity.public } },
        state: ParticipantState.COMPLETED,
        approval: await signReshareApproval(proposal, roster, (i + 1) as PartyId, identity),
        confirmation: confirmed.includes(people.indexOf(identity))
          ? await signReshareConfirmation(handover, (i + 1) as PartyId, result, identity)
          : new Uint8Array(),
      })),
    )
    const session: Session = create(SessionSchema, {
      ...{ sessionId: bytesToHex(id), kind: SessionKind.RESHARE, state: SessionState.COMPLETED, threshold: 2 },
      ...{ participants, creatorSeat: 2, proposal: bytes, roster: encodeRoster(roster), run: 1, runSeats: [1, 2, 3] },
      ...{ createdAtMs: BigInt(at.clock.now), expiresAtMs: BigInt(at.clock.now + 60_000), version: 1n },
      proposalSignature: await signProposal(bytes, person(signedBy)),
    })
    await noteReshare(at.database, at.services.sessions, session, at.clock.now)
    await at.services.sessions.add(session)
    return session
  }

  const now = async ({ accountId }: Account) =>
    followed(at.database, at.services.sessions, await getAccount(at.database, 'shop', accountId))

  it('is in their epoch once all have signed, its user in the place of the old one', async () => {
    const account0 = await account()
    const { sessionId } = await attempt()
    const after = await now(account0)
    assert.equal(epochOf(after), 1)
    assert.deepEqual(
      after.participants.map(({ seat, party_id, type }) => [seat, party_id, type]),
      [
        [1, 'alice', 'user'],
        [2, 'server-1', 'server'],
        [3, 'server-2', 'server'],
      ],
    )
    assert.deepEqual(after.epochs?.current.members[0]?.identity, { ...person(3).public })
    assert.deepEqual(await getAccount(at.database, 'shop', account0.accountId), after, 'and it is kept')
    assert.deepEqual(await resharesOf(at.database, account0, 10), [sessionId])
  })

  it('gives out what all have signed, for whoever knows the members of before', async () => {
    await account()
    const certificate = await certificateIn(await attempt())
    assert.ok(certificate)
    const { begins } = await verifyCertificate(certificate, start)
    assert.deepEqual([begins.number, begins.members.length], [1, 3])
  })

  it('stays in its epoch while one has not confirmed', async () => {
    const account0 = await account()
    await attempt({ confirmed: [1, 2] })
    assert.equal(epochOf(await now(account0)), 0)
  })

  it('follows the highest of two attempts, whichever is heard of first', async () => {
    for (const numbers of [
      [1, 2],
      [2, 1],
    ]) {
      const account0 = await account()
      for (const number of numbers) {
        await attempt({ number })
        await now(account0)
      }
      assert.equal(epochOf(await now(account0)), 2)
    }
  })

  it('knows nothing of what a stranger proposes, by its own word or by a member’s that is not there', async () => {
    const account0 = await account()
    await attempt({ creator: 4 })
    await attempt({ creator: 1, signedBy: 4 })
    assert.deepEqual(await resharesOf(at.database, account0, 10), [])
    assert.equal(epochOf(await now(account0)), 0)
  })

  it('tells its owner of them, and nobody else', async () => {
    const account0 = await account()
    const { sessionId } = await attempt()
    const heardBy = async (orderedBy: string | undefined) =>
      (await queryAudit(at.database, { sessionId, orderedBy, after: 0, limit: 10 })).map(
        ({ event, account_id, reshare }) => [event, account_id, reshare],
      )
    const proposed = ['created', account0.accountId, 'proposed']
    assert.deepEqual(await heardBy('shop'), [proposed])
    assert.deepEqual(await heardBy(undefined), [proposed])
    assert.deepEqual(await heardBy('rival'), [])
    assert.equal((await reshareOf(at.database, 'shop', sessionId)).accountId, account0.accountId)
    await assert.rejects(reshareOf(at.database, 'rival', sessionId), /no such session/)
  })

  it('forgets attempts with their sessions, and stays where they have brought it', async () => {
    const account0 = await account()
    const { sessionId } = await attempt()
    assert.equal(epochOf(await now(account0)), 1)
    await forgetReshares(at.database, at.clock.now + 2 * 3600_000)
    assert.deepEqual(await resharesOf(at.database, account0, 10), [sessionId])
    await at.database.query('delete from sessions where session_id = $1', [sessionId])
    await forgetReshares(at.database, at.clock.now + 2 * 3600_000)
    assert.deepEqual(await resharesOf(at.database, account0, 10), [])
    assert.equal(epochOf(await now(account0)), 1)
  })
})
