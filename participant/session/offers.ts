import { type CallOptions, createClient, type Transport } from '@connectrpc/connect'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import { signed } from '../../tss-wasm/identity/signed.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import { CoordinatorService, ParticipantState } from '../../proto/gen/coordinator_pb.js'
import { patient, persistence, type Surroundings, type Timing } from '../connection/persistence.ts'
import type { Offered } from './sessionPreview.ts'
import { watchRequest } from './watchRequest.ts'

/** A seat that a session offers to us. The coordinator's word: what it is for is learned by looking. */
export interface Offer {
  readonly sessionId: string
  readonly joinToken: string
  /** Somebody with our identity has joined before: we, and then we were stopped. */
  readonly joinedBefore: boolean
  /** So many people have seats and await the server parties, who come last; 0: others are awaited first. */
  readonly awaits: number
  /** The same for sessions that were opened from one address; empty: the coordinator does not say. */
  readonly caller: string
  /** To be looked at without asking once more: strangers' offers are many. */
  readonly offered: Offered
}

export interface OfferOptions {
  readonly identity: Identity
  /** The name of a server party; without it the offers to the identity itself. */
  readonly serverParty?: string
  readonly random: RandomSource
  readonly timing?: Partial<Timing>
  readonly surroundings?: Surroundings
  /** Called whenever the coordinator has answered: we are heard. */
  readonly onConnected?: () => void
}

/**
 * Every seat offered to us, for as long as we listen; after a lost connection those of live sessions again. Ends by a
 * throw when the coordinator refuses us, or with `signal`'s reason.
 * @throws ProtocolAbort
 */
export async function* offers(
  transport: Transport,
  { identity, serverParty = '', random, timing, surroundings, onConnected }: OfferOptions,
  signal: AbortSignal,
): AsyncGenerator<Offer, undefined> {
  const sessions = createClient(CoordinatorService, transport)
  const persistently = persistence(random, { ...patient, giveUpMs: Infinity, ...timing }, surroundings)
  const who = serverParty === '' ? bytesToHex(identity.public.signingKey) : serverParty
  /** What was told last of each session, so that asking finds what is new. */
  const told = new Map<string, number>()
  async function* watching(options: CallOptions) {
    told.clear()
    for await (const offer of open(options)) {
      if (offer.sessionId !== '') told.set(offer.sessionId, offer.awaits)
      yield offer
    }
  }
  async function* open(options: CallOptions, once = false) {
    const timeMs = Date.now()
    const identitySignature = await signed('watch', watchRequest(who, timeMs), identity)
    const asIdentity = serverParty === '' ? { identity: { ...identity.public } } : {}
    const request = { serverParty, timeMs: BigInt(timeMs), identitySignature, once, ...asIdentity }
    yield* sessions.watchInvitations(request, options)
  }
  const offered = persistently.stream(watching, signal, {
    instead: {
      kind: 'offers',
      async ask(options) {
        const all = await Array.fromAsync(open(options, true))
        const offers = all.filter(({ sessionId }) => sessionId !== '')
        const news = offers.filter(({ sessionId, awaits }) => (told.get(sessionId) ?? -1) < awaits)
        told.clear()
        for (const { sessionId, awaits } of offers) told.set(sessionId, awaits)
        onConnected?.()
        return { news }
      },
    },
  })
  for await (const { sessionId, joinToken, seat, session, awaits, caller } of offered) {
    onConnected?.()
    // Empty: a heartbeat.
    if (sessionId === '' || session === undefined) continue
    const state = session.participants.find((participant) => participant.seat === seat)?.state
    const joinedBefore = state !== ParticipantState.INVITED
    yield { sessionId, joinToken, joinedBefore, awaits, caller, offered: { session, seat } }
  }
  return undefined
}
