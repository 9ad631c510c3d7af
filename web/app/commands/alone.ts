import { refused } from '../../../tss-wasm/failure.ts'
import type { WalletLocks } from '../../platform/walletLocks.ts'

/**
 * Does `work` unless another tab is at the same thing: two that take part in one seat would answer for it twice, and an
 * honest person would be blamed for that.
 * @param what names it, the same in every tab
 * @throws ProtocolAbort `refused` when another tab is at it; nothing has been done then
 */
export async function alone<T>(
  locks: WalletLocks,
  what: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const elsewhere = new AbortController()
  const held = await locks
    .acquire(what, 'wait', AbortSignal.any([signal, elsewhere.signal]), () => {
      elsewhere.abort()
    })
    .catch((error: unknown) => {
      throw elsewhere.signal.aborted && !signal.aborted
        ? refused('invitation-open-elsewhere', 'another tab has its lock')
        : error
    })
  try {
    return await work()
  } finally {
    held[Symbol.dispose]()
  }
}
