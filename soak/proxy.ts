import { once } from 'node:events'
import http2, { type ClientHttp2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'

/** What happens to one call on its way. Milliseconds. */
export interface Fate {
  /** Before it arrives at the coordinator, and before each piece of the answer arrives here. */
  readonly delayMs?: number
  /** Never answered: it did not arrive, or it did and its answer got lost. */
  readonly lost?: 'call' | 'answer'
  /** Arrives twice. */
  readonly twice?: boolean
  /** The connection is gone after so long. */
  readonly cutAfterMs?: number
}

export interface Proxy extends AsyncDisposable {
  readonly url: string
  /** How many calls came, and how many were not left alone. */
  readonly counts: { calls: number; meddled: number }
  /** How many have the stream of a session open now: they sit there. */
  watching(): number
  /** All connections break. */
  cut(): void
  /** While it is away, connections break as soon as they are made. */
  setAway(isAway: boolean): void
}

const { HTTP2_HEADER_PATH, NGHTTP2_INTERNAL_ERROR } = http2.constants

/** A gRPC proxy between parties and the coordinator at `target`. The client ends are ordinary ones. */
export async function startProxy(target: string, fateOf: (path: string) => Fate): Promise<Proxy> {
  const counts = { calls: 0, meddled: 0 }
  let upstream: ClientHttp2Session | undefined
  const connected = (): ClientHttp2Session => {
    if (upstream === undefined || upstream.closed || upstream.destroyed) {
      upstream = http2.connect(target)
      upstream.on('error', () => undefined) // each call on it fails by itself
    }
    return upstream
  }
  const server = http2.createServer()
  const clients = new Set<http2.ServerHttp2Session>()
  let isAway = false
  let watching = 0
  const cut = () => {
    counts.meddled += clients.size
    for (const client of clients) client.destroy()
  }
  server.on('session', (session) => {
    if (isAway) {
      counts.meddled += 1
      session.destroy()
      return
    }
    clients.add(session)
    session.on('close', () => clients.delete(session))
    session.on('error', () => undefined)
  })
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    counts.calls += 1
    const fate = fateOf(String(headers[HTTP2_HEADER_PATH]))
    if (Object.keys(fate).length > 0) counts.meddled += 1
    stream.on('error', () => undefined)
    if (String(headers[HTTP2_HEADER_PATH]).endsWith('/WatchSession')) {
      watching += 1
      stream.on('close', () => (watching -= 1))
    }
    void pass(stream, headers, fate, connected)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    watching: () => watching,
    cut,
    setAway(isNowAway) {
      isAway = isNowAway
      if (isAway) cut()
    },
    async [Symbol.asyncDispose]() {
      upstream?.destroy()
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}

async function pass(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, fate: Fate, to: () => ClientHttp2Session) {
  const { delayMs = 0, lost, twice, cutAfterMs } = fate
  const broken = () => {
    if (!stream.destroyed) stream.close(NGHTTP2_INTERNAL_ERROR)
  }
  try {
    const body = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>))
    await pause(delayMs)
    if (lost === 'call' || stream.destroyed) return
    const send = () => {
      const call = to().request(headers)
      call.on('error', broken)
      call.end(body)
      return call
    }
    if (twice === true) send().resume()
    const call = send()
    stream.on('close', () => {
      call.close()
    })
    if (lost === 'answer') {
      call.resume()
      return
    }
    if (cutAfterMs !== undefined) setTimeout(broken, cutAfterMs).unref()
    await answer(stream, call, delayMs)
  } catch {
    broken()
  }
}

/** What comes back, each piece late, in order. */
async function answer(stream: ServerHttp2Stream, call: http2.ClientHttp2Stream, delayMs: number): Promise<void> {
  let trailers: IncomingHttpHeaders = {}
  let late = Promise.resolve()
  const afterwards = (work: () => void) => {
    const due = pause(delayMs)
    late = late
      .then(() => due)
      .then(() => {
        if (!stream.destroyed) work()
      })
  }
  call.on('trailers', (sent: IncomingHttpHeaders) => {
    trailers = sent
  })
  call.on('response', (sent, flags) => {
    const isAll = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0
    afterwards(() => {
      stream.respond(sent, { endStream: isAll, waitForTrailers: !isAll })
    })
  })
  stream.on('wantTrailers', () => {
    stream.sendTrailers(trailers)
  })
  call.on('data', (piece: Buffer) => {
    afterwards(() => stream.write(piece))
  })
  await once(call, 'end')
  afterwards(() => stream.end())
  await late
}

function pause(milliseconds: number): Promise<void> {
  if (milliseconds === 0) return Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<undefined>()
  setTimeout(() => {
    resolve(undefined)
  }, milliseconds)
  return promise
}
