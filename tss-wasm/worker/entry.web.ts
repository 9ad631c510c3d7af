import { expose } from 'comlink'
import { loadKernel } from '../integers/load.web.ts'
import { tssWorker } from './worker.ts'

expose(tssWorker(loadKernel))
