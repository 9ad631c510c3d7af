import { gcd } from '../integers/numberTheory.ts'

/** What a check of many parts answers: the name of the first that failed, or nothing when all hold. */
export type Flaw = string | undefined

/** The first of the named conditions that does not hold. */
export function firstFlaw(checks: Readonly<Record<string, boolean>>): Flaw {
  return Object.keys(checks).find((name) => checks[name] !== true)
}

/** 0 <= x < end for every x */
export function isBelow(end: bigint, ...values: readonly bigint[]): boolean {
  return values.every((x) => x >= 0n && x < end)
}

/** None shares a factor with m: one gcd for all of them. */
export function areUnits(m: bigint, ...values: readonly bigint[]): boolean {
  const product = values.reduce((product, x) => (product * x) % m, 1n)
  return gcd(product, m) === 1n
}
