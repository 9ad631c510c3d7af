import type { IncomingMessage, ServerResponse } from 'node:http'
import { Code } from '@connectrpc/connect'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { z } from 'zod'
import { presenceStates } from '../../participant/session/sessionParts.ts'
import { ParticipantState, type Session, SessionKind, SessionState } from '../../proto/gen/coordinator_pb.js'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { Database } from '../storage/database.ts'
import { logBug } from '../process/log.ts'
import { rateLimit } from '../limits/rateLimit.ts'
import { streamLimits } from '../limits/streamLimits.ts'
import { Refusal } from '../process/refusal.ts'
import type { Services } from '../rpc/services.ts'
import { type Account, addAccount, epochOf, getAccount, listAccounts, setSuspended } from '../orders/accounts.ts'
import type { ApiKeys } from './apiKeys.ts'
import { auditAsCsv, queryAudit } from './auditQuery.ts'
import { readJson, sendJson, sendRefusal, valid, WrongMethod } from './http.ts'
import { type Answer, type Call, created, type CsvAnswer, type EventsAnswer, ok } from './call.ts'
import { sendEvents, sessionEvents } from './events.ts'
import { orderedContent } from '../orders/content.ts'
import { followed } from '../orders/reshares.ts'
import { madeBy } from '../orders/accountEpochs.ts'
import { confirmedResult, type Order, orderOf, putOrder } from '../orders/orders.ts'
import type { Participant } from '../orders/participant.ts'
import type { accountAnswer, sessionAnswer } from './answers.ts'
import { once } from './idempotency.ts'
import { isRepeatable, openApiDocument, type operations } from './operations.ts'
import {
  accountIdSchema,
  accountSchema,
  auditQuerySchema,
  eventsQuerySchema,
  keygenSchema,
  sessionIdSchema,
  signSchema,
} from './schemas.ts'
import { reshareRoutes } from './reshares.ts'
import { signatureForms } from './signatureForms.ts'
import { takingPart, type UserShareHost } from './takingPart.ts'
import { userShareRoutes } from './userShares.ts'

export type RestApi = (request: IncomingMessage, response: ServerResponse) => Promise<void> | undefined

/**
 * REST for back-ends: they order sessions and watch them; the parties take part by gRPC. Answers /api/ and /openapi.json;
 * undefined for any other path.
 */
export function createRestApi(
  services: Services,
  database: Database,
  keys: ApiKeys,
  addressOf: (request: IncomingMessage) => string | undefined,
  userShares: UserShareHost | undefined,
): RestApi {
  const { log, now } = services
  const part = takingPart(services, database, userShares)
  const handlers: Handlers = {
    ...routes(services, database, keys),
    ...userShareRoutes(services, database, part),
    ...reshareRoutes(services, database, part),
  }
  const document = openApiDocument()
  const calls = rateLimit({ perSecond: 50, burst: 200 })
  const streams = streamLimits({ all: 1000 })

  async function answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    try {
      keys.admit(addressOf(request))
      const key = request.headers['x-api-key']
      const caller = keys.nameOf(typeof key === 'string' ? key : undefined)
      calls.take(caller, now())
      if (url.pathname === '/openapi.json') {
        sendJson(response, 200, document)
        return
      }
      const { route, handle, id } = find(handlers, request.method ?? '', url.pathname)
      const asked = (body: () => Promise<unknown>) =>
        handle({
          id,
          caller,
          query: url.searchParams,
          lastEventId: request.headers['last-event-id']?.toString(),
          body,
          gone: () => goneBefore(request, response),
          progress: (order) => progress(services, order),
        })
      const repeated = request.headers['idempotency-key']
      const result =
        isRepeatable(route) && typeof repeated === 'string'
          ? await asOnce(repeated, caller, route, await readJson(request), asked)
          : await asked(() => readJson(request))
      if ('pages' in result) {
        const gone = goneBefore(request, response)
        using slot = streams.enter(`events ${caller}`, gone, caller)
        await sendEvents(response, result.pages(slot.signal), slot.signal)
      } else if ('csv' in result) {
        response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8', 'cache-control': 'no-store' })
        response.end(result.csv)
      } else sendJson(response, result.status, result.body)
    } catch (error) {
      if (response.headersSent) response.destroy()
      else if (sendRefusal(response, error)) return
      logBug(log, error, 'rest')
    }
  }

  /** Read the body before counting the key: what is not a request does not use it up. */
  async function asOnce(key: string, caller: string, route: string, body: unknown, asked: Asked): Promise<Answer> {
    const request = `${route}\n${JSON.stringify(body)}`
    return once({ caller, key, request }, { database, random: services.random, now }, async () => {
      const answer = await asked(() => Promise.resolve(body))
      if (!('body' in answer)) throw new Error('what is repeatable answers in JSON')
      return answer
    })
  }

  return (request, response) => {
    const url = URL.parse(request.url ?? '', 'http://host')
    const isOurs = url?.pathname === '/openapi.json' || url?.pathname.startsWith('/api/') === true
    return url !== null && isOurs ? answer(request, response, url) : undefined
  }
}

type Asked = (body: () => Promise<unknown>) => Promise<Answer | CsvAnswer | EventsAnswer>

/** Waiting is what the caller asked for: silence does not mean that it is dead. */
function goneBefore(request: IncomingMessage, response: ServerResponse): AbortSignal {
  request.socket.setTimeout(0)
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new ProtocolAbort({ kind: 'cancelled' }))
  })
  return gone.signal
}

type Operations = typeof operations

/** Each answers what its operation says it does. */
type Handlers = {
  readonly [Route in keyof Operations]: (
    call: Call,
  ) => Promise<Answer<Operations[Route]['status'], z.infer<Operations[Route]['answer']>> | CsvAnswer | EventsAnswer>
}

/** @throws Refusal NOT_FOUND; WrongMethod */
function find(handlers: Handlers, method: string, path: string) {
  const allowed: string[] = []
  for (const [route, handle] of Object.entries(handlers)) {
    const [wanted = '', pattern = ''] = route.split(' ')
    const match = new RegExp(`^${pattern.replace('{id}', '([^/]{1,64})')}$`).exec(path)
    if (match && method === wanted) return { route, handle, id: match[1] ?? '' }
    if (match) allowed.push(wanted)
  }
  if (allowed.length > 0) throw new WrongMethod(allowed)
  throw new Refusal('not_found', 'no such operation; /openapi.json lists all of them')
}

function routes(services: Services, database: Database, keys: ApiKeys) {
  const { parties, random, now } = services

  async function order(
    wanted: Pick<Order, 'kind' | 'threshold' | 'participants' | 'accountId' | 'content'>,
    by: Call,
    lifeSeconds: number,
  ) {
    for (const { type, party_id } of wanted.participants) {
      if (type === 'server' && !parties.some(({ name }) => name === party_id)) {
        throw new Refusal('no_such_party', 'participants: no server party has that name')
      }
    }
    const sessionId = bytesToHex(random(16))
    const createdAtMs = now()
    const expiresAtMs = createdAtMs + lifeSeconds * 1000
    await putOrder(database, { ...wanted, sessionId, orderedBy: by.caller, createdAtMs, expiresAtMs })
    const people = wanted.participants.filter(({ type }) => type === 'user')
    const tokens = people.map(
      async ({ seat, party_id }) => [party_id, await services.tokens.issue({ sessionId, seat }, expiresAtMs)] as const,
    )
    const joinTokens = Object.fromEntries(await Promise.all(tokens))
    const seats = Object.fromEntries(wanted.participants.map(({ party_id, seat }) => [party_id, seat]))
    return created({
      session_id: sessionId,
      join_tokens: joinTokens,
      seats,
      status: 'created' as const,
      expires_at_ms: expiresAtMs,
    })
  }
  const current = (account: Account) => followed(database, services.sessions, account)
  const suspend = (to: boolean) => async (call: Call) =>
    ok(describe(await current(await setSuspended(database, call.caller, valid(accountIdSchema, call.id), to))))

  return {
    async 'POST /api/v1/mpc/keygen'(call: Call) {
      const { threshold_t: threshold, participants, life_seconds } = valid(keygenSchema, await call.body())
      const seated = participants.map((participant, at) => ({ ...participant, seat: at + 1 }))
      const wanted = { kind: SessionKind.KEYGEN, threshold, participants: seated }
      return order({ ...wanted, accountId: undefined, content: undefined }, call, life_seconds)
    },
    async 'POST /api/v1/mpc/sign'(call: Call) {
      const { account_id: accountId, participants, life_seconds, ...what } = valid(signSchema, await call.body())
      const content = orderedContent(what)
      const account = await current(await getAccount(database, call.caller, accountId))
      if (account.suspended) throw new Refusal('account_suspended', 'the account is suspended')
      const seated = participants.map((party_id): Participant => {
        const holder = account.participants.find((participant) => participant.party_id === party_id)
        if (!holder) throw new Refusal('malformed', 'participants: each must hold a share of this account')
        return holder
      })
      if (new Set(participants).size < Math.max(account.threshold, participants.length)) {
        throw new Refusal('malformed', `participants: must be ${account.threshold} different parties`)
      }
      if (seated[0]?.type !== 'user') throw new Refusal('malformed', 'participants: the first must be a user')
      const wanted = { kind: SessionKind.SIGN, threshold: account.threshold, participants: seated }
      return order({ ...wanted, accountId, content }, call, life_seconds)
    },
    async 'GET /api/v1/mpc/sessions/{id}'(call: Call) {
      return call.progress(await orderOf(database, call.caller, valid(sessionIdSchema, call.id)))
    },
    async 'POST /api/v1/accounts'(call: Call) {
      const { session_id: id, name } = valid(accountSchema, await call.body())
      const found = await orderOf(database, call.caller, id)
      const session = await services.sessions.get(id)
      const publicKey = session.state === SessionState.COMPLETED ? confirmedResult(session) : undefined
      if (found.kind !== SessionKind.KEYGEN || publicKey?.length !== 33) {
        throw new Refusal('session_state', 'this session has not created a wallet')
      }
      const account: Account = {
        accountId: bytesToHex(random(16)),
        name,
        publicKey,
        threshold: found.threshold,
        participants: found.participants,
        suspended: false,
        ownedBy: call.caller,
        sessionId: id,
        createdAtMs: now(),
        epochs: madeBy(session, publicKey),
      }
      await addAccount(database, account)
      return created(describe(account))
    },
    async 'GET /api/v1/accounts'({ caller }: Call) {
      return ok({ accounts: (await Promise.all((await listAccounts(database, caller)).map(current))).map(describe) })
    },
    async 'GET /api/v1/accounts/{id}'({ caller, id }: Call) {
      return ok(describe(await current(await getAccount(database, caller, valid(accountIdSchema, id)))))
    },
    'POST /api/v1/accounts/{id}/suspend': suspend(true),
    'POST /api/v1/accounts/{id}/resume': suspend(false),
    async 'GET /api/v1/audit'({ query, caller }: Call) {
      const { session_id: sessionId, after, limit, format } = valid(auditQuerySchema, Object.fromEntries(query))
      const orderedBy = keys.isAuditor(caller) ? undefined : caller
      const entries = await queryAudit(database, { sessionId, orderedBy, after, limit })
      return format === 'csv' ? { csv: auditAsCsv(entries) } : ok({ entries: [...entries] })
    },
    // oxlint-disable-next-line typescript/require-await -- as every handler
    async 'GET /api/v1/events'({ query, caller, lastEventId }: Call) {
      // A browser that connects anew asks with the same address, and says in its header how far it came.
      const continued = lastEventId !== undefined && { after: lastEventId }
      const { after } = valid(eventsQuerySchema, { ...Object.fromEntries(query), ...continued })
      const orderedBy = keys.isAuditor(caller) ? undefined : caller
      const { signals, heartbeatMs } = services
      return {
        pages: (signal: AbortSignal) => sessionEvents({ database, signals, heartbeatMs }, { orderedBy, after }, signal),
      }
    },
  }
}

/** Never the shares: nobody but their holders has them. */
function describe(account: Account): z.infer<typeof accountAnswer> {
  const { accountId, name, publicKey, threshold, participants, suspended, sessionId, createdAtMs } = account
  return {
    account_id: accountId,
    name,
    public_key: bytesToHex(publicKey),
    threshold_t: threshold,
    threshold_n: participants.length,
    epoch: epochOf(account),
    shares: [...participants],
    status: suspended ? 'suspended' : 'active',
    session_id: sessionId,
    created_at_ms: createdAtMs,
  }
}

async function progress({ sessions, now }: Services, order: Order) {
  const session = await sessions.get(order.sessionId).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === Code.NotFound) return undefined
    throw error
  })
  return ok(describeProgress(order, session, now()))
}

const sessionStates = {
  [SessionState.UNSPECIFIED]: 'created',
  [SessionState.CREATED]: 'created',
  [SessionState.WAITING]: 'waiting',
  [SessionState.IN_PROGRESS]: 'in_progress',
  [SessionState.COMPLETED]: 'completed',
  [SessionState.FAILED]: 'failed',
  [SessionState.EXPIRED]: 'expired',
} as const satisfies Record<SessionState, string>

function describeProgress(order: Order, session: Session | undefined, nowMs: number): z.infer<typeof sessionAnswer> {
  const participants = order.participants.map(({ seat, party_id, type }) => {
    const state = session?.participants.find((participant) => participant.seat === seat)?.state
    return { seat, party_id, type, status: presenceStates[state ?? ParticipantState.INVITED] }
  })
  const absent = nowMs >= order.expiresAtMs ? SessionState.EXPIRED : SessionState.CREATED
  const result = session?.state === SessionState.COMPLETED ? confirmedResult(session) : undefined
  const { kind = '', check = '', detail = '', parties = [] } = session?.failure ?? {}
  return {
    session_id: order.sessionId,
    kind: order.kind === SessionKind.KEYGEN ? 'keygen' : 'sign',
    status: sessionStates[session?.state ?? absent],
    participants,
    expires_at_ms: order.expiresAtMs,
    ...(kind !== '' && { failure: { kind, check, detail, parties } }),
    ...(result?.length === 33 && { public_key: bytesToHex(result) }),
    ...(result?.length === 65 && { signature: signatureForms(result) }),
  }
}
