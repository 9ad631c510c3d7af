import type { Context, Element, Machine, Step } from './machine.ts'

/**
 * Products of powers of one base g (Lim and Lee's comb). A block serves teeth * rowBits bits of an exponent: its entry u
 * is the product of g^(2^(blockStart + i * rowBits)) over the bits i of u. Blocks are added when longer exponents come.
 */
export interface CombTable extends CombShape {
  readonly blocks: Element[]
  /** g^(2^covered), where the next block starts. */
  readonly next: Element
}

export interface CombShape {
  readonly teeth: number
  /** Rows of a block are so many bits apart; an exponentiation needs one squaring less than that. */
  readonly rowBits: number
}

/** What a table is for. */
export interface CombUse {
  /** Length of the longest exponent. */
  readonly bits: number
  /** How many runs it takes part in. */
  readonly runs: number
  /** A look-up with a secret digit reads the whole block. */
  readonly secret: boolean
  readonly limbs: number
}

/** Long rows make a table quick to build, many teeth make it quick to use. */
const shapes: readonly CombShape[] = [3, 4, 5, 6, 7, 8, 9, 10].flatMap((teeth) =>
  [16, 32, 64, 128, 256].map((rowBits) => ({ teeth, rowBits })),
)

/** The shape that needs the fewest multiplications, or nothing if windows need fewer. */
export function bestShape(use: CombUse): CombShape | undefined {
  const withWindows = use.runs * use.bits * 1.2
  let [best, least]: [CombShape | undefined, number] = [undefined, withWindows]
  for (const shape of shapes) {
    const cost = multiplications(shape, use)
    if (cost < least) [best, least] = [shape, cost]
  }
  return best
}

/** To build the table and to use it; reading an entry obliviously costs about the 2 * limbs-th part of multiplying. */
function multiplications({ teeth, rowBits }: CombShape, { bits, runs, secret, limbs }: CombUse): number {
  const blocks = Math.ceil(bits / (teeth * rowBits))
  const lookUp = secret ? 2 ** teeth / (2 * limbs) : 0
  return blocks * (2 ** teeth + teeth * rowBits) + runs * (blocks * rowBits * (1 + lookUp) + rowBits)
}

/** A power, as far as the schedule needs it. */
interface Combed {
  readonly exponent: bigint
  readonly bits: number
  readonly table?: CombTable
}

export function combTable(machine: Machine, context: Context, bases: readonly bigint[], shape: CombShape): CombTable {
  const next = machine.allocate(context)
  machine.load(context, next, bases)
  return { ...shape, blocks: [], next }
}

/** Makes the table serve exponents of `bits` bits. What it allocates stays. */
export function extend(machine: Machine, context: Context, table: CombTable, bits: number): void {
  const { teeth, rowBits, blocks, next } = table
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
  for (let at = 0; at < text.length; at++) {
    const bit = text.charCodeAt(text.length - 1 - at) & 1
    const row = Math.floor(at / rowBits)
    const place = Math.floor(row / teeth) * rowBits + (at % rowBits)
    digits[place] = (digits[place] ?? 0) | (bit << (row % teeth))
  }
  return digits
}
