import { open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readIfThere, syncFolder, writeDurably } from './dataFolder.ts'

/** A text file that grows line by line. A line counts once it is whole, and then it is on the disk. */
export interface LineFile {
  append(line: string): Promise<void>
  /** All of the file at once: a crash leaves the old lines or the new. */
  replace(lines: readonly string[]): Promise<void>
}

/**
 * Opens the file, or begins a new one with the first line. What a crash has left of a line is removed: whoever wrote it was
 * never told that it counts. One writer at a time; mode 0600.
 * @returns the lines that are there, without what ends them
 */
export async function openLineFile(
  path: string,
): Promise<{ readonly file: LineFile; readonly lines: readonly string[] }> {
  const stored = await readIfThere(path)
  const whole = stored === undefined ? 0 : stored.lastIndexOf(lineEnd) + 1
  const lines = whole === 0 ? [] : new TextDecoder().decode(stored?.subarray(0, whole - 1)).split('\n')
  let length = whole
  let isThere = stored !== undefined
  /** Whether there may be more in the file than whole lines. */
  let isTorn = stored !== undefined && stored.length > whole

  async function append(line: string): Promise<void> {
    const bytes = Buffer.from(`${line}\n`)
    const wasTorn = isTorn
    // Until it is whole: a disk that is full takes half of it.
    isTorn = true
    const file = await open(path, 'a', 0o600)
    try {
      if (wasTorn) await file.truncate(length)
      await file.appendFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    if (!isThere) await syncFolder(dirname(path))
    isThere = true
    isTorn = false
    length += bytes.length
  }

  return {
    lines,
    file: {
      append,
      async replace(kept) {
        await writeDurably(path, Buffer.from(kept.map((line) => `${line}\n`).join('')))
        length = (await stat(path)).size
        isThere = true
        isTorn = false
      },
    },
  }
}

const lineEnd = 0x0a
