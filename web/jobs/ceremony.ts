import type { CreatorSeat, Presence, Seat } from '../../proto/client/client.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/round/channel.ts'
import type { Progress } from '../../tss-wasm/worker/api.ts'
import { failureOf } from './failing.ts'
import type { Ports } from './ports.ts'

/** What a job tells whoever watches. The steps come in this order; a job leaves out those it has not. */
export type Step = 'preparing' | 'unlocking' | 'joining' | 'computing' | 'storing' | 'confirming'
export type CeremonyEvent =
  | { readonly type: 'step'; readonly step: Step }
  | { readonly type: 'presence'; readonly participants: readonly Presence[] }
  | { readonly type: 'progress'; readonly progress: Progress }
export type Watch = (event: CeremonyEvent) => void

/** The result of `work`, or `cancelled` as soon as the person cancels. What is under way is ended by whoever owns it. */
export async function unlessCancelled<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: cancelled, reject } = Promise.withResolvers<never>()
  const cancel = () => {
    reject(new ProtocolAbort({ kind: 'cancelled' }))
  }
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  try {
    return await Promise.race([cancelled, work])
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** Takes the seat that `opening` opens; when the person cancels meanwhile, leaves it again. */
export async function takeSeat<S extends Seat>(signal: AbortSignal, opening: Promise<S>): Promise<S> {
  try {
    return await unlessCancelled(signal, opening)
  } catch (error) {
    opening.then(
      (late) => late[Symbol.asyncDispose](),
      () => undefined, // it is the same error
    )
    throw error
  }
}

/** Does `work` in a seat. If it fails, the others hear why before we leave, so that nobody waits in vain. */
export async function inSeat<T>(seat: Seat, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await seat.fail(failureOf(error))
    throw error
  }
}

/**
 * Everybody ready, the roster signed, the session started.
 * @throws ProtocolAbort that names those of the `others` who did not come, or did not get ready, in time
 */
export async function start(
  ports: Ports,
  mine: CreatorSeat,
  others: readonly PartyId[],
  watch: Watch,
): Promise<Roster> {
  const { clock, deadlines } = ports
  let participants: readonly Presence[] = []
  mine.watchPresence((now) => {
    participants = now
    watch({ type: 'presence', participants })
  })
  const { promise: late, reject } = Promise.withResolvers<never>()
  const giveUpOn = (states: readonly Presence['state'][]) => () => {
    const stateOf = (party: PartyId) => participants.find(({ seat }) => seat === party)?.state ?? 'invited'
    const waitingFor = others.filter((party) => states.includes(stateOf(party)))
    if (waitingFor.length > 0) reject(new ProtocolAbort({ kind: 'timed-out', waitingFor, round: 'seats' }))
  }
  const timers = [
    clock.after(deadlines.joinMs, giveUpOn(['invited'])),
    clock.after(deadlines.readyMs, giveUpOn(['invited', 'joined'])),
  ]
  try {
    await Promise.race([late, mine.markReady()])
    return await Promise.race([late, mine.start()])
  } finally {
    for (const cancel of timers) cancel()
  }
}

export function seatsOf(parties: readonly { readonly seat: PartyId }[]): PartyId[] {
  return parties.map(({ seat }) => seat)
}
