import type { Failure } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/round/channel.ts'
import type { PendingSession } from '../../proto/client/settle.ts'
import type { Ports } from './ports.ts'

/** A wallet that is still pending, and why: whom we wait for, or who has said that it never will be. */
export interface StillPending {
  readonly walletId: string
  readonly failure: Failure
}

/**
 * Finds out what became of every wallet that an interruption left pending: active, gone, or still to be asked about. To be
 * called when the app opens and every now and then while something is pending.
 * @param isBusy whether a ceremony of this session is running in this window
 */
export async function settlePending(
  ports: Ports,
  isBusy: (sessionId: string) => boolean = () => false,
): Promise<readonly StillPending[]> {
  const left: StillPending[] = []
  for (const [walletId, session] of await ports.pending.all()) {
    if (isBusy(session.sessionId)) continue
    const failure = await settleWallet(ports, walletId, session)
    if (failure !== undefined) left.push({ walletId, failure })
  }
  return left
}

/** @returns why it is still pending, if it is */
export async function settleWallet(
  ports: Ports,
  walletId: string,
  session: PendingSession,
): Promise<Failure | undefined> {
  const record = (await ports.shares.list()).find((wallet) => wallet.walletId === walletId)
  if (record?.state !== 'pending') {
    // Activated just before we were stopped, or stopped just before it was stored: nobody waits for it in either case.
    await ports.pending.remove(walletId)
    return undefined
  }
  const verdict = await ports.coordinator.settle(session, {
    identity: await ports.identity.load(),
    me: record.mySeat as PartyId,
    nowMs: ports.now(),
    leaving: () => ports.pending.markLeaving(walletId),
  })
  if (verdict.state === 'wait') return verdict.failure
  if (verdict.state === 'active') await ports.shares.activate(walletId)
  else await ports.shares.remove(walletId)
  await ports.pending.remove(walletId)
  return undefined
}
