import { parse, PGlite, protocol } from '@electric-sql/pglite'
import type { Query, Row, Value } from './database.ts'
import { DurableFolder } from './durableFolder.ts'
import { runningStatement } from './statement.ts'

/** PostgreSQL in this thread, which it keeps busy. One call at a time: PGlite's own locks do not cover its wire protocol. */
export interface PGliteEngine extends Query {
  close(): Promise<void>
}

const bytea = 17
/** PGlite's own conversion goes byte by byte. */
const parsers = { [bytea]: (hex: string) => new Uint8Array(Buffer.from(hex.slice(2), 'hex')) }

/**
 * It keeps what it has planned: planning the larger statements takes it several times as long as running them.
 * @param folder where the database lives, or undefined: in memory, gone at the end
 */
export async function openEngine(folder: string | DurableFolder | undefined): Promise<PGliteEngine> {
  const fs = typeof folder === 'string' ? new DurableFolder(folder) : folder
  const engine = await PGlite.create({ parsers, ...(fs && { fs, startParams }) })
  await fs?.settle()
  await engine.exec('set plan_cache_mode = force_generic_plan')
  const statements = new Set<string>()

  return {
    async query(sql: string, parameters: readonly Value[] = [], name?: string): Promise<readonly Row[]> {
      if (name === undefined) return (await engine.query<Row>(sql, [...parameters])).rows
      if (!statements.has(name)) {
        const parsing = [protocol.serialize.parse({ name, text: sql }), protocol.serialize.sync()]
        await engine.execProtocol(Buffer.concat(parsing))
        statements.add(name)
      }
      const { messages } = await engine.execProtocol(runningStatement(name, parameters))
      const [result] = parse.parseResults(messages, engine.parsers)
      return result?.rows ?? []
    },
    async script(sql) {
      await engine.exec(sql)
    },
    close: () => engine.close(),
  }
}

/** A commit waits for the disk, by the one call that DurableFolder answers. PGlite turns that off (-F). */
const startParams = [...PGlite.defaultStartParams.filter((word) => word !== '-F'), '-c', 'wal_sync_method=fsync']
