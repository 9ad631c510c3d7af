import type { Engine } from '../../tss-wasm/worker/api.ts'
import { parseCorsOrigins } from '../http/crossOrigin.ts'
import type { TlsFiles } from '../http/listening.ts'
import { type ListedNode, type ListedToken, parseNodes, parseTokens } from '../http/nodes.ts'
import { parseRpcOrigins } from '../http/rpcOrigins.ts'
import { addressList } from '../limits/callerAddress.ts'
import { environmentSetting, type ProductionSettings } from '../process/production.ts'
import {
  asCount,
  asPath,
  asPort,
  asText,
  help,
  isOn,
  readSettings,
  type Setting,
  type ValuesOf,
} from '../process/settings.ts'
import { databaseUrl } from '../storage/databaseUrl.ts'

/** Everything that a coordinator's operator can set. */
export const coordinatorSettings = {
  port: {
    flag: 'port',
    value: 'PORT',
    fallback: '8080',
    says: 'Port of the web app, gRPC-Web and REST; 0 takes any free port.',
    read: asPort,
  },
  grpcPort: {
    flag: 'grpc-port',
    value: 'PORT',
    fallback: '50051',
    says: 'Port of gRPC; 0 takes any free port.',
    read: asPort,
  },
  host: {
    flag: 'host',
    value: 'ADDRESS',
    fallback: '127.0.0.1',
    says: 'Address that both ports listen on.',
    read: asText,
  },
  dataFolder: {
    flag: 'data',
    variable: 'QUORATE_DATA',
    value: 'FOLDER',
    fallback: '.quorate/coordinator',
    says: 'Holds the database and the join token key.',
    example: { text: '/data' },
    read: asPath,
  },
  webFolder: { flag: 'web', value: 'FOLDER', says: 'The built web app to serve. Default: none.', read: asPath },
  partiesFile: {
    flag: 'parties',
    value: 'FILE',
    says: 'Registered server parties: {"serverParties": [{"name", "signingKey", "encryptionKey"}]}, keys in hex.',
    read: asPath,
  },
  newApiKey: {
    flag: 'make-api-key',
    value: 'NAME',
    says: 'Prints a new API key and its entry for API_KEYS, and ends.',
    read: asText,
  },
  environment: environmentSetting,
  joinTokenSecret: {
    variable: 'JOIN_TOKEN_SECRET',
    says: 'Signs join tokens: 64 hex digits, the same for all coordinators of one database. Without it one is made and kept in the data folder.',
    example: { text: '', isSet: true },
    read: asText,
  },
  databaseUrl: {
    variable: 'DATABASE_URL',
    says: 'PostgreSQL, which several coordinators can share: postgres://user:password@host:port/database. Default: PGlite in the data folder.',
    example: { text: '', isSet: true },
    read: asText,
  },
  databasePassword: {
    variable: 'DATABASE_PASSWORD',
    says: 'The password, with any characters, if DATABASE_URL has none.',
    read: asText,
  },
  metricsKey: {
    variable: 'METRICS_KEY',
    says: 'Whoever sends "Authorization: Bearer KEY" can read /metrics. Default: nobody.',
    read: asText,
  },
  apiKeys: {
    variable: 'API_KEYS',
    says: 'Who may use REST: "name:SHA-256 of the key in hex", comma separated; --make-api-key NAME makes one. Default: nobody.',
    read: asText,
  },
  apiAuditors: {
    variable: 'API_AUDITORS',
    says: 'Names of API keys that can read the audit log of all sessions, comma separated. Default: each key reads that of its own sessions.',
    read: asText,
  },
  apiAllowList: {
    variable: 'API_ALLOW_LIST',
    says: 'Addresses and networks that may use REST, comma separated. Default: all.',
    example: { text: '10.0.0.0/8' },
    read: asAddresses,
  },
  trustedProxies: {
    variable: 'TRUSTED_PROXIES',
    says: 'Addresses and networks of your own proxies, comma separated; their X-Forwarded-For names the caller. Default: the address of the connection counts.',
    example: { text: '10.0.0.0/8' },
    read: asAddresses,
  },
  sessionsPerMinute: {
    variable: 'SESSIONS_PER_MINUTE',
    fallback: '60',
    says: 'How many sessions one address may open a minute, after a burst of five minutes’ worth.',
    read: asCount,
  },
  userShares: {
    variable: 'USER_SHARES',
    says: '1: takes part, by REST, for users whose devices cannot, and holds their shares for that time (docs/OPERATIONS.md). Default: 0.',
    example: { text: '1' },
    read: isOn,
  },
  freshWorkers: {
    variable: 'FRESH_WORKERS',
    says: '1: a new worker thread for every run of USER_SHARES, instead of one that is erased and serves up to 50 runs. Default: 0.',
    example: { text: '1' },
    read: isOn,
  },
  corsOrigins: {
    variable: 'CORS_ORIGINS',
    says: 'Origins of web apps elsewhere that may call, comma separated. Default: none.',
    example: { text: 'https://wallet.example' },
    read: parseCorsOrigins,
  },
  rpcOrigins: {
    variable: 'RPC_ORIGINS',
    says: 'Ethereum and Bitcoin nodes to which the web app may send a signed transaction when its user asks for it, comma separated. Default: none.',
    example: { text: 'https://node.example' },
    read: parseRpcOrigins,
  },
  nodes: {
    variable: 'NODES',
    says: 'Ethereum nodes that the web app asks for balances, nonces and fees and sends payments to, "chain id=address", comma separated; several of one chain are compared. Default: none, and nobody is asked.',
    example: { text: '1=https://node.example/key' },
    read: parseNodes,
  },
  tokens: {
    variable: 'TOKENS',
    says: 'Tokens that the web app offers beside those it knows, "chain id:contract:symbol:decimals", comma separated; shown as your word. Default: none.',
    example: { text: '1:0x0000000000000000000000000000000000000001:CLUB:18' },
    read: parseTokens,
  },
  descriptionsFolder: {
    variable: 'DESCRIPTIONS',
    says: 'Folder of descriptions (ERC-7730): what calls and typed data of contracts mean, shown to people as your word. Default: none.',
    example: { text: '/descriptions' },
    read: asText,
  },
  tlsCert: {
    variable: 'TLS_CERT',
    says: 'PEM file: both ports speak TLS 1.3 with this certificate and TLS_KEY.',
    example: { text: '/tls/tls.crt' },
    read: asText,
  },
  tlsKey: {
    variable: 'TLS_KEY',
    says: 'PEM file: the key of TLS_CERT.',
    example: { text: '/tls/tls.key' },
    read: asText,
  },
  tlsClientCa: {
    variable: 'TLS_CLIENT_CA',
    says: 'PEM file: the gRPC port asks for client certificates of this authority.',
    example: { text: '/tls/clients.crt' },
    read: asText,
  },
  tlsTerminated: {
    variable: 'TLS_TERMINATED',
    says: '1: a proxy in front speaks TLS. Default: 0.',
    example: { text: '1', isSet: true },
    read: isOn,
  },
  help,
} as const satisfies Readonly<Record<string, Setting>>

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
  /** Nodes that the web app asks by itself, and tokens that it offers; none by default. */
  readonly nodes?: readonly ListedNode[] | undefined
  readonly tokens?: readonly ListedToken[] | undefined
  /** Folder of descriptions (ERC-7730) that the web app is given; none by default. */
  readonly descriptionsFolder?: string | undefined
  /** Who may use REST, as rest/apiKeys.ts reads it; undefined: nobody. */
  readonly apiKeys?: string | undefined
  /** Names of API keys that read the audit log of all sessions; undefined: each reads that of its own. */
  readonly apiAuditors?: string | undefined
  /** Addresses and networks that may use REST; undefined: all. */
  readonly apiAllowList?: string | undefined
  /** Addresses and networks of our own proxies, whose X-Forwarded-For is believed; undefined: nobody's. */
  readonly trustedProxies?: string | undefined
  /** Whoever presents it reads /metrics; undefined: nobody does. */
  readonly metricsKey?: string | undefined
  /** As in `Services`. */
  readonly sessionsPerMinute?: number | undefined
  /** Computes for users whose devices cannot (docs/OPERATIONS.md); undefined: nothing does. */
  readonly startEngine?: (() => Engine) | undefined
  readonly heartbeatMs: number
}

/**
 * @param flags of the command line
 * @param engines what computes for users, where USER_SHARES asks for it: new for every run, or kept between runs
 * @throws Error naming the flag or variable that is wrong
 */
export function readCoordinatorSettings(
  flags: Readonly<Record<string, string>>,
  engines: { readonly fresh: () => Engine; readonly kept: () => () => Engine },
): CoordinatorSettings & ProductionSettings {
  const values = readSettings(coordinatorSettings, flags)
  const tls = tlsFiles(values)
  const startEngine = () => (values.freshWorkers === true ? engines.fresh : engines.kept())
  return {
    ...values,
    databaseUrl: databaseUrl(values.databaseUrl, values.databasePassword),
    tls,
    isEncrypted: tls !== undefined || values.tlsTerminated === true,
    startEngine: values.userShares === true ? startEngine() : undefined,
    heartbeatMs: 10_000,
  }
}

function tlsFiles({ tlsCert: cert, tlsKey: key, tlsClientCa: clientCa }: ValuesOf<typeof coordinatorSettings>) {
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined) throw new Error('TLS_CERT and TLS_KEY must be set together')
  return { cert, key, clientCa }
}

/** Kept as text for whoever compares addresses with it, once it can be read. */
function asAddresses(text: string, name: string): string {
  addressList(text, name)
  return text
}
