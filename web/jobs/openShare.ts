import type { Sealing } from '../../tss-wasm/keyShare/seal.ts'
import type { SealedShare } from '../../tss-wasm/worker/api.ts'

/**
 * This device's share as its person has opened it: sealed anew, in memory, under a key that nobody can read. What opened it
 * is overwritten by then, and is not derived once more for each run.
 */
export interface OpenShare extends Disposable {
  readonly sealed: SealedShare
  readonly opening: Sealing
}

export function openShareOf({ sealed, opening }: Pick<OpenShare, 'sealed' | 'opening'>): OpenShare {
  return {
    sealed,
    opening,
    [Symbol.dispose]() {
      sealed.fill(0)
    },
  }
}

/** For whoever disposes of it by itself. */
export function copyOf({ sealed, opening }: OpenShare): OpenShare {
  return openShareOf({ sealed: sealed.slice() as SealedShare, opening })
}
