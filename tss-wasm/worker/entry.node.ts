import { expose } from 'comlink'
import { parentPort } from 'node:worker_threads'
import { loadKernel } from '../integers/load.node.ts'
import { nodeEndpoint } from './nodeEndpoint.ts'
import { tssWorker } from './worker.ts'

if (parentPort === null) throw new Error('this file is run as a worker thread')
expose(tssWorker(loadKernel), nodeEndpoint(parentPort))
