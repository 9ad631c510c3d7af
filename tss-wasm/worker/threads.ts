/** More threads than this gain little: the largest batches of a ceremony are a few hundred exponentiations. */
const mostByDefault = 4
/** Where a whole phone has no more memory than this, its browser ends pages that take much of it. Gigabytes. */
const littleMemory = 2

/**
 * How many threads a ceremony computes in unless it is told: all cores but one, for the page and everybody else.
 * @param cores as the engine says: Firefox's protection against fingerprints says 2, 4 or 8, and WebKit at least 4, whatever
 * the machine has, so more than there are must do no harm. What is not a number counts as one.
 * @param memoryGb of the machine, where the engine tells it
 */
export function defaultThreads(cores: number | undefined, memoryGb = Infinity): number {
  const known = cores !== undefined && Number.isFinite(cores) ? Math.floor(cores) : 1
  return Math.max(1, Math.min(memoryGb > littleMemory ? mostByDefault : 2, known - 1))
}
