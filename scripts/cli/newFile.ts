import { writeFile } from 'node:fs/promises'
import { pathOf } from './party.ts'
import { Failed } from './table.ts'

/** A new file, or none: what is there is not written over. */
export async function writeNew(typed: string, text: string): Promise<void> {
  try {
    await writeFile(pathOf(typed), text, { flag: 'wx', mode: 0o600, flush: true })
  } catch (error) {
    throw new Failed(error instanceof Error ? error.message : String(error))
  }
}
