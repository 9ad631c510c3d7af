import { type CombTable, combSteps } from './comb.ts'
import type { Context, Element, Machine } from './machine.ts'
import { windowSteps } from './windows.ts'

/** A term ready for a kernel: reduced for one lane's modulus. */
export interface Power {
  readonly base: bigint
  readonly exponent: bigint
  /** Public length that decides the schedule; the exponent has at most so many bits. */
  readonly bits: number
  readonly secret: boolean
  /** How often the base comes, about; worth a table. */
  readonly uses?: number
  /** That table, once it is at hand. */
  readonly table?: CombTable
}

/** Terms that one lane multiplies together. */
export type Powers = readonly Power[]

/**
 * One product of powers per lane. Terms without a table share the squarings of a windowed exponentiation, those with one
 * need hardly any; lanes share the schedule, which follows the longest exponent in each place.
 * The caller frees the memory (`Machine.scoped`).
 */
export function multiplyPowers(machine: Machine, context: Context, products: readonly Powers[]): Element {
  const lanes = Array.from({ length: machine.lanes }, (_, lane) => products[lane] ?? [])
  const secret = lanes.some((powers) => powers.some((power) => power.secret))
  const plain = lanes.map((powers) => powers.filter(({ table }) => table === undefined))
  const result = machine.allocate(context)
  machine.copy(context, result, context.one)
  for (const steps of [windowSteps(machine, context, plain), combSteps(lanes)]) {
    if (steps.length === 0) continue
    const factor = machine.allocate(context)
    machine.run(context, factor, steps, secret)
    machine.multiply(context, result, result, factor)
  }
  return result
}
