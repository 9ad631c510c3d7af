import { setTimeout as pause } from 'node:timers/promises'
import { type Clock, deviceClock, type DeviceClock } from '../tss-wasm/round/clock.ts'

/** The time of all devices of a ceremony, whose lids can be closed. The coordinator's goes on meanwhile. */
export interface DeviceTime {
  readonly clock: DeviceClock
  /** Until all lids are opened again no timer fires; then all that were due do. */
  closeLids(): void
  openLids(): void
}

export function deviceTime(): DeviceTime {
  let isAsleep = false
  const due = new Set<() => void>()
  const machine: Clock = {
    now: () => performance.now(),
    after(milliseconds, callback) {
      const timer = setTimeout(() => {
        if (isAsleep) due.add(callback)
        else callback()
      }, milliseconds)
      return () => {
        clearTimeout(timer)
        due.delete(callback)
      }
    },
  }
  return {
    clock: deviceClock(machine),
    closeLids() {
      isAsleep = true
    },
    openLids() {
      isAsleep = false
      const late = [...due]
      due.clear()
      for (const callback of late) callback()
    },
  }
}

/** Whose turn it is to compute: one ceremony at a time, in the order in which they came. */
export interface Turns {
  take(): Promise<unknown>
  give(): void
  /** Lets the others go on for at least so long, then waits for a turn. */
  waitBeside(milliseconds: number): Promise<void>
}

export function turns(): Turns {
  const waiting: ((turn: undefined) => void)[] = []
  let isTaken = false
  const all: Turns = {
    take() {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      if (isTaken) waiting.push(resolve)
      else resolve(undefined)
      isTaken = true
      return promise
    },
    give() {
      const next = waiting.shift()
      if (next === undefined) isTaken = false
      else next(undefined)
    },
    async waitBeside(milliseconds) {
      all.give()
      await pause(milliseconds)
      await all.take()
    },
  }
  return all
}
