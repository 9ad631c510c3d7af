import { TrustedWorker as Worker } from '../trustedWorker.web.ts'
import type { FromWorker, StartWorker } from './poolWorker.ts'

/** A dedicated web worker. A browser tells of its death by an error event only. */
export const startWorker: StartWorker = ({ onAnswer, onCrash }) => {
  const worker = new Worker(new URL('./poolEntry.web.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    onAnswer(data)
  }
  worker.onerror = ({ message }) => {
    onCrash(message === '' ? 'the worker could not start' : message)
  }
  worker.onmessageerror = () => {
    onCrash('an answer could not be read')
  }
  return {
    post: (message) => {
      worker.postMessage(message)
    },
    terminate: () => {
      worker.terminate()
    },
  }
}
