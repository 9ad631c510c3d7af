import type { Context, Element, Machine, Step } from './machine.ts'

/** A power, as far as the schedule needs it. */
interface Windowed {
  readonly base: bigint
  readonly exponent: bigint
  /** Public length that decides the schedule; the exponent has at most so many bits. */
  readonly bits: number
  readonly secret: boolean
}

const absent: Windowed = { base: 1n, exponent: 0n, bits: 0, secret: false }

/**
 * The schedule for one product of powers per lane, whose terms share the squarings; first step to set. Empty if all
 * exponents are 0. Allocates the tables.
 */
export function windowSteps(machine: Machine, context: Context, lanes: readonly (readonly Windowed[])[]): Step[] {
  const length = Math.max(...lanes.map((powers) => powers.length))
  const terms = Array.from({ length }, (_, term) => lanes.map((powers) => powers[term] ?? absent))
  const isUniform = terms.every((powers) => powers.every((p) => !p.secret && p.exponent === powers[0]?.exponent))
  return isUniform ? slidingSteps(machine, context, terms) : fixedSteps(machine, context, terms)
}

/** For secret exponents, and lanes with different ones: a window every `width` bits. */
function fixedSteps(machine: Machine, context: Context, terms: readonly (readonly Windowed[])[]): Step[] {
  const longest = (powers: readonly Windowed[]): number => Math.max(...powers.map(({ bits }) => bits))
  const relevant = terms.filter((powers) => longest(powers) > 0)
  const width = cheapest((width) =>
    relevant.reduce((sum, powers) => sum + 2 ** width + Math.ceil(longest(powers) / width), 0),
  )
  const rows = relevant.map((powers) => {
    const windows = Math.ceil(longest(powers) / width)
    return {
      windows,
      table: powersOf(machine, context, powers, 1 << width),
      digits: powers.map(({ exponent }) => digitsOf(exponent, width, windows)),
    }
  })
  const steps: Step[] = []
  for (let window = Math.max(0, ...rows.map(({ windows }) => windows)) - 1; window >= 0; window--) {
    let squarings = width
    for (const { table, digits, windows } of rows) {
      if (window >= windows) continue
      steps.push({ squarings, table, entries: 1 << width, digits: digits.map((lane) => lane[window] ?? 0) })
      squarings = 0
    }
  }
  return steps
}

/** For public exponents that are the same in every lane: windows begin and end with a 1, and tables hold odd powers. */
function slidingSteps(machine: Machine, context: Context, terms: readonly (readonly Windowed[])[]): Step[] {
  const relevant = terms.filter(([first]) => first !== undefined && first.exponent > 0n)
  const width = cheapest((width) =>
    relevant.reduce((sum, [first = absent]) => sum + 2 ** (width - 1) + first.bits / (width + 1), 0),
  )
  const entries = 1 << (width - 1)
  const windows = relevant.flatMap((powers) => {
    const table = oddPowersOf(machine, context, powers, entries)
    return slidingDigits(powers[0]?.exponent ?? 0n, width).map((window) => ({ ...window, table }))
  })
  let height = 0
  const steps = windows
    .sort((a, b) => b.at - a.at)
    .map(({ at, digit, table }): Step => {
      const squarings = height - at
      height = at
      return { squarings: Math.max(0, squarings), table, entries, digits: terms[0]?.map(() => digit >> 1) ?? [] }
    })
  if (height > 0) steps.push({ squarings: height, table: context.one, entries: 1, digits: [0, 0] })
  return steps
}

/** The width that costs least. */
function cheapest(cost: (width: number) => number): number {
  return [1, 2, 3, 4, 5, 6, 7].reduce((best, width) => (cost(width) < cost(best) ? width : best))
}

/** base^0, base^1, .., one after the other. */
function powersOf(machine: Machine, context: Context, powers: readonly Windowed[], count: number): Element {
  const table = machine.allocate(context, count)
  const entry = (index: number): Element => table + index * context.elementBytes
  machine.copy(context, table, context.one)
  machine.load(
    context,
    entry(1),
    powers.map(({ base }) => base),
  )
  for (let index = 2; index < count; index++) machine.multiply(context, entry(index), entry(index - 1), entry(1))
  return table
}

/** base^1, base^3, .., one after the other. */
function oddPowersOf(machine: Machine, context: Context, powers: readonly Windowed[], count: number): Element {
  const table = machine.allocate(context, count)
  const entry = (index: number): Element => table + index * context.elementBytes
  machine.load(
    context,
    table,
    powers.map(({ base }) => base),
  )
  const square = machine.allocate(context)
  machine.multiply(context, square, table, table)
  for (let index = 1; index < count; index++) machine.multiply(context, entry(index), entry(index - 1), square)
  return table
}

/** The lowest `count` digits of `width` bits, least significant first. */
function digitsOf(exponent: bigint, width: number, count: number): Uint8Array {
  const digits = new Uint8Array(count)
  let rest = exponent
  for (let i = 0; i < count; i++, rest >>= BigInt(width)) digits[i] = Number(BigInt.asUintN(width, rest))
  return digits
}

/** Odd digits below 2^width with exponent = Σ digit * 2^at, highest first. */
function slidingDigits(exponent: bigint, width: number): { readonly at: number; readonly digit: number }[] {
  const text = exponent.toString(2)
  const digits: { readonly at: number; readonly digit: number }[] = []
  for (let from = text.indexOf('1'); from >= 0;) {
    const end = text.lastIndexOf('1', from + width - 1) + 1
    digits.push({ at: text.length - end, digit: parseInt(text.slice(from, end), 2) })
    from = text.indexOf('1', end)
  }
  return digits
}
