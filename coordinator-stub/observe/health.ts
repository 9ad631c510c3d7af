import type { ServiceImpl } from '@connectrpc/connect'
import { type Health, HealthCheckResponse_ServingStatus as Status } from '../../proto/gen/grpc/health_pb.js'
import { callerIn } from '../limits/callerAddress.ts'
import type { Database } from '../storage/database.ts'
import { Refusal } from '../process/refusal.ts'
import { streamLimits } from '../limits/streamLimits.ts'

const checkAgainMs = 5000

/** Serving means that the database answers: without it no call can be served. */
export function healthHandlers(database: Database, services: readonly string[]): ServiceImpl<typeof Health> {
  const streams = streamLimits()
  let watchers = 0
  let asking: Promise<boolean> | undefined
  /** However many watch, the database is asked one question at a time. */
  const isServing = () => (asking ??= isAlive(database).finally(() => (asking = undefined)))
  const statusOf = async (service: string): Promise<Status | undefined> => {
    if (service !== '' && !services.includes(service)) return undefined
    return (await isServing()) ? Status.SERVING : Status.NOT_SERVING
  }
  return {
    async check({ service }) {
      const status = await statusOf(service)
      if (status === undefined) throw new Refusal('not_found', 'no such service')
      return { status }
    },
    async *watch({ service }, context) {
      using slot = streams.enter(`watcher ${(watchers += 1)}`, context.signal, callerIn(context))
      const { signal } = slot
      let told: Status | undefined
      while (!signal.aborted) {
        const status = (await statusOf(service)) ?? Status.SERVICE_UNKNOWN
        if (status !== told) yield { status }
        told = status
        await pause(checkAgainMs, signal)
      }
    },
  }
}

export async function isAlive(database: Database): Promise<boolean> {
  return database.query('select 1').then(
    () => true,
    () => false,
  )
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}
