import { sameBytes } from '../../tss-wasm/bytes.ts'
import type { Clock } from '../../tss-wasm/round/clock.ts'
import type { SealedShare } from '../../tss-wasm/worker/api.ts'
import { copyOf, type OpenShare } from './openShare.ts'

/** Which wallets a person has unlocked for some minutes, so that several signatures take one passphrase. */
export interface UnlockPeriods {
  /**
   * @param stored the wallet's share as it is stored now: another one, after new shares or a new passphrase, ends the period
   * @returns the caller's to dispose of; undefined where the wallet is locked
   */
  open(walletId: string, stored: SealedShare): OpenShare | undefined
  /** @param ms at most an hour */
  keep(walletId: string, unlocked: Unlocked, ms: number): void
  /** Ends the period of one wallet, or of all. */
  lock(walletId?: string): void
}

export interface Unlocked {
  /** As it was stored when it was opened. */
  readonly stored: SealedShare
  readonly share: OpenShare
}

interface Period extends Unlocked {
  readonly sinceMs: number
  readonly untilMs: number
}

/** By wallet, until when it is unlocked: milliseconds since 1970. */
export type UnlockedUntil = Readonly<Record<string, number>>

const longestMs = 60 * 60_000
/** Timers rest while a device sleeps, so the time of day is looked at, this often. */
const lookEveryMs = 1000

/** In the memory of this page: it ends with the page at the latest. */
export function unlockPeriods(
  { clock, now }: { readonly clock: Clock; readonly now: () => number },
  onChange: (until: UnlockedUntil) => void,
): UnlockPeriods {
  const periods = new Map<string, Period>()
  let stopLooking: (() => void) | undefined

  function tell(): void {
    onChange(Object.fromEntries([...periods].map(([walletId, { untilMs }]) => [walletId, untilMs])))
  }

  function end(walletId: string): void {
    periods.get(walletId)?.share[Symbol.dispose]()
    periods.delete(walletId)
  }

  /** A clock that was set back lends nobody time. */
  const isOver = ({ sinceMs, untilMs }: Period) => now() >= untilMs || now() < sinceMs

  function look(): void {
    stopLooking = undefined
    const over = [...periods].filter(([, period]) => isOver(period))
    for (const [walletId] of over) end(walletId)
    if (over.length > 0) tell()
    if (periods.size > 0) stopLooking = clock.after(lookEveryMs, look)
  }

  return {
    open(walletId, stored) {
      const period = periods.get(walletId)
      if (period === undefined) return undefined
      if (isOver(period) || !sameBytes(period.stored, stored)) {
        end(walletId)
        tell()
        return undefined
      }
      return copyOf(period.share)
    },
    keep(walletId, unlocked, ms) {
      if (ms <= 0 || ms > longestMs) throw new RangeError(`a wallet stays unlocked for an hour at most, not ${ms} ms`)
      end(walletId)
      periods.set(walletId, { ...unlocked, sinceMs: now(), untilMs: now() + ms })
      stopLooking ??= clock.after(lookEveryMs, look)
      tell()
    },
    lock(walletId) {
      for (const each of walletId === undefined ? [...periods.keys()] : [walletId]) end(each)
      if (periods.size === 0) {
        stopLooking?.()
        stopLooking = undefined
      }
      tell()
    },
  }
}
