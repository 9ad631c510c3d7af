import { clone } from '@bufbuild/protobuf'
import { Code, type ConnectRouter, type HandlerContext, type ServiceImpl } from '@connectrpc/connect'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { PinnedParty } from '../proto/client/serverParties.ts'
import { watchRequest } from '../proto/client/watchRequest.ts'
import { CoordinatorService, type Session, SessionSchema } from '../proto/gen/coordinator_pb.js'
import { RouterService } from '../proto/gen/router_pb.js'
import { sameBytes } from '../tss-wasm/bytes.ts'
import { isSigned } from '../tss-wasm/identity/signed.ts'
import type { RandomSource } from '../tss-wasm/random.ts'
import type { Log } from './log.ts'
import { Refusal } from './refusal.ts'
import type { Router } from './router.ts'
import { advance, type Event, hasEnded, openSession } from './sessions.ts'
import { type SessionStore, topics } from './sessionStore.ts'
import type { Signals } from './signals.ts'
import { streamLimits } from './streamLimits.ts'
import type { Claims, Tokens } from './tokens.ts'

/** Everything the handlers need; main.ts and the tests build it once. */
export interface Services {
  readonly sessions: SessionStore
  readonly router: Router
  readonly tokens: Tokens
  readonly signals: Signals
  readonly parties: readonly PinnedParty[]
  readonly random: RandomSource
  readonly now: () => number
  readonly heartbeatMs: number
  readonly log: Log
}

/** The handlers of both services: decode, authorize, call, encode. gRPC, gRPC-Web and Connect all end here. */
export function serviceRoutes(services: Services): (router: ConnectRouter) => void {
  return (router) => {
    router.service(CoordinatorService, coordinatorHandlers(services))
    router.service(RouterService, routerHandlers(services))
  }
}

function coordinatorHandlers(services: Services): ServiceImpl<typeof CoordinatorService> {
  const { sessions, tokens, signals, parties, random, now, heartbeatMs, log } = services
  const streams = streamLimits()
  const apply = async (claims: Claims, event: Event): Promise<Session> => {
    const session = await sessions.change(claims.sessionId, (before) => advance(before, event, now()))
    const ended = hasEnded(session)
      ? { state: session.state, ...(session.failure && { failure: session.failure.kind }) }
      : {}
    log(event.type, { session: session.sessionId, seat: claims.seat, ...ended })
    return session
  }
  return {
    async createSession(request) {
      const unknown = request.seats.find(
        ({ serverParty }) => serverParty !== '' && !parties.some(({ name }) => name === serverParty),
      )
      if (unknown) throw new Refusal(Code.InvalidArgument, 'there is no server party of that name')
      const session = openSession(request, bytesToHex(random(16)), now())
      await sessions.add(session)
      const joinTokens: Record<number, string> = {}
      for (const { seat, serverParty } of session.participants) {
        if (serverParty === '')
          joinTokens[seat] = await tokens.issue({ sessionId: session.sessionId, seat }, Number(session.expiresAtMs))
      }
      log('created', {
        session: session.sessionId,
        seats: session.participants.map(({ seat }) => seat),
        threshold: session.threshold,
      })
      return { sessionId: session.sessionId, joinTokens, session }
    },

    async joinSession(request, context) {
      const claims = await authorize(services, request.sessionId, context)
      const { participants } = await sessions.get(claims.sessionId)
      const name = participants.find(({ seat }) => seat === claims.seat)?.serverParty
      const pinned = parties.find((party) => party.name === name)?.identity
      if (pinned && request.identity && !sameBytes(pinned.signingKey, request.identity.signingKey)) {
        throw new Refusal(
          Code.PermissionDenied,
          'this seat is offered to a registered server party with another identity',
        )
      }
      const session = await apply(claims, { type: 'joined', seat: claims.seat, identity: request.identity })
      return { seat: claims.seat, session }
    },

    async markReady(request, context) {
      const claims = await authorize(services, request.sessionId, context)
      return { session: await apply(claims, { type: 'ready', seat: claims.seat }) }
    },

    async startSession(request, context) {
      const claims = await authorize(services, request.sessionId, context)
      const { roster, rosterSignature: signature } = request
      return { session: await apply(claims, { type: 'started', seat: claims.seat, roster, signature }) }
    },

    async getSession(request, context) {
      const claims = await authorize(services, request.sessionId, context)
      return { session: await sessions.get(claims.sessionId) }
    },

    async reportCompletion(request, context) {
      const claims = await authorize(services, request.sessionId, context)
      const { outcome } = request
      switch (outcome.case) {
        case 'confirmation':
          return { session: await apply(claims, { type: 'confirmed', seat: claims.seat, confirmation: outcome.value }) }
        case 'failure':
          return { session: await apply(claims, { type: 'failed', seat: claims.seat, failure: outcome.value }) }
        case undefined:
          throw new Refusal(Code.InvalidArgument, 'a report is either a confirmation or a failure')
      }
    },

    async *watchSession(request, context) {
      const claims = await authorize(services, request.sessionId, context)
      using place = streams.enter(`session ${claims.sessionId} ${claims.seat}`, context.signal)
      using changes = signals.subscribe(topics.session(claims.sessionId))
      for (let sent = 0n; ;) {
        const session = await sessions.get(claims.sessionId)
        yield session.version === sent ? {} : { session: withoutProposal(session) }
        sent = session.version
        if (hasEnded(session)) return
        if ((await changes.wait(heartbeatMs, place.signal)) === 'aborted') throw place.reason()
      }
    },

    async *watchInvitations(request, context) {
      const party = parties.find(({ name }) => name === request.serverParty)
      if (!party || !(await signedRecently(party, Number(request.timeMs), request.identitySignature, now()))) {
        throw new Refusal(
          Code.Unauthenticated,
          'no registered server party has signed this request in the last minutes',
        )
      }
      using place = streams.enter(`invitations ${party.name}`, context.signal)
      using changes = signals.subscribe(topics.invitations(party.name))
      log('party-watching', { party: party.name })
      const offered = new Set<string>()
      for (;;) {
        const sessionsNow = await sessions.offeredTo(party.name)
        for (const session of sessionsNow.filter(({ sessionId }) => !offered.has(sessionId))) {
          const { seat } = session.participants.find(({ serverParty }) => serverParty === party.name) ?? { seat: 0 }
          const joinToken = await tokens.issue({ sessionId: session.sessionId, seat }, Number(session.expiresAtMs))
          yield { sessionId: session.sessionId, seat, joinToken, session }
        }
        offered.clear()
        for (const { sessionId } of sessionsNow) offered.add(sessionId)
        yield {}
        if ((await changes.wait(heartbeatMs, place.signal)) === 'aborted') throw place.reason()
      }
    },
  }
}

function routerHandlers(services: Services): ServiceImpl<typeof RouterService> {
  const { sessions, router, signals, heartbeatMs } = services
  const streams = streamLimits()
  return {
    async sendMessage(request, context) {
      const claims = await authorize(services, request.sessionId, context)
      const message = { from: claims.seat, to: request.to, envelope: request.envelope }
      return { cursor: await router.send(claims.sessionId, request.messageId, message) }
    },

    async *subscribeMessages(request, context) {
      const claims = await authorize(services, request.sessionId, context)
      using place = streams.enter(`messages ${claims.sessionId} ${claims.seat}`, context.signal)
      using arrivals = signals.subscribe(topics.messages(claims.sessionId))
      // The first heartbeat tells the client at once that the stream stands.
      yield {}
      for (let after = request.after; ;) {
        // Asked before reading, so that what was sent before the end is still delivered.
        const ended = hasEnded(await sessions.get(claims.sessionId))
        const page = await router.pending(claims.sessionId, claims.seat, after)
        for (const delivery of page) yield delivery
        after = page.at(-1)?.cursor ?? after
        if (page.length > 0) continue
        if (ended) return
        const woken = await arrivals.wait(heartbeatMs, place.signal)
        if (woken === 'aborted') throw place.reason()
        if (woken === 'quiet') yield {}
      }
    },
  }
}

/** Who calls: the seat its token names, for this session and no other. */
async function authorize(services: Services, sessionId: string, context: HandlerContext): Promise<Claims> {
  const [scheme, token] = (context.requestHeader.get('authorization') ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined || token === '') {
    throw new Refusal(Code.Unauthenticated, 'the call carries no join token')
  }
  const claims = await services.tokens.verify(token, services.now())
  if (claims.sessionId !== sessionId) {
    await services.sessions.get(sessionId)
    throw new Refusal(Code.PermissionDenied, 'the join token is for another session')
  }
  return claims
}

const clockDifferenceMs = 5 * 60_000

async function signedRecently(
  { name, identity }: PinnedParty,
  timeMs: number,
  signature: Uint8Array,
  nowMs: number,
): Promise<boolean> {
  if (Math.abs(nowMs - timeMs) > clockDifferenceMs) return false
  return isSigned('watch', watchRequest(name, timeMs), signature, identity.signingKey)
}

function withoutProposal(session: Session): Session {
  const copy = clone(SessionSchema, session)
  copy.proposal = new Uint8Array()
  return copy
}
