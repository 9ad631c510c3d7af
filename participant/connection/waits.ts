import type { DeviceClock } from '../../tss-wasm/round/clock.ts'

/** Nothing came, although the device was awake all the time. */
export class Silence extends Error {
  override readonly name = 'Silence'
}

/**
 * Waits for `work`, but not longer, and not after an abort, even when whatever is below ignores both. Nor after the device
 * has slept: connections seldom outlive that, and nobody tells.
 * @throws Silence after `ms`
 */
export async function within<T>(
  ms: number,
  signal: AbortSignal,
  clock: DeviceClock,
  work: (bounded: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const late = new AbortController()
  const stop = (why: Error) => {
    late.abort()
    reject(why)
  }
  const cancel = clock.after(ms, () => {
    stop(new Silence('no answer in time'))
  })
  const stayUp = clock.onWake(() => {
    stop(new Error('the device slept'))
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
export async function pause(ms: number, signal: AbortSignal, clock: DeviceClock): Promise<void> {
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
