import type { Context, Element, Machine, Step } from './machine.ts'

/**
 * Products of powers of one base g (Lim and Lee's comb). A block serves teeth * rowBits bits of an exponent: its entry u
 * is the product of g^(2^(blockStart + i * rowBits)) over the bits i of u.
 */
export interface CombTable extends CombShape {
  readonly blocks: Element[]
}

export interface CombShape {
  readonly teeth: number
  /** Rows of a block are so many bits apart; an exponentiation needs one squaring less than that. */
  readonly rowBits: number
}

/** Tables that grow together: of one base, or of one base in each lane. Blocks are added when longer exponents come. */
export interface Comb {
  readonly tables: readonly CombTable[]
  /** g^(2^(covered - rowBits)), so many squarings before the next block; g while there is none. */
  readonly next: Element
}

/** How often a base will be raised. */
export interface CombUse {
  /** Length of the longest exponent. */
  readonly bits: number
  readonly runs: number
}

/** What is common to the tables of a comb. */
export interface CombSetting {
  /** A look-up with a secret digit reads the whole block. */
  readonly secret: boolean
  readonly limbs: number
}

/** Long rows make a table quick to build, many teeth make it quick to use. */
const shapes: readonly CombShape[] = [2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((teeth) =>
  Array.from({ length: 40 }, (_, i) => ({ teeth, rowBits: 4 * (i + 1) })),
)

/** In multiplications, measured with the faster kernel at 1024 and 2048 bits. */
const costOfSquaring = 0.8
const costOfWindowBit = 1.1
const costOfEntry = (limbs: number): number => 1 / (3.5 * limbs)

/** The shape that takes the least time for tables built side by side, or nothing if windows take less. */
export function bestShape(uses: readonly CombUse[], setting: CombSetting): CombShape | undefined {
  const withWindows = uses.reduce((sum, { bits, runs }) => sum + runs * bits * costOfWindowBit, 0)
  let [best, least]: [CombShape | undefined, number] = [undefined, withWindows]
  for (const shape of shapes) {
    const cost = multiplications(shape, uses, setting)
    if (cost < least) [best, least] = [shape, cost]
  }
  return best
}

/** To build the tables and to use them. */
function multiplications({ teeth, rowBits }: CombShape, uses: readonly CombUse[], { secret, limbs }: CombSetting) {
  const blocksFor = (bits: number): number => Math.ceil(bits / (teeth * rowBits))
  const building = blocksFor(Math.max(...uses.map(({ bits }) => bits)))
  const step = 1 + (secret ? 2 ** teeth * costOfEntry(limbs) : 0)
  return uses.reduce(
    (sum, { bits, runs }) => sum + runs * rowBits * (blocksFor(bits) * step + costOfSquaring),
    building * (2 ** teeth + teeth * rowBits * costOfSquaring),
  )
}

/** A power, as far as the schedule needs it. */
interface Combed {
  readonly exponent: bigint
  readonly bits: number
  readonly table?: CombTable
}

/** @param bases one for all lanes, or one for each where the lanes' moduli are equal: one table of each */
export function combOf(machine: Machine, context: Context, bases: readonly bigint[], shape: CombShape): Comb {
  const next = machine.allocate(context)
  const perLane = context.moduli.map((_, lane) => bases[lane] ?? bases[0] ?? 1n)
  machine.load(context, next, perLane)
  return { tables: bases.map(() => ({ ...shape, blocks: [] })), next }
}

/** Makes the tables serve exponents of `bits` bits. What it allocates stays. */
export function extend(machine: Machine, context: Context, { tables, next }: Comb, bits: number): void {
  const [first] = tables
  if (first === undefined) return
  const { teeth, rowBits, blocks } = first
  while (blocks.length * teeth * rowBits < bits) {
    const block = machine.allocate(context, 1 << teeth)
    const entry = (index: number): Element => block + index * context.elementBytes
    machine.copy(context, block, context.one)
    for (let tooth = 1; tooth < 1 << teeth; tooth *= 2) {
      if (tooth > 1 || blocks.length > 0) machine.square(context, next, rowBits)
      machine.copy(context, entry(tooth), next)
      for (let u = 1; u < tooth; u++) machine.multiply(context, entry(tooth + u), entry(u), next)
    }
    for (const [lane, table] of tables.entries()) {
      if (lane === 0) continue
      const own = machine.allocate(context, 1 << teeth)
      machine.spread(context, own, block, lane, 1 << teeth)
      table.blocks.push(own)
    }
    if (tables.length > 1) machine.spread(context, block, block, 0, 1 << teeth)
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
    const blocks = table.blocks.slice(0, Math.ceil(bits / (table.teeth * table.rowBits)))
    return { table, blocks, digits: exponents.map((exponent) => combDigits(exponent, table, blocks.length)) }
  })
  const steps: Step[] = []
  for (let column = Math.max(0, ...rows.map(({ table }) => table.rowBits)) - 1; column >= 0; column--) {
    let squarings = steps.length === 0 ? 0 : 1
    for (const { table, blocks, digits } of rows) {
      if (column >= table.rowBits) continue
      blocks.forEach((block, index) => {
        const at = index * table.rowBits + column
        steps.push({ squarings, table: block, entries: 1 << table.teeth, digits: digits.map((lane) => lane[at] ?? 0) })
        squarings = 0
      })
    }
  }
  return steps
}

/** For block k and column j at index k * rowBits + j: the bits j, j + rowBits, .. of the block's part of the exponent. */
function combDigits(exponent: bigint, { teeth, rowBits }: CombShape, blocks: number): Uint16Array {
  const digits = new Uint16Array(blocks * rowBits)
  const text = exponent.toString(2)
  for (let row = 0, lowest = text.length - 1; lowest >= 0; row++, lowest -= rowBits) {
    const [first, tooth] = [Math.floor(row / teeth) * rowBits, row % teeth]
    for (let column = 0; column < Math.min(rowBits, lowest + 1); column++) {
      const bit = text.charCodeAt(lowest - column) & 1
      digits[first + column] = (digits[first + column] ?? 0) | (bit << tooth)
    }
  }
  return digits
}
