import { TrustedWorker as Worker } from '../trustedWorker.web.ts'
import type { Spawned } from './client.ts'

/** A module worker of the page. @param threads how many compute; all cores but one, at most four, unless given */
export function spawnInBrowser(threads?: number): Spawned {
  const name = threads === undefined ? '' : String(threads)
  const worker = new Worker(new URL('./entry.web.ts', import.meta.url), { type: 'module', name })
  return {
    endpoint: worker,
    onDeath(tell) {
      worker.addEventListener('error', ({ message }) => {
        // Scripts that cannot be had say nothing.
        if (message) tell(message)
        else tell('the worker', 'not-loaded')
      })
      worker.addEventListener('messageerror', () => {
        tell('a message of the worker could not be read')
      })
    },
    terminate() {
      worker.terminate()
    },
  }
}
