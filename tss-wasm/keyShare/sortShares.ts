import type { BareShare } from './keyShare.ts'
import { isOfSameKey } from './recoverKey.ts'

/** A share that somebody has found, and what is known of where it comes from. */
export interface FoundShare {
  readonly share: BareShare
  /** How often the shares had been renewed when it was made; undefined where its file does not say so. */
  readonly epoch: number | undefined
}

/** Shares of one sharing of one key: only such can be put together (RESHARING 4.6). */
export interface ShareSet<F extends FoundShare = FoundShare> {
  readonly epoch: number | undefined
  /** One of each seat, in the order of seats. */
  readonly found: readonly F[]
  /** How many more it takes; 0 where the key can be put together. */
  readonly missing: number
  /** Another set of the same key is of a later epoch: its shares were renewed since. */
  readonly isOutdated: boolean
}

/**
 * Sorts what was found by key and epoch. A share that is there twice counts once.
 * @returns the sets, those that are complete first, and among these and the others the newest first
 */
export function sortShares<F extends FoundShare>(found: readonly F[]): readonly ShareSet<F>[] {
  const sets: (readonly [F, ...F[]])[] = []
  for (const one of found) {
    const at = sets.findIndex((set) => set.every((other) => belong(one, other)))
    const set = sets[at]
    if (set === undefined) sets.push([one])
    else if (!set.some(({ share }) => share.index === one.share.index)) sets[at] = [...set, one]
  }
  const isLater = (set: readonly [F, ...F[]], than: readonly [F, ...F[]]) => {
    const [one, other] = [set[0].share.publicKey, than[0].share.publicKey]
    return one !== undefined && other?.equals(one) === true && (epochOf(set) ?? 0) > (epochOf(than) ?? 0)
  }
  return sets
    .map((set) => ({
      epoch: epochOf(set),
      found: set.toSorted((a, b) => a.share.index - b.share.index),
      missing: Math.max(0, set[0].share.threshold - set.length),
      isOutdated: sets.some((other) => isLater(other, set)),
    }))
    .sort((a, b) => Number(a.missing > 0) - Number(b.missing > 0) || (b.epoch ?? 0) - (a.epoch ?? 0))
}

/** Party keys and public shares are others in each epoch; where a file says which one it is of, that has to agree too. */
function belong(one: FoundShare, other: FoundShare): boolean {
  const agree = one.epoch === undefined || other.epoch === undefined || one.epoch === other.epoch
  return agree && isOfSameKey(one.share, other.share)
}

function epochOf(set: readonly FoundShare[]): number | undefined {
  return set.find(({ epoch }) => epoch !== undefined)?.epoch
}
