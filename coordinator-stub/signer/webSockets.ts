import { type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { longestBody } from './calls.ts'
import { type Admission, type Caller, callerOf, type Turned } from './callers.ts'

/** What is done with what comes over WebSockets. */
export interface SocketPorts {
  readonly admission: Admission
  /** In JSON, as for a body of HTTP. @param gone aborts once nobody can hear the answer */
  readonly answer: (text: string, caller: Caller, gone: AbortSignal) => Promise<string>
  readonly refused: (reason: Turned) => void
  readonly failed: (error: unknown) => void
}

/** Answers that a caller has not read yet, in bytes: one that reads nothing is cut off. */
const mostUnread = 16 * 1024 * 1024

/**
 * The same calls over WebSockets, on the same port: a text message has a call or a list of them, and is answered by one. Who may
 * come is decided before anything is said, as for HTTP. What is not answered when a socket closes is withdrawn.
 */
export function serveWebSockets(http: Server, { admission, answer, refused, failed }: SocketPorts): Disposable {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: longestBody, perMessageDeflate: false })
  http.on('upgrade', (request, socket, head) => {
    const { remoteAddress } = request.socket
    const caller = callerOf({ remoteAddress, headers: request.headers }, admission)
    if (typeof caller === 'string') {
      refused(caller)
      turnAway(socket, 403)
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      listen(opened, caller)
    })
  })

  function listen(socket: WebSocket, caller: Caller): void {
    const gone = new AbortController()
    socket.on('close', () => {
      gone.abort()
    })
    // What breaks the protocol, or is too long, closes the socket by itself, with the code that says so.
    socket.on('error', () => undefined)
    socket.on('message', (data, isBinary) => {
      if (isBinary) {
        socket.close(unsupportedData, 'calls are text')
        return
      }
      void answer((data as Buffer).toString('utf8'), caller, gone.signal)
        .then((text) => {
          if (socket.bufferedAmount > mostUnread) socket.terminate()
          else socket.send(text)
        })
        .catch(failed)
    })
  }

  return {
    [Symbol.dispose]() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}

/** RFC 6455, section 7.4.1. */
const unsupportedData = 1003

function turnAway(socket: Duplex, status: number): void {
  socket.on('error', () => undefined)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
