import type { GuardiansNote } from '../../platform/preferences.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'

const yearMs = 365 * 24 * 3600_000

/**
 * What is to be done about the guardians of a wallet: a new file, where its shares were renewed since; the drill, where it was
 * never held, or not for a year. undefined: nothing.
 */
export function dueOf(
  { sealedAtMs, checkedAtMs }: GuardiansNote,
  { renewedAtMs = 0 }: WalletRecord,
  nowMs: number,
): 'file' | 'first-drill' | 'drill' | undefined {
  if (sealedAtMs < renewedAtMs) return 'file'
  if (checkedAtMs === undefined) return 'first-drill'
  return nowMs - checkedAtMs > yearMs ? 'drill' : undefined
}
