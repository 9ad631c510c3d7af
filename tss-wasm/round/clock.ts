/** Time as a parameter, so that tests of deadlines need not wait. */
export interface Clock {
  /** Milliseconds, never going back. */
  now(): number
  /** Calls back once, after `milliseconds`; the answer cancels. */
  after(milliseconds: number, callback: () => void): () => void
}

/** A clock that stands still while the device sleeps. */
export interface DeviceClock extends Clock {
  /** Calls back each time the device has slept while somebody waited by `after`; the answer ends that. */
  onWake(callback: () => void): () => void
}

const machineClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => {
      clearTimeout(timer)
    }
  },
}

/** How often the time is looked at while somebody waits. */
const tickMs = 1000
/** A timer that is later than this was not delayed by work: the device slept, or the page was frozen. */
const latestMs = 10_000

interface Waiting {
  readonly milliseconds: number
  left: number
  readonly callback: () => void
}

/**
 * Time that a device slept is not counted, and whoever waited then waits for as long again: nobody could be heard in the
 * meantime. A machine's own timers differ in whether they run on during sleep, so the wall clock is looked at too.
 */
export function deviceClock(machine: Clock = machineClock, wallMs: () => number = () => Date.now()): DeviceClock {
  const waiting = new Set<Waiting>()
  const listeners = new Set<() => void>()
  let asleepMs = 0
  let latest = 0
  let looked = { atMs: 0, wallMs: 0 }
  let stopTick: (() => void) | undefined

  /** Takes the time that has passed from what is left to everybody. */
  function look(): void {
    const before = looked
    looked = { atMs: machine.now(), wallMs: wallMs() }
    if (waiting.size === 0) return
    const passedMs = looked.atMs - before.atMs
    const hasSlept = Math.max(passedMs, looked.wallMs - before.wallMs) > tickMs + latestMs
    if (hasSlept) asleepMs += passedMs
    for (const one of waiting) one.left = hasSlept ? one.milliseconds : one.left - passedMs
    if (hasSlept) for (const listener of [...listeners]) listener()
  }

  function schedule(): void {
    stopTick?.()
    stopTick = undefined
    if (waiting.size === 0) return
    const nextMs = Math.min(tickMs, ...[...waiting].map(({ left }) => left))
    stopTick = machine.after(Math.max(0, nextMs), () => {
      look()
      const due = [...waiting].filter(({ left }) => left <= 0)
      for (const one of due) waiting.delete(one)
      schedule()
      for (const { callback } of due) callback()
    })
  }

  return {
    now() {
      latest = Math.max(latest, machine.now() - asleepMs)
      return latest
    },
    after(milliseconds, callback) {
      look()
      const one = { milliseconds, left: milliseconds, callback }
      waiting.add(one)
      schedule()
      return () => {
        if (waiting.delete(one) && waiting.size === 0) schedule()
      }
    },
    onWake(callback) {
      listeners.add(callback)
      return () => {
        listeners.delete(callback)
      }
    },
  }
}

export const systemClock: DeviceClock = deviceClock()
