import { type CombTable, combSteps } from './comb.ts'
import type { Context, Element, Machine, Step } from './machine.ts'

/** A term ready for a kernel: reduced for one lane's modulus. */
export interface Power {
  readonly base: bigint
  readonly exponent: bigint
  /** Public length that decides the schedule; the exponent has at most so many bits. */
  readonly bits: number
  readonly secret: boolean
  /** Worth a table. */
  readonly fixed: boolean
  /** That table, once it is at hand. */
  readonly table?: CombTable
}

/** Terms that one lane multiplies together. */
export type Powers = readonly Power[]

const absent: Power = { base: 1n, exponent: 0n, bits: 0, secret: false, fixed: false }

/**
 * One product of powers per lane. Terms without a table share the squarings of a fixed-window exponentiation, those
 * with one need hardly any; lanes share the schedule, which follows the longest exponent in each place.
 * The caller frees the memory (`Machine.scoped`).
 */
export function multiplyPowers(machine: Machine, context: Context, products: readonly Powers[]): Element {
  const lanes = Array.from({ length: machine.lanes }, (_, lane) => products[lane] ?? [])
  const secret = lanes.some((powers) => powers.some((power) => power.secret))
  const result = machine.allocate(context)
  machine.run(context, result, [one(context), ...windowSteps(machine, context, lanes)], secret)
  const fixed = combSteps(lanes)
  if (fixed.length > 0) {
    const factor = machine.allocate(context)
    machine.run(context, factor, fixed, secret)
    machine.multiply(context, result, result, factor)
  }
  return result
}

function one(context: Context): Step {
  return { squarings: 0, table: context.one, entries: 1, digits: [0, 0] }
}

function windowSteps(machine: Machine, context: Context, lanes: readonly Powers[]): Step[] {
  const plain = lanes.map((powers) => powers.filter(({ table }) => table === undefined))
  const terms = Array.from({ length: Math.max(...plain.map((powers) => powers.length)) }, (_, term) => {
    const powers = plain.map((lane) => lane[term] ?? absent)
    return { powers, bits: Math.max(...powers.map(({ bits }) => bits)) }
  }).filter(({ bits }) => bits > 0)
  const width = bestWidth(terms.map(({ bits }) => bits))
  const rows = terms.map(({ powers, bits }) => ({
    table: windowTable(
      machine,
      context,
      powers.map(({ base }) => base),
      width,
    ),
    digits: powers.map(({ exponent }) => digitsOf(exponent, width, Math.ceil(bits / width))),
    windows: Math.ceil(bits / width),
  }))
  const steps: Step[] = []
  for (let window = Math.max(0, ...rows.map(({ windows }) => windows)) - 1; window >= 0; window--) {
    let squarings = steps.length === 0 ? 0 : width
    for (const { table, digits, windows } of rows) {
      if (window >= windows) continue
      steps.push({ squarings, table, entries: 1 << width, digits: digits.map((lane) => lane[window] ?? 0) })
      squarings = 0
    }
  }
  return steps
}

/** base^0 .. base^(2^width - 1), one after the other. */
function windowTable(machine: Machine, context: Context, bases: readonly bigint[], width: number): Element {
  const table = machine.allocate(context, 1 << width)
  const entry = (index: number): Element => table + index * context.elementBytes
  machine.copy(context, table, context.one)
  machine.load(context, entry(1), bases)
  for (let index = 2; index < 1 << width; index++) machine.multiply(context, entry(index), entry(index - 1), entry(1))
  return table
}

/** The width that needs the fewest multiplications, tables included. */
function bestWidth(lengths: readonly number[]): number {
  const cost = (width: number): number => lengths.reduce((sum, bits) => sum + 2 ** width + Math.ceil(bits / width), 0)
  return [1, 2, 3, 4, 5, 6].reduce((best, width) => (cost(width) < cost(best) ? width : best))
}

/** The lowest `count` digits of `width` bits, least significant first. */
function digitsOf(exponent: bigint, width: number, count: number): Uint8Array {
  const digits = new Uint8Array(count)
  let rest = exponent
  for (let i = 0; i < count; i++, rest >>= BigInt(width)) digits[i] = Number(BigInt.asUintN(width, rest))
  return digits
}
