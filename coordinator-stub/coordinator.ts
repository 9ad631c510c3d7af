import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { Code, ConnectError, type ConnectRouter, createContextValues, createRouterTransport } from '@connectrpc/connect'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import { decodeServerParties, encodeServerParties, type PinnedParty } from '../proto/client/serverParties.ts'
import type { RandomSource } from '../tss-wasm/random.ts'
import type { Engine } from '../tss-wasm/worker/api.ts'
import { type Database, migrate } from './database.ts'
import { openDataFolder, secretFromFile, secretFromHex } from './dataFolder.ts'
import { callerAddress, callerAddressKey } from './callerAddress.ts'
import { closeHttp, closingConnections, grpcServer, httpServer, listen, readTls, type TlsFiles } from './listening.ts'
import { type Log, logBug } from './log.ts'
import { concealBugs } from './refusal.ts'
import { CoordinatorService } from '../proto/gen/coordinator_pb.js'
import { Health } from '../proto/gen/grpc/health_pb.js'
import { ServerReflection } from '../proto/gen/grpc/reflection_pb.js'
import { RouterService } from '../proto/gen/router_pb.js'
import { healthHandlers, isAlive } from './observe/health.ts'
import { createMetrics, type Metrics } from './observe/metrics.ts'
import { reflectionHandlers } from './observe/reflection.ts'
import { crossOrigin } from './crossOrigin.ts'
import { createRestApi } from './rest/api.ts'
import { parseApiKeys } from './rest/apiKeys.ts'
import { forgetOrders, orderedSessions } from './rest/orders.ts'
import { createRouter, largestEnvelope } from './router.ts'
import { type Services, serviceRoutes } from './services.ts'
import { createSessionStore } from './sessionStore.ts'
import { alone, type Neighbours } from './neighbours.ts'
import { createSignals } from './signals.ts'
import { meetNeighbours } from './storage/notifications.ts'
import { openPGlite } from './storage/pglite.ts'
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
  /** Speak TLS 1.3; undefined: plain, for a local stack or behind a proxy that speaks TLS. */
  readonly tls?: TlsFiles | undefined
  /** Origins of web apps elsewhere that may call gRPC-Web; none by default. */
  readonly corsOrigins?: readonly string[] | undefined
  /** Origins of Ethereum nodes that the web app may send transactions to; none by default. */
  readonly rpcOrigins?: readonly string[] | undefined
  /** Who may use REST, as rest/apiKeys.ts reads it; undefined: nobody. */
  readonly apiKeys?: string | undefined
  /** Names of API keys that read the audit log of all sessions; undefined: each that of its own. */
  readonly apiAuditors?: string | undefined
  /** Addresses and networks that REST answers; undefined: all. */
  readonly apiAllowList?: string | undefined
  /** Addresses and networks of our own proxies, whose X-Forwarded-For is believed; undefined: nobody's. */
  readonly trustedProxies?: string | undefined
  /** As in `Services`. */
  readonly sessionsPerMinute?: number | undefined
  /** What computes for users whose devices cannot (docs/OPERATIONS.md); undefined: nothing does. */
  readonly startEngine?: (() => Engine) | undefined
  readonly heartbeatMs: number
}

export interface RunningCoordinator extends AsyncDisposable {
  readonly url: string
  readonly grpcUrl: string
  /** Settles, with the reason, if it has to be stopped and started again. */
  readonly lost: Promise<string>
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
  const { promise: lost, resolve: lose } = Promise.withResolvers<string>()
  const onLost = () => {
    lose('the database has stopped; the error before says why')
  }
  const opening =
    databaseUrl === undefined ? openPGlite(join(folder.path, 'database'), onLost) : openPostgres(databaseUrl, log)
  const database = opened.adopt(await opening, (open) => open.close())
  await migrate(database)
  const neighbours = databaseUrl === undefined ? alone : opened.use(await meetNeighbours(databaseUrl, random, log))
  const metrics = createMetrics(database)
  const built = buildServices(database, key, parties, settings.heartbeatMs, random, log, neighbours, metrics)
  const { sessionsPerMinute } = settings
  const services = { ...built, sessionsPerMinute, admit: orderedSessions(database, built.tokens, built.now) }
  opened.use(sweeping(services, database))

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
    // Envelopes are random bytes: compressing them only takes time.
    compressMinBytes: Number.MAX_SAFE_INTEGER,
    shutdownSignal: shutdown.signal,
  }
  const failed = (error: unknown, response: ServerResponse) => {
    logBug(log, error)
    response.statusCode = 500
    response.end()
  }
  const { rpcOrigins = [] } = settings
  const documents = {
    '/quorate.json': () => encodeServerParties(parties),
    '/rpc.json': () => JSON.stringify({ rpcOrigins }),
  }
  const addressOf = callerAddress(settings.trustedProxies ?? '')
  const rpc = connectNodeAdapter({
    ...options,
    contextValues: (request) => createContextValues().set(callerAddressKey, addressOf(request)),
  })
  const probes = answerProbes(database, metrics)
  const { startEngine } = settings
  // Through the same doors as everybody.
  const userShares = startEngine && {
    startEngine,
    transport: createRouterTransport(options.routes, { router: options }),
  }
  const keys = parseApiKeys(settings.apiKeys ?? '', settings.apiAllowList ?? '', settings.apiAuditors ?? '')
  const rest = createRestApi(services, database, keys, addressOf, userShares)
  const app = { folder: settings.webFolder, documents, rpcOrigins }
  const tls = settings.tls && (await readTls(settings.tls))
  const cors = crossOrigin(settings.corsOrigins ?? [])
  const http = httpServer((request, response) => {
    if (/^\/(quorate\.v1|grpc\.health\.v1)\./.test(request.url ?? '')) {
      if (cors(request, response)) return
      rpc(request, response)
      return
    }
    const work = probes(request, response) ?? rest(request, response) ?? serveWebApp(app, request, response)
    work.catch((error: unknown) => {
      failed(error, response)
    })
  }, tls)
  const grpc = grpcServer(rpc, tls)
  opened.adopt(http, closeHttp)
  opened.defer(closingConnections(grpc))
  const scheme = tls === undefined ? 'http' : 'https'
  const url = `${scheme}://${settings.host}:${await listen(http, settings.port, settings.host)}`
  const grpcUrl = `${scheme}://${settings.host}:${await listen(grpc, settings.grpcPort, settings.host)}`
  // Last in, first out: streams end with a status before their connections are cut.
  opened.defer(() => {
    shutdown.abort(new ConnectError('the coordinator is shutting down', Code.Unavailable))
  })
  log('listening', { url, grpcUrl, serverParties: parties.length })
  const running = opened.move()
  return { url, grpcUrl, lost, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

export function buildServices(
  database: Database,
  tokenKey: Uint8Array,
  parties: readonly PinnedParty[],
  heartbeatMs: number,
  random: RandomSource,
  log: Log,
  neighbours: Neighbours = alone,
  metrics?: Metrics,
): Services {
  const signals = createSignals()
  const sessions = createSessionStore(database, signals, { sessions: mostSessions }, neighbours)
  const router = createRouter(database, signals, neighbours)
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
function sweeping({ sessions, now, log }: Services, database: Database): AsyncDisposable {
  let running: Promise<void> = Promise.resolve()
  const sweep = async () => {
    try {
      for (const session of await sessions.sweep(now())) log('expired', { session })
      await forgetOrders(database, now())
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
