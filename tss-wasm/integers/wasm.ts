import type { Arithmetic, Modulus, Product, Term } from './arithmetic.ts'
import { bestShape, type CombTable, combTable, extend } from './comb.ts'
import { type Pair, productsByFactors, type Sides } from './factors.ts'
import type { Kernel } from './kernel.ts'
import { checkModulus, checkProduct } from './limits.ts'
import { type Context, Machine } from './machine.ts'
import { bitLength } from './numberTheory.ts'
import { multiplyPowers, type Power, type Powers } from './powers.ts'

/** `Arithmetic` on one kernel, one thread. */
export function wasmArithmetic(kernel: Kernel): Arithmetic {
  const engine = new Engine(kernel)
  let erased = false
  return {
    products(modulus, batch) {
      return new Promise((resolve) => {
        if (erased) throw new Error('arithmetic used after it was erased')
        checkModulus(modulus)
        batch.forEach(checkProduct)
        resolve(engine.products(modulus, batch))
      })
    },
    erase() {
      erased = true
      engine.erase()
    },
  }
}

/** Contexts and tables beyond this are dropped all at once before the next batch. */
const mostKeptBytes = 96 * 2 ** 20

/** A context and what is remembered of the bases used under it. */
interface Workspace {
  readonly machine: Machine
  readonly context: Context
  /** By secrecy of the exponents: a table that is read obliviously wants to be small. */
  readonly bases: Readonly<Record<'secret' | 'open', Map<bigint, { uses: number; table?: CombTable }>>>
}

/** Contexts, tables and the order of work: which products run side by side. */
class Engine {
  readonly #machine: Machine
  /** For what has no partner to share a run with. */
  readonly #lone: Machine | undefined
  readonly #workspaces = new Map<string, Workspace>()

  constructor(kernel: Kernel) {
    this.#machine = new Machine(kernel)
    this.#lone = kernel.name === 'relaxed-simd' ? new Machine(kernel, true) : undefined
  }

  products({ value, factors }: Modulus, batch: readonly Product[]): bigint[] {
    if (this.#machine.used + (this.#lone?.used ?? 0) > mostKeptBytes) this.erase()
    if (factors === undefined) return this.#plain(value, batch)
    return productsByFactors(factors, batch, (moduli, sides) => this.#pairwise(moduli, sides))
  }

  erase(): void {
    this.#workspaces.clear()
    this.#machine.erase()
    this.#lone?.erase()
  }

  /** The same modulus in every lane: entries of like length share a run. */
  #plain(modulus: bigint, batch: readonly Product[]): bigint[] {
    const { lanes } = this.#machine
    const workspace = this.#workspace(Array.from({ length: lanes }, () => modulus))
    const entries = batch.map((terms, index) => ({ index, powers: terms.map(asPower) }))
    this.#makeTables(
      workspace,
      entries.flatMap(({ powers }) => powers),
    )
    entries.sort((a, b) => work(b.powers) - work(a.powers))
    const results = new Array<bigint>(batch.length)
    for (let at = 0; at < entries.length; at += lanes) {
      const group = entries.slice(at, at + lanes)
      const [first] = group
      if (first !== undefined && group.length < lanes) {
        results[first.index] = this.#single(workspace, first.powers, modulus)
      } else {
        const values = this.#compute(
          workspace,
          group.map(({ powers }) => powers),
        )
        group.forEach(({ index }, lane) => (results[index] = values[lane] ?? 0n))
      }
    }
    return results
  }

  /** Every product modulo both numbers, side by side where the kernel has two lanes. */
  #pairwise(moduli: Pair, batch: readonly Sides[]): Pair[] {
    if (this.#machine.lanes === 2) {
      const workspace = this.#workspace(moduli)
      this.#makeTables(workspace, batch.flat(2))
      return batch.map((sides) => {
        const [x = 0n, y = 0n] = this.#compute(workspace, sides)
        return [x, y]
      })
    }
    const [left, right] = ([0, 1] as const).map((side) => {
      const workspace = this.#workspace([moduli[side]])
      const powers = batch.map((sides) => sides[side])
      this.#makeTables(workspace, powers.flat())
      return powers.map((product) => this.#compute(workspace, [product])[0] ?? 0n)
    })
    return batch.map((_, index) => [left?.[index] ?? 0n, right?.[index] ?? 0n])
  }

  /** One product without a partner: over both lanes if it has tables or terms to deal out, else by itself. */
  #single(workspace: Workspace, powers: Powers, modulus: bigint): bigint {
    const isDealt =
      powers.length > 1 || powers.some((power) => workspace.bases[kindOf(power)].get(power.base)?.table !== undefined)
    if (this.#lone === undefined || isDealt) {
      return this.#compute(workspace, dealt(powers, this.#machine.lanes)).reduce((x, y) => (x * y) % modulus)
    }
    return this.#compute(this.#workspace([modulus], this.#lone), [powers])[0] ?? 0n
  }

  #workspace(moduli: readonly bigint[], machine = this.#machine): Workspace {
    const key = moduli.map((modulus) => modulus.toString(36)).join()
    const known = this.#workspaces.get(key)
    if (known !== undefined) return known
    const made: Workspace = { machine, context: machine.context(moduli), bases: { secret: new Map(), open: new Map() } }
    this.#workspaces.set(key, made)
    return made
  }

  /** Builds or extends the table of every base that has come, or is about to come, often enough. */
  #makeTables({ machine, context, bases }: Workspace, powers: Powers): void {
    for (const kind of ['secret', 'open'] as const) {
      const fixed = powers.filter((power) => power.fixed && kindOf(power) === kind)
      for (const [base, uses] of Map.groupBy(fixed, (power) => power.base)) {
        const seen = bases[kind].get(base) ?? { uses: 0 }
        bases[kind].set(base, seen)
        seen.uses += uses.length
        const bits = Math.max(...uses.map((power) => power.bits))
        if (seen.table === undefined) {
          const runs = Math.ceil(seen.uses / machine.lanes)
          const shape = bestShape({ bits, runs, secret: kind === 'secret', limbs: context.limbs })
          if (shape === undefined) continue
          const everywhere = context.moduli.map(() => base)
          seen.table = combTable(machine, context, everywhere, shape)
        }
        extend(machine, context, seen.table, bits)
      }
    }
  }

  #compute({ machine, context, bases }: Workspace, products: readonly Powers[]): bigint[] {
    const withTables = products.map((powers) =>
      powers.map((power, index): Power => {
        // Of two powers of one base in a product the table can serve one.
        const isFirst = powers.findIndex(({ base, fixed }) => fixed && base === power.base) === index
        const table = power.fixed && isFirst ? bases[kindOf(power)].get(power.base)?.table : undefined
        return table === undefined ? power : { ...power, table }
      }),
    )
    return machine.scoped(() => machine.read(context, multiplyPowers(machine, context, withTables)))
  }
}

function asPower({ base, exponent, secretBits, fixed }: Term): Power {
  return {
    base,
    exponent,
    bits: secretBits ?? bitLength(exponent),
    secret: secretBits !== undefined,
    fixed: fixed === true,
  }
}

function kindOf({ secret }: Power): 'secret' | 'open' {
  return secret ? 'secret' : 'open'
}

function work(powers: Powers): number {
  return powers.reduce((sum, { bits }) => sum + bits, 0)
}

/** One product cut into as many as there are lanes, with lanes of like length side by side. */
function dealt(powers: Powers, lanes: number): Powers[] {
  const byLength = powers.toSorted((a, b) => b.bits - a.bits)
  return Array.from({ length: lanes }, (_, lane) => byLength.filter((_power, index) => index % lanes === lane))
}
