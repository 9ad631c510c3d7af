import { inSeat, takeSeat } from '../../participant/session/inSeat.ts'
import { unlessCancelled } from '../../participant/session/unlessCancelled.ts'
import type { SessionPreview, SeatAccess } from '../../participant/session/sessionPreview.ts'
import type { Offer } from '../../participant/session/offers.ts'
import { takePartInRuns } from '../../participant/sign/signingRuns.ts'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { signingTasks, type SigningOrder } from '../../tss-wasm/content/signing.ts'
import { isOfScheme, isPresign, isRun } from '../../tss-wasm/identity/proposal.ts'
import { sameIdentity } from '../../tss-wasm/identity/roster.ts'
import { ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { awaiting, type Watch } from './ceremony.ts'
import { allIdentities, identityIn } from './identities.ts'
import { readReshareRequest, type ReshareRequest } from './joinReshare.ts'
import type { Ports } from './ports.ts'
import { signingRun } from './signContent.ts'
import { assemble, type Signed } from './signed.ts'
import { unlockShare, type Unlocking } from './unlock.ts'

/** Another holder of one of our wallets asks us to sign: shown decoded, answered in our own time until it expires. */
export interface SigningRequest {
  readonly access: SeatAccess
  /** What was seen, is shown, and is approved: nothing is asked again. */
  readonly seen: SessionPreview
  readonly wallet: WalletRecord
  readonly order: SigningOrder
  /** Seat and label of whoever asks, by the identity pinned when the wallet was made. */
  readonly from: { readonly seat: number; readonly label: string }
  readonly expiresAtMs: number
}

/** Whoever is told of requests. */
export interface Listener {
  readonly onRequest: (request: SigningRequest) => void
  /** Another member proposes new shares of one of our wallets. */
  readonly onReshare?: (request: ReshareRequest) => void
  /** A seat is kept for us in a session that signs a request; whether we have approved it is looked at by whoever joins. */
  readonly onRun?: (seen: SessionPreview, requestHash: Uint8Array) => void
  /** The coordinator has answered: requests come. */
  readonly onConnected?: () => void
}

/**
 * Tells of every request that is made of this installation, those that wait already first, until `signal` aborts. What is
 * not from a holder of the same wallet, or does not decode, is not told.
 * @throws ProtocolAbort when the coordinator refuses us, or `cancelled`
 */
export async function watchRequests(
  ports: Ports,
  { onRequest, onReshare, onRun, onConnected }: Listener,
  signal: AbortSignal,
): Promise<void> {
  const told = new Set<string>()
  const watching = (await allIdentities(ports)).map(async (identity) => {
    for await (const offer of ports.coordinator.offersTo(identity, signal, onConnected)) {
      if (told.has(offer.sessionId)) continue
      told.add(offer.sessionId)
      const request = await readRequest(ports, offer)
      if (request === undefined) continue
      if ('order' in request) onRequest(request)
      else if ('run' in request) onRun?.(request.run, request.of)
      else onReshare?.(request)
    }
  })
  await Promise.all(watching)
}

const firstPauseMs = 1000
const longestPauseMs = 60_000

/**
 * Watches until `signal` aborts, whatever happens meanwhile: short losses of the connection are bridged below; after a
 * refusal, or anything else that ends the watch, it begins again after a pause that grows up to a minute.
 * @param onTrouble told of each such end
 */
export async function keepWatchingRequests(
  ports: Ports,
  listener: Listener,
  onTrouble: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  await keepWatching(ports, (until) => watchRequests(ports, listener, until), onTrouble, signal)
}

/** The same of any watch. */
export async function keepWatching(
  ports: Pick<Ports, 'clock'>,
  watch: (signal: AbortSignal) => Promise<void>,
  onTrouble: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  let pauseMs = firstPauseMs
  const isStopped = () => signal.aborted
  while (!isStopped()) {
    const sinceMs = ports.clock.now()
    const attempt = new AbortController()
    try {
      await watch(AbortSignal.any([signal, attempt.signal]))
    } catch (error) {
      if (!isStopped()) onTrouble(error)
    } finally {
      attempt.abort(new ProtocolAbort({ kind: 'cancelled' })) // the watches of other identities
    }
    if (ports.clock.now() - sinceMs > longestPauseMs) pauseMs = firstPauseMs
    await pause(ports.clock, pauseMs, signal)
    pauseMs = Math.min(2 * pauseMs, longestPauseMs)
  }
}

async function pause(clock: Ports['clock'], milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>()
  const end = () => {
    resolve(undefined)
  }
  const stop = clock.after(milliseconds, end)
  signal.addEventListener('abort', end, { once: true })
  if (!signal.aborted) await over
  stop()
  signal.removeEventListener('abort', end)
}

interface OfferedRun {
  readonly run: SessionPreview
  /** Hash of the request. */
  readonly of: Uint8Array
}

async function readRequest(
  ports: Ports,
  { sessionId, joinToken }: Offer,
): Promise<SigningRequest | ReshareRequest | OfferedRun | undefined> {
  const access = { sessionId, joinToken }
  try {
    const seen = await ports.coordinator.preview(access)
    const { proposal, creator, expiresAtMs, me } = seen
    if (hasAnswered(seen)) return undefined
    if (proposal.kind !== 'sign') return await readReshareRequest(ports, seen)
    if (isPresign(proposal) || isOfScheme(proposal)) return undefined // nobody asks a person for that
    if (isRun(proposal)) return { run: seen, of: proposal.request }
    const wallets = await ports.shares.list()
    const wallet = wallets.find(
      ({ state, publicKey }) => state === 'active' && sameBytes(publicKey, proposal.publicKey),
    )
    const [here, there] = [wallet?.epochs?.number ?? 0, proposal.epoch ?? 0]
    // Who has slept through new shares, or was left out, is told so: nobody else knows why nobody answers.
    if (there < here) await ports.coordinator.decline(access, refused('epoch', `epoch ${there} is over`).failure)
    const from = wallet?.seats.find((seat) => sameIdentity(seat, creator))
    if (wallet?.mySeat !== (me as number) || from === undefined) return undefined
    if (there !== here) return undefined // shares of two epochs do not fit together
    signingTasks(proposal) // what does not decode cannot be shown
    const { seat, label } = from
    return { access, seen, wallet, order: proposal, from: { seat, label }, expiresAtMs }
  } catch (error) {
    // What cannot be reached now is offered again with the next watch.
    if (error instanceof ProtocolAbort && error.failure.kind !== 'disconnected') return undefined
    throw error
  }
}

function hasAnswered({ mySeatIsTaken }: SessionPreview): boolean {
  return mySeatIsTaken
}

export type Approval = { readonly request: SigningRequest } & Unlocking

/**
 * Approves a request and does our part in its runs, until one succeeds. The share is opened before anybody is told.
 * @returns the signature: whoever helps to make it has it
 * @throws ProtocolAbort
 */
export async function answerRequest(
  ports: Ports,
  { request, ...unlocking }: Approval,
  watch: Watch,
  signal: AbortSignal,
): Promise<Signed> {
  const { seen, wallet, order } = request
  watch({ type: 'step', step: 'unlocking' })
  using engines = new DisposableStack() // their workers end, however we exit
  const first = engines.use(ports.startEngine())
  using share = await unlessCancelled(signal, unlockShare(ports, first, wallet, unlocking, signal))
  const identity = await unlessCancelled(signal, identityIn(ports, wallet))

  watch({ type: 'step', step: 'joining' })
  const shape = { threshold: wallet.threshold, parties: wallet.seats.length }
  const opening = ports.coordinator.join(seen, { identity, wallet: shape })
  await using seat = await takeSeat(signal, opening)

  return await inSeat(seat, async () => {
    watch({ type: 'step', step: 'approving' })
    const signing = awaiting(ports, seat, [], watch, async () => {
      await seat.markReady()
      const run = signingRun(ports, { wallet, order, share, identity, engines, first }, watch)
      return takePartInRuns(seat, run)
    })
    return assemble(order, await unlessCancelled(signal, signing))
  })
}

/**
 * Says no. Whoever asks is told that we did, and goes on with others if there are enough.
 * @throws ProtocolAbort `disconnected`: nobody has heard it
 */
export async function rejectRequest(ports: Ports, { access }: Pick<SigningRequest, 'access'>): Promise<void> {
  const isHeard = await ports.coordinator.decline(access, {
    kind: 'refused',
    what: 'declined',
    detail: 'declined by its person',
  })
  if (!isHeard) throw new ProtocolAbort({ kind: 'disconnected', detail: 'declining' })
}
