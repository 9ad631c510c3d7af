import { create } from 'zustand'
import type { PasskeysOffered } from '../platform/passkeys.ts'

export interface PasskeysKnown {
  /** `unknown`: not asked yet, or a host without authenticators. */
  readonly offered: PasskeysOffered | 'unknown'
  /** By wallet id; milliseconds since 1970. */
  readonly addedAtMs: Readonly<Record<string, number>>
}

export const usePasskeys = create<PasskeysKnown>(() => ({ offered: 'unknown', addedAtMs: {} }))

export function useHasPasskey(walletId: string): boolean {
  return usePasskeys(({ addedAtMs }) => addedAtMs[walletId] !== undefined)
}
