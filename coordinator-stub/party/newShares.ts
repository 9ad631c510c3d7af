import type { PendingSession, ShareUnderWay } from '../../participant/share/pendingSession.ts'
import type { NewShares } from '../../participant/share/pendingShares.ts'
import type { PartyFolder } from './folder.ts'

/**
 * A new share in a party's folder: a note before there is one, then a pending wallet, which holds what is needed to settle it.
 * @returns of what is stored: the wallet's id
 */
export function newShares(
  folder: Pick<PartyFolder, 'notes' | 'wallet' | 'putPending' | 'markLeaving' | 'activate' | 'discard'>,
  now: () => number,
): NewShares<string> {
  const { notes } = folder
  return {
    async state({ walletId }) {
      const state = walletId === '' ? undefined : (await folder.wallet(walletId))?.state
      if (state === undefined) return 'none'
      return state === 'pending' ? 'pending' : 'active'
    },
    note: (share) => notes.put({ mySeat: share.mySeat, session: sessionOf(share) }),
    async store(share, { walletId, publicKey, sealedShare, walletName, roster, key }) {
      const { threshold, seats } = roster
      const known = {
        walletId,
        name: walletName,
        publicKey,
        threshold,
        mySeat: share.mySeat,
        seats,
        madeAtMs: now(),
        key,
      }
      await folder.putPending({ ...known, state: 'pending', pending: sessionOf(share) }, sealedShare)
      await notes.remove(share.sessionId)
      return walletId
    },
    async markLeaving({ walletId }) {
      if (walletId === '') throw new Error('without a share there is nothing to confirm')
      await folder.markLeaving(walletId)
    },
    activate: ({ walletId }) => folder.activate(walletId),
    async discard({ walletId, sessionId }) {
      await (walletId === '' ? notes.remove(sessionId) : folder.discard(walletId))
    },
    forget: ({ sessionId }) => notes.remove(sessionId),
  }
}

/** What is written down of it. */
function sessionOf(share: ShareUnderWay): PendingSession {
  const { sessionId, joinToken, roster, confirmation, isLeaving, storedAtMs, expiresAtMs } = share
  return { sessionId, joinToken, roster, confirmation, isLeaving, storedAtMs, expiresAtMs }
}
