import type { Arrival } from './message.ts'

/** Wakes streams of this process that wait for something to change. */
export interface Signals {
  /** @param arrival for a topic of messages: what has arrived; undefined: look at the database */
  raise(topic: string, arrival?: Arrival): void
  /** Wakes everybody, when it is not known what was missed. */
  raiseAll(): void
  /** Calls `listener` at once, whenever the topic is raised. */
  on(topic: string, listener: (arrival?: Arrival) => void): Disposable
  subscribe(topic: string): Subscription
}

export interface Subscription extends Disposable {
  /**
   * Resolves when the topic was raised since the last call (or since `subscribe`), when `timeoutMs` have passed, or when
   * `signal` aborts. Nothing is missed between two calls.
   */
  wait(timeoutMs: number, signal: AbortSignal): Promise<'raised' | 'quiet' | 'aborted'>
}

export function createSignals(): Signals {
  const listeners = new Map<string, Set<(arrival?: Arrival) => void>>()
  const signals: Signals = {
    raise(topic, arrival) {
      for (const listener of listeners.get(topic) ?? []) listener(arrival)
    },
    raiseAll() {
      for (const woken of listeners.values()) for (const listener of woken) listener()
    },
    on(topic, listener) {
      const others = listeners.get(topic) ?? new Set()
      listeners.set(topic, others.add(listener))
      return {
        [Symbol.dispose]() {
          others.delete(listener)
          if (others.size === 0 && listeners.get(topic) === others) listeners.delete(topic)
        },
      }
    },
    subscribe(topic) {
      const bell = createBell()
      const listening = signals.on(topic, () => {
        bell.ring()
      })
      return {
        wait: (timeoutMs, signal) => bell.wait(timeoutMs, signal),
        [Symbol.dispose]() {
          listening[Symbol.dispose]()
        },
      }
    },
  }
  return signals
}

/** Wakes the one who waits, or whoever waits next. */
export interface Bell {
  ring(): void
  readonly wait: Subscription['wait']
}

export function createBell(): Bell {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      rung = true
      wake?.()
    },
    async wait(timeoutMs, signal) {
      if (!rung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const settle = () => {
            clearTimeout(timer)
            signal.removeEventListener('abort', settle)
            resolve()
          }
          const timer = setTimeout(settle, timeoutMs)
          wake = settle
          signal.addEventListener('abort', settle)
        })
      }
      wake = undefined
      if (signal.aborted) return 'aborted'
      if (!rung) return 'quiet'
      rung = false
      return 'raised'
    },
  }
}
