import { create } from 'zustand'
import type { UnlockedUntil } from '../jobs/unlockPeriods.ts'

/** Wallets that their person keeps unlocked. */
export const useUnlocked = create<UnlockedUntil>(() => ({}))

/** Until when this wallet signs without being asked again: milliseconds since 1970. */
export function useUnlockedUntil(walletId: string): number | undefined {
  return useUnlocked((until) => until[walletId])
}
