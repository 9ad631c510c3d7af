import type { CallOptions } from '@connectrpc/connect'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { Session } from '../../proto/gen/coordinator_pb.js'
import type { Connection } from '../connection/connection.ts'
import { failureOf } from '../connection/failures.ts'
import { supersededBy } from './run.ts'
import { isCompleted } from './sessionParts.ts'
import type { SessionWatch } from './sessionWatch.ts'
import { completedWithoutUs } from './signedByOthers.ts'
import { agreedIn, type Taken } from './taken.ts'

/** What is asked of the coordinator from a seat, until the session ends. The watch learns what the answers show. */
export interface SeatCalls {
  readonly headers: Readonly<Record<string, string>>
  openCode(opening: Uint8Array): Promise<void>
  markReady(approval: Uint8Array): Promise<void>
  confirm(confirmation: Uint8Array, run: number): Promise<void>
  /**
   * A call that is refused because the session, or this run of it, has just ended fails with the reason of the end, not with
   * the refusal. @param run left out: any
   */
  unlessEnded<T>(call: Promise<T>, run?: number): Promise<T>
}

export function seatCalls({ sessions, persistently }: Connection, taken: Taken, watch: SessionWatch): SeatCalls {
  const { session, me, joinToken, proposal } = taken
  const { sessionId } = session
  const headers = { authorization: `Bearer ${joinToken}` }

  async function learn(
    attempt: (options: CallOptions) => Promise<{ readonly session?: Session | undefined }>,
    run?: number,
  ): Promise<void> {
    // The session lives, and others wait for us: what could not be said is said once the connection is back.
    const call = persistently.call((options) => attempt({ ...options, headers }), watch.ended, 'until-ended')
    const answer = await unlessEnded(call, run)
    watch.learn(answer.session)
  }

  async function unlessEnded<T>(call: Promise<T>, run = Infinity): Promise<T> {
    try {
      return await call
    } catch (error) {
      if (!(error instanceof ProtocolAbort) || error.failure.kind !== 'refused') throw error
      const { session: now } = await persistently.call(
        (options) => sessions.getSession({ sessionId }, { ...options, headers }),
        watch.ended,
        'until-ended',
      )
      const failure = now && failureOf(now, me)
      if (failure !== undefined) throw new ProtocolAbort(failure)
      if (now !== undefined && isCompleted(now)) throw await completedWithoutUs(now, proposal, agreedIn(taken))
      throw (now?.run ?? 0) > run ? supersededBy(session.creatorSeat) : error
    }
  }

  return {
    headers,
    unlessEnded,
    openCode: (opening) => learn((options) => sessions.openCode({ sessionId, opening }, options)),
    markReady: (approval) => learn((options) => sessions.markReady({ sessionId, approval }, options)),
    confirm(confirmation, run) {
      const outcome = { case: 'confirmation', value: confirmation } as const
      return learn((options) => sessions.reportCompletion({ sessionId, outcome, run }, options), run)
    },
  }
}
