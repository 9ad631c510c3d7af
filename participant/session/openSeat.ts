import { type Failure, type ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import { verifyAllConfirmed } from '../../tss-wasm/identity/confirmation.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import { type Session, SessionState } from '../../proto/gen/coordinator_pb.js'
import type { Connection } from '../connection/connection.ts'
import { approve, begunWith, openCheckCode } from './agreement.ts'
import { satElsewhere, takenOver } from './client.ts'
import { once } from './once.ts'
import { reportFailure } from './reportFailure.ts'
import { type Agreement, type Run, supersededBy } from './run.ts'
import type { Seat } from './seat.ts'
import { seatCalls } from './seatCalls.ts'
import { seatRuns } from './seatRuns.ts'
import { confirmationsIn, isCompleted, isReadyIn, presence } from './sessionParts.ts'
import { type SessionWatch, watchSession } from './sessionWatch.ts'
import { completedWithoutUs } from './signedByOthers.ts'
import { signedConfirmationsIn } from './signedConfirmations.ts'
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
  /** The run that `session` is in is ours, as it was agreed on; whatever waits for the one before ends. */
  begin(session: Session, agreement: Agreement): void
}

const longestLifeMs = 24 * 3600_000

/** @param agree new wallets: how this seat comes by the roster; asked once */
export function openSeat(connection: Connection, taken: Taken, agree: (seat: OpenSeat) => Promise<Roster>): OpenSeat {
  const { session, me, joinToken, proposal, creator } = taken
  const { sessionId } = session
  const watch = watchSeat(connection, taken)
  const calls = seatCalls(connection, taken, watch)
  const { headers } = calls
  const isTakenOver = takenOver(session, me, taken.client)
  const isReady = isReadyIn(session, me)
  // Before the runs watch: whose seat is gone hears so, whatever else has changed.
  watch.onChange((next) => {
    if (isTakenOver(next)) leave(satElsewhere(taken.client).failure)
  })
  const runs = seatRuns(connection, { taken, watch, calls })
  const agreed = once(() => agree(seat))
  const checkCode = once(async () => openCheckCode(taken, await agreed(), calls, watch))

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
      return runs.current
    },
    get channel() {
      return runs.current.channel
    },
    async enter({ run }) {
      if (!(await connection.runs.enter(run)))
        throw refused('replayed-run', 'this run was taken part in before: somebody replays it')
    },
    begin(started, agreement) {
      watch.learn(started)
      runs.begin(started.run, agreement)
    },
    agreed,
    checkCode,
    async markReady() {
      // Said as we came, to a coordinator that has an ear for it.
      if (proposal.kind === 'sign') return isReady ? undefined : calls.markReady(new Uint8Array())
      await checkCode()
      return calls.markReady(await approve(taken, await agreed()))
    },
    async started() {
      const isOurs = (next: Session) =>
        next.state >= SessionState.IN_PROGRESS && next.run > runs.current.number && next.runSeats.includes(me)
      const begun = await watch.until((next) => isOurs(next) || isCompleted(next))
      if (!isOurs(begun)) throw await completedWithoutUs(begun, proposal, agreedIn(taken))
      const agreement =
        proposal.kind === 'sign' ? await chosenFor(begun) : await begunWith(begun, taken, await agreed())
      seat.begin(begun, agreement)
      return agreement.roster
    },
    handover() {
      const handover = runs.current.agreement?.handover
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
      const run = running()
      await watch.until(({ state }) => state >= SessionState.IN_PROGRESS) // throws when it has failed
      await leaving?.()
      run.claimReport() // from here on it may have got there, so it is not taken back
      await calls.confirm(confirmation, run.number)
      const end = await watch.until((now) => isCompleted(now) || now.run > run.number)
      if (end.run > run.number) throw supersededBy(session.creatorSeat)
      const confirmations = confirmationsIn(end, run.roster)
      // What we confirmed is our own word, not the coordinator's.
      confirmations.set(me, confirmation)
      await verifyAllConfirmed(confirmations, run.roster, me)
      return confirmations
    },
    async confirmed() {
      return signedConfirmationsIn(await watch.until(() => true), running().roster)
    },
    async fail(failure) {
      if (runs.current.claimReport()) await reportFailure(connection, { sessionId, headers }, failure)
    },
    async stopRun(failure) {
      await reportFailure(connection, { sessionId, headers }, failure, runs.current.number)
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
      watch.onChange(({ participants }, unheard) => {
        onChange(participants.map((each) => presence(each, unheard.get(each.seat))))
      })
    },
    async [Symbol.asyncDispose]() {
      await seat.fail({ kind: 'cancelled' })
      watch.stop({ kind: 'cancelled' })
    },
  }

  function leave(failure: Failure): void {
    runs.current.claimReport()
    watch.stop(failure)
  }

  function running(): Agreement & Run {
    const { current } = runs
    if (current.agreement === undefined) throw new Error('nothing runs before the start')
    return { ...current, ...current.agreement }
  }

  /** Of a signing: each run has a roster of its own, of whom the creator has chosen for it. */
  async function chosenFor(begun: Session): Promise<Agreement> {
    const roster = await verifiedRoster(taken, begun)
    await seat.enter(roster)
    return { roster }
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
      watch: (options) => sessions.watchSession({ sessionId, calls: true }, { ...options, headers }),
      newer: (above, options) => sessions.getSession({ sessionId, above }, { ...options, headers }),
    },
    persistently,
    lifeMs,
  )
}
