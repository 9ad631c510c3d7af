import type { Engine } from '../../tss-wasm/worker/api.ts'
import type { TlsFiles } from '../http/listening.ts'

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
  /** Folder of descriptions (ERC-7730) that the web app is given; none by default. */
  readonly descriptionsFolder?: string | undefined
  /** Who may use REST, as rest/apiKeys.ts reads it; undefined: nobody. */
  readonly apiKeys?: string | undefined
  /** Names of API keys that read the audit log of all sessions; undefined: each that of its own. */
  readonly apiAuditors?: string | undefined
  /** Addresses and networks that REST answers; undefined: all. */
  readonly apiAllowList?: string | undefined
  /** Addresses and networks of our own proxies, whose X-Forwarded-For is believed; undefined: nobody's. */
  readonly trustedProxies?: string | undefined
  /** Who presents it reads /metrics; undefined: nobody does. */
  readonly metricsKey?: string | undefined
  /** As in `Services`. */
  readonly sessionsPerMinute?: number | undefined
  /** What computes for users whose devices cannot (docs/OPERATIONS.md); undefined: nothing does. */
  readonly startEngine?: (() => Engine) | undefined
  readonly heartbeatMs: number
}
