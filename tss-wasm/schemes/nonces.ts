import type { FROST, NonceCommitments, Nonces } from '@noble/curves/abstract/frost.js'
import type { RandomSource } from '../random.ts'

type Frost = Pick<FROST, 'commit'>

/**
 * The nonces of one signature (SCHEMES 4.1). Used twice, with another message or other signers, they tell the share of the
 * key. So they live in this object and nowhere else: it has no reader, structuredClone and JSON see nothing of them, and the
 * one call that takes them out leaves it empty, however that call ends.
 */
export class OneTimeNonces implements Disposable {
  #nonces: Nonces | undefined
  /** D and E, for everybody. */
  readonly commitments: NonceCommitments

  private constructor({ nonces, commitments }: { readonly nonces: Nonces; readonly commitments: NonceCommitments }) {
    this.#nonces = nonces
    this.commitments = commitments
  }

  /** Fresh ones, from 64 random bytes and the share: a broken generator alone gives nothing away. */
  static draw(frost: Frost, secret: Parameters<FROST['commit']>[0], random: RandomSource): OneTimeNonces {
    return new OneTimeNonces(frost.commit(secret, (length = 32) => random(length)))
  }

  /** @throws Error the second time, and once they are erased */
  spend<T>(sign: (nonces: Nonces) => T): T {
    const nonces = this.#nonces
    if (nonces === undefined) throw new Error('nonces are used once')
    this.#nonces = undefined
    try {
      return sign(nonces)
    } finally {
      erase(nonces)
    }
  }

  [Symbol.dispose](): void {
    if (this.#nonces !== undefined) erase(this.#nonces)
    this.#nonces = undefined
  }
}

function erase({ hiding, binding }: Nonces): void {
  hiding.fill(0)
  binding.fill(0)
}
