import { type Failure, ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import { verifyConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { Channel } from '../../tss-wasm/round/channel.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { CreatorSeat, Presence, Seat } from './client.ts'

/** One run of the signing protocol, with an engine of its own. The channel ends when another run supersedes this one. */
export type SignRun<T> = (roster: Roster, channel: Channel) => Promise<T>

interface Confirmed {
  readonly confirmation: Uint8Array
}

/** A signing that keeps failing is to be looked into, not tried for ever (WIRE 10.2). */
const mostRuns = 5

/**
 * A signer's part, after it has approved: takes part in the runs that the requester starts, until one succeeds or the
 * session ends. A run that somebody else let down is left for the next; anything worse ends it for us.
 * @throws ProtocolAbort
 */
export async function takePartInRuns<T extends Confirmed>(seat: Seat, sign: SignRun<T>): Promise<T> {
  for (let runs = 0; ; runs += 1) {
    if (runs === mostRuns) throw refused('too-many-runs', 'too many runs of one request failed')
    const roster = await seat.started()
    try {
      const signature = await sign(roster, seat.channel)
      await seat.confirm(signature.confirmation)
      return signature
    } catch (error) {
      const failure = passing(error)
      if (failure === undefined) throw error
      await seat.stopRun(failure)
    }
  }
}

export interface Request<T> {
  /** t: how many sign, the requester included. */
  readonly threshold: number
  readonly sign: SignRun<T>
  /** A signature that another signer of our run has confirmed (r, s, recovery: 65 bytes), if it is a good one. */
  readonly taken: (result: Uint8Array) => T | undefined
  /** Who is awaited, whom a run goes on without and why. */
  readonly onRun?: (seats: readonly PartyId[]) => void
}

/**
 * The requester's part: as soon as enough have approved, a run starts with them; if one of them vanishes and others have
 * approved, another run starts without it (ARCHITECTURE 2). Misbehaviour ends it, named.
 * @throws ProtocolAbort the last run's failure when not enough are left to go on
 */
export async function askAndSign<T extends Confirmed>(seat: CreatorSeat, request: Request<T>): Promise<T> {
  const { threshold, sign, taken, onRun } = request
  const excluded = new Set<PartyId>()
  const present = watchingPresence(seat)
  let last: ProtocolAbort | undefined
  for (let runs = 0; ; runs += 1) {
    const chosen = await present.enough(threshold - 1, excluded, last)
    if (runs === mostRuns && last !== undefined) throw last
    const seats = [seat.me, ...chosen]
    const roster = await seat.startRun(seats)
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
      for (const party of toBlame(failure)) if (party !== seat.me) excluded.add(party)
    } finally {
      stop()
    }
  }
}

/** What ends a run and leaves the session to others; undefined for what ends everything. */
function passing(error: unknown): Failure | undefined {
  if (!(error instanceof ProtocolAbort)) return undefined
  const { failure } = error
  return failure.kind === 'timed-out' || failure.kind === 'peer-gave-up' ? failure : undefined
}

function toBlame(failure: Failure): readonly PartyId[] {
  if (failure.kind === 'timed-out') return failure.waitingFor
  return failure.kind === 'peer-gave-up' ? [failure.peer] : []
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

interface Watching {
  /** `count` others who have approved and are not excluded. @throws ProtocolAbort once so many can no longer come */
  enough(count: number, excluded: ReadonlySet<PartyId>, last: ProtocolAbort | undefined): Promise<PartyId[]>
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
    async enough(count, excluded, last) {
      const { promise, resolve, reject } = Promise.withResolvers<PartyId[]>()
      const stop = listen(() => {
        const able = others().filter((one) => one.state !== 'failed' && !excluded.has(one.seat))
        const ready = able.filter(({ state }) => state === 'ready' || state === 'computing' || state === 'completed')
        if (now.length === 0) return
        if (able.length < count) reject(last ?? new ProtocolAbort(refusal(others())))
        else if (ready.length >= count) resolve(ready.slice(0, count).map((one) => one.seat))
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
      return listen(() => {
        const gone = others().find((one) => parties.includes(one.seat) && one.state === 'failed')
        if (gone !== undefined) failed(new ProtocolAbort(gone.failure ?? refusal([gone])))
      })
    },
  }
}

/** Why nobody is left to sign with: the word of the last who stopped. */
function refusal(participants: readonly Presence[]): Failure {
  const stopped = participants.findLast(({ state }) => state === 'failed')
  if (stopped?.failure !== undefined) return stopped.failure
  return { kind: 'refused', what: 'too-few-signers', detail: 'not enough signers are left' }
}
