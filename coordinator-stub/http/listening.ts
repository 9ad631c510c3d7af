import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server as HttpServer } from 'node:http'
import {
  constants,
  createSecureServer as createHttp2SecureServer,
  createServer as createHttp2Server,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'

/** Files, PEM. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
  /** Authorities of client certificates; with it, callers of the gRPC port must present one (mTLS). */
  readonly clientCa: string | undefined
}

/** What Node needs for TLS, read once. */
export interface Tls {
  readonly cert: Buffer
  readonly key: Buffer
  readonly clientCa: Buffer | undefined
}

export async function readTls({ cert, key, clientCa }: TlsFiles): Promise<Tls> {
  const caPem = clientCa === undefined ? undefined : await readFile(clientCa)
  return { cert: await readFile(cert), key: await readFile(key), clientCa: caPem }
}

/** Half-open connections cost memory before anybody has authenticated. */
const mostConnections = 20_000
/** A connection that is idle for this long is dead: heartbeats go out every ten seconds. */
const silenceMs = 120_000
/** A request that has not come by then, body included, is cut off: whoever sends the largest message needs a second. */
const requestWithinMs = 10_000
/** Streams of one HTTP/2 connection: a server party has a few for each of its sessions. */
const mostStreams = 1000
/** What a stream, and a connection, may send before we have read: the largest message, which else takes round trips. */
const windowBytes = 2 * 1024 * 1024

/** HTTP/1.1: the web app, gRPC-Web, REST. Browsers have no client certificates here; join tokens say who they are. */
export function httpServer(handle: RequestListener, tls: Tls | undefined): HttpServer {
  const options = {
    headersTimeout: requestWithinMs,
    requestTimeout: requestWithinMs,
    connectionsCheckingInterval: 2000,
  }
  const server =
    tls === undefined
      ? createServer(options, handle)
      : createHttpsServer({ ...options, cert: tls.cert, key: tls.key, minVersion: 'TLSv1.3' }, handle)
  server.maxConnections = mostConnections
  server.setTimeout(silenceMs)
  return server
}

/** HTTP/2: gRPC. */
export function grpcServer(
  handle: (request: Http2ServerRequest, response: Http2ServerResponse) => void,
  tls: Tls | undefined,
): Http2Server {
  const options = { settings: { maxConcurrentStreams: mostStreams, initialWindowSize: windowBytes } }
  const mutual = tls?.clientCa === undefined ? {} : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true }
  const server =
    tls === undefined
      ? createHttp2Server(options, handle)
      : createHttp2SecureServer({ ...options, ...mutual, cert: tls.cert, key: tls.key, minVersion: 'TLSv1.3' }, handle)
  server.on('session', (session) => {
    session.setLocalWindowSize(windowBytes)
  })
  server.on('stream', (stream: ServerHttp2Stream) => {
    cutOffUnfinished(stream)
  })
  server.maxConnections = mostConnections
  server.setTimeout(silenceMs)
  return server
}

/** HTTP/2 has no time limit of its own for a body: one that does not end would be held for as long as its connection. */
function cutOffUnfinished(stream: ServerHttp2Stream): void {
  if (stream.endAfterHeaders) return
  const timer = setTimeout(() => {
    const hasCome = stream.state.state === constants.NGHTTP2_STREAM_STATE_HALF_CLOSED_REMOTE
    if (!hasCome) stream.close(constants.NGHTTP2_CANCEL)
  }, requestWithinMs)
  timer.unref()
  stream.once('close', () => {
    clearTimeout(timer)
  })
}

export async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Lets running requests finish, then closes what is left. */
const graceMs = 2000

export async function closeHttp(server: HttpServer): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const cut = setTimeout(() => {
    server.closeAllConnections()
  }, graceMs)
  await closed
  clearTimeout(cut)
}

/**
 * An HTTP/2 server does not know its connections, and a session that has closed may leave its socket waiting for the peer.
 * @returns what closes the server and them
 */
export function closingConnections(server: Http2Server): () => Promise<void> {
  const sessions = new Set<ServerHttp2Session>()
  const sockets = new Set<Socket>()
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return async () => {
    const closed = once(server, 'close')
    server.close()
    for (const session of sessions) session.close()
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, graceMs)
    await closed
    clearTimeout(cut)
  }
}
