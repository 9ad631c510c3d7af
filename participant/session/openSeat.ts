import { sameBytes } from '../../tss-wasm/bytes.ts'
import { type Failure, misbehaviour, type ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import { signApproval, verifyApprovals } from '../../tss-wasm/identity/approval.ts'
import { openCode, verifiedCheckCode } from '../../tss-wasm/identity/checkCode.ts'
import { verifyAllConfirmed, verifyConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import {
  type AgreedHandover,
  signReshareApproval,
  verifyReshareApprovals,
} from '../../tss-wasm/identity/reshareAgreement.ts'
import { encodeRoster, type Roster } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { type Session, SessionState } from '../../proto/gen/coordinator_pb.js'
import type { Connection } from '../connection/connection.ts'
import { satElsewhere, takenOver } from './client.ts'
import { openChannel } from './channel.ts'
import { once } from './once.ts'
import { reportFailure } from './reportFailure.ts'
import { type Run, supersededBy } from './run.ts'
import type { Seat } from './seat.ts'
import { type SeatCalls, seatCalls } from './seatCalls.ts'
import { approvalsIn, confirmationsIn, isCompleted, openingsIn, presence } from './sessionParts.ts'
import { type SessionWatch, watchSession } from './sessionWatch.ts'
import { completedWithoutUs } from './signedByOthers.ts'
import { agreedIn, type Taken } from './taken.ts'
import { verifiedRoster } from './verifiedRoster.ts'

/** A seat and what its creator's variant builds on. */
export interface OpenSeat extends Seat {
  readonly watch: SessionWatch
  readonly headers: Readonly<Record<string, string>>
  /** The one that we are in. */
  readonly run: Run
  /** Takes part in this run, for the first time. @throws ProtocolAbort `refused` for a replayed one */
  enter(roster: Roster): Promise<void>
  /** Everybody in this roster has approved it, as `session` shows. @throws ProtocolAbort misbehaviour */
  mustBeApproved(session: Session, roster: Roster): Promise<void>
  /** The run that `session` is in is ours, with this roster; whatever waits for the one before ends. */
  begin(session: Session, roster: Roster): void
}

/** All that changes while we sit. */
interface Sitting {
  readonly run: Run
  /** The coordinator has been told, or will be told by another way, how this run ended for us. */
  readonly isReported: boolean
}

const longestLifeMs = 24 * 3600_000

/** @param agree new wallets: how this seat comes by the roster; asked once */
export function openSeat(connection: Connection, taken: Taken, agree: (seat: OpenSeat) => Promise<Roster>): OpenSeat {
  const { session, me, identity, joinToken, proposal, creator } = taken
  const { sessionId } = session
  const watch = watchSeat(connection, taken)
  const calls = seatCalls(connection, taken, watch)
  const { headers } = calls
  const newRun = (number: number, roster?: Roster) => openRun(connection, taken, { watch, calls, number, roster })
  let handover: AgreedHandover | undefined
  let now: Sitting = { run: newRun(0), isReported: false }
  const isTakenOver = takenOver(session, me, taken.client)
  watch.onChange((next) => {
    if (isTakenOver(next)) leave(satElsewhere(taken.client).failure)
    if (now.run.number > 0 && next.run > now.run.number) now.run.supersede()
  })
  const agreed = once(() => agree(seat))
  const checkCode = once(async () => {
    const roster = await agreed()
    const opening = await openCode(roster, me, taken.codeNonce, identity)
    await calls.openCode(opening)
    const all = await watch.until(({ participants }) => participants.every(({ codeOpening }) => codeOpening.length > 0))
    const openings = openingsIn(all)
    openings.set(me, opening) // our own word, not the coordinator's
    return verifiedCheckCode(roster, openings)
  })

  function running(): { readonly number: number; readonly roster: Roster } {
    const { number, roster } = now.run
    if (roster === undefined) throw new Error('nothing runs before the start')
    return { number, roster }
  }

  const seat: OpenSeat = {
    sessionId,
    joinToken,
    me,
    proposal,
    proposalBytes: taken.proposalBytes,
    creator,
    expiresAtMs: Number(session.expiresAtMs),
    watch,
    headers,
    get run() {
      return now.run
    },
    get channel() {
      return now.run.channel
    },
    async enter({ run }) {
      if (!(await connection.runs.enter(run)))
        throw refused('replayed-run', 'this run was taken part in before: somebody replays it')
    },
    begin(started, roster) {
      watch.learn(started)
      now.run.supersede()
      now = { run: newRun(started.run, roster), isReported: false }
    },
    agreed,
    checkCode,
    async markReady() {
      if (proposal.kind === 'sign') return calls.markReady(new Uint8Array())
      await checkCode()
      const roster = await agreed()
      const isNew = proposal.kind === 'keygen'
      return calls.markReady(
        isNew ? await signApproval(roster, me, identity) : await signReshareApproval(proposal, roster, me, identity),
      )
    },
    async started() {
      const isOurs = (next: Session) =>
        next.state >= SessionState.IN_PROGRESS && next.run > now.run.number && next.runSeats.includes(me)
      const begun = await watch.until((next) => isOurs(next) || isCompleted(next))
      if (!isOurs(begun)) throw await completedWithoutUs(begun, proposal, agreedIn(taken))
      const roster = proposal.kind === 'sign' ? await chosenRoster(begun) : await approvedRoster(begun, await agreed())
      seat.begin(begun, roster)
      return roster
    },
    async mustBeApproved(session, roster) {
      if (proposal.kind === 'reshare') handover = await verifyReshareApprovals(proposal, roster, approvalsIn(session))
      else await verifyApprovals(roster, approvalsIn(session))
    },
    handover() {
      if (handover === undefined) throw new Error('a handover is agreed on when its session has started')
      return handover
    },
    async untilReported(found) {
      for (let seen = -1n; ;) {
        const session = await watch.until(({ version }) => version > seen)
        seen = session.version
        const result = await found(session)
        if (result !== undefined) return result
      }
    },
    async confirm(confirmation, leaving) {
      const { number, roster } = running()
      await watch.until(({ state }) => state >= SessionState.IN_PROGRESS) // throws when it has failed
      await leaving?.()
      now = { ...now, isReported: true } // from here on it may have got there, so it is not taken back
      await calls.confirm(confirmation, number)
      const end = await watch.until(({ state, run }) => state === SessionState.COMPLETED || run > number)
      if (end.run > number) throw supersededBy(session.creatorSeat)
      const confirmations = confirmationsIn(end, roster)
      // What we confirmed is our own word, not the coordinator's.
      confirmations.set(me, confirmation)
      await verifyAllConfirmed(confirmations, roster, me)
      return confirmations
    },
    async confirmed() {
      const { roster } = running()
      const signed = new Map<PartyId, Uint8Array>()
      for (const [party, confirmation] of confirmationsIn(await watch.until(() => true), roster)) {
        const isSigned = await verifyConfirmation(confirmation, roster, party).then(
          () => true,
          () => false,
        )
        if (isSigned) signed.set(party, confirmation)
      }
      return signed
    },
    async fail(failure) {
      if (now.isReported) return
      now = { ...now, isReported: true }
      await reportFailure(connection, { sessionId, headers }, failure)
    },
    async stopRun(failure) {
      await reportFailure(connection, { sessionId, headers }, failure, now.run.number)
    },
    leave() {
      leave({ kind: 'cancelled' })
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
      await seat.fail({ kind: 'cancelled' })
      watch.stop({ kind: 'cancelled' })
    },
  }

  function leave(failure: Failure): void {
    now = { ...now, isReported: true }
    watch.stop(failure)
  }

  /** Of new shares: everybody has approved the one roster, which is entered when it is agreed. */
  async function approvedRoster(begun: Session, approved: Roster): Promise<Roster> {
    if (!sameBytes(begun.roster, encodeRoster(approved))) throw misbehaviour([], 'roster is the one that we approved')
    await seat.mustBeApproved(begun, approved)
    return approved
  }

  /** Of a signing: each run has its own, of whom the creator has chosen for it. */
  async function chosenRoster(begun: Session): Promise<Roster> {
    const chosen = await verifiedRoster(taken, begun)
    await seat.enter(chosen)
    return chosen
  }

  return seat
}

function watchSeat({ sessions, persistently }: Connection, { session, me, joinToken }: Taken): SessionWatch {
  const { sessionId } = session
  const headers = { authorization: `Bearer ${joinToken}` }
  const lifeMs = Math.min(Number(session.expiresAtMs - session.createdAtMs), longestLifeMs)
  return watchSession(
    session,
    me,
    {
      watch: (options) => sessions.watchSession({ sessionId }, { ...options, headers }),
      newer: (above, options) => sessions.getSession({ sessionId, above }, { ...options, headers }),
    },
    persistently,
    lifeMs,
  )
}

interface Starting {
  readonly watch: SessionWatch
  readonly calls: SeatCalls
  readonly number: number
  readonly roster: Roster | undefined
}

/** A run with a channel of its own, which ends with it. */
function openRun(
  { router, persistently }: Connection,
  { session, me }: Taken,
  { watch, calls, number, roster }: Starting,
): Run {
  const { sessionId, creatorSeat } = session
  const { headers } = calls
  const superseded = new AbortController()
  const channel = openChannel(
    {
      send: (message, options) => router.sendMessage(message, { ...options, headers }),
      subscribe: (after, options) => router.subscribeMessages({ sessionId, after }, { ...options, headers }),
      pending: (after, options) => router.getPendingMessages({ sessionId, after }, { ...options, headers }),
    },
    { sessionId, me },
    persistently,
    { ended: AbortSignal.any([watch.ended, superseded.signal]), drained: watch.drained },
  )
  return {
    number,
    roster,
    channel: { ...channel, send: (message) => calls.unlessEnded(channel.send(message), number) },
    supersede() {
      superseded.abort(supersededBy(creatorSeat))
    },
  }
}
