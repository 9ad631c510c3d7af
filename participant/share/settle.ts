import { sameBytes } from '../../tss-wasm/bytes.ts'
import type { Failure } from '../../tss-wasm/failure.ts'
import { isWithdrawn, signWithdrawal } from '../../tss-wasm/identity/approval.ts'
import { verifyAllConfirmed } from '../../tss-wasm/identity/confirmation.ts'
import { decodeRoster, type Roster } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { type Session, SessionState } from '../../proto/gen/coordinator_pb.js'
import { asAbort, expired, failureOf } from '../connection/failures.ts'
import type { Connection } from '../connection/connection.ts'
import type { PendingSession, Settling, Verdict } from './pendingSession.ts'
import { checkedSession, confirmationsIn } from '../session/sessionParts.ts'

/** Clocks differ. */
const graceMs = 120_000
/**
 * A share that we have confirmed is kept this long after another party's signed word that it never will: should that party
 * have lied, somebody may come and show that all have confirmed.
 */
export const keptMs = 30 * 24 * 3600_000

/**
 * Confirm, then activate (ARCHITECTURE 2.7), taken up where it was broken off. Never believes the coordinator: a wallet
 * is active by all signatures, and is discarded only if our own confirmation has never left, or another party's signature
 * says that its confirmation never will.
 */
export async function settle(
  connection: Connection,
  pending: PendingSession,
  { identity, me, nowMs, leaving }: Settling,
): Promise<Verdict> {
  const { sessions, persistently } = connection
  const { sessionId, joinToken, confirmation, isLeaving } = pending
  const headers = { authorization: `Bearer ${joinToken}` }
  const never = new AbortController().signal
  const roster = decodeRoster(pending.roster)
  const isOver = nowMs > pending.expiresAtMs + graceMs

  let session: Session
  try {
    const answer = await persistently.call(
      (options) => sessions.getOutcome({ sessionId }, { ...options, headers }),
      never,
    )
    session = checkedSession(answer.session, sessionId)
  } catch (error) {
    const { failure } = asAbort(error)
    // A coordinator that has forgotten the session carries no withdrawal either.
    const isForgotten = failure.kind === 'refused' || nowMs > pending.storedAtMs + keptMs
    if (isOver && isForgotten && !isLeaving) return { state: 'discard', failure }
    return { state: 'wait', failure, isLive: !isOver && failure.kind === 'disconnected' }
  }

  const before = await outcomeIn(session, roster, me, confirmation)
  const isLive = session.state === SessionState.IN_PROGRESS && !isOver
  const mine = confirmationsIn(session, roster).get(me) ?? new Uint8Array()
  const hasArrived = isLeaving && sameBytes(mine, confirmation)
  if (isLive && confirmation.length > 0) {
    // The others wait for our word as we wait for theirs; saying it again changes nothing.
    if (!isLeaving) await leaving()
    return confirmNow()
  }
  if (isLeaving && !hasArrived) {
    // It left and got lost: without it the others never know. Late is better than never, and takes nothing from anybody.
    const verdict = await confirmNow()
    if (verdict.state === 'active') return verdict
  }
  if (!isLeaving) {
    // Without our own confirmation nobody has all of them, however many there are.
    return withdraw(failureOf(session, me) ?? expired(session, me))
  }
  if (before === 'active') {
    return hasArrived ? { state: 'active' } : { state: 'wait', failure: expired(session, me), isLive: false }
  }
  const peer = await withdrawnBy(session, roster)
  if (peer === undefined) return { state: 'wait', failure: before, isLive: false }
  const failure = {
    kind: 'peer-gave-up',
    peer,
    why: 'withdrawn',
    detail: 'it has not confirmed and never will',
  } as const
  const isKept = nowMs <= pending.storedAtMs + keptMs
  return isKept ? { state: 'wait', failure, isLive: false } : { state: 'discard', failure }

  /** So that those who have confirmed need not wait for us. */
  async function withdraw(why: Failure): Promise<Verdict> {
    const outcome = { case: 'withdrawal', value: await signWithdrawal(roster, me, identity) } as const
    try {
      await persistently.call(
        (options) => sessions.reportCompletion({ sessionId, outcome }, { ...options, headers }),
        never,
      )
    } catch (error) {
      const { failure } = asAbort(error)
      if (failure.kind !== 'refused') return { state: 'wait', failure, isLive: false }
    }
    return { state: 'discard', failure: why }
  }

  async function confirmNow(): Promise<Verdict> {
    try {
      const outcome = { case: 'confirmation', value: confirmation } as const
      const answer = await persistently.call(
        (options) => sessions.reportCompletion({ sessionId, outcome }, { ...options, headers }),
        never,
      )
      const after = await outcomeIn(checkedSession(answer.session, sessionId), roster, me, confirmation)
      return after === 'active' ? { state: 'active' } : { state: 'wait', failure: after, isLive }
    } catch (error) {
      return { state: 'wait', failure: asAbort(error).failure, isLive }
    }
  }
}

/** `active`, or whom we wait for, or what is wrong with what they confirmed. */
async function outcomeIn(session: Session, roster: Roster, me: PartyId, own: Uint8Array): Promise<'active' | Failure> {
  const confirmations = confirmationsIn(session, roster)
  confirmations.set(me, own)
  const waitingFor = roster.seats.map(({ seat }) => seat).filter((seat) => !confirmations.get(seat)?.length)
  if (waitingFor.length > 0) return { kind: 'timed-out', waitingFor, round: 'confirmation' }
  try {
    await verifyAllConfirmed(confirmations, roster, me)
    return 'active'
  } catch (error) {
    return asAbort(error).failure
  }
}

async function withdrawnBy({ participants }: Session, roster: Roster): Promise<PartyId | undefined> {
  for (const { seat, identity } of roster.seats) {
    const withdrawal = participants.find((participant) => participant.seat === (seat as number))?.withdrawal
    if (withdrawal !== undefined && (await isWithdrawn(roster, seat, withdrawal, identity))) return seat
  }
  return undefined
}
