import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { systemRandom } from '../tss-wasm/random.ts'
import type { Engine } from '../tss-wasm/worker/api.ts'
import { startEngine } from '../tss-wasm/worker/client.ts'
import { spawnInNode } from '../tss-wasm/worker/spawn.node.ts'
import { warmEngines } from '../tss-wasm/worker/warmEngines.ts'
import { startCoordinator } from './coordinator/start.ts'
import { parseCorsOrigins } from './http/crossOrigin.ts'
import { databaseUrl } from './storage/databaseUrl.ts'
import { createLog } from './process/log.ts'
import { makeApiKey } from './rest/apiKeys.ts'
import { parseRpcOrigins } from './http/rpcOrigins.ts'
import { mustBeSafe, unsafeFor } from './process/production.ts'
import { runUntilSignalled } from './process/runUntilSignalled.ts'

const usage = `Quorate's coordinator: sessions and message router. Sees no secret of any key.

  node coordinator-stub/main.ts [--port 8080] [--grpc-port 50051] [--host 127.0.0.1]
                                [--data FOLDER] [--web FOLDER] [--parties FILE]

  --data     database and join token key (default .quorate/coordinator; environment QUORATE_DATA)
  --web      the built web app to serve (default: none)
  --parties  pinned server parties: {"serverParties": [{"name", "signingKey", "encryptionKey"}]}, keys as hex
  JOIN_TOKEN_SECRET  64 hex digits; without it one is made and kept in the data folder
  DATABASE_URL       postgres://user:password@host:port/database instead of a database in the data folder
  DATABASE_PASSWORD  the password, as it is, where DATABASE_URL has none
  METRICS_KEY        whoever sends "Authorization: Bearer KEY" reads /metrics (default: nobody)
  QUORATE_ENV        "production": does not start with default, short or missing secrets, nor without TLS
  TLS_CERT, TLS_KEY  PEM files: both ports speak TLS 1.3. TLS_CLIENT_CA: the gRPC port asks for client certificates
  TLS_TERMINATED     1: a proxy in front speaks TLS
  CORS_ORIGINS       web apps elsewhere that may call, comma separated (default: none)
  RPC_ORIGINS        Ethereum nodes that the web app may send signed transactions to, comma separated (default: none)
  DESCRIPTIONS       folder of files (ERC-7730) that say to people what calls and typed data mean (default: none)
  API_KEYS           who may use REST: "name:SHA-256 of the key in hex", comma separated; --make-api-key NAME makes one
  API_AUDITORS       names of API keys that read the audit log of all sessions (default: each reads that of its own)
  API_ALLOW_LIST     addresses and networks that REST answers, comma separated (default: all)
  TRUSTED_PROXIES    our proxies' addresses and networks: their X-Forwarded-For says who calls (default: never believed)
  SESSIONS_PER_MINUTE  how many sessions one address may open (default 60, after a burst of five minutes' worth)
  USER_SHARES        1: takes part, by REST, for users whose devices cannot, and so holds their shares for that time
  FRESH_WORKERS      1: a worker thread of its own for every run of these, instead of one that is erased and serves up to 50
`

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    'grpc-port': { type: 'string', default: '50051' },
    host: { type: 'string', default: '127.0.0.1' },
    data: { type: 'string', default: process.env['QUORATE_DATA'] ?? '.quorate/coordinator' },
    web: { type: 'string' },
    parties: { type: 'string' },
    'make-api-key': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  process.stdout.write(usage)
} else if (values['make-api-key'] !== undefined) {
  const { key, entry } = makeApiKey(values['make-api-key'], systemRandom)
  process.stdout.write(`X-API-Key, shown once: ${key}\nfor API_KEYS: ${entry}\n`)
} else {
  // Envelopes are memory outside of V8's heap. By default every 64 MB of it, most of them long free, start a collection of
  // the whole heap, which then takes more time than all the rest; with this the two are counted together.
  setFlagsFromString('--external-memory-accounted-in-global-limit')
  const log = createLog('coordinator')
  await runUntilSignalled(log, async () => {
    const settings = readSettings()
    const isEncrypted = settings.tls !== undefined || process.env['TLS_TERMINATED'] === '1'
    mustBeSafe(() => unsafeFor({ ...settings, isEncrypted }))
    const coordinator = await startCoordinator(settings, systemRandom, log)
    process.send?.({ ready: { url: coordinator.url, grpcUrl: coordinator.grpcUrl } })
    return coordinator
  })
}

/** @throws Error naming the flag or variable that is wrong */
function readSettings() {
  return {
    dataFolder: resolve(values.data),
    port: portNumber(values.port, '--port'),
    grpcPort: portNumber(values['grpc-port'], '--grpc-port'),
    host: values.host,
    webFolder: values.web === undefined ? undefined : resolve(values.web),
    partiesFile: values.parties,
    joinTokenSecret: setting('JOIN_TOKEN_SECRET'),
    databaseUrl: databaseUrl(setting('DATABASE_URL'), setting('DATABASE_PASSWORD')),
    tls: tlsFiles(),
    corsOrigins: parseCorsOrigins(setting('CORS_ORIGINS') ?? ''),
    rpcOrigins: parseRpcOrigins(setting('RPC_ORIGINS') ?? ''),
    descriptionsFolder: setting('DESCRIPTIONS'),
    apiKeys: setting('API_KEYS'),
    apiAuditors: setting('API_AUDITORS'),
    apiAllowList: setting('API_ALLOW_LIST'),
    trustedProxies: setting('TRUSTED_PROXIES'),
    metricsKey: setting('METRICS_KEY'),
    sessionsPerMinute: sessionsPerMinute(setting('SESSIONS_PER_MINUTE')),
    startEngine: setting('USER_SHARES') === '1' ? engines() : undefined,
    heartbeatMs: 10_000,
  }
}

/** For user shares. They live as long as the process. */
function engines(): () => Engine {
  return setting('FRESH_WORKERS') === '1' ? () => startEngine(spawnInNode) : warmEngines(spawnInNode).start
}

/** A variable that is empty, as in a copy of .env.example, is one that is not set. */
function setting(name: string): string | undefined {
  return process.env[name] === '' ? undefined : process.env[name]
}

function tlsFiles() {
  const [cert, key, clientCa] = [setting('TLS_CERT'), setting('TLS_KEY'), setting('TLS_CLIENT_CA')]
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined) throw new Error('TLS_CERT and TLS_KEY must be set together')
  return { cert, key, clientCa }
}

function sessionsPerMinute(text: string | undefined): number | undefined {
  const count = text === undefined ? undefined : Number(text)
  if (count === undefined || (Number.isInteger(count) && count > 0)) return count
  throw new Error(`SESSIONS_PER_MINUTE must be a whole number above 0, not "${text ?? ''}"`)
}

function portNumber(text: string, flag: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`${flag} must be a port number, not "${text}"`)
  return port
}
