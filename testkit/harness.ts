import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Code, ConnectError, createClient, createRouterTransport, type Transport } from '@connectrpc/connect'
import assert from 'node:assert/strict'
import type { PinnedParty } from '../participant/session/serverParties.ts'
import { watchRequest } from '../participant/session/watchRequest.ts'
import { CoordinatorService, type CreateSessionRequest, SessionKind } from '../proto/gen/coordinator_pb.js'
import { RouterService } from '../proto/gen/router_pb.js'
import { createIdentity, type Identity } from '../tss-wasm/identity/identity.ts'
import { signed } from '../tss-wasm/identity/signed.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { buildServices, readMaxBytes } from '../coordinator-stub/coordinator/start.ts'
import { type Database, migrate } from '../coordinator-stub/storage/database.ts'
import { openPGlite } from '../coordinator-stub/storage/pglite.ts'
import { copyEmptyDatabase } from './emptyDatabase.ts'
import { concealBugs } from '../coordinator-stub/process/refusal.ts'
import { serviceRoutes } from '../coordinator-stub/rpc/routes.ts'
import type { Services } from '../coordinator-stub/rpc/services.ts'

export const silent = () => undefined
export const tokenKey = new Uint8Array(32).fill(7)

/** The real handlers over an in-memory transport; `clock` can be moved by tests. */
export interface Rig {
  readonly transport: Transport
  readonly services: Services
  readonly database: Database
  readonly clock: { now: number }
}

export async function rig({
  parties = [],
  heartbeatMs = 200,
}: {
  parties?: readonly PinnedParty[]
  heartbeatMs?: number
} = {}): Promise<Rig> {
  const database = await emptyDatabase()
  const clock = { now: Date.now() }
  const services = {
    ...buildServices(database, tokenKey, parties, heartbeatMs, systemRandom, silent),
    now: () => clock.now,
  }
  return {
    transport: routerTransport(services),
    services,
    database,
    clock,
  }
}

/** What rigs store into. A test file that runs on PostgreSQL sets it before its first rig. */
export const storage = { open: openEmpty }

async function openEmpty(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'quorate-test-'))
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true })
  })
  await copyEmptyDatabase(join(folder, 'database'))
  return openPGlite(join(folder, 'database'))
}

/** A file's tests, which run one after the other, share one. */
let shared: Promise<Database> | undefined
async function emptyDatabase(): Promise<Database> {
  shared ??= storage.open()
  const database = await shared
  await migrate(database)
  await database.script('truncate sessions cascade')
  return database
}

export function routerTransport(services: Services): Transport {
  return createRouterTransport(serviceRoutes(services), {
    router: { interceptors: [concealBugs(silent)], readMaxBytes },
  })
}

export function clients(transport: Transport) {
  return { sessions: createClient(CoordinatorService, transport), router: createClient(RouterService, transport) }
}
export type Clients = ReturnType<typeof clients>

/** A 2-of-3 keygen request; `proposal` and signature are opaque to the coordinator. */
export function keygenRequest(
  changes: Partial<Omit<CreateSessionRequest, '$typeName' | 'seats'>> & {
    seats?: { seat: number; serverParty?: string }[]
  } = {},
) {
  return {
    kind: SessionKind.KEYGEN,
    threshold: 2,
    seats: [{ seat: 1 }, { seat: 2 }, { seat: 3 }],
    creatorSeat: 1,
    proposal: new Uint8Array([1, 2, 3]),
    proposalSignature: new Uint8Array(64),
    ...changes,
  }
}

export const bearer = (token: string | undefined) => ({ headers: { authorization: `Bearer ${token ?? ''}` } })

export function wireIdentity(seat: number): { signingKey: Uint8Array; encryptionKey: Uint8Array } {
  return { signingKey: new Uint8Array(32).fill(seat), encryptionKey: new Uint8Array(32).fill(100 + seat) }
}

/** A session with three people in it, started. */
export async function startedSession({
  sessions,
}: Clients): Promise<{ sessionId: string; tokens: Record<number, string> }> {
  const { sessionId, joinTokens } = await sessions.createSession(keygenRequest())
  for (const seat of [1, 2, 3]) {
    await sessions.joinSession({ sessionId, identity: wireIdentity(seat) }, bearer(joinTokens[seat]))
    await sessions.markReady({ sessionId }, bearer(joinTokens[seat]))
  }
  const roster = { sessionId, roster: new Uint8Array([9]), rosterSignature: new Uint8Array(64) }
  await sessions.startSession(roster, bearer(joinTokens[1]))
  return { sessionId, tokens: joinTokens }
}

/** The call is refused with this status, and the reason matches. */
export async function refused(call: Promise<unknown>, code: Code, reason: RegExp): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof ConnectError, String(error))
    assert.equal(Code[error.code], Code[code], error.message)
    assert.match(error.rawMessage, reason)
    return true
  })
}

export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'quorate-test-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

export async function pinnedParty(name: string): Promise<{ identity: Identity; pinned: PinnedParty }> {
  const identity = await createIdentity({ extractable: true })
  return { identity, pinned: { name, identity: identity.public } }
}

/** What the coordinator offers to a server party of this name and identity first. */
export async function invitationFor(
  at: Rig,
  name: string,
  identity: Identity,
): Promise<{ readonly sessionId: string; readonly joinToken: string }> {
  const identitySignature = await signed('watch', watchRequest(name, at.clock.now), identity)
  const request = { serverParty: name, timeMs: BigInt(at.clock.now), identitySignature }
  for await (const offer of clients(at.transport).sessions.watchInvitations(request)) return offer
  throw new Error('no invitation')
}
