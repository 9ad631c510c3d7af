import { constants } from 'node:fs'
import { access, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openPGlite } from '../storage/pglite.ts'

const modules = resolve(import.meta.dirname, '../../node_modules')
let made: Promise<string> | undefined

/**
 * An empty PGlite database in the new folder `to`. PGlite computes for five seconds to make one, and every test that starts
 * a coordinator would wait for that: it is made once in a checkout, and copied.
 */
export async function copyEmptyDatabase(to: string): Promise<void> {
  made ??= emptyDatabase()
  await cp(await made, to, { recursive: true, mode: constants.COPYFILE_FICLONE })
}

async function emptyDatabase(): Promise<string> {
  const manifest = await readFile(join(modules, '@electric-sql/pglite/package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  const kept = join(modules, '.quorate', `pglite-${version}`)
  const isThere = () =>
    access(kept).then(
      () => true,
      () => false,
    )
  if (await isThere()) return kept
  await mkdir(join(modules, '.quorate'), { recursive: true })
  const beside = await mkdtemp(`${kept}-`)
  await (await openPGlite(beside)).close()
  try {
    await rename(beside, kept)
  } catch (error) {
    await rm(beside, { recursive: true })
    if (!(await isThere())) throw error // else another test file was quicker
  }
  return kept
}
