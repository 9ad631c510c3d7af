import type { Failure } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { SessionUnderWay } from '../platform/pendingStore.ts'
import type { Ports } from './ports.ts'

/** A wallet that is still pending, and why: whom we wait for, or who has said that it never will be. */
export interface StillPending {
  readonly walletId: string
  readonly failure: Failure
}

/**
 * Finds out what became of every new wallet that an interruption left behind: active, gone, or still to be asked about. To
 * be called when the app opens and every now and then while something is pending. Ceremonies that are running, in whichever
 * window, are left alone.
 */
export async function settlePending(ports: Ports): Promise<readonly StillPending[]> {
  const left: StillPending[] = []
  for (const session of await ports.pending.all()) {
    if (await ports.pending.isHeld(session.sessionId)) continue
    const failure = await settleSession(ports, session)
    if (failure !== undefined) left.push({ walletId: session.walletId, failure })
  }
  return left
}

/** @returns why it is still pending, if it is */
export async function settleSession(ports: Ports, session: SessionUnderWay): Promise<Failure | undefined> {
  const { sessionId, walletId } = session
  const record = (await ports.shares.list()).find((wallet) => wallet.walletId === walletId)
  if (record?.state === 'active') {
    // We were stopped just after it was activated.
    await ports.pending.remove(sessionId)
    return undefined
  }
  // Without a stored share there is nothing to confirm, whatever was signed.
  const confirmable = record === undefined ? { ...session, confirmation: new Uint8Array() } : session
  const verdict = await ports.coordinator.settle(confirmable, {
    identity: await ports.identity.load(),
    me: session.mySeat as PartyId,
    nowMs: ports.now(),
    leaving: () => ports.pending.markLeaving(sessionId),
  })
  if (verdict.state === 'wait') return verdict.failure
  if (record !== undefined) {
    if (verdict.state === 'active') await ports.shares.activate(walletId)
    else await ports.shares.remove(walletId)
  }
  await ports.pending.remove(sessionId)
  return undefined
}
