import { unwatchFile, watchFile } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { decodeServerParties, type PinnedParty } from '../../participant/session/serverParties.ts'
import type { Log } from '../process/log.ts'

const lookEveryMs = 2000

/** Always the list as its file was last readable. */
export interface PinnedParties extends Disposable {
  readonly list: readonly PinnedParty[]
}

/**
 * Reads the list of server parties, and again whenever its file changes: parties come and go without a restart. A file that
 * cannot be read, or is not such a list, changes nothing; the log says so once for each change. Who has a stream keeps it.
 * @param path undefined: none, for good
 * @throws Error when the file is not a list at the start
 */
export async function watchParties(path: string | undefined, log: Log, everyMs = lookEveryMs): Promise<PinnedParties> {
  if (path === undefined) return { list: [], [Symbol.dispose]: () => undefined }
  const read = async () => decodeServerParties(await readFile(path, 'utf8'))
  // One array for as long as the process lives: whoever holds it sees what changes.
  const list = [...(await read())]
  let last: Promise<void> = Promise.resolve()
  const readAgain = async () => {
    try {
      const parties = await read()
      list.splice(0, list.length, ...parties)
      log('parties', { serverParties: parties.length })
    } catch (error) {
      log('parties-unreadable', { reason: error instanceof Error ? error.message : 'thrown: not an error' })
    }
  }
  const changed = () => {
    last = last.then(readAgain)
  }
  // By its name and every few seconds: it may be replaced, or a link that is set to another file.
  watchFile(path, { interval: everyMs, persistent: false }, changed)
  return {
    list,
    [Symbol.dispose]() {
      unwatchFile(path, changed)
    },
  }
}
