import type { Endpoint } from 'comlink'
import type { MessagePort, Worker } from 'node:worker_threads'

type Listener = EventListenerOrEventListenerObject

/** Node's own MessageEvent comes with its HTTP client, which takes a worker as long to load as the engine. */
class Message extends Event {
  readonly data: unknown
  constructor(data: unknown) {
    super('message')
    this.data = data
  }
}

/** What comlink wants of a port, on a Node worker or on the port to a worker's parent. */
export function nodeEndpoint(port: Worker | MessagePort): Endpoint {
  const listeners = new Map<Listener, (data: unknown) => void>()
  return {
    postMessage(message, transfer) {
      // Node's and the browser's lists of what can be transferred are typed apart.
      port.postMessage(message, transfer as Parameters<typeof port.postMessage>[1])
    },
    addEventListener(_, listener) {
      const deliver = (data: unknown): void => {
        const event = new Message(data)
        if (typeof listener === 'function') listener(event)
        else listener.handleEvent(event)
      }
      listeners.set(listener, deliver)
      port.on('message', deliver)
    },
    removeEventListener(_, listener) {
      const deliver = listeners.get(listener)
      if (deliver !== undefined) port.off('message', deliver)
      listeners.delete(listener)
    },
  }
}
