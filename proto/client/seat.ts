import type { Client } from '@connectrpc/connect'
import { hexToBytes } from '@noble/hashes/utils.js'
import { type Failure, misbehaviour, ProtocolAbort } from '../../tss-wasm/failure.ts'
import { verifyAllConfirmed } from '../../tss-wasm/identity/confirmation.ts'
import type { Identity, PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import type { Proposal } from '../../tss-wasm/identity/proposal.ts'
import { type Roster, verifyRoster } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/round/channel.ts'
import { type CoordinatorService, ParticipantState, type Session, SessionState } from '../gen/coordinator_pb.js'
import type { RouterService } from '../gen/router_pb.js'
import { openChannel } from './channel.ts'
import type { Presence, Seat } from './client.ts'
import { encodeFailure } from './failures.ts'
import { patient, type Persistence, persistence } from './persistence.ts'
import { type SessionWatch, watchSession } from './sessionWatch.ts'

/** The services of one coordinator, and how to insist. */
export interface Connection {
  readonly sessions: Client<typeof CoordinatorService>
  readonly router: Client<typeof RouterService>
  readonly persistently: Persistence
}

/** What a seat stands on; all of it verified where it can be. */
export interface Taken {
  readonly session: Session
  readonly me: PartyId
  readonly identity: Identity
  readonly joinToken: string
  readonly proposal: Proposal
  readonly proposalBytes: Uint8Array
  readonly creator: PublicIdentity
}

/** A seat and what its creator's variant builds on. */
export interface OpenSeat extends Seat {
  readonly watch: SessionWatch
  readonly headers: Readonly<Record<string, string>>
  /** Set by whoever starts the session; `started` sets it for those who wait for the start. */
  adopt(roster: Roster): void
}

const longestLifeMs = 24 * 3600_000
/** How long the others are told why we stop before we stop telling. */
const farewellMs = 5000

export function openSeat(connection: Connection, taken: Taken): OpenSeat {
  const { sessions, router, persistently } = connection
  const { session, me, identity, joinToken, proposal, proposalBytes, creator } = taken
  const { sessionId } = session
  const headers = { authorization: `Bearer ${joinToken}` }
  const lifeMs = Math.min(Number(session.expiresAtMs - session.createdAtMs), longestLifeMs)
  const watch = watchSession(
    session,
    me,
    (options) => sessions.watchSession({ sessionId }, { ...options, headers }),
    persistently,
    lifeMs,
  )
  const channel = openChannel(
    {
      send: (message, options) => router.sendMessage(message, { ...options, headers }),
      subscribe: (after, options) => router.subscribeMessages({ sessionId, after }, { ...options, headers }),
    },
    { sessionId, me },
    persistently,
    watch,
  )
  let roster: Roster | undefined
  /** Whether the coordinator knows how it ended for us. */
  let reported = false

  async function fail(failure: Failure): Promise<void> {
    if (reported) return
    reported = true
    await reportFailure(connection, { sessionId, headers }, failure)
  }

  return {
    sessionId,
    me,
    proposal,
    creator,
    channel,
    watch,
    headers,
    adopt(started) {
      roster = started
    },
    fail,
    async markReady() {
      const answer = await persistently.call(
        (options) => sessions.markReady({ sessionId }, { ...options, headers }),
        watch.ended,
      )
      watch.learn(answer.session)
    },
    async started() {
      const { roster: bytes, rosterSignature } = await watch.until(({ state }) => state >= SessionState.IN_PROGRESS)
      const expected = {
        session: hexToBytes(sessionId),
        proposal: proposalBytes,
        creator,
        me,
        identity: identity.public,
      }
      roster = await verifyRoster(bytes, rosterSignature, expected)
      return roster
    },
    async confirm(confirmation, leaving) {
      if (roster === undefined) throw new Error('a session is confirmed after it was started')
      await watch.until(({ state }) => state >= SessionState.IN_PROGRESS) // throws when it has failed
      leaving?.()
      const outcome = { case: 'confirmation', value: confirmation } as const
      const answer = await persistently.call(
        (options) => sessions.reportCompletion({ sessionId, outcome }, { ...options, headers }),
        watch.ended,
      )
      reported = true
      watch.learn(answer.session)
      const { participants } = await watch.until(({ state }) => state === SessionState.COMPLETED)
      const confirmations = new Map(participants.map((one) => [one.seat as PartyId, one.confirmation]))
      // What we confirmed is our own word, not the coordinator's.
      confirmations.set(me, confirmation)
      await verifyAllConfirmed(confirmations, roster, me)
      return confirmations
    },
    watchPresence(onChange) {
      watch.onChange(({ participants }) => {
        onChange(participants.map(presence))
      })
    },
    async [Symbol.asyncDispose]() {
      await fail({ kind: 'cancelled' })
      watch.stop({ kind: 'cancelled' })
    },
  }
}

const presenceStates: Readonly<Record<ParticipantState, Presence['state']>> = {
  [ParticipantState.UNSPECIFIED]: 'invited',
  [ParticipantState.INVITED]: 'invited',
  [ParticipantState.JOINED]: 'joined',
  [ParticipantState.READY]: 'ready',
  [ParticipantState.COMPUTING]: 'computing',
  [ParticipantState.COMPLETED]: 'completed',
  [ParticipantState.FAILED]: 'failed',
}

function presence({ seat, serverParty, state }: Session['participants'][number]): Presence {
  return { seat: seat as PartyId, serverParty, state: presenceStates[state] }
}

/** A session as a coordinator gave it to us, with the fields it must have. @throws ProtocolAbort */
export function checkedSession(session: Session | undefined, sessionId?: string): Session {
  if (session === undefined || !/^[0-9a-f]{32}$/.test(session.sessionId)) {
    throw misbehaviour([], 'the coordinator answers with a session')
  }
  if (sessionId !== undefined && session.sessionId !== sessionId) {
    throw misbehaviour([], 'the coordinator answers with the session that was asked for')
  }
  return session
}

/** The identity that sits in a seat according to the coordinator, or undefined when it is not a whole one. */
export function identityIn(session: Session, seat: number): PublicIdentity | undefined {
  const identity = session.participants.find((participant) => participant.seat === seat)?.identity
  if (identity?.signingKey.length !== 32 || identity.encryptionKey.length !== 32) return undefined
  return { signingKey: identity.signingKey, encryptionKey: identity.encryptionKey }
}

/** @throws ProtocolAbort `refused`: a session whose creator is not there yet has nobody to vouch for its proposal */
export function creatorOf(session: Session): PublicIdentity {
  const creator = identityIn(session, session.creatorSeat)
  if (creator === undefined) throw new ProtocolAbort({ kind: 'refused', reason: 'the creator has not joined yet' })
  return creator
}

/** Tells the session why we stop. Never throws: if it cannot be told, the others will see our silence. */
export async function reportFailure(
  { sessions }: Connection,
  { sessionId, headers }: { readonly sessionId: string; readonly headers: Readonly<Record<string, string>> },
  failure: Failure,
): Promise<void> {
  const outcome = { case: 'failure', value: encodeFailure(failure) } as const
  const hurried = persistence((length) => new Uint8Array(length), { ...patient, giveUpMs: farewellMs })
  await hurried
    .call(
      (options) => sessions.reportCompletion({ sessionId, outcome }, { ...options, headers }),
      AbortSignal.timeout(farewellMs),
    )
    .catch(() => undefined)
}
