import { inSeat, takeSeat } from '../../participant/session/inSeat.ts'
import { unlessCancelled } from '../../participant/session/unlessCancelled.ts'
import type { OfferedSeat } from '../../participant/session/newSession.ts'
import { confirmedSignature } from '../../participant/sign/confirmedSignature.ts'
import { askAndSign, type SignRun } from '../../participant/sign/signingRuns.ts'
import { signingTasks, type SigningOrder } from '../../tss-wasm/content/signing.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { KeyPath } from '../../tss-wasm/content/keys.ts'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import type { Engine, Signatures } from '../../tss-wasm/worker/api.ts'
import type { WalletRecord, WalletSeat } from '../platform/shareStore.ts'
import { awaiting, seatsOf, type Watch } from './ceremony.ts'
import { identityIn } from './identities.ts'
import type { OpenShare } from './openShare.ts'
import type { Ports } from './ports.ts'
import { assemble, type Signed } from './signed.ts'
import { unlockShare, type Unlocking } from './unlock.ts'

/** What is to be signed, and what opens the share for it. */
export type SigningRequest = SigningTerms & Unlocking

export interface SigningTerms {
  readonly wallet: WalletRecord
  readonly content: SigningOrder['content']
  /** Of the key that signs, below the wallet's own; left out for that one. */
  readonly path?: KeyPath
  /** Who is asked to sign with us: at least threshold - 1 other seats of the wallet. The first to approve sign. */
  readonly coSigners: readonly WalletSeat[]
  /** How long people have to approve: at most 24 hours. */
  readonly lifeSeconds?: number
}

/**
 * Signs content together with others who hold the wallet's shares: server parties, which decide by their policy, and people,
 * who are told and approve in their own time. The content is decoded and the share opened before anybody is asked; the
 * parties are the ones pinned when the wallet was made. As soon as enough have approved they sign; if one of them vanishes
 * and others have approved, the others do.
 * @throws ProtocolAbort
 */
export async function signContent(
  ports: Ports,
  request: SigningRequest,
  watch: Watch,
  signal: AbortSignal,
): Promise<Signed> {
  const { wallet, content, path = [], coSigners, lifeSeconds = 0 } = request
  watch({ type: 'step', step: 'unlocking' })
  using engines = new DisposableStack() // their workers end, however we exit
  const order = { publicKey: wallet.publicKey, path, content }
  const tasks = signingTasks(order)
  const first = engines.use(ports.startEngine())
  using share = await unlessCancelled(signal, unlockShare(ports, first, wallet, request, signal))
  const identity = await unlessCancelled(signal, identityIn(ports, wallet))

  watch({ type: 'step', step: 'joining' })
  const { threshold, seats } = wallet
  const mySeat = wallet.mySeat as PartyId
  const { epochs } = wallet
  const proposal = { kind: 'sign', ...(epochs && { epoch: epochs.number }), ...order } as const
  const others = coSigners.map(offeredSeat)
  const session = { identity, proposal, threshold, parties: seats.length, mySeat, others, lifeSeconds }
  await using seat = await takeSeat(signal, ports.coordinator.create(session)) // leaves the session, however we exit

  const signatures = await inSeat(seat, async () => {
    watch({ type: 'step', step: 'approving' })
    const sign = signingRun(ports, { wallet, order, share, identity, engines, first }, watch)
    // Whoever may be left out is not waited for.
    const awaited =
      others.length < threshold && others.every(({ serverParty }) => serverParty !== '') ? seatsOf(others) : []
    const signing = awaiting(ports, seat, awaited, watch, async (nowUpToThem) => {
      nowUpToThem()
      await seat.markReady()
      return askAndSign<Signatures>(seat, { threshold, sign, taken: confirmedSignature(tasks) })
    })
    return unlessCancelled(signal, signing)
  })
  const signed = assemble(order, signatures)

  watch({ type: 'step', step: 'confirming' })
  const { confirmation } = signatures
  if (confirmation.length > 0) await briefly(ports, seat.confirm(confirmation))
  return signed
}

export interface SigningParts {
  readonly wallet: WalletRecord
  readonly order: SigningOrder
  /** Where the order is that of a request: its bytes, from which the engine reads it anew. */
  readonly request?: Uint8Array
  readonly share: OpenShare
  readonly identity: Identity
  /** Where engines end; `first`, if there is one, has opened the share once and serves the first run. */
  readonly engines: DisposableStack
  readonly first?: Engine
}

/** One run after the other, each with an engine that nothing of another run has touched. */
export function signingRun(
  ports: Ports,
  { wallet, order, request, share, identity, engines, first }: SigningParts,
  watch: Watch,
): SignRun<Signatures> {
  let fresh: Engine | undefined = first
  return async (roster, channel) => {
    watch({ type: 'step', step: 'computing' })
    const engine = fresh ?? engines.use(ports.startEngine())
    fresh = undefined
    return engine.sign(
      {
        me: wallet.mySeat as PartyId,
        identity,
        roster,
        deadlineMs: ports.deadlines.roundMs,
        sealedShare: share.sealed,
        sealing: share.opening,
        content: order.content,
        path: order.path ?? [],
        ...(request && { request }),
      },
      channel,
      (progress) => {
        watch({ type: 'progress', progress })
      },
    )
  }
}

function offeredSeat({ seat, serverParty = '', signingKey, encryptionKey }: WalletSeat): OfferedSeat {
  return { seat: seat as PartyId, serverParty, pinned: { signingKey, encryptionKey } }
}

/**
 * The signature is ours and verified; that another party's word of it is late or lost takes nothing from it, and is not
 * waited for longer than any other message.
 */
async function briefly({ clock, deadlines }: Ports, confirmed: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const stop = clock.after(deadlines.roundMs, () => {
    resolve(undefined)
  })
  try {
    await Promise.race([confirmed, late])
  } catch (error) {
    if (!(error instanceof ProtocolAbort)) throw error
  } finally {
    stop()
  }
}
