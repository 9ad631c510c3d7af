import { readdir, readFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'

/** What a column may hold: text, numbers (bigint columns come back as number or bigint), bytes, or a list of them. */
export type Value = string | number | bigint | Uint8Array | readonly (string | number)[] | null
export type Row = Readonly<Record<string, unknown>>

export interface Query {
  /** One statement of PostgreSQL's dialect with $1, $2 ... for its parameters; its rows. */
  query(sql: string, parameters?: readonly Value[]): Promise<readonly Row[]>
}

/** The little of PostgreSQL that we use. PGlite implements it in this process; a client of a real server can as well. */
export interface Database extends Query {
  /** Several statements without parameters. For migrations. */
  script(sql: string): Promise<void>
  /** All of `work` or nothing of it; a throw rolls back. */
  transaction<T>(work: (inside: Query) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** @param folder where the database lives, or undefined: in memory, gone at the end */
export async function openPGlite(folder: string | undefined): Promise<Database> {
  const engine = await PGlite.create(folder === undefined ? {} : { dataDir: folder })
  return {
    query: async (sql, parameters = []) => (await engine.query<Row>(sql, [...parameters])).rows,
    script: async (sql) => {
      await engine.exec(sql)
    },
    transaction: (work) =>
      engine.transaction((inside) =>
        work({ query: async (sql, parameters = []) => (await inside.query<Row>(sql, [...parameters])).rows }),
      ),
    close: () => engine.close(),
  }
}

/** Brings the schema up to date: each file of migrations/ once, in the order of its number, each in a transaction. */
export async function migrate(database: Database): Promise<void> {
  const folder = new URL('migrations/', import.meta.url)
  await database.script('create table if not exists migrations (name text primary key)')
  const done = new Set((await database.query('select name from migrations')).map((row) => row['name']))
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  for (const file of files) {
    if (done.has(file)) continue
    const sql = await readFile(new URL(file, folder), 'utf8')
    await database.script(`begin; ${sql}; insert into migrations values ('${file}'); commit;`)
  }
}
