import { poolServer, type ToWorker } from './poolWorker.ts'

const serve = poolServer((answer) => {
  self.postMessage(answer)
})
self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  serve(data)
}
