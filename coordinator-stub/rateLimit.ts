import { Code } from '@connectrpc/connect'
import { Refusal } from './refusal.ts'

/** A token bucket for each caller: `burst` calls at once, then `perSecond`. */
export interface RateLimit {
  /** @throws Refusal RESOURCE_EXHAUSTED */
  take(caller: string, nowMs: number): void
}

interface Bucket {
  left: number
  atMs: number
}

/** Callers that are remembered at once. Who has been quiet for long enough has a full bucket and can be forgotten. */
const mostCallers = 50_000

export function rateLimit({ perSecond, burst }: { readonly perSecond: number; readonly burst: number }): RateLimit {
  const buckets = new Map<string, Bucket>()
  const filledAfterMs = (burst / perSecond) * 1000
  return {
    take(caller, nowMs) {
      const { left, atMs } = buckets.get(caller) ?? { left: burst, atMs: nowMs }
      const now = Math.min(burst, left + (Math.max(0, nowMs - atMs) * perSecond) / 1000)
      // Set anew, so that the map's order is that of the last call.
      buckets.delete(caller)
      buckets.set(caller, { left: now < 1 ? now : now - 1, atMs: nowMs })
      for (const [name, bucket] of buckets) {
        if (buckets.size <= mostCallers && nowMs - bucket.atMs < filledAfterMs) break
        buckets.delete(name)
      }
      if (now < 1) throw new Refusal(Code.ResourceExhausted, `too many calls: at most ${perSecond} a second`)
    },
  }
}
