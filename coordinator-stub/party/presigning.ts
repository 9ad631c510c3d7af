import { inSeat, leavingWhen } from '../../participant/session/inSeat.ts'
import type { Seat } from '../../participant/session/seat.ts'
import { refused } from '../../tss-wasm/failure.ts'
import type { PresignProposal } from '../../tss-wasm/identity/proposal.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import { mostSlotsFor } from '../../tss-wasm/protocols/presignMessages.ts'
import type { PresignaturesFor } from '../../tss-wasm/worker/api.ts'
import { longestWaitMs } from '../../tss-wasm/worker/presignatures.ts'
import { presignaturesOf } from './presignatures.ts'
import type { SessionPorts } from './sessionPorts.ts'
import { namesOf, type PartyWallet } from './wallet.ts'

/** How many are made at once: of two signers, some seconds of computing for each. */
const usualBatch = 8
/** A session to make presignatures is for parties that are there. */
const lifeSeconds = 60
/**
 * Makes new ones with the signers of the last signature, if few are left and all of them are server parties: whoever has
 * opened the session of that signature opens this one, once nobody waits for a run of ours.
 * @throws ProtocolAbort
 */
export async function refill(
  ports: SessionPorts,
  wallet: PartyWallet,
  { path, signers }: Pick<PresignaturesFor, 'path' | 'signers'>,
  signal: AbortSignal,
): Promise<void> {
  const { coordinator, folder, presignatures, underWay } = ports
  const names = namesOf(wallet)
  const others = wallet.seats.filter(({ seat }) => seat !== wallet.mySeat && signers.includes(seat))
  const of = presignaturesOf(wallet, path, signers)
  if (others.length + 1 !== signers.length || !others.every(({ seat }) => names.has(seat))) return
  using held = new DisposableStack()
  held.use(presignatures.beFilling(wallet, wallet.mySeat))
  await underWay.none()
  if (signal.aborted || !(await presignatures.areLow(of))) return
  const { publicKey, epoch } = of
  const key = { publicKey, ...(epoch !== 0 && { epoch }), ...(path.length > 0 && { path }) }
  const proposal = { kind: 'sign', ...key, presign: Math.min(usualBatch, mostSlotsFor(signers.length)) } as const
  await using seat = await coordinator.create({
    identity: folder.identity,
    proposal,
    threshold: wallet.threshold,
    parties: wallet.seats.length,
    mySeat: wallet.mySeat,
    others: others.map((other) => ({ seat: other.seat, serverParty: '', pinned: other.identity })),
    lifeSeconds,
  })
  held.use(leavingWhen(signal, seat))
  await inSeat(seat, async () => {
    await seat.markReady()
    const roster = await Promise.race([seat.start(), declined(seat)])
    await presignWith(ports, wallet, { seat, proposal, roster })
  })
}

interface Presigning {
  readonly seat: Seat
  readonly proposal: PresignProposal
  readonly roster: Roster
}

/** Our part, once the session has started. Nothing of it is kept where not everybody says that it is well. @throws ProtocolAbort */
export async function presignWith(
  { folder, presignatures, deadlineMs, log }: SessionPorts,
  wallet: PartyWallet,
  { seat, proposal: { path = [], presign: slots }, roster }: Presigning,
): Promise<void> {
  const { identity, masterKey } = folder
  const signers = roster.seats.map((each) => each.seat)
  const of = presignaturesOf(wallet, path, signers)
  presignatures.spend(of)
  const { publicKey, epoch } = of
  const sealedShare = await folder.share(wallet.walletId)
  const sealing = { kind: 'key', key: masterKey } as const
  const { batch, confirmation } = await presignatures
    .engine()
    .presign(
      { me: seat.me, identity, roster, deadlineMs, publicKey, epoch, path, slots, sealedShare, sealing },
      seat.channel,
      () => undefined,
    )
  try {
    await seat.confirm(confirmation)
  } catch (error) {
    await presignatures.erase({ batch })
    throw error
  }
  // Nobody may ask for them any more: they are looked at here, too.
  setTimeout(() => void presignatures.erase({ batch }), longestWaitMs).unref()
  log('presigned', { session: seat.sessionId, wallet: wallet.walletId, presignatures: slots })
}

/** Rejects when one of those who are asked does not come: without all of them there is nothing to make. */
function declined(seat: Seat): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => undefined)
  seat.watchPresence((participants) => {
    if (participants.some(({ seat: other, state }) => other !== seat.me && state === 'failed'))
      reject(refused('too-few-signers', 'not everybody makes presignatures now'))
  })
  return promise
}
