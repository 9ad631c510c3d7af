import type { Session } from '../../proto/gen/coordinator_pb.js'
import type { Connection } from '../connection/connection.ts'
import { openChannel } from './channel.ts'
import { type Agreement, type Run, supersededBy } from './run.ts'
import type { SeatCalls } from './seatCalls.ts'
import type { SessionWatch } from './sessionWatch.ts'
import type { Taken } from './taken.ts'

/** The runs that a seat goes through, one at a time. */
export interface SeatRuns {
  /** The one that we are in; number 0, and without an agreement, until the first has started. */
  readonly current: Run
  /** We are in the run of this number from here on; whatever waits in the one before ends. */
  begin(number: number, agreement: Agreement): void
}

/** What the runs of a seat have in common. */
interface Seated {
  readonly taken: Taken
  readonly watch: SessionWatch
  readonly calls: SeatCalls
}

export function seatRuns(connection: Connection, seated: Seated): SeatRuns {
  let current = openRun(connection, seated, 0, undefined)
  seated.watch.onChange(({ run }: Session) => {
    if (current.number > 0 && run > current.number) current.supersede()
  })
  return {
    get current() {
      return current
    },
    begin(number, agreement) {
      current.supersede()
      current = openRun(connection, seated, number, agreement)
    },
  }
}

/** A run with a channel of its own, which ends with it. */
function openRun(
  { router, persistently }: Connection,
  { taken: { session, me }, watch, calls }: Seated,
  number: number,
  agreement: Agreement | undefined,
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
  if (agreement !== undefined) channel.listen()
  let isClaimed = false
  return {
    number,
    agreement,
    channel: { next: () => channel.next(), send: (message) => calls.unlessEnded(channel.send(message), number) },
    supersede() {
      superseded.abort(supersededBy(creatorSeat))
    },
    claimReport() {
      const isFirst = !isClaimed
      isClaimed = true
      return isFirst
    },
  }
}
