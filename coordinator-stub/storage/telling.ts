import pg from 'pg'
import type { Log } from '../process/log.ts'
import { connectionOptions } from './postgres.ts'

/** One channel carries everything: LISTEN is per connection, and news wakes only those who wait for it. */
export const newsChannel = 'quorate_news'
/** In place of news that were too many to keep. */
export const muchNews = 'much'

const mostInOne = 1000
/** While the server cannot be reached. More than this, and the others are told to look for themselves. */
const mostWaiting = 10_000
const againAfterMs = 200
const farewellMs = 1000

export interface Teller extends AsyncDisposable {
  tell(news: readonly string[]): void
}

/**
 * Notifies the others on a connection of its own, after the commit. PostgreSQL gives a transaction that notifies a lock of the
 * whole cluster until it is on the disk, so that no two of them commit together: here such transactions write nothing, and
 * whatever has come in meanwhile goes along in the next.
 * @param origin goes before each piece of news, so that nobody hears its own
 */
export function tellingOn(url: string, origin: string, log: Log): Teller {
  const pool = new pg.Pool({ ...connectionOptions(url), max: 1 })
  // The pool replaces it.
  pool.on('error', () => undefined)
  let waiting: string[] = []
  let isOver = false
  let telling: Promise<void> | undefined

  async function tellAll(): Promise<void> {
    let hasFailed = false
    while (waiting.length > 0) {
      const batch = waiting.splice(0, mostInOne)
      try {
        await pool.query({
          name: 'tell',
          text: `select pg_notify('${newsChannel}', news) from unnest($1::text[]) as news`,
          values: [batch],
        })
        hasFailed = false
      } catch (error) {
        if (isOver) return
        if (!hasFailed) log('news-delayed', { reason: error instanceof Error ? error.message : 'no answer' })
        hasFailed = true
        waiting = [...batch, ...waiting]
        await new Promise((resolve) => setTimeout(resolve, againAfterMs).unref())
      }
    }
  }

  return {
    tell(news) {
      if (isOver) return
      for (const one of news) waiting.push(`${origin} ${one}`)
      if (waiting.length > mostWaiting) waiting = [`${origin} ${muchNews}`]
      telling ??= tellAll().finally(() => {
        telling = undefined
      })
    },
    async [Symbol.asyncDispose]() {
      const late = new Promise((resolve) => setTimeout(resolve, farewellMs).unref())
      await Promise.race([telling, late])
      isOver = true
      // Not for a server that is gone.
      await Promise.race([pool.end(), late])
    },
  }
}
