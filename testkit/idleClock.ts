import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import type { DeviceClock } from '../tss-wasm/round/clock.ts'

const turnMs = 5
const nothing = new Uint8Array()
/** Once those threads have come to it. */
const throughThePool = () => crypto.subtle.digest('SHA-256', nothing)

interface Waiting {
  readonly dueMs: number
  readonly callback: () => void
}

let passedMs = 0
const waiting = new Set<Waiting>()
let isRunning = false

/** Lets time pass, turn by turn, as long as somebody waits. */
async function run(): Promise<void> {
  if (isRunning) return
  isRunning = true
  while (waiting.size > 0) {
    const before = performance.eventLoopUtilization().idle
    await pause(turnMs)
    await throughThePool()
    passedMs += Math.min(turnMs, performance.eventLoopUtilization().idle - before)
    const due = [...waiting].filter(({ dueMs }) => dueMs <= passedMs)
    for (const one of due) {
      if (waiting.delete(one)) one.callback()
    }
  }
  isRunning = false
}

/**
 * The time in which everybody in this process waits, for what must not end sooner on a slow machine: it stands still while any
 * of them computes, and passes by a few milliseconds for each turn of the event loop and of the threads that encrypt and sign. On
 * a machine that gives those threads no time, as many turns are left to everybody as on a quiet one. It never sleeps.
 */
export const idleClock: DeviceClock = {
  now: () => passedMs,
  after(milliseconds, callback) {
    const one = { dueMs: passedMs + milliseconds, callback }
    waiting.add(one)
    void run()
    return () => {
      waiting.delete(one)
    }
  },
  onWake: () => () => undefined,
}
