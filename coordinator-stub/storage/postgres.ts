import pg from 'pg'
import type { Database, Query, Row, Value } from './database.ts'
import type { Log } from '../process/log.ts'
import { Refusal } from '../process/refusal.ts'

/** Connections of one instance. A statement takes about a millisecond, so a few serve thousands of parties. */
const mostConnections = 10
/** A call that waits longer than this for a connection is told to come back. */
const connectWithinMs = 10_000
/** A connection whose other end is gone may look alive for a quarter of an hour: what gets no answer for so long has lost it. */
const answerWithinMs = 30_000
const mostTries = 5

/**
 * A PostgreSQL server. Calls that cannot reach it are UNAVAILABLE, which clients try again.
 * @param url postgres://user:password@host:port/database
 */
export async function openPostgres(url: string, log: Log, withinMs = answerWithinMs): Promise<Database> {
  const pool = new pg.Pool({ ...connectionOptions(url), max: mostConnections })
  // An idle connection that breaks (a restart of the server) must not end the process; the pool replaces it.
  pool.on('error', (error) => {
    log('database-connection-lost', { reason: error.message })
  })
  const database: Database = {
    width: mostConnections,
    query: (sql, parameters = [], name) => persistently(() => queryOn(pool, withinMs, sql, parameters, name)),
    script: async (sql) => {
      await persistently(() => pool.query(sql))
    },
    transaction: (work) => persistently(() => inTransaction(pool, withinMs, work)),
    close: () => pool.end(),
  }
  try {
    await database.query('select 1')
  } catch (error) {
    await pool.end()
    throw error
  }
  return database
}

/** What every connection is made with, the listening one too. */
export function connectionOptions(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: connectWithinMs,
    application_name: 'quorate-coordinator',
    keepAlive: true,
    types: { getTypeParser },
  }
}

/** bytea as plain bytes: a Buffer would change how slices of it compare and print. */
const getTypeParser: typeof pg.types.getTypeParser = (type, format) =>
  type === pg.types.builtins.BYTEA
    ? (text: string) => new Uint8Array(Buffer.from(text.slice(2), 'hex'))
    : (pg.types.getTypeParser(type, format) as unknown)

async function queryOn(
  on: pg.Pool | pg.PoolClient,
  withinMs: number,
  text: string,
  parameters: readonly Value[] = [],
  name?: string,
): Promise<readonly Row[]> {
  // The library's types do not have the time-out of one query.
  const config: pg.QueryConfig & { readonly query_timeout: number } = {
    text,
    values: [...parameters],
    query_timeout: withinMs,
    ...(name !== undefined && { name }),
  }
  return (await on.query<Row>(config)).rows
}

async function inTransaction<T>(pool: pg.Pool, withinMs: number, work: (inside: Query) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    await queryOn(client, withinMs, 'begin')
    const result = await work({
      query: (sql, parameters = [], name) => queryOn(client, withinMs, sql, parameters, name),
      script: async (sql) => {
        await client.query(sql)
      },
    })
    await queryOn(client, withinMs, 'commit')
    return result
  } catch (error) {
    await queryOn(client, withinMs, 'rollback').catch((reason: unknown) => {
      broken = reason instanceof Error ? reason : new Error('rollback failed')
    })
    throw error
  } finally {
    client.off('error', onError)
    // A connection in an unknown state is closed, not reused.
    client.release(broken)
  }
}

/** Repeats what the server rolled back in favour of somebody else; says UNAVAILABLE for what did not reach it. */
async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (tries < mostTries && isRolledBack(error)) continue
      throw isConnectionError(error) ? new Refusal('unavailable', 'the database is unreachable') : error
    }
  }
}

/** serialization_failure, deadlock_detected */
function isRolledBack(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '40001' || error.code === '40P01')
}

/** Classes 08 (connection exception), 53 (too many connections), 57P (shut down); or no answer of the server at all. */
function isConnectionError(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(08|53|57P)/.test(error.code ?? '')
  if (!(error instanceof Error)) return false
  return (
    'syscall' in error ||
    /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout)/.test(error.message)
  )
}
