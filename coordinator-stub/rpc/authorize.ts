import type { HandlerContext } from '@connectrpc/connect'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { PinnedParty } from '../../participant/session/serverParties.ts'
import { watchRequest } from '../../participant/session/watchRequest.ts'
import type { Session, WatchInvitationsRequest } from '../../proto/gen/coordinator_pb.js'
import { isSigned } from '../../tss-wasm/identity/signed.ts'
import { Refusal } from '../process/refusal.ts'
import type { Services } from './services.ts'
import { mustBeIdentity } from '../sessions/rules.ts'
import { rememberedMs } from '../sessions/retention.ts'
import type { Watcher } from '../signals/topics.ts'
import type { Claims } from '../sessions/tokens.ts'

type Doors = Pick<Services, 'tokens' | 'sessions' | 'parties' | 'now'>

/**
 * Who calls: the seat its token names, for this session and no other, unless the seat was revoked since.
 * @throws Refusal UNAUTHENTICATED, PERMISSION_DENIED or NOT_FOUND
 */
export async function authorize(
  doors: Doors,
  sessionId: string,
  context: HandlerContext,
  late = false,
): Promise<Claims> {
  const claims = await claimed(doors, context, late)
  const session = await doors.sessions.seated(sessionId)
  mustBeFor(claims, sessionId)
  mustHoldSeat(session, claims)
  return claims
}

/** As `authorize`, for what is done in a seat. @throws Refusal as `authorize`, or FAILED_PRECONDITION */
export async function authorizeSitting(doors: Doors, sessionId: string, context: HandlerContext): Promise<Claims> {
  const claims = await authorize(doors, sessionId, context)
  // What is known of a started session is good for ever but in this: a seat outside the run may have changed hands since.
  if (!isSitting(await doors.sessions.seated(sessionId), claims)) mustSit(await doors.sessions.get(sessionId), claims)
  return claims
}

/**
 * As `authorize`, with the session itself: looked up once, as whoever stores it has it.
 * @throws Refusal UNAUTHENTICATED, PERMISSION_DENIED or NOT_FOUND
 */
export async function authorizeReading(
  doors: Doors,
  sessionId: string,
  context: HandlerContext,
): Promise<{ readonly seat: number; readonly session: Session }> {
  const claims = await claimed(doors, context, false)
  const session = await doors.sessions.get(sessionId)
  mustBeFor(claims, sessionId)
  mustHoldSeat(session, claims)
  return { seat: claims.seat, session }
}

/**
 * What the caller's token claims for this session. Whether the seat was revoked since is not asked: for calls that change
 * the session, which ask it in the same step (`mustHoldSeat`).
 * @throws Refusal UNAUTHENTICATED or PERMISSION_DENIED
 */
export async function authorizeChange(
  doors: Doors,
  sessionId: string,
  context: HandlerContext,
  late = false,
): Promise<Claims> {
  const claims = await claimed(doors, context, late)
  mustBeFor(claims, sessionId)
  return claims
}

function mustBeFor(claims: Claims, sessionId: string): void {
  if (claims.sessionId !== sessionId) {
    throw new Refusal('token_elsewhere', 'the join token belongs to a different session')
  }
}

/** @throws Refusal UNAUTHENTICATED */
export function mustHoldSeat(session: Session, claims: Claims): void {
  const participant = session.participants.find(({ seat }) => seat === claims.seat)
  if (participant?.tokenGeneration !== claims.generation) {
    throw new Refusal('token_revoked', 'the invitation has been revoked')
  }
}

/**
 * Besides: its token is that of the program that sits there. A server party's is given to whoever signs for its identity, and
 * its folder has a lock. @throws Refusal FAILED_PRECONDITION
 */
export function mustSit(session: Session, claims: Claims): void {
  if (!isSitting(session, claims)) {
    throw new Refusal('seat_elsewhere', `seat ${claims.seat} is in use on another device or in another tab`)
  }
}

function isSitting({ participants }: Session, { seat, client }: Claims): boolean {
  const sitting = participants.find((participant) => participant.seat === seat)
  if (sitting === undefined || bytesToHex(sitting.client) === client) return true
  return client === '' && sitting.serverParty !== ''
}

/** @param late whether a token counts whose session is over, for what can be asked as long as the outcome is remembered */
async function claimed({ tokens, now }: Doors, context: HandlerContext, late: boolean): Promise<Claims> {
  const [scheme, token] = (context.requestHeader.get('authorization') ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined || token === '') {
    throw new Refusal('token_missing', 'join token is missing')
  }
  return tokens.verify(token, now() - (late ? rememberedMs : 0))
}

const clockDifferenceMs = 5 * 60_000

/** @throws Refusal UNAUTHENTICATED */
export async function authorizeWatcher(
  { parties, now }: Doors,
  { serverParty, identity, timeMs, identitySignature }: WatchInvitationsRequest,
): Promise<Watcher> {
  const isRecent = Math.abs(now() - Number(timeMs)) <= clockDifferenceMs
  if (serverParty !== '') {
    const party: PinnedParty | undefined = parties.find(({ name }) => name === serverParty)
    const request = watchRequest(serverParty, Number(timeMs))
    if (party && isRecent && (await isSigned('watch', request, identitySignature, party.identity.signingKey))) {
      return { serverParty }
    }
    throw new Refusal('unknown_caller', 'no registered server party has signed this request recently')
  }
  mustBeIdentity(identity)
  const signingKey = bytesToHex(identity.signingKey)
  const request = watchRequest(signingKey, Number(timeMs))
  if (isRecent && (await isSigned('watch', request, identitySignature, identity.signingKey))) return { signingKey }
  throw new Refusal('unknown_caller', 'this identity has not signed the request recently')
}
