import { type Failure, ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import { verifyConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import type { PresignedSlots, Roster } from '../../tss-wasm/identity/roster.ts'
import type { Channel } from '../../tss-wasm/round/channel.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { CreatorSeat, Presence, Seat } from '../session/seat.ts'

/** One run of the signing protocol, with an engine of its own. The channel ends when another run supersedes this one. */
export type SignRun<T> = (roster: Roster, channel: Channel) => Promise<T>

interface Confirmed {
  readonly confirmation: Uint8Array
}

/** A signing that keeps failing is to be looked into, not tried for ever (WIRE 10.2). */
const mostRuns = 5

/** How long our own engine has to come to its own verdict, once somebody has accused somebody else. */
const confirmingMs = 2000

/**
 * A signer's part, after it has approved: takes part in the runs that the requester starts, until one succeeds or the
 * session ends. A run that somebody let down is left for the next one. Whom our own checks have named is not signed with
 * again: a run with that party ends it for us, as does a check that names nobody, or the requester.
 * @param isLast whether a run that failed like this was the last that is to be expected; usually none is, as a device may sleep
 * @throws ProtocolAbort
 */
export async function takePartInRuns<T extends Confirmed>(
  seat: Seat,
  sign: SignRun<T>,
  isLast: (failure: Failure, roster: Roster) => boolean = () => false,
): Promise<T> {
  const caught = new Map<PartyId, ProtocolAbort>()
  for (let runs = 0; ; runs += 1) {
    if (runs === mostRuns) throw refused('too-many-runs', 'too many runs of one request failed')
    const roster = await seat.started()
    for (const party of roster.seats) throwIf(caught.get(party.seat))
    try {
      const signature = await sign(roster, seat.channel)
      await seat.confirm(signature.confirmation)
      return signature
    } catch (error) {
      const failure = passing(error)
      if (failure === undefined || isLast(failure, roster)) throw error
      if (failure.kind === 'misbehaviour') {
        if (failure.culprits.includes(roster.creator)) throw error
        for (const party of failure.culprits) caught.set(party, new ProtocolAbort(failure))
      }
      await seat.stopRun(failure)
    }
  }
}

function throwIf(error: Error | undefined): void {
  if (error !== undefined) throw error
}

export interface Request<T> {
  /** t: how many sign, the requester included. */
  readonly threshold: number
  readonly sign: SignRun<T>
  /** A signature that another signer of our run has confirmed (r, s, recovery: 65 bytes), if it is a good one. */
  readonly taken: (result: Uint8Array) => T | undefined
  /** Presignatures that we hold with exactly these parties, for one run only; from then on they are spent, however it ends. */
  readonly presigned?: (seats: readonly PartyId[]) => Promise<PresignedSlots | undefined>
  /** Who is awaited, whom a run goes on without and why. */
  readonly onRun?: (seats: readonly PartyId[]) => void
}

/**
 * The requester's part: as soon as enough have approved, a run starts with them; if one of them lets it down and others have
 * approved, another run starts. It goes on without whom our own engine has named, be it for silence or by a check that
 * failed here, and without who says that it gives up. What one party says of another is no evidence: from then on the two
 * are not in one run, and neither is left out for it.
 * @throws ProtocolAbort the last run's failure when not enough are left to go on
 */
export async function askAndSign<T extends Confirmed>(seat: CreatorSeat, request: Request<T>): Promise<T> {
  const { threshold, sign, taken, onRun, presigned } = request
  const excluded = new Set<PartyId>()
  const apart: Accusation[] = []
  const present = watchingPresence(seat)
  let last: ProtocolAbort | undefined
  for (let runs = 0; ; runs += 1) {
    const chosen = await present.enough(threshold - 1, { excluded, apart }, last)
    if (runs === mostRuns && last !== undefined) throw last
    const seats = [seat.me, ...chosen]
    // Only the first: whoever does not have them any more says so, and the next run makes new ones.
    const roster = await seat.startRun(seats, runs === 0 ? await presigned?.(seats) : undefined)
    onRun?.(seats)
    const { promise: deserted, reject: desert } = Promise.withResolvers<never>()
    deserted.catch(() => undefined)
    const stop = present.onFailed(chosen, desert)
    try {
      return await Promise.race([sign(roster, seat.channel), deserted])
    } catch (error) {
      const failure = passing(error)
      if (failure === undefined) throw error
      last = new ProtocolAbort(failure)
      const already = await resultOf(seat, roster, taken)
      if (already !== undefined) return already
      const accusation = accusationIn(failure)
      if (roster.presigned !== undefined && isWithoutPresignatures(failure)) continue
      if (accusation !== undefined && !accusation.of.includes(seat.me)) apart.push(accusation)
      else for (const party of toBlame(failure)) if (party !== seat.me) excluded.add(party)
    } finally {
      stop()
    }
  }
}

/** What ends a run and leaves the session to others; undefined for what ends everything. */
function passing(error: unknown): Failure | undefined {
  if (!(error instanceof ProtocolAbort)) return undefined
  const { failure } = error
  if (failure.kind === 'misbehaviour') return failure.culprits.length > 0 ? failure : undefined
  if (failure.kind === 'timed-out' || failure.kind === 'peer-gave-up') return failure
  return isWithoutPresignatures(failure) ? failure : undefined
}

/** The presignatures that a roster names are not there, here or at a peer: nobody's fault, and the next run does without. */
function isWithoutPresignatures(failure: Failure): boolean {
  if (failure.kind === 'refused') return failure.what === 'presignature'
  return failure.kind === 'peer-gave-up' && failure.cause === 'presignature'
}

/** Whom the next run goes without: named by our own engine, or by itself. */
function toBlame(failure: Failure): readonly PartyId[] {
  if (failure.kind === 'misbehaviour') return failure.culprits
  if (failure.kind === 'timed-out') return failure.waitingFor
  return failure.kind === 'peer-gave-up' ? [failure.peer] : []
}

/** One party's word against others'. */
interface Accusation {
  readonly by: PartyId
  readonly of: readonly PartyId[]
}

function accusationIn(failure: Failure): Accusation | undefined {
  if (failure.kind !== 'peer-gave-up') return undefined
  const of = (failure.about ?? []).filter((party) => party !== failure.peer)
  return of.length === 0 ? undefined : { by: failure.peer, of }
}

/** So many of these, no two of whom have accused each other; undefined where there are not so many. */
function peaceful(parties: readonly PartyId[], count: number, apart: readonly Accusation[]): PartyId[] | undefined {
  if (count === 0) return []
  for (const [at, party] of parties.entries()) {
    const isApart = (other: PartyId) =>
      apart.some(({ by, of }) => (by === party && of.includes(other)) || (by === other && of.includes(party)))
    const others = peaceful(
      parties.slice(at + 1).filter((other) => !isApart(other)),
      count - 1,
      apart,
    )
    if (others !== undefined) return [party, ...others]
  }
  return undefined
}

async function resultOf<T>(
  seat: Seat,
  roster: Roster,
  taken: (result: Uint8Array) => T | undefined,
): Promise<T | undefined> {
  for (const [party, confirmation] of await seat.confirmed().catch(() => new Map<PartyId, Uint8Array>())) {
    const { result } = await verifyConfirmation(confirmation, roster, party)
    const value = taken(result)
    if (value !== undefined) return value
  }
  return undefined
}

interface Choice {
  readonly excluded: ReadonlySet<PartyId>
  readonly apart: readonly Accusation[]
}

interface Watching {
  /** `count` others who have approved and can be in one run. @throws ProtocolAbort once so many can no longer come */
  enough(count: number, choice: Choice, last: ProtocolAbort | undefined): Promise<PartyId[]>
  onFailed(parties: readonly PartyId[], failed: (reason: ProtocolAbort) => void): () => void
}

function watchingPresence(seat: CreatorSeat): Watching {
  let now: readonly Presence[] = []
  const listeners = new Set<() => void>()
  seat.watchPresence((participants) => {
    now = participants
    for (const listener of listeners) listener()
  })
  const listen = (listener: () => void): (() => void) => {
    listeners.add(listener)
    listener()
    return () => listeners.delete(listener)
  }
  const others = () => now.filter((one) => one.seat !== seat.me)
  return {
    async enough(count, { excluded, apart }, last) {
      const { promise, resolve, reject } = Promise.withResolvers<PartyId[]>()
      const stop = listen(() => {
        const able = others().filter((one) => one.state !== 'failed' && !excluded.has(one.seat))
        const ready = able.filter(({ state }) => state === 'ready' || state === 'computing' || state === 'completed')
        if (now.length === 0) return
        const seats = (all: readonly Presence[]) => all.map((one) => one.seat)
        const chosen = peaceful(seats(ready), count, apart)
        if (chosen !== undefined) resolve(chosen)
        else if (peaceful(seats(able), count, apart) === undefined) reject(last ?? new ProtocolAbort(refusal(others())))
      })
      const ended = seat.ended(reject)
      try {
        return await promise
      } finally {
        stop()
        ended()
      }
    },
    onFailed(parties, failed) {
      let confirming: ReturnType<typeof setTimeout> | undefined
      const stop = listen(() => {
        // Whoever was chosen computes; ready again is who has stopped this run.
        const stopped = others().filter(
          ({ seat: party, state }) => parties.includes(party) && (state === 'failed' || state === 'ready'),
        )
        for (const one of stopped) {
          const failure = one.failure ?? refusal([one])
          if (accusationIn(failure) === undefined) failed(new ProtocolAbort(failure))
          else confirming ??= setTimeout(failed, confirmingMs, new ProtocolAbort(failure))
        }
      })
      return () => {
        clearTimeout(confirming)
        stop()
      }
    },
  }
}

/** Why nobody is left to sign with: the word of the last who stopped. */
function refusal(participants: readonly Presence[]): Failure {
  const stopped = participants.findLast(({ state }) => state === 'failed')
  if (stopped?.failure !== undefined) return stopped.failure
  return { kind: 'refused', what: 'too-few-signers', detail: 'not enough signers are left' }
}
