import type { Arithmetic } from '../integers/arithmetic.ts'
import type { RandomSource } from '../random.ts'

/**
 * Every file of this room reads in the same order: statement, witness, proof, nonces; prove, prove with given nonces,
 * verify; challenge; encode to and decode from the flat list of integers that travels. A verifier answers with a `Flaw`.
 * Where statement says `PaillierPublicKey | PaillierPrivateKey` (or the same of ring-Pedersen), whoever owns the key
 * gives the private one, and CRT is used.
 */
export type { Flaw } from '../crypto/flaw.ts'

/** What a prover works with. */
export interface Tools {
  readonly arithmetic: Arithmetic
  readonly random: RandomSource
}
