import { Worker } from 'node:worker_threads'
import type { FromWorker, StartWorker } from './poolWorker.ts'

/** A worker thread that does not keep the process alive by itself. */
export const startWorker: StartWorker = ({ onAnswer, onCrash }) => {
  const worker = new Worker(new URL(import.meta.resolve('#pool')))
  let wanted = true
  worker.unref()
  worker.on('message', (answer: FromWorker) => {
    onAnswer(answer)
  })
  worker.on('error', (error) => {
    onCrash(error instanceof Error ? error.message : 'unknown')
  })
  worker.on('exit', (code) => {
    if (wanted) onCrash(`the worker ended with code ${code}`)
  })
  return {
    post: (message) => {
      worker.postMessage(message)
    },
    terminate: () => {
      wanted = false
      void worker.terminate()
    },
  }
}
