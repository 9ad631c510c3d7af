import { createClient, type Transport } from '@connectrpc/connect'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import { signed } from '../../tss-wasm/identity/signed.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import { CoordinatorService, ParticipantState } from '../gen/coordinator_pb.js'
import { patient, persistence, type Timing } from './persistence.ts'
import { watchRequest } from './watchRequest.ts'

/** A seat that a session offers to a server party. The coordinator's word: what it is for is learned by joining. */
export interface Invitation {
  readonly sessionId: string
  readonly joinToken: string
  /** Somebody with our identity has joined before: we, and then we were stopped. */
  readonly joinedBefore: boolean
}

export interface InvitationOptions {
  readonly name: string
  readonly identity: Identity
  readonly random: RandomSource
  readonly timing?: Partial<Timing>
  /** Called whenever the coordinator has answered: we are heard. */
  readonly onConnected?: () => void
}

/**
 * Every seat offered to the server party, for as long as it listens; after a lost connection those of live sessions
 * again. Ends by a throw when the coordinator refuses us, or with `signal`'s reason.
 * @throws ProtocolAbort
 */
export async function* invitations(
  transport: Transport,
  { name, identity, random, timing, onConnected }: InvitationOptions,
  signal: AbortSignal,
): AsyncGenerator<Invitation, undefined> {
  const sessions = createClient(CoordinatorService, transport)
  const persistently = persistence(random, { ...patient, giveUpMs: Infinity, ...timing })
  const offers = persistently.stream(async function* (options) {
    const timeMs = Date.now()
    const identitySignature = await signed('watch', watchRequest(name, timeMs), identity)
    yield* sessions.watchInvitations({ serverParty: name, timeMs: BigInt(timeMs), identitySignature }, options)
  }, signal)
  for await (const { sessionId, joinToken, seat, session } of offers) {
    onConnected?.()
    // Empty: a heartbeat.
    if (sessionId === '' || session === undefined) continue
    const state = session.participants.find((participant) => participant.seat === seat)?.state
    yield { sessionId, joinToken, joinedBefore: state !== ParticipantState.INVITED }
  }
  return undefined
}
