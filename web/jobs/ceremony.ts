import type { Presence, Seat } from '../../participant/session/seat.ts'
import { misbehaviour, ProtocolAbort } from '../../tss-wasm/failure.ts'
import { fingerprint } from '../../tss-wasm/identity/identity.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Progress } from '../../tss-wasm/worker/api.ts'
import type { WalletSeat } from '../platform/shareStore.ts'
import type { Ports } from './ports.ts'

/**
 * What a job tells whoever watches. The steps come in this order; a job leaves out those it has not. `comparing`: a person
 * compares the check code. `approving`: others are asked to approve what is to be signed; it may come again after
 * `computing`, when a run was let down.
 */
export type Step =
  'preparing' | 'unlocking' | 'joining' | 'comparing' | 'approving' | 'computing' | 'storing' | 'confirming'
export type CeremonyEvent =
  | { readonly type: 'step'; readonly step: Step }
  | { readonly type: 'presence'; readonly participants: readonly Presence[] }
  | { readonly type: 'progress'; readonly progress: Progress }
  /** Of invited people, all that are open: told again when one is revoked and replaced. */
  | { readonly type: 'invitations'; readonly invitations: readonly InvitationShown[] }
  | ({ readonly type: 'check-code'; readonly code: string } & AgreedShown)

/** A link is a secret for one person: shown, copied, turned into a QR code; never logged or stored. */
export interface InvitationShown {
  readonly seat: number
  readonly label: string
  readonly link: string
  readonly expiresAtMs: number
}

export interface SeatShown {
  readonly seat: number
  readonly label: string
  /** What it calls itself in the signed roster. */
  readonly name?: string
  readonly fingerprint: string
  readonly isServerParty: boolean
}

/** What the signed roster says, shown once more beside the check code: this, and nothing else, will be made. */
export interface AgreedShown {
  readonly walletName: string
  /** t of n */
  readonly threshold: number
  readonly parties: number
  /** Who has created the session, by its seat. */
  readonly creator: number
  readonly seats: readonly SeatShown[]
}

/** What only a person can decide, asked while a job runs. */
export interface Person {
  /** Resolves once the person says whether everybody reads the same code. */
  codesMatch(code: string): Promise<boolean>
}

/** The inviting person's part, besides comparing codes. */
export interface Host extends Person {
  /** Called once, with what takes back an invitation and makes a new one while people are awaited. */
  hosting(revoke: (seat: number) => Promise<void>): void
}

export type Watch = (event: CeremonyEvent) => void

/**
 * Tells who is here, and bounds how long `work` waits for the `awaited`: parties without a person, which come at once when
 * they run. Getting ready is measured from when `work` says that nothing but they stands in its way. People have as long as
 * the session lives.
 * @throws ProtocolAbort that names those who did not come, or did not get ready, in time
 */
export async function awaiting<T>(
  { clock, deadlines }: Pick<Ports, 'clock' | 'deadlines'>,
  mine: Seat,
  awaited: readonly PartyId[],
  watch: Watch,
  work: (nowUpToThem: () => void) => Promise<T>,
): Promise<T> {
  let participants: readonly Presence[] = []
  mine.watchPresence((now) => {
    participants = now
    watch({ type: 'presence', participants })
  })
  const { promise: late, reject } = Promise.withResolvers<never>()
  const giveUpAfter = (waitedMs: number, states: readonly Presence['state'][]) =>
    clock.after(waitedMs, () => {
      const stateOf = (party: PartyId) => participants.find(({ seat }) => seat === party)?.state ?? 'invited'
      const waitingFor = awaited.filter((party) => states.includes(stateOf(party)))
      if (waitingFor.length > 0) reject(new ProtocolAbort({ kind: 'timed-out', waitingFor, round: 'seats', waitedMs }))
    })
  const timers = [giveUpAfter(deadlines.joinMs, ['invited'])]
  const nowUpToThem = () => {
    timers.push(giveUpAfter(deadlines.readyMs, ['invited', 'joined']))
  }
  // Also while a person decides: nobody compares codes for a session that is over.
  const stop = mine.ended(reject)
  try {
    return await Promise.race([late, work(nowUpToThem)])
  } finally {
    stop()
    for (const cancel of timers) cancel()
  }
}

/** The roster of a new wallet: what everybody's check code is made of, compared by a person where people take part. */
export async function compareCodes(
  seat: Seat,
  seats: readonly WalletSeat[],
  person: Person,
  watch: Watch,
): Promise<void> {
  const { proposal } = seat // its hash is in the roster
  const { threshold, creator, seats: taken } = await seat.agreed()
  const code = await seat.checkCode()
  const walletName = proposal.kind === 'sign' ? '' : proposal.walletName
  watch({
    type: 'check-code',
    code,
    walletName,
    threshold,
    parties: proposal.kind === 'reshare' ? proposal.parties : taken.length,
    creator,
    seats: seats.map(seatShown),
  })
  watch({ type: 'step', step: 'comparing' })
  if (!(await person.codesMatch(code))) {
    throw misbehaviour([], 'check codes are the same for everybody')
  }
}

function seatShown({ seat, label, name, serverParty, ...identity }: WalletSeat): SeatShown {
  const stated = name === undefined ? {} : { name }
  return { seat, label, ...stated, fingerprint: fingerprint(identity), isServerParty: serverParty !== undefined }
}

export function seatsOf(parties: readonly { readonly seat: PartyId }[]): PartyId[] {
  return parties.map(({ seat }) => seat)
}
