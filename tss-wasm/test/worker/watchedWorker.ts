import { Worker } from 'node:worker_threads'
import type { Spawned } from '../../worker/client.ts'
import { nodeEndpoint } from '../../worker/nodeEndpoint.ts'

/** A worker of one thread that may not have WebCrypto generate keys, and how much memory it had at most: JavaScript's heap and all that wasm and buffers hold. */
export function watchedWorker(): { readonly spawn: () => Spawned; readonly peakBytes: () => number } {
  let peak = 0
  function spawn(): Spawned {
    const worker = new Worker(new URL('watchedEntry.ts', import.meta.url), { workerData: { threads: 1 } })
    const asking = setInterval(() => {
      worker.getHeapStatistics().then(
        ({ total_heap_size: heap, external_memory: outside }) => (peak = Math.max(peak, heap + outside)),
        () => undefined, // it has ended
      )
    }, 100)
    return {
      endpoint: nodeEndpoint(worker),
      onDeath(tell) {
        worker.on('error', (error) => {
          tell(String(error))
        })
      },
      terminate() {
        clearInterval(asking)
        void worker.terminate()
      },
    }
  }
  return { spawn, peakBytes: () => peak }
}
