import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Interceptor } from '@connectrpc/connect'
import { ParticipantState, type Session, SessionState } from '../proto/gen/coordinator_pb.js'
import { type Failure, ProtocolAbort } from '../tss-wasm/failure.ts'
import { createIdentity, type Identity } from '../tss-wasm/identity/identity.ts'
import { readInvitation } from '../tss-wasm/identity/invitation.ts'
import { joinBinding } from '../tss-wasm/identity/join.ts'
import { signProposal } from '../tss-wasm/identity/proposal.ts'
import { signed } from '../tss-wasm/identity/signed.ts'
import { concatBytes } from '../tss-wasm/integers/bytes.ts'
import { type Change, lying, seatIn as seatOf } from '../testkit/lying.ts'
import { joinByInvitation, previewInvitation } from '../web/jobs/joinByInvitation.ts'
import { settlePending } from '../web/jobs/settlePending.ts'
import {
  app,
  createByInvitation,
  type Creation,
  installation,
  meeting,
  never,
  passphrase,
  untilTurnedAway,
} from '../testkit/people.ts'

/** The outcomes of host and guests when the coordinator lies to number `to`. */
async function outcomes(to: number, change: Change, creation: Partial<Creation> = {}, count = 3): Promise<Failure[]> {
  const now = await meeting(count, (number) => (number === to ? lying(change) : undefined))
  const all = await createByInvitation(now, { threshold: 2, lifeSeconds: 20, ...creation })
  for (const ports of now.people) assert.deepEqual(await ports.shares.list(), [], 'nobody has a wallet')
  return all.map((outcome) => {
    assert.ok(outcome.status === 'rejected', 'somebody made a wallet')
    assert.ok(outcome.reason instanceof ProtocolAbort, String(outcome.reason))
    return outcome.reason.failure
  })
}

function failsBy(failure: Failure | undefined, check: string): void {
  assert.ok(failure?.kind === 'misbehaviour', JSON.stringify(failure))
  const named = `${failure.check} (${failure.detail ?? ''})`
  assert.ok(named.includes(check), named)
  assert.deepEqual(failure.culprits, [], 'the coordinator could have done it, so no party is blamed')
}

/** What a party that is `identity` would state and sign in place of another. */
async function restated(session: Session, seat: number, identity: Identity): Promise<void> {
  const victim = seatOf(session, seat)
  if (victim?.statement === undefined) return
  const { signingKey, encryptionKey } = identity.public
  victim.identity = { $typeName: 'quorate.v1.Identity', signingKey, encryptionKey }
  const bytes = concatBytes(signingKey, encryptionKey, victim.statement.terms)
  victim.statement.signature = await signed('join', bytes, identity)
}

/** Whichever program comes last is told, and taken for, the one that sits in this seat. */
function passingOff(seat: number): Interceptor {
  let [sitting, latest] = [new Uint8Array(), new Uint8Array()]
  const told = lying((session) => {
    const me = seatOf(session, seat)
    if (me !== undefined) me.client = latest
  })
  return (next) =>
    told((request) => {
      const { client } = request.message as { client?: Uint8Array<ArrayBuffer> }
      if (request.method.name === 'JoinSession' && client !== undefined) {
        latest = client
        if (sitting.length === 0) sitting = client
        Object.assign(request.message, { client: sitting })
      }
      return next(request)
    })
}

describe('a malicious coordinator at the table', () => {
  it('cannot swap the identity of whoever joined, not even with a hand-shake of its own', async () => {
    const mallory = await createIdentity()
    const [host] = await outcomes(0, (session) => restated(session, 2, mallory))
    failsBy(host, 'seat was taken with its invitation (seat 2)')
  })

  it('cannot swap the key that private messages are encrypted to', async () => {
    const [host] = await outcomes(0, (session) => {
      seatOf(session, 3)?.identity?.encryptionKey.fill(9)
    })
    failsBy(host, 'seat was taken with its invitation (seat 3)')
  })

  it('cannot take a seat with the join token that it issued', async () => {
    const mallory = await createIdentity()
    const [host] = await outcomes(0, async (session) => {
      await restated(session, 2, mallory)
      seatOf(session, 2)?.seatMac.fill(1)
    })
    failsBy(host, 'seat was taken with its invitation (seat 2)')
  })

  it('cannot seat whoever has read a link in the history of a browser, once its person has come', async () => {
    const thief = await createIdentity()
    let link = ''
    const swap: Change = async (session) => {
      const isThere = (seat: number) => seatOf(session, seat)?.state === ParticipantState.JOINED
      const victim = seatOf(session, 2)
      if (victim === undefined || !isThere(2) || !isThere(3)) return
      await restated(session, 2, thief)
      const { seatSecret, seat, session: id } = readInvitation(link, Date.now()).invitation
      const terms = victim.statement?.terms ?? new Uint8Array()
      const join = { session: id, seat, identity: thief.public, terms }
      victim.seatMac = new Uint8Array(joinBinding(seatSecret.reveal(), join))
    }
    let comesSecond: () => void = () => undefined
    const [host] = await outcomes(0, swap, {
      follow(invitations, _, follow) {
        link = invitations[0]?.link ?? ''
        follow(1, link)
        comesSecond = () => {
          follow(2, invitations[1]?.link ?? '')
          comesSecond = () => undefined
        }
      },
      onEvent(event) {
        if (event.type !== 'presence') return
        if (event.participants.some(({ seat, state }) => seat === 2 && state === 'joined')) comesSecond()
      },
    })
    failsBy(host, 'seat was taken with its invitation (seat 2: by somebody else before)')
  })

  it('cannot pass for the one who invites', async () => {
    const mallory = await createIdentity()
    const [, guest] = await outcomes(
      1,
      async (session) => {
        const creator = seatOf(session, 1)
        if (creator === undefined || session.proposal.length === 0) return
        creator.identity = { $typeName: 'quorate.v1.Identity', ...mallory.public }
        session.proposalSignature = await signProposal(session.proposal, mallory)
      },
      untilTurnedAway(1),
    )
    failsBy(guest, 'created by whoever sent the invitation')
  })

  it('cannot tell a guest other terms', async () => {
    const [, guest] = await outcomes(
      1,
      (session) => {
        const text = new TextDecoder().decode(session.proposal).replace('"threshold":2', '"threshold":3')
        session.proposal = new TextEncoder().encode(text)
      },
      untilTurnedAway(1),
    )
    failsBy(guest, 'proposal is signed by the creator')
  })

  it('cannot hide what a party stated', async () => {
    const [, , second] = await outcomes(2, (session) => {
      seatOf(session, 2)?.statement?.terms.fill(32)
    })
    failsBy(second, 'hand-shake is signed by its party (party 2)')
  })

  it('cannot publish another roster', async () => {
    const [, guest] = await outcomes(1, (session) => {
      if (session.roster.length > 0) session.roster[300] = (session.roster[300] ?? 0) ^ 1
    })
    failsBy(guest, 'roster is signed by the creator')
  })

  it('cannot start before everybody has approved', async () => {
    const undecided: Partial<Creation> = { codesMatch: (number) => number !== 1 || new Promise<never>(() => undefined) }
    const [host] = await outcomes(
      0,
      (session) => {
        if (session.roster.length === 0) return
        for (const participant of session.participants) {
          if (participant.state !== ParticipantState.JOINED) continue
          participant.state = ParticipantState.READY
          participant.approval = new Uint8Array(64).fill(1)
        }
      },
      undecided,
    )
    failsBy(host, 'roster is approved by everybody (party 2)')
  })

  it('that gives an invitation to somebody else is reported by the refused join', async () => {
    const now = await meeting(2)
    const late = await installation(now.at.transport, 2)
    let refused: Promise<unknown> | undefined
    let reported = 0
    const all = await createByInvitation(now, {
      threshold: 2,
      async codesMatch(number) {
        if (number !== 0) return true
        const link = links[0] ?? ''
        const invitedTo = await previewInvitation(late, link, app)
        assert.ok(invitedTo.isTaken)
        const person = { codesMatch: () => Promise.resolve(true) }
        const form = { invitedTo, serverParties: [], passphrase: passphrase() }
        refused = joinByInvitation(late, form, () => undefined, never, person)
        await refused.catch(() => undefined)
        return true
      },
      follow(invitations, _, follow) {
        links.push(...invitations.map(({ link }) => link))
        follow(1, links[0] ?? '')
      },
      onEvent(event) {
        if (event.type !== 'presence') return
        reported = event.participants.find(({ seat }) => seat === 2)?.refusedJoins ?? 0
      },
    })
    assert.deepEqual(
      all.map(({ status }) => status),
      ['fulfilled', 'fulfilled'],
    )
    await assert.rejects(refused ?? Promise.resolve(), /taken by a different identity|roster is final|in progress/)
    assert.equal(reported, 1)
  })
  const links: string[] = []

  it('cannot split a wallet: a party told of a failure after confirming keeps its share, and learns the truth', async () => {
    let isLying = true
    const now = await meeting(3, (number) =>
      number === 2
        ? lying((session) => {
            if (!isLying || session.state !== SessionState.COMPLETED) return
            session.state = SessionState.FAILED
            for (const participant of session.participants) participant.confirmation = new Uint8Array()
          })
        : undefined,
    )
    const all = await createByInvitation(now, { threshold: 2 })
    assert.deepEqual(
      all.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected'],
    )
    const [, , misled] = now.people
    assert.ok(misled)
    const states = async () => (await misled.shares.list()).map(({ state }) => state)
    assert.deepEqual(await states(), ['pending'])
    const [waiting] = await settlePending(misled)
    assert.equal(waiting?.failure.kind, 'timed-out')
    assert.deepEqual(await states(), ['pending'])
    isLying = false
    assert.deepEqual(await settlePending(misled), [])
    assert.deepEqual(await states(), ['active'])
  })

  it('cannot play a whole session to a party once more', async () => {
    const now = await meeting(2, (number) => (number === 1 ? passingOff(2) : undefined))
    let link = ''
    let stored: Uint8Array | undefined
    const all = await createByInvitation(now, {
      threshold: 2,
      follow(invitations, _, follow) {
        link = invitations[0]?.link ?? ''
        follow(1, link)
      },
      async codesMatch(number) {
        const [row] = await now.at.database.query('select document from sessions')
        if (number === 1) stored = row?.['document'] as Uint8Array
        return true
      },
    })
    for (const { status } of all) assert.equal(status, 'fulfilled')
    assert.ok(stored)
    await now.at.database.query('update sessions set document = $1, state = $2', [stored, SessionState.WAITING])
    const [, guest] = now.people
    assert.ok(guest)
    const before = await guest.shares.list()
    const again = await installation(now.at.transport, 1)
    const same = { ...again, coordinator: guest.coordinator, identity: guest.identity, shares: guest.shares }
    const invitedTo = await previewInvitation(same, link, app)
    const person = { codesMatch: () => Promise.resolve(true) }
    const form = { invitedTo, serverParties: [], passphrase: passphrase() }
    await assert.rejects(
      joinByInvitation(same, form, () => undefined, never, person),
      /roster has our commitment in our seat/,
    )
    assert.deepEqual(await guest.shares.list(), before)
  })
})
