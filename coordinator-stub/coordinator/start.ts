import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { bytesToHex } from '@noble/hashes/utils.js'
import { Code, ConnectError, type ConnectRouter, createContextValues, createRouterTransport } from '@connectrpc/connect'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import { encodeServerParties, type PinnedParty } from '../../participant/session/serverParties.ts'
import { readDescription } from '../../tss-wasm/content/describe/description.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import { answerProbes } from './probes.ts'
import type { CoordinatorSettings } from './settings.ts'
import { watchParties } from './pinnedParties.ts'
import { sweeping } from './sweeping.ts'
import { storageBudget } from '../sessions/budget.ts'
import { type Database, migrate } from '../storage/database.ts'
import { loadDescriptions } from '../../files/descriptions.ts'
import { openDataFolder, secretFromFile, secretFromHex } from '../../files/dataFolder.ts'
import { addressList, callerAddress, callerAddressKey, countedAs, isListed } from '../limits/callerAddress.ts'
import { connectionLimits } from '../limits/connectionLimits.ts'
import { originsOf } from '../http/nodes.ts'
import { closeHttp, closingConnections, grpcServer, httpServer, listen, readTls } from '../http/listening.ts'
import { type Log, logBug } from '../process/log.ts'
import { concealBugs } from '../process/refusal.ts'
import { CoordinatorService } from '../../proto/gen/coordinator_pb.js'
import { Health } from '../../proto/gen/grpc/health_pb.js'
import { ServerReflection } from '../../proto/gen/grpc/reflection_pb.js'
import { RequestService } from '../../proto/gen/requests_pb.js'
import { RouterService } from '../../proto/gen/router_pb.js'
import { healthHandlers } from '../observe/health.ts'
import { createMetrics, type Metrics } from '../observe/metrics.ts'
import { reflectionHandlers } from '../observe/reflection.ts'
import { crossOrigin } from '../http/crossOrigin.ts'
import { createRestApi } from '../rest/api.ts'
import { parseApiKeys } from '../rest/apiKeys.ts'
import { orderedSessions } from '../orders/orders.ts'
import { createRouter, largestEnvelope } from '../messages/router.ts'
import { createRequestStore } from '../requests/store.ts'
import { serviceRoutes } from '../rpc/routes.ts'
import type { Services } from '../rpc/services.ts'
import { createContacts } from '../sessions/contacts.ts'
import { createSessionStore } from '../sessions/store.ts'
import { alone, type Neighbours } from '../signals/neighbours.ts'
import { createSignals } from '../signals/signals.ts'
import { meetNeighbours } from '../storage/notifications.ts'
import { openPGlite } from '../storage/pglite.ts'
import { openPostgres } from '../storage/postgres.ts'
import { hostIdentity } from '../userShares/host.ts'
import { createTokens } from '../sessions/tokens.ts'
import { serveWebApp } from '../http/webApp.ts'
import { securityHeaders } from '../../files/appHeaders.ts'

export interface RunningCoordinator extends AsyncDisposable {
  readonly url: string
  readonly grpcUrl: string
  /** Settles, with the reason, if it has to be stopped and started again. */
  readonly lost: Promise<string>
}

const mostSessions = 10_000
const defaultSessionsPerMinute = 60
/** An address may have as many sessions alive as it may open in this time. */
const livingMinutes = 5
/** Handlers limit messages and say why; this stops anything larger before it is read. */
export const readMaxBytes = largestEnvelope + 64 * 1024

/** Opens the data folder, brings the database up to date and listens. Disposing stops everything in good order. */
export async function startCoordinator(
  settings: CoordinatorSettings,
  random: RandomSource,
  log: Log,
): Promise<RunningCoordinator> {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await openDataFolder(settings.dataFolder))
  const { list: parties } = opened.use(await watchParties(settings.partiesFile, log))
  const { descriptionsFolder } = settings
  const describing = JSON.stringify({
    descriptions: descriptionsFolder === undefined ? [] : await loadDescriptions(descriptionsFolder, readDescription),
  })
  const key =
    settings.joinTokenSecret === undefined
      ? await secretFromFile(join(folder.path, 'join-token.key'), () => random(32))
      : secretFromHex(settings.joinTokenSecret, 'JOIN_TOKEN_SECRET')
  const { databaseUrl } = settings
  if (databaseUrl !== undefined && settings.joinTokenSecret === undefined) {
    throw new Error('JOIN_TOKEN_SECRET must be set when DATABASE_URL is: all coordinators of one database share it')
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
  const { sessionsPerMinute } = settings
  const databaseFolder = databaseUrl === undefined ? folder.path : undefined
  const around = { neighbours, metrics, databaseFolder, sessionsPerMinute }
  const built = buildServices(database, key, parties, settings.heartbeatMs, random, log, around)
  const services = { ...built, admit: orderedSessions(database, built) }
  opened.use(sweeping(services, database))

  const shutdown = new AbortController()
  const options = {
    routes: (router: ConnectRouter) => {
      serviceRoutes(services)(router)
      const described = [CoordinatorService, RouterService, RequestService, Health]
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
  const { nodes = [], tokens = [] } = settings
  const rpcOrigins = [...new Set([...(settings.rpcOrigins ?? []), ...originsOf(nodes)])]
  const documents = {
    '/quorate.json': () => encodeServerParties(parties),
    '/rpc.json': () => JSON.stringify({ rpcOrigins, nodes, tokens }),
    '/descriptions.json': () => describing,
  }
  const addressOf = callerAddress(settings.trustedProxies ?? '')
  const rpc = connectNodeAdapter({
    ...options,
    contextValues: (request) => createContextValues().set(callerAddressKey, addressOf(request)),
  })
  const probes = answerProbes(database, metrics, settings.metricsKey)
  const { startEngine } = settings
  // Through the same handlers and checks as every other caller.
  const userShares = startEngine && {
    startEngine,
    identity: await hostIdentity(key),
    transport: createRouterTransport(options.routes, { router: options }),
  }
  const keys = parseApiKeys(settings.apiKeys ?? '', settings.apiAllowList ?? '', settings.apiAuditors ?? '')
  const rest = createRestApi(services, database, keys, addressOf, userShares)
  const webApp = serveWebApp({ folder: settings.webFolder, documents, rpcOrigins })
  const tls = settings.tls && (await readTls(settings.tls))
  const cors = crossOrigin(settings.corsOrigins ?? [])
  const proxies = addressList(settings.trustedProxies ?? '', 'TRUSTED_PROXIES')
  const connections = connectionLimits((address) =>
    proxies !== undefined && isListed(proxies, address) ? undefined : countedAs(address),
  )
  const http = httpServer((request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
    if (/^\/(quorate\.v1|grpc\.health\.v1)\./.test(request.url ?? '')) {
      if (cors(request, response)) return
      // A proxy that buffers or compresses a stream delays its messages.
      response.setHeader('x-accel-buffering', 'no')
      response.setHeader('cache-control', 'no-store, no-transform')
      rpc(request, response)
      return
    }
    const work = probes(request, response) ?? rest(request, response) ?? webApp(request, response)
    work.catch((error: unknown) => {
      failed(error, response)
    })
  }, tls)
  const grpc = grpcServer(rpc, tls)
  for (const server of [http, grpc]) server.on('connection', connections)
  opened.adopt(http, closeHttp)
  opened.defer(closingConnections(grpc))
  const scheme = tls === undefined ? 'http' : 'https'
  const url = `${scheme}://${settings.host}:${await listen(http, settings.port, settings.host)}`
  const grpcUrl = `${scheme}://${settings.host}:${await listen(grpc, settings.grpcPort, settings.host)}`
  // Last in, first out: streams end with a status before their connections are cut.
  opened.defer(() => {
    shutdown.abort(new ConnectError('the coordinator is shutting down', Code.Unavailable))
  })
  if (userShares) log('user-shares', { pin: bytesToHex(userShares.identity.public.signingKey) })
  log('listening', { url, grpcUrl, serverParties: parties.length })
  const running = opened.move()
  return { url, grpcUrl, lost, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

/** What services may have around them; alone, unmeasured and with the usual limits by default. */
interface Surroundings {
  readonly neighbours?: Neighbours
  readonly metrics?: Metrics
  /** Where the database is, if it is on a disk of ours. */
  readonly databaseFolder?: string | undefined
  readonly sessionsPerMinute?: number | undefined
}

export function buildServices(
  database: Database,
  tokenKey: Uint8Array,
  parties: readonly PinnedParty[],
  heartbeatMs: number,
  random: RandomSource,
  log: Log,
  { neighbours = alone, metrics, databaseFolder, sessionsPerMinute = defaultSessionsPerMinute }: Surroundings = {},
): Services {
  const signals = createSignals()
  const budget = storageBudget(database, databaseFolder)
  const limits = {
    sessions: mostSessions,
    spare: mostSessions,
    perAddress: Math.ceil(livingMinutes * sessionsPerMinute),
  }
  const sessions = createSessionStore(database, signals, limits, neighbours)
  const router = createRouter(database, signals, neighbours, budget)
  return {
    budget,
    sessions: metrics?.observeSessions(sessions) ?? sessions,
    contacts: createContacts(Date.now(), neighbours),
    router: metrics?.observeRouter(router) ?? router,
    requests: createRequestStore(database, signals, neighbours),
    tokens: createTokens(tokenKey),
    signals,
    parties,
    random,
    now: Date.now,
    heartbeatMs,
    log,
    sessionsPerMinute,
  }
}
