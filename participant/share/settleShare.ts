import type { Identity } from '../../tss-wasm/identity/identity.ts'
import type { PendingSession, Settling, ShareUnderWay, Verdict } from './pendingSession.ts'
import type { PendingShares } from './pendingShares.ts'

export interface ShareSettling {
  readonly coordinator: { settle(pending: PendingSession, settling: Settling): Promise<Verdict> }
  readonly shares: PendingShares
  readonly identity: Identity
  readonly nowMs: number
}

/**
 * Finds out what became of a share that an interruption or a failure left behind, and keeps or drops it accordingly
 * (SPEC 8.2). Not to be called while the share is being made.
 */
export async function settleShare(
  { coordinator, shares, identity, nowMs }: ShareSettling,
  share: ShareUnderWay,
): Promise<Verdict> {
  const state = await shares.state(share)
  if (state === 'active') {
    // We were stopped just after it was activated.
    await shares.forget(share)
    return { state: 'active' }
  }
  // Without a stored share there is nothing to confirm, whatever was signed.
  const pending = state === 'none' ? { ...share, confirmation: new Uint8Array() } : share
  const me = share.mySeat
  const verdict = await coordinator.settle(pending, { identity, me, nowMs, leaving: () => shares.markLeaving(share) })
  if (verdict.state === 'active') await shares.activate(share)
  if (verdict.state === 'discard') await shares.discard(share)
  return verdict
}
