import { readFileSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Counts starts that did not get as far as a window. After two the next one is careful: no hardware acceleration, no
 * remembered window position. Shares are not touched by any of this.
 */
export interface StartMarker {
  readonly careful: boolean
  /** The window is there. */
  succeeded(): void
}

const patience = 2

/** Synchronous: it has to be decided, and written down, before anything that may crash. */
export function markStart(file: string): StartMarker {
  const failed = failedStarts(file)
  try {
    writeFileSync(file, String(failed + 1), { mode: 0o600 })
  } catch {
    // a disk that cannot take one digit will be named by whoever stores something that matters
  }
  return {
    careful: failed >= patience,
    succeeded() {
      rmSync(file, { force: true })
    },
  }
}

function failedStarts(file: string): number {
  try {
    const count = Number(readFileSync(file, 'utf8'))
    return Number.isSafeInteger(count) && count > 0 ? count : 0
  } catch {
    return 0
  }
}
