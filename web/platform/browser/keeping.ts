import type { Keeping } from '../platform.ts'

/**
 * What becomes of what is stored here, as far as a page can tell. Firefox and Safari refuse a private window the file system
 * of the origin while it has a database, which goes with the window. Chromium hides the difference from pages.
 */
export async function keepingOf(storage: StorageManager | undefined): Promise<Keeping> {
  const directory = (storage as Partial<StorageManager> | undefined)?.getDirectory
  if (storage !== undefined && typeof directory === 'function') {
    const isRefused = await directory.call(storage).then(
      () => false,
      (error: unknown) => error instanceof DOMException && refusals.includes(error.name),
    )
    if (isRefused) return 'until-closed'
  }
  return ((await storage?.persisted().catch(() => false)) ?? false) ? 'promised' : 'unpromised'
}

/** Of Firefox, and of Safari. */
const refusals = ['SecurityError', 'UnknownError']
