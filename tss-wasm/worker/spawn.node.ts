import { nodeEndpoint } from './nodeEndpoint.ts'
import { Worker } from 'node:worker_threads'
import type { Spawned } from './client.ts'

/** A thread of this process. `entry` is for tests. */
export function spawnInNode(entry = new URL('./entry.node.ts', import.meta.url)): Spawned {
  const worker = new Worker(entry)
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
