import type { Clock } from '../../round/clock.ts'

/** A machine whose time passes when the test says so. */
export interface VirtualMachine extends Clock {
  readonly wallMs: () => number
  /** Everything that is due until then happens in its order, and what it leads to. */
  pass(milliseconds: number): Promise<void>
  /** The lid is closed: time passes, and nothing happens until it is opened. @param own whether its timers ran on */
  sleep(milliseconds: number, own: 'timers run on' | 'timers stand still'): void
}

export function virtualMachine(): VirtualMachine {
  let [nowMs, wallMs] = [0, 1_790_000_000_000]
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>()
  return {
    now: () => nowMs,
    wallMs: () => wallMs,
    after(milliseconds, callback) {
      const timer = { at: nowMs + Math.ceil(milliseconds), callback } // as timers are, of whole milliseconds
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async pass(milliseconds) {
      const end = nowMs + milliseconds
      for (;;) {
        for (let turn = 0; turn < 30; turn += 1) await Promise.resolve()
        const [next] = [...timers].sort((a, b) => a.at - b.at)
        if (next === undefined || next.at > end) break
        timers.delete(next)
        const step = Math.max(0, next.at - nowMs)
        nowMs += step
        wallMs += step
        next.callback()
      }
      wallMs += end - nowMs
      nowMs = end
    },
    sleep(milliseconds, own) {
      wallMs += milliseconds
      if (own === 'timers run on') nowMs += milliseconds
    },
  }
}
