import type { Arithmetic } from '../integers/arithmetic.ts'
import type { RandomSource } from '../random.ts'

/** What validating a share takes: exponentiations, and fresh bases to test its primes with. */
export interface Tools {
  readonly arithmetic: Arithmetic
  readonly random: RandomSource
}
