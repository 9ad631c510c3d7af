import { readdir, readFile } from 'node:fs/promises'

/** What a column may hold: text, numbers (bigint columns come back as number or bigint), bytes, or a list of them. */
export type Value = string | number | bigint | Uint8Array | readonly (string | number)[] | null
export type Row = Readonly<Record<string, unknown>>

export interface Query {
  /**
   * One statement of PostgreSQL's dialect with $1, $2 ... for its parameters; its rows.
   * @param name of a statement that is used all the time, always with the same text: a server plans it once
   */
  query(sql: string, parameters?: readonly Value[], name?: string): Promise<readonly Row[]>
  /** Several statements without parameters. For migrations. */
  script(sql: string): Promise<void>
}

/** The little of PostgreSQL that we use. storage/pglite.ts is it in this process, storage/postgres.ts asks a server. */
export interface Database extends Query {
  /** How many statements it works on at the same time. */
  readonly width: number
  /** All of `work` or nothing of it; a throw rolls back. */
  transaction<T>(work: (inside: Query) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Any number, the same for every coordinator: whoever holds the advisory lock of this number migrates. */
const migrationLock = 0x71756f72

/**
 * Brings the schema up to date: each file of migrations/ once, in the order of its number, all in one transaction. Several
 * coordinators that start at once take turns.
 */
export async function migrate(database: Database): Promise<void> {
  const folder = new URL('migrations/', import.meta.url)
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  await database.transaction(async (inside) => {
    // A script: waiting for another's migration may take as long as that takes.
    await inside.script(`select pg_advisory_xact_lock(${migrationLock})`)
    await inside.script('create table if not exists migrations (name text primary key)')
    const done = new Set((await inside.query('select name from migrations')).map((row) => row['name']))
    for (const file of files.filter((name) => !done.has(name))) {
      await inside.script(await readFile(new URL(file, folder), 'utf8'))
      await inside.query('insert into migrations values ($1)', [file])
    }
  })
}
