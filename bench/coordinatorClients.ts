// Started by coordinator.ts: the parties of some sessions, in a process of their own. Reads one `Load` from its parent,
// answers with one `Outcome`.
import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { type Clients, clients } from '../testkit/harness.ts'
import { between, type Ear, type Pace, pause, runSession } from './coordinatorSession.ts'

export interface Load {
  readonly grpcUrl: string
  /** Sessions alive at the same time. */
  readonly sessions: number
  /** undefined: all begin at once, each once, as fast as they can. */
  readonly pace: (Pace & { readonly warmUpSeconds: number; readonly measuredSeconds: number }) | undefined
}

export interface Outcome {
  /** Milliseconds from `send` to the reader, of the messages that count. */
  readonly latencies: readonly number[]
  /** Ended as they should, the warm-up's included. */
  readonly sessions: number
  /** Messages that were taken and have not come. */
  readonly lost: number
  readonly failures: readonly string[]
  readonly seconds: number
  /** Milliseconds by which this process was late for a timer, p95: so late it hears of a message. */
  readonly lateMs: number
}

/** Streams of so many sessions share a connection. */
const sessionsOfConnection = 10
/** What was sent last has this long to arrive. */
const graceMs = 10_000
const looksEveryMs = 100
const timerMs = 10
/** A whole message at once, as our parties. */
const nodeOptions = { settings: { initialWindowSize: 2 * 1024 * 1024 } }

async function run({ grpcUrl, sessions, pace }: Load): Promise<Outcome> {
  const connections = Math.max(3, Math.ceil(sessions / sessionsOfConnection))
  const services = Array.from({ length: connections }, () =>
    clients(createGrpcTransport({ baseUrl: grpcUrl, nodeOptions })),
  )
  const from = performance.now() + (pace?.warmUpSeconds ?? 0) * 1000
  const until = pace === undefined ? Infinity : from + pace.measuredSeconds * 1000
  const lateness = monitorEventLoopDelay({ resolution: timerMs })
  lateness.enable()
  const latencies: number[] = []
  const failures: string[] = []
  let finished = 0
  let due = 0

  const ear: Ear = {
    taken(sentAtMs, readers) {
      if (sentAtMs < until) due += readers
    },
    heard(sentAtMs, latencyMs) {
      if (sentAtMs < until) due -= 1
      if (sentAtMs >= from && sentAtMs < until) latencies.push(latencyMs)
    },
  }
  const one = async (slot: number, its: Pace | undefined) => {
    try {
      await runSession(rotated(services, slot), its, ear)
      finished += 1
    } catch (error) {
      failures.push(String(error))
    }
  }
  const slots = Array.from({ length: sessions }, async (_, slot) => {
    if (pace === undefined) return one(slot, undefined)
    await pause(between(0, pace.warmUpSeconds * 1000))
    // The first ones have some of their life behind them.
    await one(slot, { ...pace, gatherMs: (pace.gatherMs * between(0, 1000)) / 1000 })
    while (performance.now() < until) await one(slot, pace)
    return undefined
  })
  // Paced sessions that are alive at the end are left alone, but not what has been sent in them.
  const over = async () => {
    await pause(until - performance.now())
    // Below 0: its reader has a message before its sender has the answer.
    while (due !== 0 && performance.now() < until + graceMs) await pause(looksEveryMs)
  }
  await Promise.race([Promise.all(slots), ...(pace === undefined ? [] : [over()])])
  const seconds = (Math.min(performance.now(), until) - from) / 1000
  const lateMs = Math.max(0, lateness.percentile(95) / 1e6 - timerMs)
  return { latencies, sessions: finished, lost: due, failures, seconds, lateMs }
}

function rotated(items: readonly Clients[], by: number): readonly Clients[] {
  const at = by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}

const [load] = (await once(process, 'message')) as [Load]
process.send?.(await run(load), () => process.exit())
