import type { Context, Element, Machine, Step } from './machine.ts'

/** Rows of a block are so many bits apart; an exponentiation by table needs one squaring less than that. */
const rowBits = 16

/**
 * Products of powers of one base g (Lim and Lee's comb). A block serves teeth * rowBits bits of an exponent: its entry u
 * is the product of g^(2^(blockStart + i * rowBits)) over the bits i of u. Blocks are added when longer exponents come.
 */
export interface CombTable {
  readonly teeth: number
  readonly blocks: Element[]
  /** g^(2^covered), where the next block starts. */
  readonly next: Element
}

/** A power, as far as the schedule needs it. */
interface Combed {
  readonly exponent: bigint
  readonly bits: number
  readonly table?: CombTable
}

export function combTable(machine: Machine, context: Context, bases: readonly bigint[], secret: boolean): CombTable {
  const next = machine.allocate(context)
  machine.load(context, next, bases)
  // A look-up with a secret digit reads the whole block, so that shorter blocks are faster.
  return { teeth: secret ? 5 : 6, blocks: [], next }
}

/** Makes the table serve exponents of `bits` bits. What it allocates stays. */
export function extend(machine: Machine, context: Context, { teeth, blocks, next }: CombTable, bits: number): void {
  while (blocks.length * teeth * rowBits < bits) {
    const block = machine.allocate(context, 1 << teeth)
    const entry = (index: number): Element => block + index * context.elementBytes
    machine.copy(context, block, context.one)
    for (let tooth = 1; tooth < 1 << teeth; tooth *= 2) {
      machine.copy(context, entry(tooth), next)
      for (let u = 1; u < tooth; u++) machine.multiply(context, entry(tooth + u), entry(u), next)
      machine.square(context, next, rowBits)
    }
    blocks.push(block)
  }
}

/** The schedule for all terms that have a table, first step to set. Empty if none has. */
export function combSteps(lanes: readonly (readonly Combed[])[]): Step[] {
  const tables = new Set(lanes.flatMap((powers) => powers.flatMap(({ table }) => table ?? [])))
  const rows = Array.from(tables, (table) => {
    const own = lanes.map((powers) => powers.find((power) => power.table === table))
    const exponents = own.map((power) => power?.exponent ?? 0n)
    const bits = Math.max(...own.map((power) => power?.bits ?? 0))
    const blocks = table.blocks.slice(0, Math.ceil(bits / (table.teeth * rowBits)))
    return { table, blocks, digits: exponents.map((exponent) => combDigits(exponent, table.teeth, blocks.length)) }
  })
  const steps: Step[] = []
  for (let column = rowBits - 1; column >= 0; column--) {
    let squarings = steps.length === 0 ? 0 : 1
    for (const { table, blocks, digits } of rows) {
      blocks.forEach((block, index) => {
        const at = index * rowBits + column
        steps.push({ squarings, table: block, entries: 1 << table.teeth, digits: digits.map((lane) => lane[at] ?? 0) })
        squarings = 0
      })
    }
  }
  return steps
}

/** For block k and column j at index k * rowBits + j: the bits j, j + rowBits, .. of the block's part of the exponent. */
function combDigits(exponent: bigint, teeth: number, blocks: number): Uint8Array {
  const digits = new Uint8Array(blocks * rowBits)
  let rest = exponent
  for (let k = 0; k < blocks; k++) {
    for (let tooth = 0; tooth < teeth; tooth++, rest >>= BigInt(rowBits)) {
      const row = Number(BigInt.asUintN(rowBits, rest))
      for (let j = 0; j < rowBits; j++) digits[k * rowBits + j] = digitWith(digits[k * rowBits + j], row >> j, tooth)
    }
  }
  return digits
}

function digitWith(digit = 0, bit: number, tooth: number): number {
  return digit | ((bit & 1) << tooth)
}
