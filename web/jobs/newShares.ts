import type { NewShares } from '../../participant/share/pendingShares.ts'
import type { WalletRecord, WalletSeat } from '../platform/shareStore.ts'
import type { Ports } from './ports.ts'

/**
 * A new share on this device: the sealed share stands with the wallets, what is needed to settle it apart from them.
 * @param seats of the wallet that is stored; none where nothing is stored any more
 */
export function newShares(
  ports: Pick<Ports, 'shares' | 'pending' | 'now'>,
  seats: readonly WalletSeat[] = [],
): NewShares<WalletRecord> {
  const { shares, pending } = ports
  const state = async (walletId: string) => {
    const known = (await shares.list()).find((wallet) => wallet.walletId === walletId)
    if (known === undefined) return 'none'
    return known.state === 'pending' ? 'pending' : 'active'
  }
  return {
    state: ({ walletId }) => state(walletId),
    note: (share) => pending.put(share),
    async store(share, { walletId, publicKey, sealedShare, walletName, roster }) {
      const record: WalletRecord = {
        walletId,
        name: walletName,
        state: 'pending',
        sessionId: share.sessionId,
        publicKey,
        threshold: roster.threshold,
        mySeat: share.mySeat,
        seats,
        createdAtMs: ports.now(),
      }
      await pending.put(share)
      await shares.putPending(record, sealedShare)
      return record
    },
    markLeaving: ({ sessionId }) => pending.markLeaving(sessionId),
    async activate({ walletId, sessionId }) {
      await shares.activate(walletId)
      await pending.remove(sessionId)
    },
    async discard({ walletId, sessionId }) {
      if ((await state(walletId)) !== 'none') await shares.remove(walletId)
      await pending.remove(sessionId)
    },
    forget: ({ sessionId }) => pending.remove(sessionId),
  }
}
