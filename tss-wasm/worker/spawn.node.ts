import { nodeEndpoint } from './nodeEndpoint.ts'
import { Worker } from 'node:worker_threads'
import type { Spawned } from './client.ts'

/**
 * A thread of this process.
 * @param entry for tests; package.json names the usual one
 * @param threads how many compute; all cores but one, at most four, unless given
 */
export function spawnInNode(entry = new URL(import.meta.resolve('#engine')), threads?: number): Spawned {
  const worker = new Worker(entry, { workerData: { threads } })
  return {
    endpoint: nodeEndpoint(worker),
    onDeath(tell) {
      worker.on('error', (error) => {
        tell(error instanceof Error ? error.message : 'the worker threw')
      })
      worker.on('messageerror', () => {
        tell('a message of the worker could not be read')
      })
      worker.on('exit', (code) => {
        tell(`the worker ended with code ${code}`)
      })
    },
    terminate() {
      void worker.terminate()
    },
  }
}
