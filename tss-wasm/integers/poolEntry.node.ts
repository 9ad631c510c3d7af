import { parentPort } from 'node:worker_threads'
import { poolServer, type ToWorker } from './pool.ts'

const serve = poolServer((answer) => parentPort?.postMessage(answer))
parentPort?.on('message', (message: ToWorker) => void serve(message))
