import pg from 'pg'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { Log } from '../process/log.ts'
import type { Neighbours } from '../signals/neighbours.ts'
import { connectionOptions } from './postgres.ts'
import { muchNews, newsChannel, tellingOn } from './telling.ts'

const reconnectAfterMs = 1000
/** A connection whose other end is gone may look alive for hours: it is asked this often, and has as long to answer. */
const probeEveryMs = 5000

/** Closed with its connection. */
export interface ConnectedNeighbours extends Neighbours, AsyncDisposable {}

/**
 * Hears what other coordinators of the database tell (neighbours.ts), on one connection, and tells on another. What is lost with a connection
 * is made good: after reconnecting everybody who waits looks again.
 */
export async function meetNeighbours(url: string, random: RandomSource, log: Log): Promise<ConnectedNeighbours> {
  const origin = bytesToHex(random(8))
  const listeners: ((news: string | undefined) => void)[] = []
  const notifyAll = (news: string | undefined) => {
    for (const hear of listeners) hear(news)
  }
  const { promise: closed, resolve: close } = Promise.withResolvers<undefined>()
  let isClosed = false

  async function listen(): Promise<pg.Client> {
    const client = new pg.Client({ ...connectionOptions(url), query_timeout: probeEveryMs })
    client.on('notification', ({ payload = '' }) => {
      if (payload.startsWith(origin)) return
      const news = payload.slice(origin.length + 1)
      notifyAll(news === muchNews ? undefined : news)
    })
    const { promise: lost, resolve } = Promise.withResolvers<string>()
    client.on('error', (error) => {
      resolve(error.message)
    })
    client.on('end', () => {
      resolve('ended')
    })
    try {
      await client.connect()
      await client.query(`listen ${newsChannel}`)
    } catch (error) {
      void client.end().catch(() => undefined)
      throw error
    }
    const probing = setInterval(() => {
      client.query('select 1').catch((error: unknown) => {
        resolve(error instanceof Error ? error.message : 'no answer')
      })
    }, probeEveryMs)
    void lost.then((reason) => {
      clearInterval(probing)
      return relisten(reason)
    })
    return client
  }
  let listening = await listen()

  async function relisten(reason: string): Promise<void> {
    if (isClosed) return
    log('notifications-lost', { reason })
    // Not awaited: who does not answer does not say goodbye either.
    void listening.end().catch(() => undefined)
    for (;;) {
      await Promise.race([closed, pause(reconnectAfterMs)])
      // `close` may have been called while we waited.
      if (hasClosed()) return
      try {
        listening = await listen()
        log('notifications-again')
        notifyAll(undefined)
        return
      } catch {
        // Not back yet.
      }
    }
  }
  const hasClosed = () => isClosed

  const teller = tellingOn(url, origin, log)
  return {
    areThere: true,
    tell: (news) => {
      teller.tell(news)
    },
    listen(hear) {
      listeners.push(hear)
    },
    async [Symbol.asyncDispose]() {
      await teller[Symbol.asyncDispose]()
      isClosed = true
      close(undefined)
      await listening.end().catch(() => undefined)
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
