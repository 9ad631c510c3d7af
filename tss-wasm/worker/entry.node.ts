import { expose } from 'comlink'
import { availableParallelism } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { loadKernel } from '../integers/load.node.ts'
import { startWorker } from '../integers/pool.node.ts'
import { nodeEndpoint } from './nodeEndpoint.ts'
import { defaultThreads } from './threads.ts'
import { tssWorker } from './worker.ts'

if (parentPort === null) throw new Error('this file is run as a worker thread')
const { threads = defaultThreads(availableParallelism()) } = (workerData ?? {}) as { readonly threads?: number }
expose(tssWorker({ loadKernel, startWorker, threads }), nodeEndpoint(parentPort))
