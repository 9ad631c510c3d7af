import { create } from '@bufbuild/protobuf'
import {
  type CreateSessionRequest,
  ParticipantState,
  type Session,
  SessionKind,
  SessionSchema,
  SessionState,
} from '../../proto/gen/coordinator_pb.js'
import { isSeat, largestParty, must, mustBeIdentity, withinSize } from './rules.ts'
import { advance, signatureLength } from './advance.ts'

const largestProposal = 256 * 1024
const defaultLifeSeconds = 600
const longestLifeSeconds = 24 * 3600
const kinds: readonly SessionKind[] = [SessionKind.KEYGEN, SessionKind.SIGN, SessionKind.RESHARE]

/** @throws Refusal INVALID_ARGUMENT or RESOURCE_EXHAUSTED */
export function openSession(request: CreateSessionRequest, sessionId: string, nowMs: number): Session {
  const { kind, threshold, seats, creatorSeat, proposal, proposalSignature, lifeSeconds } = request
  const numbers = seats.map((offer) => offer.seat).sort((a, b) => a - b)
  const parties = seats.map((offer) => offer.serverParty).filter((name) => name !== '')
  const n = numbers.length
  must(kinds.includes(kind), 'kind must be keygen, sign or reshare')
  must(n >= 2 && n <= largestParty, `a session must have 2 to ${largestParty} seats, not ${n}`)
  must(
    threshold >= 2 && threshold <= n,
    `the threshold must be between 2 and the number of seats (${n}), not ${threshold}`,
  )
  must(new Set(numbers).size === n, 'a seat is listed twice')
  const isSigning = kind === SessionKind.SIGN
  must(
    isSigning ? numbers.every(isSeat) : numbers.every((seat, at) => seat === at + 1),
    isSigning ? `seats must be numbered 1 to ${largestParty}` : `the seats of new shares must be numbered 1 to ${n}`,
  )
  must(new Set(parties).size === parties.length, 'a server party cannot have two seats')
  const creator = seats.find((offer) => offer.seat === creatorSeat)
  must(creator?.serverParty === '', "the creator's seat must be one of the seats and cannot belong to a server party")
  for (const { identity } of seats) if (identity !== undefined) mustBeIdentity(identity)
  must(proposal.length > 0, 'the proposal is empty')
  withinSize(proposal, largestProposal, 'proposal')
  must(proposalSignature.length === signatureLength, `a proposal signature must be ${signatureLength} bytes long`)
  must(lifeSeconds <= longestLifeSeconds, `a session can live at most ${longestLifeSeconds} seconds`)
  const life = lifeSeconds === 0 ? defaultLifeSeconds : lifeSeconds
  const session = create(SessionSchema, {
    sessionId,
    kind,
    state: SessionState.CREATED,
    threshold,
    participants: seats
      .toSorted((a, b) => a.seat - b.seat)
      .map(({ seat, serverParty, identity }) => ({
        seat,
        serverParty,
        state: ParticipantState.INVITED,
        ...(identity && { offered: identity }),
      })),
    creatorSeat,
    proposal,
    proposalSignature,
    createdAtMs: BigInt(nowMs),
    expiresAtMs: BigInt(nowMs + life * 1000),
    version: 1n,
  })
  if (request.creatorIdentity === undefined) return session
  const { creatorIdentity: identity, creatorStatement: statement, creatorClient: client, creatorReady: ready } = request
  const joined = advance(session, { type: 'joined', seat: creatorSeat, identity, statement, client, ready }, nowMs)
  joined.state = SessionState.CREATED
  return joined
}
