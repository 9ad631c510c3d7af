import { Refusal } from '../process/refusal.ts'

/** A token bucket for each caller: `burst` calls at once, then `perSecond`. */
export interface RateLimit {
  /** @param cost of this call, in calls; never more than `burst` @throws Refusal RESOURCE_EXHAUSTED */
  take(caller: string, nowMs: number, cost?: number): void
}

interface Bucket {
  left: number
  atMs: number
}

/** Callers that are remembered at once. Who has been quiet for long enough has a full bucket and can be forgotten. */
const mostCallers = 50_000

interface Rate {
  readonly perSecond: number
  readonly burst: number
  /** What is counted, for the refusal. */
  readonly of?: string
}

export function rateLimit({ perSecond, burst, of = 'calls' }: Rate): RateLimit {
  const buckets = new Map<string, Bucket>()
  const filledAfterMs = (burst / perSecond) * 1000
  return {
    take(caller, nowMs, wanted = 1) {
      // A call that costs more than the whole bucket could never be made.
      const cost = Math.min(wanted, burst)
      const { left, atMs } = buckets.get(caller) ?? { left: burst, atMs: nowMs }
      const now = Math.min(burst, left + (Math.max(0, nowMs - atMs) * perSecond) / 1000)
      // Set anew, so that the map's order is that of the last call.
      buckets.delete(caller)
      buckets.set(caller, { left: now < cost ? now : now - cost, atMs: nowMs })
      for (const [name, bucket] of buckets) {
        if (buckets.size <= mostCallers && nowMs - bucket.atMs < filledAfterMs) break
        buckets.delete(name)
      }
      if (now < cost)
        throw new Refusal('too_many_calls', `too many ${of}; retry in ${Math.ceil((cost - now) / perSecond)} s`)
    },
  }
}
