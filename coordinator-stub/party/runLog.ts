import { bytesToHex } from '@noble/hashes/utils.js'
import type { RunLog } from '../../participant/connection/runs.ts'
import { openLineFile } from '../../files/lineFile.ts'

/**
 * Run ids, 32 hex digits a line, appended and flushed one by one. A line that a crash cut short is of a run that had not
 * begun: nothing is said in a run before its line is whole.
 */
export async function openRunLog(path: string): Promise<RunLog> {
  const { file, lines } = await openLineFile(path)
  const known = new Set(lines)
  let last: Promise<unknown> = Promise.resolve()
  return {
    enter(run) {
      const name = bytesToHex(run)
      const entered = last.then(async () => {
        if (known.has(name)) return false
        await file.append(name)
        known.add(name)
        return true
      })
      last = entered.catch(() => undefined)
      return entered
    },
  }
}
