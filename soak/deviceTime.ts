import { setTimeout as pause } from 'node:timers/promises'
import { type Clock, deviceClock, type DeviceClock } from '../tss-wasm/round/clock.ts'

/** The time of all devices of a ceremony, of which minutes can pass in a second. The coordinator's goes on as it is. */
export interface DeviceTime {
  readonly clock: DeviceClock
  /** All lids are closed for so long. Nothing happens meanwhile; when they are opened, everything that was due is. */
  sleep(milliseconds: number): void
  /** So much time passes while everybody is awake and tries what there is to try. */
  pass(milliseconds: number): Promise<void>
}

const stepMs = 500
/** What happens in between takes its own time. */
const turnMs = 5

interface Waiting {
  readonly dueMs: number
  readonly callback: () => void
  timer: NodeJS.Timeout | undefined
}

export function deviceTime(): DeviceTime {
  let skippedMs = 0
  const waiting = new Set<Waiting>()
  const machine: Clock = {
    now: () => performance.now() + skippedMs,
    after(milliseconds, callback) {
      const one: Waiting = { dueMs: machine.now() + milliseconds, callback, timer: undefined }
      waiting.add(one)
      arm(one)
      return () => {
        clearTimeout(one.timer)
        waiting.delete(one)
      }
    },
  }

  function arm(one: Waiting): void {
    clearTimeout(one.timer)
    one.timer = setTimeout(
      () => {
        waiting.delete(one)
        one.callback()
      },
      Math.max(0, one.dueMs - machine.now()),
    )
  }

  function skip(milliseconds: number): void {
    skippedMs += milliseconds
    for (const one of waiting) arm(one)
  }

  return {
    clock: deviceClock(machine, () => Date.now() + skippedMs),
    sleep: skip,
    async pass(milliseconds) {
      for (let left = milliseconds; left > 0; left -= stepMs) {
        skip(Math.min(left, stepMs))
        await pause(turnMs)
      }
    },
  }
}
