import { randomBelow } from '../integers/sampling.ts'
import type { RandomSource } from '../random.ts'
import { hashIntegers } from './hash.ts'

export interface Commitment {
  /** C = H(r, s_1..s_m), sent first. */
  readonly commitment: bigint
  /** D = [r, s_1..s_m], sent when it is time to open. */
  readonly opening: readonly bigint[]
}

/** Commits to a list of non-negative integers under 256 random bits (WIRE 4.2). */
export function commit(secrets: readonly bigint[], random: RandomSource): Commitment {
  return commitWith(randomBelow(random, 1n << 256n), secrets)
}

export function commitWith(randomness: bigint, secrets: readonly bigint[]): Commitment {
  const opening = [randomness, ...secrets]
  return { commitment: hashIntegers(opening), opening }
}

/**
 * The committed integers, or nothing unless the opening holds exactly `count` of them behind its randomness and hashes
 * to the commitment. The count is checked before anything is hashed: the list itself has no length inside (WIRE 4.2).
 */
export function openCommitment(commitment: bigint, opening: readonly bigint[], count: number): bigint[] | undefined {
  if (opening.length !== 1 + count) return undefined
  return hashIntegers(opening) === commitment ? opening.slice(1) : undefined
}
