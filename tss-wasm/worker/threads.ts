/** More threads than this gain little: the largest batches of a ceremony are a few hundred exponentiations. */
const mostByDefault = 4

/** How many threads a ceremony computes in unless it is told: all cores but one, for the page and everybody else. */
export function defaultThreads(cores: number): number {
  return Math.max(1, Math.min(mostByDefault, Math.floor(cores) - 1))
}
