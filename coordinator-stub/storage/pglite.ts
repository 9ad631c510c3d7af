import { parse, PGlite, protocol } from '@electric-sql/pglite'
import type { Database, Query, Row, Value } from '../database.ts'

const bytea = 17
/** What is no text goes over as it is; PGlite's own conversion goes byte by byte, and envelopes are most of what is stored. */
const plainBytes = {
  serializers: { [bytea]: (bytes: unknown) => bytes as string },
  parsers: { [bytea]: (text: string) => new Uint8Array(Buffer.from(text.slice(2), 'hex')) },
}

/**
 * PostgreSQL in this process. It does one thing at a time, and keeps what it has planned: planning the larger statements
 * takes it several times as long as running them.
 * @param folder where the database lives, or undefined: in memory, gone at the end
 */
export async function openPGlite(folder: string | undefined): Promise<Database> {
  const engine = await PGlite.create({ ...plainBytes, ...(folder !== undefined && { dataDir: folder }) })
  await engine.exec('set plan_cache_mode = force_generic_plan')
  const statements = new Set<string>()
  let last: Promise<unknown> = Promise.resolve()

  /** PGlite's own locks do not cover its wire protocol. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }

  async function run(sql: string, parameters: readonly Value[], name: string | undefined): Promise<readonly Row[]> {
    if (name === undefined) return (await engine.query<Row>(sql, [...parameters])).rows
    if (!statements.has(name)) {
      await engine.execProtocol(joined([protocol.serialize.parse({ name, text: sql }), protocol.serialize.sync()]))
      statements.add(name)
    }
    const { messages } = await engine.execProtocol(
      joined([
        protocol.serialize.bind({ statement: name, values: parameters.map(onTheWire) }),
        protocol.serialize.describe({ type: 'P' }),
        protocol.serialize.execute(),
        protocol.serialize.sync(),
      ]),
    )
    const [result] = parse.parseResults(messages, engine.parsers)
    return result?.rows ?? []
  }

  const inside: Query = {
    query: (sql, parameters = [], name) => run(sql, parameters, name),
    script: async (sql) => {
      await engine.exec(sql)
    },
  }
  return {
    width: 1,
    query: (sql, parameters = [], name) => alone(() => run(sql, parameters, name)),
    script: (sql) => alone(() => inside.script(sql)),
    transaction: (work) =>
      alone(async () => {
        await engine.exec('begin')
        try {
          const result = await work(inside)
          await engine.exec('commit')
          return result
        } catch (error) {
          await engine.exec('rollback')
          throw error
        }
      }),
    close: () => alone(() => engine.close()),
  }
}

function joined(messages: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(messages))
}

/** Text, or bytes as they are. */
function onTheWire(value: Value): string | Uint8Array | null {
  if (value === null || value instanceof Uint8Array || typeof value === 'string') return value
  if (typeof value === 'object') {
    return `{${value.map((item) => `"${String(item).replaceAll(/[\\"]/g, String.raw`\$&`)}"`).join(',')}}`
  }
  return String(value)
}
