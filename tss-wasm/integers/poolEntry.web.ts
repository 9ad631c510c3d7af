import '../disposal.web.ts'
import { type FromWorker, poolServer, type ToWorker } from './poolWorker.ts'

const serve = poolServer((answer) => {
  self.postMessage(answer)
})
self.onmessageerror = () => {
  self.postMessage({ kind: 'crashed', detail: 'a message to the worker could not be read' } satisfies FromWorker)
}
self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  serve(data)
}
