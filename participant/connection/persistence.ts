import type { CallOptions } from '@connectrpc/connect'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { Contact } from './contact.ts'
import { asAbort, isPassing } from './failures.ts'

/** How long to insist. Milliseconds. */
export interface Timing {
  /** One unary call. */
  readonly callMs: number
  /** A stream that carries nothing for this long, not even a heartbeat (every 10 s), is dead. */
  readonly silenceMs: number
  /** Without any answer for this long we are disconnected. */
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

/** How calls and streams get through a network that fails now and then. */
export interface Persistence {
  /**
   * Calls until it is answered. Only for calls that may be repeated.
   * @throws ProtocolAbort; `signal`'s reason when it aborts
   */
  call<T>(attempt: (options: CallOptions) => Promise<T>, signal: AbortSignal): Promise<T>
  /**
   * What a stream yields, over as many connections as it takes; `open` starts the next where the last one ended. Ends
   * only by a throw, or when its reader stops. `onEnd` hears of each connection that the other side ended in order.
   * @throws ProtocolAbort; `signal`'s reason when it aborts
   */
  stream<T>(
    open: (options: CallOptions) => AsyncIterable<T>,
    signal: AbortSignal,
    onEnd?: () => void,
  ): AsyncGenerator<T, never>
}

/** @param contact hears how it goes */
export function persistence(random: RandomSource, timing: Timing, contact?: Contact): Persistence {
  const pauses = () => {
    let next = timing.firstPauseMs
    let since = performance.now()
    const pacing = {
      /** Something came: start over. */
      progress() {
        next = timing.firstPauseMs
        since = performance.now()
        contact?.heard()
      },
      /** @throws ProtocolAbort once we have tried for long enough, or at once when trying again cannot help */
      async afterFailure(error: unknown, signal: AbortSignal): Promise<void> {
        signal.throwIfAborted()
        if (error instanceof ProtocolAbort || !isPassing(error) || performance.now() - since > timing.giveUpMs) {
          throw asAbort(error)
        }
        contact?.lost(pacing)
        // Between half and all of the pause, so that parties that lost one coordinator do not come back in step.
        const jitter = 0.5 + (random(1)[0] ?? 0) / 510
        await pause(next * jitter, signal)
        next = Math.min(next * 2, timing.longestPauseMs)
      },
      [Symbol.dispose]() {
        contact?.over(pacing)
      },
    }
    return pacing
  }
  return {
    async call(attempt, signal) {
      using pacing = pauses()
      for (;;) {
        try {
          const answer = await within(timing.callMs, signal, (bounded) =>
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
      onEnd?: () => void,
    ): AsyncGenerator<T, never> {
      using pacing = pauses()
      for (;;) {
        const connection = new AbortController()
        const incoming: AsyncIterator<T, unknown> = open({
          signal: AbortSignal.any([signal, connection.signal]),
        })[Symbol.asyncIterator]()
        try {
          for (;;) {
            const item = await within(timing.silenceMs, signal, () => incoming.next())
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

/** Waits for `work`, but not longer, and not after an abort, even when whatever is below ignores both. */
async function within<T>(ms: number, signal: AbortSignal, work: (bounded: AbortSignal) => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const late = new AbortController()
  const timer = setTimeout(() => {
    late.abort()
    reject(new Error('no answer in time'))
  }, ms)
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
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>()
  setTimeout(resolve, ms, undefined)
  await within(ms + 1000, signal, () => over)
}
