import type { CallOptions } from '@connectrpc/connect'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import { systemClock, type DeviceClock } from '../../tss-wasm/round/clock.ts'
import { type Asking, type StreamPlaces, unlimited } from './asking.ts'
import type { Contact } from './contact.ts'
import { asAbort, isPassing } from './failures.ts'
import { pause, Silence, within } from './waits.ts'

/** How long to insist. Milliseconds. */
export interface Timing {
  /** One unary call. */
  readonly callMs: number
  /** A stream that carries nothing for this long, not even a heartbeat (every 10 s), is dead. */
  readonly silenceMs: number
  /** Every stream begins with a word at once. While it is late by this much, or the second one, we ask whether it is held back. */
  readonly firstWordMs: number
  /** Later words are late after this: heartbeats come more often. */
  readonly heartbeatMs: number
  /** Attempts for this long, none of them answered, and we are disconnected. Time that the device sleeps does not count. */
  readonly giveUpMs: number
  readonly firstPauseMs: number
  readonly longestPauseMs: number
  /** Where streams are held back we ask: with pauses from `firstAskMs` to `longestAskMs`. */
  readonly firstAskMs: number
  readonly longestAskMs: number
  /** For so long, before streams are tried again. */
  readonly askingMs: number
  /** How often we look for a place for our stream while there is none. */
  readonly placeMs: number
  /** How often we say that we are there, whatever else is said. */
  readonly beatMs: number
}

export const patient: Timing = {
  callMs: 15_000,
  silenceMs: 25_000,
  firstWordMs: 3000,
  heartbeatMs: 12_000,
  giveUpMs: 60_000,
  firstPauseMs: 100,
  longestPauseMs: 5000,
  firstAskMs: 250,
  longestAskMs: 2000,
  askingMs: 120_000,
  placeMs: 5000,
  beatMs: 20_000,
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
   * only by a throw, or when its reader stops.
   * @throws ProtocolAbort; `signal`'s reason when it aborts
   */
  stream<T>(
    open: (options: CallOptions) => AsyncIterable<T>,
    signal: AbortSignal,
    options?: Streaming<T>,
  ): AsyncGenerator<T, never>
  /**
   * Calls every `beatMs`, and as soon as the device wakes, whether or not it is answered. Never resolves.
   * @throws `signal`'s reason when it aborts
   */
  beat(attempt: (options: CallOptions) => Promise<unknown>, signal: AbortSignal): Promise<never>
}

export interface Streaming<T> {
  /** Hears of each connection that the other side ended in order. */
  readonly onEnd?: () => void
  readonly insistence?: Insistence
  /** What to do where calls are answered and streams are not, because a proxy keeps what they carry. */
  readonly instead?: Asking<T>
}

export interface Surroundings {
  /** Hears how it goes. */
  readonly contact?: Contact
  readonly clock?: DeviceClock
  readonly places?: StreamPlaces
  readonly heldBack?: HeldBack
}

/** What was found about streams to a coordinator, for all who speak to it from here: what happens to one happens to all. */
export interface HeldBack {
  /** By the clock; until then no stream is tried. */
  untilMs: number
}

export function persistence(
  random: RandomSource,
  timing: Timing,
  { contact, clock = systemClock, places = unlimited, heldBack = { untilMs: -Infinity } }: Surroundings = {},
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
  type Pacing = ReturnType<typeof pauses>

  function attemptCall<T>(attempt: (options: CallOptions) => Promise<T>, signal: AbortSignal): Promise<T> {
    return within(timing.callMs, signal, clock, (bounded) => attempt({ signal: bounded, timeoutMs: timing.callMs }))
  }

  /**
   * One connection. Some proxies pass on what fills their buffers and keep the rest: while a word is late we ask now and then
   * whether there is news that the stream does not bring.
   * @returns whether to ask instead
   */
  async function* overOne<T>(
    open: (options: CallOptions) => AsyncIterable<T>,
    signal: AbortSignal,
    { onEnd, instead }: Streaming<T>,
    pacing: Pacing,
  ): AsyncGenerator<T, boolean> {
    const connection = new AbortController()
    const incoming: AsyncIterator<T, unknown> = open({
      signal: AbortSignal.any([signal, connection.signal]),
    })[Symbol.asyncIterator]()
    try {
      for (let words = 0; ; words += 1) {
        const arriving = incoming.next()
        arriving.catch(() => undefined) // also when nobody waits for it any more
        const doubtMs = words < 2 ? timing.firstWordMs : timing.heartbeatMs
        const item = await heard(arriving, instead ? doubtMs : timing.silenceMs, signal)
        if (item === undefined) {
          if (instead !== undefined && words === 0) return true
          const told = instead ? yield* untilHeard(arriving, instead, doubtMs, signal) : 'silent'
          if (told === 'held back') return true
          if (told === 'silent') throw new Silence('the stream is silent')
        }
        const { done, value } = item ?? (await arriving)
        if (done === true) break
        pacing.progress()
        yield value
      }
      onEnd?.()
      // An honest coordinator ends a stream when the session has ended; whoever reads knows, and stops.
      await pacing.afterFailure(new Error('the stream ended'), signal)
    } catch (error) {
      await pacing.afterFailure(error, signal)
    } finally {
      connection.abort()
    }
    return false
  }

  /** @returns undefined when nothing has arrived in time */
  async function heard<T>(arriving: Promise<T>, ms: number, signal: AbortSignal): Promise<T | undefined> {
    try {
      return await within(ms, signal, clock, () => arriving)
    } catch (error) {
      if (error instanceof Silence) return undefined
      throw error
    }
  }

  /** Yields what the stream should have brought by now, if it is so. */
  async function* untilHeard<T>(
    arriving: Promise<IteratorResult<T, unknown>>,
    asking: Asking<T>,
    doubtedMs: number,
    signal: AbortSignal,
  ): AsyncGenerator<T, 'heard' | 'held back' | 'silent'> {
    for (let silentMs = doubtedMs; silentMs < timing.silenceMs; silentMs += timing.firstWordMs) {
      const { news } = await attemptCall((options) => asking.ask(options), signal)
      if (news.length > 0) {
        isHeldBack.answered()
        yield* news
        return 'held back'
      }
      if ((await heard(arriving, timing.firstWordMs, signal)) !== undefined) return 'heard'
    }
    return 'silent'
  }

  /** Asks, as long as it is answered, until `endMs` has come. @param answered called with each answer */
  async function* byAsking<T>(
    asking: Asking<T>,
    signal: AbortSignal,
    onEnd: (() => void) | undefined,
    pacing: Pacing,
    lasting: { endMs(): number; answered(): void },
  ): AsyncGenerator<T, undefined> {
    let nextMs = timing.firstAskMs
    do {
      try {
        const { news, isOver = false } = await attemptCall((options) => asking.ask(options), signal)
        pacing.progress()
        lasting.answered()
        yield* news
        if (isOver) onEnd?.()
        nextMs = news.length > 0 ? timing.firstAskMs : Math.min(2 * nextMs, timing.longestAskMs)
      } catch (error) {
        await pacing.afterFailure(error, signal)
        return
      }
      await pause(nextMs, signal, clock)
    } while (clock.now() < lasting.endMs())
  }

  const isHeldBack = {
    endMs: () => heldBack.untilMs,
    answered() {
      if (clock.now() >= heldBack.untilMs) heldBack.untilMs = clock.now() + timing.askingMs
    },
  }

  return {
    async call(attempt, signal, insistence) {
      using pacing = pauses(insistence)
      for (;;) {
        try {
          const answer = await attemptCall(attempt, signal)
          pacing.progress()
          return answer
        } catch (error) {
          await pacing.afterFailure(error, signal)
        }
      }
    },
    async beat(attempt, signal) {
      for (;;) {
        await pause(timing.beatMs, signal, clock)
        await attemptCall(attempt, signal).catch(() => undefined)
      }
    },
    async *stream<T>(
      open: (options: CallOptions) => AsyncIterable<T>,
      signal: AbortSignal,
      options: Streaming<T> = {},
    ): AsyncGenerator<T, never> {
      const { onEnd, insistence, instead } = options
      using pacing = pauses(insistence)
      for (;;) {
        if (instead === undefined) {
          yield* overOne(open, signal, options, pacing)
          continue
        }
        let isSilent = clock.now() < heldBack.untilMs
        if (!isSilent) {
          using place = await places.take(instead.kind)
          if (place === undefined) {
            const placeAtMs = clock.now() + timing.placeMs
            yield* byAsking(instead, signal, onEnd, pacing, { endMs: () => placeAtMs, answered: () => undefined })
            continue
          }
          isSilent = yield* overOne(open, signal, options, pacing)
        }
        if (isSilent) yield* byAsking(instead, signal, onEnd, pacing, isHeldBack)
      }
    },
  }
}
