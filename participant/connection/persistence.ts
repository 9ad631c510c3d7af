import type { CallOptions } from '@connectrpc/connect'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import { systemClock, type DeviceClock } from '../../tss-wasm/round/clock.ts'
import type { Contact } from './contact.ts'
import { asAbort, isPassing } from './failures.ts'

/** How long to insist. Milliseconds. */
export interface Timing {
  /** One unary call. */
  readonly callMs: number
  /** A stream that carries nothing for this long, not even a heartbeat (every 10 s), is dead. */
  readonly silenceMs: number
  /** Attempts for this long, none of them answered, and we are disconnected. Time that the device sleeps does not count. */
  readonly giveUpMs: number
  readonly firstPauseMs: number
  readonly longestPauseMs: number
}

export const patient: Timing = {
  callMs: 15_000,
  silenceMs: 25_000,
  giveUpMs: 60_000,
  firstPauseMs: 100,
  longestPauseMs: 5000,
}

/** `until-ended`: as long as the session lives, somebody is awaited; then only the signal ends it. */
export type Insistence = 'until-ended'

/** How calls and streams get through a network that fails now and then. */
export interface Persistence {
  /**
   * Calls until it is answered. Only for calls that may be repeated.
   * @throws ProtocolAbort; `signal`'s reason when it aborts
   */
  call<T>(attempt: (options: CallOptions) => Promise<T>, signal: AbortSignal, insistence?: Insistence): Promise<T>
  /**
   * What a stream yields, over as many connections as it takes; `open` starts the next where the last one ended. Ends
   * only by a throw, or when its reader stops. `onEnd` hears of each connection that the other side ended in order.
   * @throws ProtocolAbort; `signal`'s reason when it aborts
   */
  stream<T>(
    open: (options: CallOptions) => AsyncIterable<T>,
    signal: AbortSignal,
    options?: { readonly onEnd?: () => void; readonly insistence?: Insistence },
  ): AsyncGenerator<T, never>
}

/** @param contact hears how it goes */
export function persistence(
  random: RandomSource,
  timing: Timing,
  contact?: Contact,
  clock: DeviceClock = systemClock,
): Persistence {
  const pauses = (insistence?: Insistence) => {
    let next = timing.firstPauseMs
    let since = clock.now()
    const startOver = () => {
      next = timing.firstPauseMs
      since = clock.now()
    }
    // After waking we try for as long as if we had just begun.
    const stop = clock.onWake(startOver)
    const pacing = {
      /** Something came: start over. */
      progress() {
        startOver()
        contact?.heard()
      },
      /** @throws ProtocolAbort once we have tried for long enough, or at once when trying again cannot help */
      async afterFailure(error: unknown, signal: AbortSignal): Promise<void> {
        signal.throwIfAborted()
        const isTooLong = insistence === undefined && clock.now() - since > timing.giveUpMs
        if (error instanceof ProtocolAbort || !isPassing(error) || isTooLong) throw asAbort(error)
        contact?.lost(pacing)
        // Between half and all of the pause, so that parties that lost one coordinator do not come back in step.
        const jitter = 0.5 + (random(1)[0] ?? 0) / 510
        await pause(next * jitter, signal, clock)
        next = Math.min(next * 2, timing.longestPauseMs)
      },
      [Symbol.dispose]() {
        stop()
        contact?.over(pacing)
      },
    }
    return pacing
  }
  return {
    async call(attempt, signal, insistence) {
      using pacing = pauses(insistence)
      for (;;) {
        try {
          const answer = await within(timing.callMs, signal, clock, (bounded) =>
            attempt({ signal: bounded, timeoutMs: timing.callMs }),
          )
          pacing.progress()
          return answer
        } catch (error) {
          await pacing.afterFailure(error, signal)
        }
      }
    },
    async *stream<T>(
      open: (options: CallOptions) => AsyncIterable<T>,
      signal: AbortSignal,
      { onEnd, insistence }: { readonly onEnd?: () => void; readonly insistence?: Insistence } = {},
    ): AsyncGenerator<T, never> {
      using pacing = pauses(insistence)
      for (;;) {
        const connection = new AbortController()
        const incoming: AsyncIterator<T, unknown> = open({
          signal: AbortSignal.any([signal, connection.signal]),
        })[Symbol.asyncIterator]()
        try {
          for (;;) {
            const item = await within(timing.silenceMs, signal, clock, () => incoming.next())
            if (item.done === true) break
            pacing.progress()
            yield item.value
          }
          onEnd?.()
          // An honest coordinator ends a stream when the session has ended; whoever reads knows, and stops.
          await pacing.afterFailure(new Error('the stream ended'), signal)
        } catch (error) {
          await pacing.afterFailure(error, signal)
        } finally {
          connection.abort()
        }
      }
    },
  }
}

/**
 * Waits for `work`, but not longer, and not after an abort, even when whatever is below ignores both. Nor after the device
 * has slept: connections seldom outlive that, and nobody tells.
 */
async function within<T>(
  ms: number,
  signal: AbortSignal,
  clock: DeviceClock,
  work: (bounded: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const late = new AbortController()
  const stop = (why: string) => {
    late.abort()
    reject(new Error(why))
  }
  const cancel = clock.after(ms, () => {
    stop('no answer in time')
  })
  const stayUp = clock.onWake(() => {
    stop('the device slept')
  })
  const onAbort = () => {
    reject(signal.reason as Error)
  }
  signal.addEventListener('abort', onAbort)
  const working = work(AbortSignal.any([signal, late.signal]))
  // Whichever loses the race below must not become an unhandled rejection.
  working.catch(() => undefined)
  try {
    return await Promise.race([working, stopped])
  } finally {
    cancel()
    stayUp()
    signal.removeEventListener('abort', onAbort)
  }
}

/** Ends early once the device wakes: then is the time to try. */
async function pause(ms: number, signal: AbortSignal, clock: DeviceClock): Promise<void> {
  signal.throwIfAborted()
  const { promise: over, resolve, reject } = Promise.withResolvers<undefined>()
  const end = () => {
    resolve(undefined)
  }
  const onAbort = () => {
    reject(signal.reason as Error)
  }
  signal.addEventListener('abort', onAbort)
  const stops = [clock.after(ms, end), clock.onWake(end)]
  try {
    await over
  } finally {
    for (const stop of stops) stop()
    signal.removeEventListener('abort', onAbort)
  }
}
