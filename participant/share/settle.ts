import { sameBytes } from '../../tss-wasm/bytes.ts'
import { type Failure, ProtocolAbort } from '../../tss-wasm/failure.ts'
import { isWithdrawn, signWithdrawal } from '../../tss-wasm/identity/approval.ts'
import { verifyAllConfirmed } from '../../tss-wasm/identity/confirmation.ts'
import { decodeRoster, type Roster } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { type ReportCompletionRequest, type Session, SessionState } from '../../proto/gen/coordinator_pb.js'
import { asAbort, expired, failureOf } from '../connection/failures.ts'
import type { Connection } from '../connection/connection.ts'
import { checkedSession, confirmationsIn } from '../session/sessionParts.ts'
import { decide, type Situation } from './decide.ts'
import type { PendingSession, Settling, Verdict } from './pendingSession.ts'

/** Clocks differ. */
const graceMs = 120_000
/**
 * A share that we have confirmed is kept this long after another party's signed word that it never will: should that party
 * have lied, somebody may come and show that all have confirmed.
 */
const keptMs = 30 * 24 * 3600_000

/** What we have been shown, and what it means. */
interface Seen {
  readonly situation: Situation
  /** Why the wallet is not active, for whoever is told that it waits or is gone. */
  readonly why: Failure
  /** Why the session has ended, or will have. */
  readonly end: Failure
}

/** Our part of the session, as it was stored. */
interface Ours {
  readonly pending: PendingSession
  readonly roster: Roster
  readonly me: PartyId
  readonly nowMs: number
}

/**
 * Confirm, then activate (ARCHITECTURE 2.7), taken up where it was broken off: looks, decides (SPEC 8.2), acts, until the
 * share is settled or has to wait. The coordinator is never believed: what it shows counts as far as it is signed.
 */
export async function settle(
  { sessions, persistently }: Connection,
  pending: PendingSession,
  { identity, me, nowMs, leaving }: Settling,
): Promise<Verdict> {
  const { sessionId, joinToken, confirmation } = pending
  const headers = { authorization: `Bearer ${joinToken}` }
  const never = new AbortController().signal
  const roster = decodeRoster(pending.roster)
  const ours: Ours = { pending, roster, me, nowMs }
  let seen = await look()
  for (;;) {
    const { situation, why, end } = seen
    switch (decide(situation)) {
      case 'activate':
        return { state: 'active' }
      case 'discard':
        return { state: 'discard', failure: why }
      case 'wait':
        return { state: 'wait', failure: why, isLive: situation.isLive && isToAskSoon(seen) }
      case 'withdraw':
        return withdraw(end)
      case 'mark and send':
        await leaving()
        seen = await send()
        break
      case 'send':
        seen = await send()
    }
  }

  async function look(): Promise<Seen> {
    const call = persistently.call((options) => sessions.getOutcome({ sessionId }, { ...options, headers }), never)
    const session = await call
      .then((answer) => checkedSession(answer.session, sessionId))
      .catch((error: unknown) => asAbort(error))
    return session instanceof ProtocolAbort ? unanswered(session.failure, ours) : shown(session, ours)
  }

  async function send(): Promise<Seen> {
    const sent = report({ case: 'confirmation', value: confirmation })
    const session = await sent.catch((error: unknown) => asAbort(error))
    if (!(session instanceof ProtocolAbort)) return afterSending(await shown(session, ours))
    // What was shown before still holds; of a live session it is worth knowing that it did not hear us.
    return afterSending(seen.situation.isLive ? { ...seen, why: session.failure } : seen)
  }

  /** So that those who have confirmed need not wait for us. */
  async function withdraw(why: Failure): Promise<Verdict> {
    try {
      await report({ case: 'withdrawal', value: await signWithdrawal(roster, me, identity) })
    } catch (error) {
      const { failure } = asAbort(error)
      if (failure.kind !== 'refused') return { state: 'wait', failure, isLive: false }
    }
    return { state: 'discard', failure: why }
  }

  async function report(outcome: ReportCompletionRequest['outcome']): Promise<Session> {
    const answer = await persistently.call(
      (options) => sessions.reportCompletion({ sessionId, outcome }, { ...options, headers }),
      never,
    )
    return checkedSession(answer.session, sessionId)
  }
}

/** Of a coordinator that is away for a moment, or answers; not of one that refuses to answer, or answers wrongly. */
function isToAskSoon({ situation, why }: Seen): boolean {
  return situation.coordinator === 'answers' || why.kind === 'disconnected'
}

function afterSending({ situation, ...seen }: Seen): Seen {
  const ours = situation.ours === 'there' ? 'there' : 'sent'
  return { ...seen, situation: { ...situation, mayHaveLeft: true, ours } }
}

/** What follows from a session as the coordinator shows it. */
async function shown(session: Session, { pending, roster, me, nowMs }: Ours): Promise<Seen> {
  const { confirmation } = pending
  const confirmations = confirmationsIn(session, roster)
  const isThere = confirmation.length > 0 && sameBytes(confirmations.get(me) ?? new Uint8Array(), confirmation)
  const missing = await missingIn(confirmations.set(me, confirmation), roster, me)
  const peer = await withdrawnBy(session, roster)
  const isLive = session.state === SessionState.IN_PROGRESS && !isOver({ pending, nowMs })
  const situation: Situation = {
    ...stored(pending),
    coordinator: 'answers',
    isLive,
    ours: isThere ? 'there' : 'missing',
    allConfirmed: missing === undefined,
    withdrawn: peer === undefined ? 'no' : isOld({ pending, nowMs }) ? 'long ago' : 'lately',
  }
  const end = failureOf(session, me) ?? expired(session, me)
  if (missing === undefined) return { situation, why: expired(session, me), end }
  if (peer === undefined || isLive) return { situation, why: missing, end }
  const why = { kind: 'peer-gave-up', peer, why: 'withdrawn', detail: 'it has not confirmed and never will' } as const
  return { situation, why, end }
}

/** What follows from no answer but a failure. */
function unanswered(failure: Failure, { pending, nowMs }: Ours): Seen {
  const isForgotten = failure.kind === 'refused' || isOld({ pending, nowMs })
  const situation: Situation = {
    ...stored(pending),
    coordinator: isForgotten ? 'forgot' : 'silent',
    isLive: !isOver({ pending, nowMs }),
    ours: 'missing',
    allConfirmed: false,
    withdrawn: 'no',
  }
  return { situation, why: failure, end: failure }
}

function stored({ confirmation, isLeaving }: PendingSession): Pick<Situation, 'share' | 'mayHaveLeft'> {
  return { share: confirmation.length > 0 ? 'stored' : 'none', mayHaveLeft: isLeaving }
}

function isOver({ pending, nowMs }: Pick<Ours, 'pending' | 'nowMs'>): boolean {
  return nowMs > pending.expiresAtMs + graceMs
}

function isOld({ pending, nowMs }: Pick<Ours, 'pending' | 'nowMs'>): boolean {
  return nowMs > pending.storedAtMs + keptMs
}

/** Whom we wait for, or what is wrong with what they confirmed; undefined when everybody has. */
async function missingIn(
  confirmations: ReadonlyMap<PartyId, Uint8Array>,
  roster: Roster,
  me: PartyId,
): Promise<Failure | undefined> {
  const waitingFor = roster.seats.map(({ seat }) => seat).filter((seat) => !confirmations.get(seat)?.length)
  if (waitingFor.length > 0) return { kind: 'timed-out', waitingFor, round: 'confirmation' }
  try {
    await verifyAllConfirmed(confirmations, roster, me)
    return undefined
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
