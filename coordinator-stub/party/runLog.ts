import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { RunLog } from '../../participant/connection/runs.ts'
import { readIfThere, syncFolder } from '../../files/dataFolder.ts'

/**
 * Run ids, 32 hex digits a line, appended and flushed one by one. A line that a crash cut short is of a run that had not
 * begun: nothing is said in a run before its line is whole.
 */
export async function openRunLog(path: string): Promise<RunLog> {
  const stored = new TextDecoder().decode((await readIfThere(path)) ?? new Uint8Array())
  const known = new Set(stored.split('\n'))
  let isCutShort = stored !== '' && !stored.endsWith('\n')
  let last: Promise<unknown> = Promise.resolve()
  return {
    enter(run) {
      const name = bytesToHex(run)
      const entered = last.then(async () => {
        if (known.has(name)) return false
        const line = `${isCutShort ? '\n' : ''}${name}\n`
        // Until it is whole: a disk that is full takes half of it.
        isCutShort = true
        await append(path, line)
        isCutShort = false
        known.add(name)
        return true
      })
      last = entered.catch(() => undefined)
      return entered
    },
  }
}

async function append(path: string, text: string): Promise<void> {
  const file = await open(path, 'a', 0o600)
  try {
    await file.appendFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await syncFolder(dirname(path))
}
