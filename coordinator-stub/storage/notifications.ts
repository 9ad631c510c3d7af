import pg from 'pg'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { Database } from '../database.ts'
import type { Log } from '../log.ts'
import { createSignals, type Signals } from '../signals.ts'
import { connectionOptions } from './postgres.ts'

/** One channel for all topics: LISTEN is per connection, and a topic is worth a wake-up only where somebody waits. */
const channel = 'quorate_signals'
const reconnectAfterMs = 1000

/** Signals between all coordinators of one database. Closed with its connection. */
export interface SharedSignals extends Signals, AsyncDisposable {}

/**
 * Signals that reach streams of this process at once and those of other instances by LISTEN/NOTIFY. A notification that
 * is lost with a connection is made good: after reconnecting everybody who waits looks again, and so does every stream at
 * its next heartbeat.
 */
export async function shareSignals(
  url: string,
  database: Database,
  random: RandomSource,
  log: Log,
): Promise<SharedSignals> {
  const local = createSignals()
  const instance = bytesToHex(random(8))
  const { promise: closed, resolve: close } = Promise.withResolvers<undefined>()
  let isClosed = false

  async function listen(): Promise<pg.Client> {
    const client = new pg.Client(connectionOptions(url))
    client.on('notification', ({ payload = '' }) => {
      const [from, topic] = [payload.slice(0, instance.length), payload.slice(instance.length + 1)]
      if (from !== instance) local.raise(topic)
    })
    const { promise: lost, resolve } = Promise.withResolvers<string>()
    client.on('error', (error) => {
      resolve(error.message)
    })
    client.on('end', () => {
      resolve('ended')
    })
    await client.connect()
    await client.query(`listen ${channel}`)
    void lost.then(relisten)
    return client
  }
  let listening = await listen()

  async function relisten(reason: string): Promise<void> {
    if (isClosed) return
    log('notifications-lost', { reason })
    await listening.end().catch(() => undefined)
    for (;;) {
      await Promise.race([closed, pause(reconnectAfterMs)])
      // `close` may have been called while we waited.
      if (hasClosed()) return
      try {
        listening = await listen()
        log('notifications-again')
        local.raiseAll()
        return
      } catch {
        // Not back yet.
      }
    }
  }
  const hasClosed = () => isClosed

  // Topics that are raised while a notification is under way leave together with the next one.
  let waiting = new Set<string>()
  let notifying: Promise<void> | undefined
  async function notifyAll(): Promise<void> {
    while (waiting.size > 0) {
      const topics = [...waiting]
      waiting = new Set()
      await database
        .query(`select pg_notify('${channel}', $1 || ' ' || topic) from unnest($2::text[]) topic`, [instance, topics])
        .catch((error: unknown) => {
          // Readers at other instances find it at their next heartbeat.
          log('not-notified', { reason: error instanceof Error ? error.message : 'thrown: not an error' })
        })
    }
    notifying = undefined
  }

  return {
    raise(topic) {
      local.raise(topic)
      waiting.add(topic)
      notifying ??= Promise.resolve().then(notifyAll)
    },
    subscribe: (topic) => local.subscribe(topic),
    async [Symbol.asyncDispose]() {
      isClosed = true
      close(undefined)
      await notifying
      await listening.end().catch(() => undefined)
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
