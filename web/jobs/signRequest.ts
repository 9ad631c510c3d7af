import { type Signing, joinRun, mustBeReady, openRun } from '../../participant/requests/signRequest.ts'
import { inSeat, leavingWhen, takeSeat } from '../../participant/session/inSeat.ts'
import type { SessionPreview } from '../../participant/session/sessionPreview.ts'
import { unlessCancelled } from '../../participant/session/unlessCancelled.ts'
import { type Failure, ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { OpenedRequest } from '../../tss-wasm/requests/entry.ts'
import { isLive } from '../../tss-wasm/requests/isLive.ts'
import { stateOf } from '../../tss-wasm/requests/state.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import type { Watch } from './ceremony.ts'
import { identityIn } from './identities.ts'
import type { Mailroom } from './mailroom.ts'
import type { RequestPorts } from './ports.ts'
import { signingRun } from './signContent.ts'
import type { Approved } from './waitingRequest.ts'

/** What becomes of a request while its person is here. */
export interface Standing {
  readonly watch: Watch
  /** Whether it waits for others, or is being signed. */
  readonly onPhase: (phase: 'standing' | 'signing') => void
  /** A run that came to nothing; another one follows. */
  readonly onFailure: (failure: Failure) => void
}

/** People open sessions one after the other, by rising seats: the first one's claim holds before the next one makes its own. */
const betweenStartersMs = 400
/** After a run that came to nothing: doubled each time, unless there is news. */
const firstPauseMs = 2000
const longestPauseMs = 60_000
/** A claim of somebody who has vanished holds for so long (SPEC 11.4). */
const leaseMs = 30_000

/**
 * Signs a request that we have approved, as soon as t who approved are there: takes the seat that another member keeps for us,
 * or opens a session itself. Ends once the request has ended, signed or otherwise.
 * @throws ProtocolAbort `cancelled`, or what only a person can mend
 */
export async function signWhenReady(
  ports: RequestPorts,
  mail: Mailroom,
  { read: { wallet, name, opened: approved }, share }: Approved,
  { watch, onPhase, onFailure }: Standing,
  signal: AbortSignal,
): Promise<void> {
  using engines = new DisposableStack() // their workers end, however we exit
  const identity = await identityIn(ports, wallet)
  const box = await mail.box(wallet)
  const isCancelled = () => signal.aborted
  const run = { isUnderWay: false }
  const hasBegun = () => run.isUnderWay
  const { request: order, bytes: request } = approved
  const computing = signingRun(ports, { wallet, order, request, share, identity, engines }, watch)
  const parts: Signing = {
    ...{ coordinator: ports.coordinator, box, identity, claim: ports.claim, now: () => ports.now() },
    async sign(roster, channel) {
      run.isUnderWay = true
      onPhase('signing')
      return computing(roster, channel)
    },
  }
  /** As it is known now. What was approved stays what is signed: `remembered` takes no other in its place. */
  const latest = () => mail.known(name)?.opened ?? approved

  let pauseMs = firstPauseMs
  for (;;) {
    if (isCancelled()) throw new ProtocolAbort({ kind: 'cancelled' })
    const opened = latest()
    const state = stateOf(opened, box.membership, ports.now())
    if (!isLive(state)) return
    run.isUnderWay = false
    onPhase('standing')
    try {
      const offer = mail.takeOffer(opened.hash)
      if (state.stage === 'open') await newsOf(ports, mail, signal)
      else if (offer !== undefined) await joinOffered(ports, parts, { wallet, opened, offer }, signal)
      else if (!(await newsOf(ports, mail, signal, betweenStartersMs * rankOf(wallet, state.approved)))) {
        await open(opened, state.approved.length)
      }
      pauseMs = firstPauseMs
    } catch (error) {
      if (isCancelled() || !(error instanceof ProtocolAbort) || !canTryAgain(error.failure)) throw error
      if (hasBegun()) onFailure(error.failure)
      onPhase('standing')
      await mail.look(wallet, opened.request.id).catch(ignoringAborts)
      if (!isLive(stateOf(latest(), box.membership, ports.now()))) return
      if (await newsOf(ports, mail, signal, pauseMs)) continue
      pauseMs = Math.min(2 * pauseMs, longestPauseMs)
    }
  }

  /** Opens a session for whoever has approved by now; once somebody else does, another one, with a seat for it too. */
  async function open(opened: OpenedRequest, count: number): Promise<void> {
    const stale = new AbortController()
    const stop = mail.onNews(() => {
      const { approved } = stateOf(latest(), box.membership, ports.now())
      if (!run.isUnderWay && approved.length > count) stale.abort(new ProtocolAbort({ kind: 'cancelled' }))
    })
    try {
      const made = await openRun(parts, opened, AbortSignal.any([signal, stale.signal]))
      // Another member's claim holds: its offer comes, or its lease ends.
      if (made === undefined) await newsOf(ports, mail, signal, leaseMs)
      else await mail.look(wallet, opened.request.id)
    } catch (error) {
      if (!stale.signal.aborted || signal.aborted) throw error
    } finally {
      stop()
    }
  }
}

interface Offered {
  readonly wallet: WalletRecord
  readonly opened: OpenedRequest
  readonly offer: SessionPreview
}

/** Our part in a session that another member has opened: one that has approved, of a request that is ready by our own reading. */
async function joinOffered(
  ports: RequestPorts,
  parts: Signing,
  { wallet, opened, offer }: Offered,
  signal: AbortSignal,
): Promise<void> {
  mustBeReady(opened, parts.box, ports.now(), offer.creator)
  const shape = { threshold: wallet.threshold, parties: wallet.seats.length }
  await using seat = await takeSeat(signal, ports.coordinator.join(offer, { identity: parts.identity, wallet: shape }))
  using held = new DisposableStack()
  held.use(leavingWhen(signal, seat))
  await inSeat(seat, () => joinRun(parts, opened, seat))
}

/** How many people who have approved have a lower seat than ours. Server parties wait for all of them. */
function rankOf({ seats, mySeat }: WalletRecord, approved: readonly PartyId[]): number {
  const people = seats.filter(
    ({ seat, serverParty }) => serverParty === undefined && approved.includes(seat as PartyId),
  )
  return people.filter(({ seat }) => seat < mySeat).length
}

/** Silence, a lost connection, or somebody's no to this session ends a run, and not the request. */
function canTryAgain(failure: Failure): boolean {
  if (failure.kind === 'refused') return !isOurs.includes(failure.what)
  return failure.kind !== 'misbehaviour' && failure.kind !== 'engine-crashed'
}

/** What another attempt would not mend: our share, our storage. */
const isOurs: readonly string[] = ['passphrase', 'passkey', 'share', 'share-missing', 'replayed-run', 'seat-elsewhere']

/**
 * Waits for something to be read or offered.
 * @param waitMs at most so long; left out: until there is news
 * @returns whether there was news @throws ProtocolAbort `cancelled`
 */
async function newsOf(
  { clock }: Pick<RequestPorts, 'clock'>,
  mail: Mailroom,
  signal: AbortSignal,
  waitMs = Infinity,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const stop = mail.onNews(() => {
    resolve(true)
  })
  const cancel = Number.isFinite(waitMs)
    ? clock.after(waitMs, () => {
        resolve(false)
      })
    : () => undefined
  try {
    return await unlessCancelled(signal, promise)
  } finally {
    stop()
    cancel()
  }
}

function ignoringAborts(error: unknown): void {
  if (!(error instanceof ProtocolAbort)) throw error
}
