import type { CallOptions } from '@connectrpc/connect'
import { type Failure, ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { type Session, SessionState, type Silence, type WatchSessionResponse } from '../../proto/gen/coordinator_pb.js'
import { asAbort, expired, failureOf } from '../connection/failures.ts'
import type { Asking } from '../connection/asking.ts'
import type { Persistence } from '../connection/persistence.ts'

/** By seat, since when the coordinator has not heard of whoever sits there: its word. Milliseconds since 1970, by our clock. */
export type Unheard = ReadonlyMap<number, number>

/** The session as we last heard of it. */
export interface SessionWatch {
  /** Aborts, with a `ProtocolAbort` as its reason, once no more is to be expected of this session. */
  readonly ended: AbortSignal
  /** The first state that fits. @throws ProtocolAbort when the session ends before */
  until(fits: (session: Session) => boolean): Promise<Session>
  /** Also when it is the same, and who is unheard of has changed. */
  onChange(listener: (session: Session, unheard: Unheard) => void): void
  /** A newer state that came as the answer of a call. */
  learn(session: Session | undefined): void
  /** Everything the session held for us has been delivered: if it has failed, that is the end. */
  readonly drained: () => void
  /** Ends the watch, and everything that waits for it, with this failure. */
  stop(failure: Failure): void
}

export interface WatchCalls {
  watch(options: CallOptions): AsyncIterable<WatchSessionResponse>
  /** The session, if it is of a newer version. */
  newer(above: bigint, options: CallOptions): Promise<News>
}

type News = Pick<WatchSessionResponse, 'session' | 'silences'>

/** After a session has failed, what it still holds for us is delivered first: it may show whose fault it was. */
const afterlifeMs = 2000
/** The coordinator ends a session when its time is up; should it not, we do. */
const graceMs = 5000

/**
 * Follows a session in the background until it has ended. The coordinator is believed only in what it may decide
 * anyway: whether the session goes on. Even that is bounded by `lifeMs`.
 */
export function watchSession(
  first: Session,
  me: PartyId,
  calls: WatchCalls,
  persistently: Persistence,
  lifeMs: number,
): SessionWatch {
  let latest = first
  let unheard: Unheard = new Map()
  const listeners = new Set<(session: Session, unheard: Unheard) => void>()
  const end = new AbortController()
  let afterlife: ReturnType<typeof setTimeout> | undefined
  const lifetime = setTimeout(() => {
    stop(expired(latest, me))
  }, lifeMs + graceMs)

  function stop(failure: Failure): void {
    clearTimeout(lifetime)
    clearTimeout(afterlife)
    if (!end.signal.aborted) end.abort(new ProtocolAbort(failure))
  }

  function learn(session: Session | undefined): void {
    if (session === undefined || session.version <= latest.version || session.sessionId !== first.sessionId) return
    latest = session
    for (const listener of listeners) listener(session, unheard)
    const failure = failureOf(session, me)
    if (failure !== undefined) afterlife ??= setTimeout(stop, afterlifeMs, failure)
  }

  function hear({ session, silences }: News): void {
    learn(session)
    const before = unheard
    unheard = unheardOf(silences, latest, me, before)
    if (sameTimes(before, unheard)) return
    for (const listener of listeners) listener(latest, unheard)
  }

  async function follow(): Promise<void> {
    const asking: Asking<News> = {
      kind: 'session',
      async ask(options) {
        const answer = await calls.newer(latest.version, options)
        if (answer.session !== undefined) return { news: [answer] }
        hear(answer)
        return { news: [] }
      },
    }
    const states = persistently.stream((options) => calls.watch(options), end.signal, {
      insistence: 'until-ended',
      instead: asking,
    })
    for await (const news of states) {
      hear(news)
      if (latest.state < SessionState.COMPLETED) continue
      clearTimeout(lifetime)
      return
    }
  }
  const followed = new AbortController()
  follow()
    .catch((error: unknown) => {
      stop(asAbort(error).failure)
    })
    .finally(() => {
      followed.abort()
    })
  // That our stream is open does not tell that we are here: a device that sleeps keeps it open.
  const sayWeAreHere = async (options: CallOptions) => {
    hear(await calls.newer(latest.version, options))
  }
  persistently.beat(sayWeAreHere, followed.signal).catch(() => undefined) // it ends like this

  return {
    ended: end.signal,
    learn,
    stop,
    drained() {
      const failure = failureOf(latest, me)
      if (failure !== undefined) stop(failure)
    },
    onChange(listener) {
      listeners.add(listener)
      listener(latest, unheard)
    },
    async until(fits) {
      const { promise, resolve, reject } = Promise.withResolvers<Session>()
      const check = (session: Session) => {
        const failure = failureOf(session, me)
        if (failure !== undefined) reject(new ProtocolAbort(failure))
        else if (fits(session)) resolve(session)
      }
      const onEnd = () => {
        reject(end.signal.reason as ProtocolAbort)
      }
      listeners.add(check)
      end.signal.addEventListener('abort', onEnd)
      check(latest)
      if (end.signal.aborted) onEnd()
      try {
        return await promise
      } finally {
        listeners.delete(check)
        end.signal.removeEventListener('abort', onEnd)
      }
    },
  }
}

/** Rounds of the network make some difference; more than this, and it was heard of in between. */
const inexactMs = 5000

/** What the coordinator says of others in this session, within the life of it; what is about as before is as before. */
function unheardOf(
  silences: readonly Silence[],
  { participants, createdAtMs, expiresAtMs }: Session,
  me: PartyId,
  before: Unheard,
): Unheard {
  const seats = new Set(participants.map(({ seat }) => seat))
  const nowMs = Date.now()
  const longestMs = Number(expiresAtMs - createdAtMs)
  const times = silences
    .filter(({ seat }) => seats.has(seat) && seat !== (me as number))
    .map(({ seat, forMs }): [number, number] => {
      const sinceMs = nowMs - Math.min(Number(forMs), longestMs)
      const known = before.get(seat)
      return [seat, known !== undefined && Math.abs(known - sinceMs) < inexactMs ? known : sinceMs]
    })
  return new Map(times)
}

function sameTimes(one: Unheard, other: Unheard): boolean {
  return one.size === other.size && [...one].every(([seat, sinceMs]) => other.get(seat) === sinceMs)
}
