import type { CallOptions } from '@connectrpc/connect'
import { type Failure, ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { type Session, SessionState, type WatchSessionResponse } from '../../proto/gen/coordinator_pb.js'
import { asAbort, expired, failureOf } from '../connection/failures.ts'
import type { Asking } from '../connection/asking.ts'
import type { Persistence } from '../connection/persistence.ts'

/** The session as we last heard of it. */
export interface SessionWatch {
  /** Aborts, with a `ProtocolAbort` as its reason, once no more is to be expected of this session. */
  readonly ended: AbortSignal
  /** The first state that fits. @throws ProtocolAbort when the session ends before */
  until(fits: (session: Session) => boolean): Promise<Session>
  onChange(listener: (session: Session) => void): void
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
  newer(above: bigint, options: CallOptions): Promise<{ readonly session?: Session | undefined }>
}

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
  const listeners = new Set<(session: Session) => void>()
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
    for (const listener of listeners) listener(session)
    const failure = failureOf(session, me)
    if (failure !== undefined) afterlife ??= setTimeout(stop, afterlifeMs, failure)
  }

  async function follow(): Promise<void> {
    const asking: Asking<{ readonly session?: Session | undefined }> = {
      kind: 'session',
      async ask(options) {
        const answer = await calls.newer(latest.version, options)
        return { news: answer.session === undefined ? [] : [answer] }
      },
    }
    const states = persistently.stream((options) => calls.watch(options), end.signal, {
      insistence: 'until-ended',
      instead: asking,
    })
    for await (const { session } of states) {
      learn(session)
      if (latest.state < SessionState.COMPLETED) continue
      clearTimeout(lifetime)
      return
    }
  }
  follow().catch((error: unknown) => {
    stop(asAbort(error).failure)
  })

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
      listener(latest)
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
