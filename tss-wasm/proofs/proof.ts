import type { Arithmetic } from '../integers/arithmetic.ts'
import { gcd } from '../integers/numberTheory.ts'
import type { RandomSource } from '../random.ts'

/** What a prover works with. */
export interface Tools {
  readonly arithmetic: Arithmetic
  readonly random: RandomSource
}

/** What a verifier answers: the name of the first check that failed, or nothing when the proof holds. */
export type Flaw = string | undefined

/** The first of the named conditions that does not hold. */
export function firstFlaw(checks: Readonly<Record<string, boolean>>): Flaw {
  return Object.keys(checks).find((name) => checks[name] !== true)
}

/** 0 <= x < end */
export function isBelow(end: bigint, ...values: readonly bigint[]): boolean {
  return values.every((x) => x >= 0n && x < end)
}

/** All share no factor with m. One gcd for all of them. */
export function areUnits(m: bigint, ...values: readonly bigint[]): boolean {
  return (
    gcd(
      values.reduce((product, x) => (product * x) % m, 1n),
      m,
    ) === 1n
  )
}
