import { createHash } from 'node:crypto'
import { constants, cpSync } from 'node:fs'
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { migrate } from '../coordinator-stub/storage/database.ts'
import { openPGlite } from '../coordinator-stub/storage/pglite.ts'

const modules = resolve(import.meta.dirname, '../node_modules')
const migrations = resolve(import.meta.dirname, '../coordinator-stub/storage/migrations')
let made: Promise<string> | undefined

/**
 * A PGlite database in the new folder `to`, up to date and without a row. PGlite computes for six seconds to make one, and
 * every test that starts a coordinator would wait for that: it is made once in a checkout, and copied. In one call: a
 * thousand small files one by one take Node a second.
 */
export async function copyEmptyDatabase(to: string): Promise<void> {
  made ??= emptyDatabase()
  cpSync(await made, to, { recursive: true, mode: constants.COPYFILE_FICLONE })
}

/** Names what the database is made of. */
async function recipe(): Promise<string> {
  const parts = [join(modules, '@electric-sql/pglite/package.json')]
  for (const file of (await readdir(migrations)).sort()) parts.push(join(migrations, file))
  const hash = createHash('sha256')
  for (const part of parts) hash.update(await readFile(part))
  return hash.digest('hex').slice(0, 16)
}

async function emptyDatabase(): Promise<string> {
  const kept = join(modules, '.quorate', `pglite-${await recipe()}`)
  const isThere = () =>
    access(kept).then(
      () => true,
      () => false,
    )
  if (await isThere()) return kept
  await mkdir(join(modules, '.quorate'), { recursive: true })
  const beside = await mkdtemp(`${kept}-`)
  const database = await openPGlite(beside)
  await migrate(database)
  await database.close()
  try {
    await rename(beside, kept)
  } catch (error) {
    await rm(beside, { recursive: true })
    if (!(await isThere())) throw error // else another test file was quicker
  }
  return kept
}
