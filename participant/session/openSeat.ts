import { sameBytes } from '../../tss-wasm/bytes.ts'
import { type Failure, misbehaviour, ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import { signApproval, verifyApprovals } from '../../tss-wasm/identity/approval.ts'
import { openCode, verifiedCheckCode } from '../../tss-wasm/identity/checkCode.ts'
import { verifyAllConfirmed, verifyConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import type { Identity, PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import type { Proposal } from '../../tss-wasm/identity/proposal.ts'
import { encodeRoster, type Roster, verifyRoster } from '../../tss-wasm/identity/roster.ts'
import type { Statement, Terms } from '../../tss-wasm/identity/terms.ts'
import type { Channel } from '../../tss-wasm/round/channel.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { type Session, SessionState } from '../../proto/gen/coordinator_pb.js'
import { openChannel } from './channel.ts'
import type { Seat } from './seat.ts'
import type { Connection } from '../connection/connection.ts'
import { asAbort, encodeFailure, failureOf } from '../connection/failures.ts'
import { mustBeSameHandshake, sessionBytes, statementIn, verifyTermsOf } from './handshake.ts'
import { completedWithoutUs } from './signedByOthers.ts'
import { patient, persistence } from '../connection/persistence.ts'
import { approvalsIn, confirmationsIn, isCompleted, openingsIn, presence } from './sessionParts.ts'
import { type SessionWatch, watchSession } from './sessionWatch.ts'

/** What a seat stands on; all of it verified where it can be. */
export interface Taken {
  readonly session: Session
  readonly me: PartyId
  readonly identity: Identity
  readonly joinToken: string
  readonly proposal: Proposal
  readonly proposalBytes: Uint8Array
  readonly creator: PublicIdentity
  /** What we said in the hand-shake. */
  readonly terms: Terms
  /** What we have committed to there for the check code; empty when signing. Leaves us once the roster is verified. */
  readonly codeNonce: Uint8Array
  /** What the creator said when we looked: it says nothing else later. */
  readonly creatorHandshake: Statement
}

/** A seat and what its creator's variant builds on. */
export interface OpenSeat extends Seat {
  readonly watch: SessionWatch
  readonly headers: Readonly<Record<string, string>>
  /** By the coordinator's count, the run that we are in; 0 before the first. */
  readonly run: number
  agreed(): Promise<Roster>
  /** Takes part in this run, for the first time. @throws ProtocolAbort `refused` for a replayed one */
  enter(roster: Roster): Promise<void>
  /** The run that `session` is in is ours, with this roster; whatever waits for the one before ends. */
  begin(session: Session, roster: Roster): void
}

const longestLifeMs = 24 * 3600_000
/** How long the others are told why we stop before we stop telling. */
const farewellMs = 5000

export function openSeat(connection: Connection, taken: Taken): OpenSeat {
  const { sessions, router, persistently, runs } = connection
  const { session, me, identity, joinToken, proposal, proposalBytes, creator, terms, codeNonce } = taken
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
  let roster: Roster | undefined
  let agreement: Promise<Roster> | undefined
  let code: Promise<string> | undefined
  let run = 0
  let superseded = new AbortController()
  let channel = newChannel()
  /** Whether the coordinator knows how it ended for us. */
  let reported = false
  watch.onChange((now) => {
    if (run > 0 && now.run > run) superseded.abort(newRun())
  })

  function newChannel(): Channel {
    const mine = run
    const channelOfRun = openChannel(
      {
        send: (message, options) => router.sendMessage(message, { ...options, headers }),
        subscribe: (after, options) => router.subscribeMessages({ sessionId, after }, { ...options, headers }),
      },
      { sessionId, me },
      persistently,
      { ended: AbortSignal.any([watch.ended, superseded.signal]), drained: watch.drained },
    )
    return { ...channelOfRun, send: (message) => unlessEnded(channelOfRun.send(message), mine) }
  }

  function newRun(): ProtocolAbort {
    const peer = session.creatorSeat as PartyId
    return new ProtocolAbort({ kind: 'peer-gave-up', peer, why: 'superseded', detail: 'a new run was started' })
  }

  const agreed = { session: sessionBytes(sessionId), proposal: proposalBytes, creator }

  /** The roster of this session, signed by its creator, with the hand-shake of everybody in it held against ours. */
  async function verifiedRoster(now: Session): Promise<Roster> {
    const verified = await verifyRoster(now.roster, now.rosterSignature, {
      ...agreed,
      me,
      identity: identity.public,
      ...(terms.kind === 'keygen' && { codeCommitment: terms.codeCommitment }),
    })
    mustBeSameHandshake(statementIn(now, verified.creator), taken.creatorHandshake)
    for (const each of verified.seats) {
      if (each.seat === me) continue
      const { codeCommitment } = await verifyTermsOf(now, each, terms)
      if (!sameBytes(each.codeCommitment ?? new Uint8Array(), codeCommitment))
        throw misbehaviour([], 'roster has the commitments that were stated', `party ${each.seat}`)
    }
    return verified
  }

  /** Our part of the check code of this roster, and then everybody's. */
  async function openedCode(agreed: Roster): Promise<string> {
    const opening = await openCode(agreed, me, codeNonce, identity)
    const answer = await unlessEnded(
      persistently.call((options) => sessions.openCode({ sessionId, opening }, { ...options, headers }), watch.ended),
    )
    watch.learn(answer.session)
    const now = await watch.until(({ participants }) => participants.every(({ codeOpening }) => codeOpening.length > 0))
    const openings = openingsIn(now)
    openings.set(me, opening) // our own word, not the coordinator's
    return verifiedCheckCode(agreed, openings)
  }

  async function fail(failure: Failure): Promise<void> {
    if (reported) return
    reported = true
    await reportFailure(connection, { sessionId, headers }, failure)
  }

  /**
   * A call that is refused because the session, or run `mine` of it, has just ended fails with the reason of the end, not
   * with the refusal.
   */
  async function unlessEnded<T>(call: Promise<T>, mine = Infinity): Promise<T> {
    try {
      return await call
    } catch (error) {
      if (!(error instanceof ProtocolAbort) || error.failure.kind !== 'refused') throw error
      const now = await persistently.call(
        (options) => sessions.getSession({ sessionId }, { ...options, headers }),
        watch.ended,
      )
      const failure = now.session && failureOf(now.session, me)
      if (failure !== undefined) throw new ProtocolAbort(failure)
      if (now.session !== undefined && isCompleted(now.session)) {
        throw await completedWithoutUs(now.session, proposal, agreed)
      }
      throw (now.session?.run ?? 0) > mine ? newRun() : error
    }
  }

  function running(): Roster {
    if (roster === undefined) throw new Error('nothing runs before the start')
    return roster
  }

  const seat: OpenSeat = {
    sessionId,
    joinToken,
    me,
    proposal,
    creator,
    expiresAtMs: Number(session.expiresAtMs),
    get channel() {
      return channel
    },
    watch,
    headers,
    get run() {
      return run
    },
    async enter({ run: id }) {
      if (!(await runs.enter(id)))
        throw refused('replayed-run', 'this run was taken part in before: somebody replays it')
    },
    begin(now, started) {
      watch.learn(now)
      superseded.abort(newRun())
      superseded = new AbortController()
      run = now.run
      roster = started
      reported = false
      channel = newChannel()
    },
    fail,
    async stopRun(failure) {
      await reportFailure(connection, { sessionId, headers }, failure, run)
    },
    agreed() {
      agreement ??= watch
        .until((now) => now.roster.length > 0)
        .then(async (now) => {
          const published = await verifiedRoster(now)
          await seat.enter(published)
          return published
        })
      return agreement
    },
    checkCode() {
      code ??= seat.agreed().then(openedCode)
      return code
    },
    async markReady() {
      if (proposal.kind === 'keygen') await seat.checkCode()
      const approval =
        proposal.kind === 'keygen' ? await signApproval(await seat.agreed(), me, identity) : new Uint8Array()
      const answer = await unlessEnded(
        persistently.call(
          (options) => sessions.markReady({ sessionId, approval }, { ...options, headers }),
          watch.ended,
        ),
      )
      watch.learn(answer.session)
    },
    async started() {
      const isOurs = (next: Session) =>
        next.state >= SessionState.IN_PROGRESS && next.run > run && next.runSeats.includes(me)
      const now = await watch.until((next) => isOurs(next) || isCompleted(next))
      if (!isOurs(now)) throw await completedWithoutUs(now, proposal, agreed)
      if (proposal.kind === 'keygen') {
        const approved = await seat.agreed()
        if (!sameBytes(now.roster, encodeRoster(approved))) throw misbehaviour([], 'roster is the one that we approved')
        await verifyApprovals(approved, approvalsIn(now))
        seat.begin(now, approved)
        return approved
      }
      const chosen = await verifiedRoster(now)
      await seat.enter(chosen)
      seat.begin(now, chosen)
      return chosen
    },
    async confirm(confirmation, leaving) {
      const mine = running()
      const current = run
      await watch.until(({ state }) => state >= SessionState.IN_PROGRESS) // throws when it has failed
      await leaving?.()
      reported = true // from here on it may have got there, so it is not taken back
      const outcome = { case: 'confirmation', value: confirmation } as const
      const answer = await unlessEnded(
        persistently.call(
          (options) => sessions.reportCompletion({ sessionId, outcome, run: current }, { ...options, headers }),
          watch.ended,
        ),
        current,
      )
      watch.learn(answer.session)
      const now = await watch.until(({ state, run: next }) => state === SessionState.COMPLETED || next > current)
      if (now.run > current) throw newRun()
      const confirmations = confirmationsIn(now, mine)
      // What we confirmed is our own word, not the coordinator's.
      confirmations.set(me, confirmation)
      await verifyAllConfirmed(confirmations, mine, me)
      return confirmations
    },
    async confirmed() {
      const mine = running()
      const now = await watch.until(() => true)
      const signed = new Map<PartyId, Uint8Array>()
      for (const [party, confirmation] of confirmationsIn(now, mine)) {
        const isSigned = await verifyConfirmation(confirmation, mine, party).then(
          () => true,
          () => false,
        )
        if (isSigned) signed.set(party, confirmation)
      }
      return signed
    },
    leave() {
      reported = true
      watch.stop({ kind: 'cancelled' })
    },
    ended(callback) {
      const tell = () => {
        callback(watch.ended.reason as ProtocolAbort)
      }
      watch.ended.addEventListener('abort', tell, { once: true })
      if (watch.ended.aborted) tell()
      return () => {
        watch.ended.removeEventListener('abort', tell)
      }
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
  return seat
}

/**
 * Tells the session why we stop. Never throws: if it cannot be told, the others will see our silence.
 * @param run signing: stops this run only; another one can have us
 * @returns whether the coordinator heard it, be it that it refused to hear it from us any more
 */
export async function reportFailure(
  { sessions }: Pick<Connection, 'sessions'>,
  { sessionId, headers }: { readonly sessionId: string; readonly headers: Readonly<Record<string, string>> },
  failure: Failure,
  run = 0,
): Promise<boolean> {
  const outcome = { case: 'failure', value: encodeFailure(failure) } as const
  const hurried = persistence((length) => new Uint8Array(length), { ...patient, giveUpMs: farewellMs })
  return hurried
    .call(
      (options) => sessions.reportCompletion({ sessionId, outcome, available: run > 0, run }, { ...options, headers }),
      AbortSignal.timeout(farewellMs),
    )
    .then(
      () => true,
      (error: unknown) => asAbort(error).failure.kind === 'refused',
    )
}
