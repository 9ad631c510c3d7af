/** Wakes streams that wait for something to change. Carries no data: whoever wakes up reads the database. */
export interface Signals {
  raise(topic: string): void
  subscribe(topic: string): Subscription
}

/** Signals within this process. */
export interface LocalSignals extends Signals {
  /** Wakes everybody, when it is not known what was missed. */
  raiseAll(): void
}

export interface Subscription extends Disposable {
  /**
   * Resolves when the topic was raised since the last call (or since `subscribe`), when `timeoutMs` have passed, or when
   * `signal` aborts. Nothing is missed between two calls.
   */
  wait(timeoutMs: number, signal: AbortSignal): Promise<'raised' | 'quiet' | 'aborted'>
}

export function createSignals(): LocalSignals {
  const listeners = new Map<string, Set<() => void>>()
  return {
    raise(topic) {
      for (const wake of listeners.get(topic) ?? []) wake()
    },
    raiseAll() {
      for (const woken of listeners.values()) for (const wake of woken) wake()
    },
    subscribe(topic) {
      let raised = false
      let wake: (() => void) | undefined
      const listener = () => {
        raised = true
        wake?.()
      }
      const others = listeners.get(topic) ?? new Set()
      listeners.set(topic, others.add(listener))
      return {
        async wait(timeoutMs, signal) {
          if (!raised && !signal.aborted) {
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
          if (!raised) return 'quiet'
          raised = false
          return 'raised'
        },
        [Symbol.dispose]() {
          others.delete(listener)
          if (others.size === 0 && listeners.get(topic) === others) listeners.delete(topic)
        },
      }
    },
  }
}
