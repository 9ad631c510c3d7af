import { parentPort } from 'node:worker_threads'
import { poolServer } from './poolWorker.ts'

parentPort?.on(
  'message',
  poolServer((answer) => parentPort?.postMessage(answer)),
)
