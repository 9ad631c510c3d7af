import { Code, ConnectError } from '@connectrpc/connect'
import { Refusal } from '../process/refusal.ts'
import { createCounter } from './counter.ts'

/**
 * Bounds how many streams one reader holds. A client that lost its connection opens a new one long before the old one is
 * known to be dead, so it is the oldest that has to go, not the newest that is refused.
 */
export interface StreamLimits {
  /**
   * @param signal aborts when the caller is gone
   * @param caller whom it counts for (`callerIn`), if anybody
   * @throws Refusal RESOURCE_EXHAUSTED
   */
  enter(reader: string, signal: AbortSignal, caller: string | undefined): Place
}

export interface Place extends Disposable {
  /** Aborts when the caller is gone, the server shuts down, or a newer stream has replaced this one. */
  readonly signal: AbortSignal
  /** What to end the stream with: ABORTED if a newer stream has replaced this one, else UNAVAILABLE. */
  reason(): ConnectError
}

const mostPerReader = 3
/** Of all readers: what half-open connections can cost is bounded, whoever opens them. */
const mostStreams = 20_000
/** One person can open streams as many readers: a limit by address leaves room for the others. */
const mostPerCaller = 2000

export function streamLimits({ all = mostStreams, perCaller = mostPerCaller } = {}): StreamLimits {
  let open = 0
  const byCaller = createCounter()
  const readers = new Map<string, AbortController[]>()
  return {
    enter(reader, signal, caller) {
      if (open >= all) throw new Refusal('no_room', 'the coordinator has reached its limit of open streams')
      if (caller !== undefined && byCaller.of(caller) >= perCaller)
        throw new Refusal('no_room', 'this address has reached its limit of open streams')
      if (caller !== undefined) byCaller.add(caller)
      open += 1
      const mine = new AbortController()
      const slots = readers.get(reader) ?? []
      readers.set(reader, slots)
      slots.push(mine)
      if (slots.length > mostPerReader) slots.shift()?.abort()
      return {
        signal: AbortSignal.any([signal, mine.signal]),
        reason() {
          return mine.signal.aborted
            ? new ConnectError('a newer stream of the same reader has replaced this one', Code.Aborted)
            : new ConnectError('the coordinator closed the stream', Code.Unavailable)
        },
        [Symbol.dispose]() {
          open -= 1
          if (caller !== undefined) byCaller.remove(caller)
          const at = slots.indexOf(mine)
          if (at >= 0) slots.splice(at, 1)
          if (slots.length === 0 && readers.get(reader) === slots) readers.delete(reader)
        },
      }
    },
  }
}
