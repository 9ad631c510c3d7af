import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo, Server, Socket } from 'node:net'
import { join } from 'node:path'
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import { decodeServerParties, encodeServerParties, type PinnedParty } from '../proto/client/serverParties.ts'
import type { RandomSource } from '../tss-wasm/random.ts'
import { type Database, migrate, openPGlite } from './database.ts'
import { openDataFolder, secretFromFile, secretFromHex } from './dataFolder.ts'
import { type Log, logBug } from './log.ts'
import { concealBugs } from './refusal.ts'
import { CoordinatorService } from '../proto/gen/coordinator_pb.js'
import { Health } from '../proto/gen/grpc/health_pb.js'
import { ServerReflection } from '../proto/gen/grpc/reflection_pb.js'
import { RouterService } from '../proto/gen/router_pb.js'
import { healthHandlers, isAlive } from './observe/health.ts'
import { createMetrics, type Metrics } from './observe/metrics.ts'
import { reflectionHandlers } from './observe/reflection.ts'
import { createRestApi } from './rest/api.ts'
import { parseApiKeys } from './rest/apiKeys.ts'
import { orderedSessions } from './rest/orders.ts'
import { createRouter, largestEnvelope } from './router.ts'
import { type Services, serviceRoutes } from './services.ts'
import { createSessionStore } from './sessionStore.ts'
import { createSignals, type Signals } from './signals.ts'
import { shareSignals } from './storage/notifications.ts'
import { openPostgres } from './storage/postgres.ts'
import { createTokens } from './tokens.ts'
import { serveWebApp } from './webApp.ts'

export interface CoordinatorSettings {
  /** Holds the database and the join token key. */
  readonly dataFolder: string
  /** Web app, gRPC-Web and Connect over HTTP/1.1. 0 takes any free port. */
  readonly port: number
  /** gRPC over HTTP/2 without TLS. 0 takes any free port. */
  readonly grpcPort: number
  readonly host: string
  readonly webFolder: string | undefined
  readonly partiesFile: string | undefined
  /** 64 hex digits; undefined: made once and kept in the data folder. */
  readonly joinTokenSecret: string | undefined
  /** A PostgreSQL server, shared with other coordinators; undefined: PGlite in the data folder. */
  readonly databaseUrl?: string | undefined
  /** Who may use REST, as rest/apiKeys.ts reads it; undefined: nobody. */
  readonly apiKeys?: string | undefined
  /** Addresses and networks that REST answers; undefined: all. */
  readonly apiAllowList?: string | undefined
  readonly heartbeatMs: number
}

export interface RunningCoordinator extends AsyncDisposable {
  readonly url: string
  readonly grpcUrl: string
}

const mostSessions = 10_000
const sweepEveryMs = 2000
/** Messages are bounded by their handlers, with a word of why; this stops what is larger before it is read. */
export const readMaxBytes = largestEnvelope + 64 * 1024

/** Opens the data folder, brings the database up to date and listens. Disposing stops everything in good order. */
export async function startCoordinator(
  settings: CoordinatorSettings,
  random: RandomSource,
  log: Log,
): Promise<RunningCoordinator> {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await openDataFolder(settings.dataFolder))
  const parties =
    settings.partiesFile === undefined ? [] : decodeServerParties(await readFile(settings.partiesFile, 'utf8'))
  const key =
    settings.joinTokenSecret === undefined
      ? await secretFromFile(join(folder.path, 'join-token.key'), () => random(32))
      : secretFromHex(settings.joinTokenSecret, 'JOIN_TOKEN_SECRET')
  const { databaseUrl } = settings
  if (databaseUrl !== undefined && settings.joinTokenSecret === undefined) {
    throw new Error('with DATABASE_URL, JOIN_TOKEN_SECRET must be set: all coordinators of a database share it')
  }
  const opening = databaseUrl === undefined ? openPGlite(join(folder.path, 'database')) : openPostgres(databaseUrl, log)
  const database = opened.adopt(await opening, (open) => open.close())
  await migrate(database)
  const signals =
    databaseUrl === undefined ? createSignals() : opened.use(await shareSignals(databaseUrl, database, random, log))
  const metrics = createMetrics(database)
  const built = buildServices(database, key, parties, settings.heartbeatMs, random, log, signals, metrics)
  const services = { ...built, admit: orderedSessions(database, built.tokens, built.now) }
  opened.use(sweeping(services))

  const shutdown = new AbortController()
  const options = {
    routes: (router: ConnectRouter) => {
      serviceRoutes(services)(router)
      const described = [CoordinatorService, RouterService, Health]
      const names = described.map(({ typeName }) => typeName)
      router.service(Health, healthHandlers(database, names))
      router.service(ServerReflection, reflectionHandlers([...described, ServerReflection]))
    },
    interceptors: [concealBugs(log)],
    readMaxBytes,
    shutdownSignal: shutdown.signal,
  }
  const failed = (error: unknown, response: ServerResponse) => {
    logBug(log, error)
    response.statusCode = 500
    response.end()
  }
  const documents = {
    '/quorate.json': () => encodeServerParties(parties),
  }
  const rpc = connectNodeAdapter(options)
  const probes = answerProbes(database, metrics)
  const rest = createRestApi(services, database, parseApiKeys(settings.apiKeys ?? '', settings.apiAllowList ?? ''))
  const app = { folder: settings.webFolder, documents }
  const http = createServer((request, response) => {
    if (/^\/(quorate\.v1|grpc\.health\.v1)\./.test(request.url ?? '')) {
      rpc(request, response)
      return
    }
    const work = probes(request, response) ?? rest(request, response) ?? serveWebApp(app, request, response)
    work.catch((error: unknown) => {
      failed(error, response)
    })
  })
  const grpc = createHttp2Server(rpc)
  opened.adopt(http, closeHttp)
  opened.defer(closingConnections(grpc))
  const url = `http://${settings.host}:${await listen(http, settings.port, settings.host)}`
  const grpcUrl = `http://${settings.host}:${await listen(grpc, settings.grpcPort, settings.host)}`
  // Last in, first out: streams end with a status before their connections are cut.
  opened.defer(() => {
    shutdown.abort(new ConnectError('the coordinator is shutting down', Code.Unavailable))
  })
  log('listening', { url, grpcUrl, serverParties: parties.length })
  const running = opened.move()
  return { url, grpcUrl, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

export function buildServices(
  database: Database,
  tokenKey: Uint8Array,
  parties: readonly PinnedParty[],
  heartbeatMs: number,
  random: RandomSource,
  log: Log,
  signals: Signals = createSignals(),
  metrics?: Metrics,
): Services {
  const sessions = createSessionStore(database, signals, { sessions: mostSessions })
  const router = createRouter(database, signals)
  return {
    sessions: metrics?.observeSessions(sessions) ?? sessions,
    router: metrics?.observeRouter(router) ?? router,
    tokens: createTokens(tokenKey),
    signals,
    parties,
    random,
    now: Date.now,
    heartbeatMs,
    log,
  }
}

/** /healthz and /metrics; undefined for any other path. */
function answerProbes(database: Database, metrics: Metrics) {
  return (request: IncomingMessage, response: ServerResponse): Promise<void> | undefined => {
    switch (request.url) {
      case '/healthz':
        return isAlive(database).then((alive) => {
          response.writeHead(alive ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
          response.end(JSON.stringify({ status: alive ? 'ok' : 'database unreachable' }))
        })
      case '/metrics':
        return metrics.text().then((text) => {
          response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' })
          response.end(text)
        })
      case undefined:
      default:
        return undefined
    }
  }
}

/** Ends expired sessions every few seconds until disposed. */
function sweeping({ sessions, now, log }: Services): AsyncDisposable {
  let running: Promise<void> = Promise.resolve()
  const sweep = async () => {
    try {
      for (const session of await sessions.sweep(now())) log('expired', { session })
    } catch (error) {
      logBug(log, error)
    }
  }
  const timer = setInterval(() => {
    running = running.then(sweep)
  }, sweepEveryMs)
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await running
    },
  }
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Lets answers under way finish, then cuts what is left. */
const graceMs = 2000

async function closeHttp(server: HttpServer): Promise<void> {
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
function closingConnections(server: Http2Server): () => Promise<void> {
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
