import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerOf, errorOf, longestBody, readCalls } from './calls.ts'
import { type Admission, type Caller, callerOf, type Turned } from './callers.ts'
import type { Signer } from './methods.ts'
import type { SignerPorts } from './ports.ts'
import { RpcError } from './rpcError.ts'
import { serveWebSockets } from './webSockets.ts'
import { logBug } from '../process/log.ts'

export interface ServedSigner extends AsyncDisposable {
  /** http://127.0.0.1:PORT */
  readonly url: string
}

export interface Serving extends Pick<SignerPorts, 'log' | 'waitMs'> {
  /** What is served, in the log. */
  readonly what?: string
  /** Beside HTTP. */
  readonly hasWebSockets?: boolean
}

const loopback = '127.0.0.1'
const mostConnections = 200
const mostAtOnce = 100
/** A body has to have come by then. */
const bodyWithinMs = 10_000

const turnedAway: Readonly<Record<Turned, string>> = {
  'not-this-machine': 'the signer answers on its own machine only',
  'other-host': 'the signer answers to 127.0.0.1, [::1] and localhost only',
  'unknown-origin': 'this page was not admitted: the signer is started with --signer-origins',
  'no-key': 'a program needs the key, as "Authorization: Bearer KEY"; it is in signer.key of the data folder',
}

/** @param port 0: any that is free @throws Error if the port is taken */
export async function serveSigner(
  signer: Signer,
  admission: Admission,
  { log, waitMs, what = 'signer', hasWebSockets = false }: Serving,
  port: number,
): Promise<ServedSigner> {
  let atOnce = 0
  const over = new AbortController()

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { remoteAddress } = request.socket
    const caller = callerOf({ remoteAddress, headers: request.headers }, admission)
    if (typeof caller === 'string') {
      log(`${what}-refused`, { reason: caller })
      end(response, 403, errorOf('null', new RpcError('unauthorized', turnedAway[caller])))
      return
    }
    if (caller.type === 'page') allowPage(response, caller.origin)
    if (request.method === 'OPTIONS' && caller.type === 'page') {
      response.writeHead(204).end()
      return
    }
    if (request.method !== 'POST' || !/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      end(response, 415, errorOf('null', new RpcError('notACall', 'calls are POSTed as application/json')))
      return
    }
    const text = await bodyOf(request)
    if (text === undefined) {
      response.setHeader('Connection', 'close')
      end(response, 413, errorOf('null', new RpcError('unreadable', `a body has at most ${longestBody} bytes`)))
      return
    }
    const gone = new AbortController()
    response.once('close', () => {
      if (!response.writableEnded) gone.abort()
    })
    end(response, 200, await answersTo(text, caller, untilOver(gone.signal)))
  }

  async function answersTo(text: string, caller: Caller, signal: AbortSignal): Promise<string> {
    try {
      const { calls, isList } = readCalls(text)
      const answers = await Promise.all(
        calls.map(async (call) => {
          if ('error' in call) return errorOf(call.id, call.error)
          if (atOnce >= mostAtOnce)
            return errorOf(call.id, new RpcError('tooMany', 'too many calls wait for an answer'))
          atOnce += 1
          try {
            return answerOf(call.id, await signer.answer(call, caller, signal))
          } catch (error) {
            if (error instanceof RpcError)
              log(`${what}-call-failed`, { method: call.method.slice(0, 60), code: error.code })
            else logBug(log, error, what)
            return errorOf(call.id, error)
          } finally {
            atOnce -= 1
          }
        }),
      )
      return isList ? `[${answers.join(',')}]` : (answers[0] ?? '')
    } catch (error) {
      return errorOf('null', error)
    }
  }

  const untilOver = (gone: AbortSignal) => AbortSignal.any([gone, over.signal, AbortSignal.timeout(waitMs)])
  const server = createServer({ requestTimeout: bodyWithinMs, headersTimeout: bodyWithinMs }, (request, response) => {
    void handle(request, response).catch((error: unknown) => {
      logBug(log, error, what)
      response.destroy()
    })
  })
  using opened = new DisposableStack()
  if (hasWebSockets) {
    opened.use(
      serveWebSockets(server, {
        admission,
        answer: (text, caller, gone) => answersTo(text, caller, untilOver(gone)),
        refused(reason) {
          log(`${what}-refused`, { reason })
        },
        failed(error) {
          logBug(log, error, what)
        },
      }),
    )
  }
  server.maxConnections = mostConnections
  server.listen(port, loopback)
  await once(server, 'listening')
  const { port: taken } = server.address() as AddressInfo
  const url = `http://${loopback}:${taken}`
  const held = opened.move()
  log(what, { url, origins: admission.origins.join(' ') })
  return {
    url,
    async [Symbol.asyncDispose]() {
      over.abort()
      held[Symbol.dispose]()
      server.close()
      server.closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}

function allowPage(response: ServerResponse, origin: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin)
  response.setHeader('Access-Control-Allow-Methods', 'POST')
  response.setHeader('Access-Control-Allow-Headers', 'Content-Type')
  // Browsers ask before a page of the network reaches this machine.
  response.setHeader('Access-Control-Allow-Private-Network', 'true')
  response.setHeader('Access-Control-Max-Age', '600')
  response.setHeader('Vary', 'Origin')
}

function end(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'X-Content-Type-Options': 'nosniff' }).end(body)
}

/** UTF-8. Undefined where it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = []
  let length = 0
  // The rest of one that is too long is left unread: the caller is to hear why.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += part.length
    if (length > longestBody) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
