import type { Spawned } from './client.ts'

/** A module worker of the page. */
export function spawnInBrowser(): Spawned {
  const worker = new Worker(new URL('./entry.web.ts', import.meta.url), { type: 'module' })
  return {
    endpoint: worker,
    onDeath(tell) {
      worker.addEventListener('error', ({ message }) => {
        tell(message || 'the worker could not be started')
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
