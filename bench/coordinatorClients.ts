// Started by coordinator.ts: the parties of some sessions, in a process of their own. Reads one `Load` from its parent,
// answers with one `Outcome`.
import { once } from 'node:events'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { type Clients, clients } from '../coordinator-stub/test/harness.ts'
import { between, deliveriesOfSession, type Heard, type Pace, pause, runSession } from './coordinatorSession.ts'

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
  readonly lost: number
  readonly failures: readonly string[]
  readonly seconds: number
}

/** Streams of so many sessions share a connection. */
const sessionsOfConnection = 10

async function run({ grpcUrl, sessions, pace }: Load): Promise<Outcome> {
  const connections = Math.max(3, Math.ceil(sessions / sessionsOfConnection))
  const services = Array.from({ length: connections }, () => clients(createGrpcTransport({ baseUrl: grpcUrl })))
  const from = performance.now() + (pace?.warmUpSeconds ?? 0) * 1000
  const until = pace === undefined ? Infinity : from + pace.measuredSeconds * 1000
  const latencies: number[] = []
  const failures: string[] = []
  let finished = 0
  let heard = 0

  const hear = ({ sentAtMs, latencyMs }: Heard) => {
    heard += 1
    if (sentAtMs >= from && sentAtMs < until) latencies.push(latencyMs)
  }
  const one = async (slot: number) => {
    try {
      await runSession(rotated(services, slot), pace, hear)
      finished += 1
    } catch (error) {
      failures.push(String(error))
    }
  }
  const slots = Array.from({ length: sessions }, async (_, slot) => {
    if (pace === undefined) return one(slot)
    const lifeMs = pace.gatherMs + pace.computeMs.reduce((sum, ms) => sum + ms, 0)
    await pause(between(0, Math.ceil(lifeMs)))
    while (performance.now() < until) await one(slot)
    return undefined
  })
  await Promise.all(slots)
  const seconds = (Math.min(performance.now(), until) - from) / 1000
  const lost = finished * deliveriesOfSession - heard
  return { latencies, sessions: finished, lost, failures, seconds }
}

function rotated(items: readonly Clients[], by: number): readonly Clients[] {
  const at = by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}

const [load] = (await once(process, 'message')) as [Load]
process.send?.(await run(load), () => process.exit())
