import type { PowerMonitor, WebContents } from 'electron'

/** What is open in memory when the machine is put to sleep can be read from it while it sleeps, so nothing is. */
export function lockOnSuspend(power: Pick<PowerMonitor, 'on'>, lock: () => void): void {
  power.on('suspend', lock)
}

/**
 * Locking forgets the keychain's key and ends the page's process, with its workers and all they held; `revive` starts a
 * new one. A ceremony that is cut off by it fails, for the others by name. Storing a share is up to the main process: it
 * is finished, or was not begun.
 */
export function locking(
  folder: { readonly lock: () => void },
  pages: () => readonly Pick<WebContents, 'forcefullyCrashRenderer'>[],
): () => void {
  return () => {
    folder.lock()
    for (const page of pages()) page.forcefullyCrashRenderer()
  }
}

const mostCrashes = 5
const withinMs = 60_000

/** Loads a page that died anew; one that keeps dying is left, so that the person sees it rather than a flicker. */
export function revive(contents: Pick<WebContents, 'on' | 'reload'>, now: () => number): void {
  const crashes: number[] = []
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    if (reason !== 'killed') crashes.push(now())
    if (crashes.filter((at) => now() - at < withinMs).length < mostCrashes) contents.reload()
  })
}
