import { expose } from 'comlink'
import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort, workerData } from 'node:worker_threads'
import { loadKernel } from '../integers/load.node.ts'
import { startWorker } from '../integers/pool.node.ts'
import { nodeEndpoint } from './nodeEndpoint.ts'
import { defaultThreads } from './threads.ts'
import { tssWorker } from './worker.ts'

if (parentPort === null) throw new Error('this file is run as a worker thread')
const { threads = defaultThreads(availableParallelism()) } = (workerData ?? {}) as { readonly threads?: number }

/** Node gives the collector to no worker of itself: threads do not take the flag that a process takes. */
let collector: (() => void) | undefined
function collect(): void {
  setFlagsFromString('--expose-gc')
  collector ??= runInNewContext('gc') as () => void
  collector()
}

expose(tssWorker({ loadKernel, startWorker, threads, collect }), nodeEndpoint(parentPort))
