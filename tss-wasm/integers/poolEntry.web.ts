import { poolServer, type ToWorker } from './pool.ts'

const serve = poolServer((answer) => {
  self.postMessage(answer)
})
self.onmessage = ({ data }: MessageEvent<ToWorker>) => void serve(data)
