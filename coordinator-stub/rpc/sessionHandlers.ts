import { setTimeout } from 'node:timers/promises'
import { clone } from '@bufbuild/protobuf'
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import {
  type CoordinatorService,
  type CreateSessionRequest,
  type Participant,
  type Session,
  SessionSchema,
} from '../../proto/gen/coordinator_pb.js'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { isSigned } from '../../tss-wasm/identity/signed.ts'
import { auditDetails } from '../sessions/audit.ts'
import { authorize, authorizeChange, authorizeReading, authorizeWatcher, mustHoldSeat, mustSit } from './authorize.ts'
import { callerIn } from '../limits/callerAddress.ts'
import { openSession } from '../sessions/open.ts'
import { rateLimit } from '../limits/rateLimit.ts'
import { Refusal } from '../process/refusal.ts'
import type { Services } from './services.ts'
import type { Event } from '../sessions/events.ts'
import { advance, hasEnded } from '../sessions/advance.ts'
import { topics, type Watcher } from '../signals/topics.ts'
import { streamLimits } from '../limits/streamLimits.ts'
import type { Claims } from '../sessions/tokens.ts'

const burstSeconds = 300
const gatheringMs = 50
const ordinaryLifeMs = 600_000
/** Twenty requests that wait for a day, at the default rate. */
const livingBurstSeconds = 2880
/** Far more changes than a seat makes in one session. Each is a line of the audit log, which is kept for ever. */
const changesOfSeat = { perSecond: 0.2, burst: 50, of: 'changes of this seat' }

/** Who has which seat, when a session starts, how it ended: decode, authorize, call, encode. */
export function coordinatorHandlers(services: Services): ServiceImpl<typeof CoordinatorService> {
  const { sessions, contacts, tokens, signals, parties, random, now, heartbeatMs, log } = services
  const streams = streamLimits()
  const perSecond = services.sessionsPerMinute / 60
  const opening = rateLimit({ perSecond, burst: perSecond * burstSeconds, of: 'sessions from this address' })
  const living = rateLimit({
    perSecond,
    burst: perSecond * livingBurstSeconds,
    of: 'long-lived sessions from this address',
  })
  const changing = rateLimit(changesOfSeat)
  const salt = bytesToHex(random(16))
  /** Tells server parties which sessions one address has opened, and not which address. */
  const pseudonym = (address: string | undefined): string =>
    address === undefined ? '' : bytesToHex(sha256(utf8ToBytes(`${salt} ${address}`))).slice(0, 16)
  /** Sessions are the coordinator's memory for as long as they live, and anybody may open them. */
  const limitOpening = (caller: string | undefined, { createdAtMs, expiresAtMs }: Session): void => {
    if (caller === undefined) return
    opening.take(caller, now())
    living.take(caller, now(), Math.max(1, Number(expiresAtMs - createdAtMs) / ordinaryLifeMs))
  }
  const apply = async (
    claims: Claims,
    event: Event,
    allow: (before: Session) => void = () => undefined,
  ): Promise<Session> => {
    const session = await sessions.change(
      claims.sessionId,
      (before) => {
        mustHoldSeat(before, claims)
        if (isDoneSitting(event)) mustSit(before, claims)
        allow(before)
        const after = advance(before, event, now())
        // Repeating a report is free: whoever settles a wallet does so every few seconds.
        if (after !== before) changing.take(`${claims.sessionId} ${claims.seat}`, now())
        return after
      },
      (after) => ({ atMs: now(), seat: claims.seat, event: event.type, details: auditDetails(event, after) }),
    )
    const ended = hasEnded(session)
      ? { state: session.state, ...(session.failure && { failure: session.failure.kind }) }
      : {}
    log(event.type, { session: session.sessionId, seat: claims.seat, ...ended })
    contacts.heard(claims.sessionId, claims.seat, now())
    return session
  }
  /** A creator whose answer got lost calls again with the same id and gets the same answer. */
  const addOnce = async (
    session: Session,
    openedBy: string | undefined,
    isItsCreator: () => Promise<boolean>,
  ): Promise<Session> => {
    try {
      await sessions.add(session, openedBy)
      return session
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== Code.AlreadyExists) throw error
      const known = await sessions.get(session.sessionId)
      if (!isSameRequest(known, session) || !(await isItsCreator())) throw error
      return known
    }
  }
  return {
    async createSession(request, context) {
      const unknown = request.seats.find(
        ({ serverParty }) => serverParty !== '' && !parties.some(({ name }) => name === serverParty),
      )
      if (unknown) throw new Refusal('no_such_party', 'no server party has that name')
      if (!/^([0-9a-f]{32})?$/.test(request.sessionId)) {
        throw new Refusal('malformed', 'session id must be 32 lower-case hex digits')
      }
      const wanted = openSession(request, request.sessionId || bytesToHex(random(16)), now())
      const caller = callerIn(context)
      limitOpening(caller, wanted)
      services.budget.mustHaveRoomFor(caller)
      const order = await services.admit?.(wanted, context.requestHeader.get('authorization'))
      if (order !== undefined && BigInt(order.expiresAtMs) < wanted.expiresAtMs) {
        wanted.expiresAtMs = BigInt(order.expiresAtMs)
      }
      // An invited person sees all of the request but this signature; an order asks for the creator's token.
      const isItsCreator = async () => order !== undefined || (await isOpenedBy(request))
      const session = await addOnce(wanted, caller, isItsCreator)
      const { sessionId, expiresAtMs } = session
      const joinTokens: Record<number, string> = {}
      for (const { seat, serverParty, tokenGeneration: generation } of session.participants) {
        const client = seat === request.creatorSeat ? bytesToHex(request.creatorClient) : ''
        if (serverParty === '') {
          joinTokens[seat] = await tokens.issue({ sessionId, seat, generation, client }, Number(expiresAtMs))
        }
      }
      log('created', {
        session: session.sessionId,
        seats: session.participants.map(({ seat }) => seat),
        threshold: session.threshold,
      })
      return { sessionId: session.sessionId, joinTokens, session }
    },

    async joinSession(request, context) {
      const claims = await authorizeChange(services, request.sessionId, context)
      const { identity, statement, seatMac, client, ready } = request
      const mustBePinned = ({ participants }: Session) => {
        const name = participants.find(({ seat }) => seat === claims.seat)?.serverParty
        const pinned = parties.find((party) => party.name === name)?.identity
        if (pinned && identity && !sameBytes(pinned.signingKey, identity.signingKey)) {
          throw new Refusal('seat_reserved', 'this seat is reserved for a server party with a different identity')
        }
      }
      try {
        const joined = { type: 'joined', seat: claims.seat, identity, statement, seatMac, client, ready } as const
        const session = await apply(claims, joined, mustBePinned)
        const { sessionId, expiresAtMs } = session
        const sitting = { ...claims, sessionId, client: bytesToHex(client) }
        const seatToken = client.length > 0 ? await tokens.issue(sitting, Number(expiresAtMs)) : ''
        return { seat: claims.seat, session, seatToken }
      } catch (error) {
        // The creator is to know that somebody else holds this seat's invitation.
        const isTaken = error instanceof ConnectError && error.code === Code.AlreadyExists
        if (isTaken) await apply(claims, { type: 'join-refused', seat: claims.seat })
        throw error
      }
    },

    async revokeSeat(request, context) {
      const claims = await authorizeChange(services, request.sessionId, context)
      const { seat: target, tokenGeneration: revoked } = request
      const session = await apply(claims, { type: 'revoked', seat: claims.seat, target, generation: revoked })
      const { tokenGeneration: generation = 0 } = session.participants.find(({ seat }) => seat === target) ?? {}
      const { sessionId, expiresAtMs } = session
      const joinToken = await tokens.issue({ sessionId, seat: target, generation }, Number(expiresAtMs))
      return { session, joinToken }
    },

    async publishRoster(request, context) {
      const claims = await authorizeChange(services, request.sessionId, context)
      const { roster, rosterSignature: signature, version } = request
      return { session: await apply(claims, { type: 'published', seat: claims.seat, roster, signature, version }) }
    },

    async openCode(request, context) {
      const claims = await authorizeChange(services, request.sessionId, context)
      return { session: await apply(claims, { type: 'code-opened', seat: claims.seat, opening: request.opening }) }
    },

    async markReady(request, context) {
      const claims = await authorizeChange(services, request.sessionId, context)
      return { session: await apply(claims, { type: 'ready', seat: claims.seat, approval: request.approval }) }
    },

    async startSession(request, context) {
      const claims = await authorizeChange(services, request.sessionId, context)
      const { roster, rosterSignature: signature, seats, run } = request
      return { session: await apply(claims, { type: 'started', seat: claims.seat, roster, signature, seats, run }) }
    },

    async getSession({ sessionId, above }, context) {
      if (above === 0n) return authorizeReading(services, sessionId, context)
      const { seat } = await authorize(services, sessionId, context)
      contacts.heard(sessionId, seat, now())
      // Who asks again and again hears of news as soon as who watches does.
      const session = await sessions.latest(sessionId, true)
      const silences = contacts.silences(session, now())
      return { seat, silences, ...(session.version > above && { session: withoutProposal(session) }) }
    },

    async getOutcome(request, context) {
      const claims = await authorize(services, request.sessionId, context, true)
      return { session: await sessions.get(claims.sessionId) }
    },

    async reportCompletion(request, context) {
      const { outcome, available, run } = request
      const claims = await authorizeChange(services, request.sessionId, context, outcome.case !== 'failure')
      switch (outcome.case) {
        case 'confirmation':
          return {
            session: await apply(claims, { type: 'confirmed', seat: claims.seat, confirmation: outcome.value, run }),
          }
        case 'failure':
          return {
            session: await apply(claims, { type: 'failed', seat: claims.seat, failure: outcome.value, available, run }),
          }
        case 'withdrawal':
          return { session: await apply(claims, { type: 'withdrawn', seat: claims.seat, withdrawal: outcome.value }) }
        case 'retired':
          return { session: await apply(claims, { type: 'retired', seat: claims.seat, retired: outcome.value }) }
        case undefined:
          throw new Refusal('malformed', 'report must be a confirmation, a failure, a withdrawal or a retirement')
      }
    },

    async *watchSession(request, context) {
      const claims = await authorize(services, request.sessionId, context)
      using slot = streams.enter(`session ${claims.sessionId} ${claims.seat}`, context.signal, callerIn(context))
      using changes = signals.subscribe(topics.session(claims.sessionId))
      contacts.heard(claims.sessionId, claims.seat, now())
      for (let sent = 0n, wasQuiet = false; ;) {
        const session = await sessions.latest(claims.sessionId, wasQuiet)
        // Of programs that only listen, an open stream is all there is to go by. A device that sleeps keeps it open.
        if (!request.calls) contacts.heard(claims.sessionId, claims.seat, now())
        const silences = contacts.silences(session, now())
        const isNew = session.version > sent
        if (isNew) yield { session: withoutProposal(session), silences }
        // News may be of what its reader has already.
        else if (wasQuiet) yield { silences }
        if (isNew) sent = session.version
        if (hasEnded(session)) return
        const woken = await changes.wait(heartbeatMs, slot.signal)
        if (woken === 'aborted') throw slot.reason()
        wasQuiet = woken === 'quiet'
      }
    },

    async *watchInvitations(request, context) {
      const watcher = await authorizeWatcher(services, request)
      // What ends by itself takes no stream's place.
      using slot = request.once
        ? undefined
        : streams.enter(topics.invitations(watcher), context.signal, callerIn(context))
      using changes = signals.subscribe(topics.invitations(watcher))
      log('party-watching', watcher)
      const offered = new Map<string, number>()
      let since: number | undefined
      let lookedAtAllMs = now()
      for (;;) {
        const { live, isAll, position } = await sessions.offeredTo(watcher, since)
        since = position
        if (isAll) lookedAtAllMs = now()
        for (const { sessionId, awaits, openedBy } of live) {
          const before = offered.get(sessionId)
          // People are told once; only server parties have a turn.
          if (before !== undefined && (before >= awaits || 'signingKey' in watcher)) continue
          const session = await sessions.latest(sessionId).catch(undefinedIfGone)
          if (session === undefined || hasEnded(session)) continue
          const { seat = 0, tokenGeneration: generation = 0 } = session.participants.find(isFor(watcher)) ?? {}
          const joinToken = await tokens.issue({ sessionId, seat, generation }, Number(session.expiresAtMs))
          yield { sessionId, seat, joinToken, session, awaits, caller: pseudonym(openedBy) }
        }
        if (isAll) offered.clear()
        for (const { sessionId, awaits } of live) offered.set(sessionId, awaits)
        yield {}
        if (slot === undefined) return
        const heard = await changes.wait(heartbeatMs, slot.signal)
        if (heard === 'aborted') throw slot.reason()
        // What is over is forgotten now and then, and what nobody could tell us of is found.
        if (heard === 'quiet' || now() - lookedAtAllMs >= heartbeatMs) since = undefined
        // Whatever comes in the same moment goes along.
        await setTimeout(gatheringMs)
      }
    },
  }
}

/** Not what brings somebody into the seat, nor what a party has signed, whichever program of its brings it. */
function isDoneSitting({ type }: Event): boolean {
  return ['revoked', 'published', 'code-opened', 'ready', 'started', 'failed'].includes(type)
}

/** Deleted after it was listed and before it was read. */
function undefinedIfGone(error: unknown): undefined {
  if (!(error instanceof Refusal) || error.code !== Code.NotFound) throw error
}

function isFor(watcher: Watcher): (participant: Participant) => boolean {
  if ('serverParty' in watcher) return ({ serverParty }) => serverParty === watcher.serverParty
  return ({ offered }) => offered !== undefined && bytesToHex(offered.signingKey) === watcher.signingKey
}

/** The same proposal, signed by the same creator, from the same program. */
function isSameRequest(a: Session, b: Session): boolean {
  const creator = ({ participants, creatorSeat }: Session) =>
    participants.find(({ seat }) => seat === creatorSeat)?.identity?.signingKey ?? new Uint8Array()
  const client = ({ participants, creatorSeat }: Session) =>
    participants.find(({ seat }) => seat === creatorSeat)?.client ?? new Uint8Array()
  return sameBytes(a.proposal, b.proposal) && sameBytes(creator(a), creator(b)) && sameBytes(client(a), client(b))
}

/** Its creator signed that it opens this session. */
async function isOpenedBy({ sessionId, openingSignature, creatorIdentity }: CreateSessionRequest): Promise<boolean> {
  if (creatorIdentity === undefined) return false
  return isSigned('opening', hexToBytes(sessionId), openingSignature, creatorIdentity.signingKey)
}

function withoutProposal(session: Session): Session {
  const copy = clone(SessionSchema, session)
  copy.proposal = new Uint8Array()
  return copy
}
