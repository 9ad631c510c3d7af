import { Code, createClient, type Transport } from '@connectrpc/connect'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { createCoordinator } from '../../participant/createCoordinator.ts'
import { memoryRuns } from '../../participant/connection/runs.ts'
import { CoordinatorService, SessionKind } from '../../proto/gen/coordinator_pb.js'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import {
  type Cause,
  type CoordinatorCode,
  type Failure,
  type FailureKind,
  ProtocolAbort,
} from '../../tss-wasm/failure.ts'
import { verifyConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import { encodeProposal } from '../../tss-wasm/identity/proposal.ts'
import { decodeRoster } from '../../tss-wasm/identity/roster.ts'
import { vouchForKey, vouchForShare } from '../../tss-wasm/identity/shareHost.ts'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Engine } from '../../tss-wasm/worker/api.ts'
import { writeAudit } from '../sessions/audit.ts'
import type { Database } from '../storage/database.ts'
import { Refusal } from '../process/refusal.ts'
import type { Services } from '../rpc/services.ts'
import { makeUserShare, type Ordered, signWithUserShare, type UserSharePorts } from '../userShares/ceremonies.ts'
import { requestKeys } from '../userShares/requestKeys.ts'
import { openedWith } from '../userShares/userShare.ts'
import { getAccount } from '../orders/accounts.ts'
import { type Call, created, ok } from './call.ts'
import { contentOf, orderedContent } from '../orders/content.ts'
import { valid } from './http.ts'
import { type Order, orderOf } from '../orders/orders.ts'
import { confirmUserShareSchema, generateUserShareSchema, signWithUserShareSchema } from './schemas.ts'
import { signatureForms } from './signatureForms.ts'

/** What lets a coordinator take part for devices that cannot compute; without it, it does for nobody. */
export interface UserShareHost {
  /** To this coordinator. */
  readonly transport: Transport
  /** What users pin of us: it signs what we give out to them. */
  readonly identity: Identity
  readonly startEngine: () => Engine
}

/** Ceremonies at once: each keeps a few threads busy for seconds. */
const mostAtOnce = 4
/** Others may have to approve; clients give up an HTTP call after five minutes. */
const withinMs = 280_000

/** A party for devices that cannot compute: takes part once, gives away what it made, and keeps nothing (docs/OPERATIONS.md). */
export function userShareRoutes(services: Services, database: Database, host: UserShareHost | undefined) {
  const { random, now, tokens, sessions, parties, log } = services
  const keys = requestKeys(random)
  let running = 0

  /** @throws Refusal UNIMPLEMENTED */
  function present(): UserShareHost {
    if (host !== undefined) return host
    throw new Refusal('switched_off', 'user shares are turned off on this coordinator; USER_SHARES=1 turns them on')
  }

  /** The order, and whose seat the token is for. */
  async function ordered(call: Call, kind: SessionKind, sessionId: string, joinToken: string) {
    const order = await orderOf(database, call.caller, sessionId)
    if (order.kind !== kind) throw new Refusal('not_as_ordered', 'the session was ordered for a different purpose')
    const claims = await tokens.verify(joinToken, now())
    if (claims.sessionId !== sessionId)
      throw new Refusal('token_elsewhere', 'the join token belongs to a different session')
    return { order, seat: claims.seat }
  }

  /** Bounded in number and time; ends when the caller has gone. */
  async function working<T>(
    call: Call,
    { sessionId, participants, threshold }: Order,
    { seat, joinToken, event }: { readonly seat: number; readonly joinToken: string; readonly event: UserShareEvent },
    work: (ports: UserSharePorts, ordered: Ordered, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { transport, startEngine } = present()
    if (running >= mostAtOnce) throw new Refusal('no_room', `at most ${mostAtOnce} of these calls can run at once`)
    running += 1
    const timeUp = new AbortController()
    const timer = setTimeout(() => {
      timeUp.abort(new ProtocolAbort({ kind: 'timed-out', waitingFor: [], round: 'the call', waitedMs: withinMs }))
    }, withinMs)
    const signal = AbortSignal.any([timeUp.signal, call.gone()])
    try {
      log(event, { session: sessionId, seat })
      await writeAudit(database, { sessionId, atMs: now(), seat, event, details: {} })
      const coordinator = createCoordinator(transport, { random, runs: memoryRuns() })
      const ports = { coordinator, parties, startEngine, random }
      const access = { sessionId, joinToken }
      return await work(ports, { access, participants, threshold, mySeat: seat as PartyId }, signal)
    } catch (error) {
      throw timeUp.signal.aborted ? refusalOf(timeUp.signal.reason) : refusalOf(error)
    } finally {
      clearTimeout(timer)
      running -= 1
    }
  }

  return {
    async 'POST /api/v1/keygen/generate-user-share'(call: Call) {
      const { session_id, join_token, recipient, wallet_name } = valid(generateUserShareSchema, await call.body())
      const { order, seat } = await ordered(call, SessionKind.KEYGEN, session_id, join_token)
      if (order.participants[0]?.seat !== seat) {
        throw new Refusal('creator_only', 'only the first participant can create the wallet')
      }
      await mustBeNew(sessions, session_id)
      const as = { seat, joinToken: join_token, event: 'making-user-share' } as const
      const { publicKey, userShare, confirmation } = await working(call, order, as, (ports, where, signal) =>
        makeUserShare(ports, where, { recipient, walletName: wallet_name }, signal),
      )
      const given = { session: hexToBytes(session_id), publicKey, recipient, file: userShare }
      return ok({
        session_id,
        seat,
        wallet_id: walletIdOf(publicKey),
        public_key: bytesToHex(publicKey),
        user_share: userShare,
        host_signature: bytesToHex(await vouchForShare(given, present().identity)),
        confirmation: bytesToHex(confirmation),
      })
    },

    async 'POST /api/v1/keygen/confirm-user-share'(call: Call) {
      const { session_id: sessionId, join_token, confirmation } = valid(confirmUserShareSchema, await call.body())
      const { order } = await ordered(call, SessionKind.KEYGEN, sessionId, join_token)
      const seat = order.participants[0]?.seat ?? 0
      const value = hexToBytes(confirmation)
      const { roster } = await sessions.get(sessionId)
      // One that is not signed by this seat could never be taken back, and the wallet would never belong to anybody.
      const isSigned = await verifyConfirmation(value, decodeRoster(roster), seat as PartyId).then(
        () => true,
        () => false,
      )
      if (!isSigned) throw new Refusal('malformed', 'confirmation: does not match the share')
      const { transport } = present()
      const headers = { authorization: `Bearer ${join_token}` }
      const outcome = { case: 'confirmation', value } as const
      await createClient(CoordinatorService, transport).reportCompletion({ sessionId, outcome }, { headers })
      return call.progress(order)
    },

    async 'POST /api/v1/sign/user-share-key'(call: Call) {
      const { identity } = present()
      const { keyId, recipient, expiresAtMs } = await keys.publish(call.caller, now())
      const signature = await vouchForKey({ keyId: hexToBytes(keyId), recipient, expiresAtMs }, identity)
      return created({ key_id: keyId, recipient, expires_at_ms: expiresAtMs, host_signature: bytesToHex(signature) })
    },

    async 'POST /api/v1/sign/with-user-share'(call: Call) {
      const { session_id, join_token, key_id, user_share, ...what } = valid(signWithUserShareSchema, await call.body())
      const { order, seat } = await ordered(call, SessionKind.SIGN, session_id, join_token)
      if (order.participants[0]?.seat === seat) await mustBeNew(sessions, session_id)
      const { publicKey } = await getAccount(database, call.caller, order.accountId ?? '')
      const content = contentOf(orderedContent(what))
      const proposed = (each: typeof content) =>
        encodeProposal({ kind: 'sign', publicKey, content: each }, hexToBytes(session_id))
      if (order.content === undefined || !sameBytes(proposed(content), proposed(contentOf(order.content)))) {
        throw new Refusal('not_as_ordered', 'the content does not match the order')
      }
      const key = keys.take(call.caller, key_id, now())
      const as = { seat, joinToken: join_token, event: 'using-user-share' } as const
      const { signatures } = await working(call, order, as, async (ports, where, signal) =>
        signWithUserShare(ports, where, await openedWith(key, user_share), { publicKey, content }, signal),
      )
      const all = signatures.map(({ r, s, recovery }) => signatureForms(concatBytes(r, s, Uint8Array.of(recovery))))
      const [signature] = all
      if (signature === undefined) throw new Error('every content has a signature')
      const several = content.type === 'batch' ? { signatures: all } : {}
      return ok({ session_id, status: 'completed' as const, signature, ...several })
    },
  }
}

export type UserShareEvent = 'making-user-share' | 'using-user-share'

/** @throws Refusal ALREADY_EXISTS */
async function mustBeNew(sessions: Services['sessions'], sessionId: string): Promise<void> {
  try {
    await sessions.get(sessionId)
  } catch (error) {
    if (error instanceof Refusal && error.code === Code.NotFound) return
    throw error
  }
  throw new Refusal('session_exists', 'the session has already been opened')
}

const reasons: Readonly<Record<FailureKind, CoordinatorCode>> = {
  misbehaviour: 'ceremony_failed',
  'timed-out': 'ceremony_timed_out',
  'peer-gave-up': 'ceremony_failed',
  disconnected: 'unavailable',
  cancelled: 'cancelled',
  'engine-crashed': 'internal',
  'not-loaded': 'internal',
  refused: 'ceremony_refused',
}

/** What the coordinator refused has the code that it has over gRPC. */
function reasonOf(failure: Failure): CoordinatorCode {
  if (failure.kind !== 'refused') return reasons[failure.kind]
  if (failure.what === 'seat-elsewhere') return 'seat_elsewhere'
  return failure.what === 'coordinator' && failure.code !== 'unspecified' ? failure.code : 'ceremony_refused'
}

function causeOf(failure: Failure): Cause | undefined {
  if (failure.kind === 'peer-gave-up') return failure.cause
  return failure.kind === 'refused' && failure.what !== 'coordinator' ? failure.what : undefined
}

/** Why a ceremony ended, as the caller is told; what is no failure of a ceremony stays what it is. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof ProtocolAbort)) return error
  const { failure } = error
  return new Refusal(reasonOf(failure), error.message, causeOf(failure))
}
