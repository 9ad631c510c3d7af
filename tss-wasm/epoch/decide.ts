/** One attempt to reshare, as one party knows it: what its own store holds, and what it can prove (RESHARING 4.3). */
export interface Attempt {
  /** No other attempt of the wallet has had it, nor has an epoch; above its parent's. */
  readonly number: number
  /** The epoch whose shares are dealt. */
  readonly parent: number
  /** Whether this party is to hold a share of it. */
  readonly isMember: boolean
  /** Our share of it is durable and was read back. */
  readonly isStored: boolean
  /** The run that is to bring our share goes on in this process. After a crash none does: a run is never resumed. */
  readonly isRunning: boolean
  /** What our log holds of our word. A party says one of the two at most once, and stands by it. */
  readonly said: 'nothing' | 'confirmation' | 'withdrawal'
  /** Whether the others certainly have it. */
  readonly isHeard: boolean
  /** We hold the certificate: the confirmations of all its members. */
  readonly isCertified: boolean
  /** We hold an abort certificate: the withdrawal of one of its members. */
  readonly isAborted: boolean
}

/** Everything that decides what a party does next about the epochs of one wallet. All of it is durable but `isRunning`. */
export interface Situation {
  /** The epoch in use. Who was left out by one is in it, too, without a share; a new device is in none. */
  readonly current: number | undefined
  /** Attempts that this party takes part in, was left out by, or knows of; also those that became epochs. */
  readonly attempts: readonly Attempt[]
  /** Epochs of which a share is still here. */
  readonly held: readonly number[]
  /** Epochs whose share was erased here, which the others do not know yet. */
  readonly unspoken: readonly number[]
}

export type Action =
  /** In one transaction: the certificate is stored, the pending share becomes the one in use, the one before retires. */
  | { readonly do: 'switch'; readonly to: number }
  /** In one transaction: the certificate is stored, and no share is in use here any more. */
  | { readonly do: 'leave'; readonly under: number }
  /** A certified epoch counts on a share that is gone from here. Nothing is erased; this seat has to be replaced. */
  | { readonly do: 'report loss'; readonly of: number }
  /** Overwrite, delete, see that it is gone; in the same transaction note that it is to be said. */
  | { readonly do: 'erase'; readonly epoch: number }
  /** Sign and send that the share of this epoch is retired. */
  | { readonly do: 'say retired'; readonly epoch: number }
  /** Erase the pending share of an attempt that can never complete. */
  | { readonly do: 'drop'; readonly attempt: number }
  /** Log it, then send it. */
  | { readonly do: 'confirm' | 'withdraw'; readonly attempt: number }
  /** Send again what the log says. */
  | { readonly do: 'repeat'; readonly attempt: number }
  /** Nothing can be done before something is heard of these attempts. The shares in use still sign. */
  | { readonly do: 'ask'; readonly about: readonly number[] }
  | { readonly do: 'rest' }

/**
 * What a party does next, whatever happened before: the rules of RESHARING 4.3 and the crash table of 4.4. To be asked
 * again after each action, until it says `ask` or `rest`. No clock and no word of a coordinator is in it.
 */
export function decide({ current, attempts, held, unspoken }: Situation): Action {
  const isAhead = ({ number }: Attempt): boolean => current === undefined || number > current
  const newest = attempts
    .filter((attempt) => attempt.isCertified && isAhead(attempt))
    .sort((a, b) => b.number - a.number)
  const [best] = newest
  // Of complete certificates the highest number wins, whatever came first, and whoever has withdrawn from it meanwhile.
  if (best !== undefined) {
    if (!best.isMember) return { do: 'leave', under: best.number }
    return best.isStored ? { do: 'switch', to: best.number } : { do: 'report loss', of: best.number }
  }

  const outdated = held.find((epoch) => current !== undefined && epoch < current)
  if (outdated !== undefined) return { do: 'erase', epoch: outdated }
  const [erased] = unspoken
  if (erased !== undefined) return { do: 'say retired', epoch: erased }

  const waiting: number[] = []
  for (const { number, parent, isMember, isStored, isRunning, said, isHeard, isCertified, isAborted } of attempts) {
    if (!isMember || isCertified) continue
    if (said !== 'nothing' && !isHeard) return { do: 'repeat', attempt: number }
    // Also what was put there and never written down as ours.
    if (isAborted && held.includes(number)) return { do: 'drop', attempt: number }
    if (isAborted || said === 'withdrawal') continue
    if (said === 'confirmation') {
      waiting.push(number)
      continue
    }
    // Who has left the parent's epoch helps no rival of the epoch it is in.
    const isLate = current !== undefined && current > parent
    if (isLate || !(isStored || isRunning)) return { do: 'withdraw', attempt: number }
    if (isStored) return { do: 'confirm', attempt: number }
  }
  return waiting.length > 0 ? { do: 'ask', about: waiting } : { do: 'rest' }
}
