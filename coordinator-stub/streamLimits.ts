import { Code, ConnectError } from '@connectrpc/connect'

/**
 * Bounds how many streams one reader holds. A client that lost its connection opens a new one long before the old one is
 * known to be dead, so it is the oldest that has to go, not the newest that is refused.
 */
export interface StreamLimits {
  enter(reader: string, caller: AbortSignal): Place
}

export interface Place extends Disposable {
  /** Aborts when the caller is gone, the server shuts down, or a newer stream has taken this place. */
  readonly signal: AbortSignal
  /** What to end the stream with: ABORTED if a newer stream has taken this place, else UNAVAILABLE. */
  reason(): ConnectError
}

const mostPerReader = 3

export function streamLimits(): StreamLimits {
  const readers = new Map<string, AbortController[]>()
  return {
    enter(reader, caller) {
      const mine = new AbortController()
      const places = readers.get(reader) ?? []
      readers.set(reader, places)
      places.push(mine)
      if (places.length > mostPerReader) places.shift()?.abort()
      return {
        signal: AbortSignal.any([caller, mine.signal]),
        reason() {
          return mine.signal.aborted
            ? new ConnectError('a newer stream of the same reader took this place', Code.Aborted)
            : new ConnectError('the coordinator closed the stream', Code.Unavailable)
        },
        [Symbol.dispose]() {
          const at = places.indexOf(mine)
          if (at >= 0) places.splice(at, 1)
          if (places.length === 0 && readers.get(reader) === places) readers.delete(reader)
        },
      }
    },
  }
}
