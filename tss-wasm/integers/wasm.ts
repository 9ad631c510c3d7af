import type { Arithmetic, Modulus, Product, Term } from './arithmetic.ts'
import { bestShape, type Comb, combOf, type CombTable, extend } from './comb.ts'
import { Inverses, type Pair, type Pairwise, productsByFactors, type Sides } from './factors.ts'
import type { Kernel } from './kernel.ts'
import { checkModulus, checkProduct } from './limits.ts'
import { type Context, Machine } from './machine.ts'
import { bitLength } from './numberTheory.ts'
import { multiplyPowers, type Power, type Powers } from './powers.ts'

/**
 * `Arithmetic` on one kernel, one thread.
 * @param mostBytes contexts and tables beyond this are dropped all at once before the next batch
 */
export function wasmArithmetic(kernel: Kernel, mostBytes = mostKeptBytes): Arithmetic {
  const engine = new Engine(kernel, mostBytes)
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

const mostKeptBytes = 96 * 2 ** 20

/** A context and what is remembered of the bases used under it. */
interface Workspace {
  readonly machine: Machine
  /** The moduli of the lanes, or their roots. */
  readonly roots: readonly bigint[]
  readonly context: Context
  /** By secrecy of the exponents: a table that is read obliviously wants to be small. */
  readonly bases: Readonly<Record<'secret' | 'open', Map<bigint, Remembered>>>
}

interface Remembered {
  uses: number
  table?: CombTable
  /** What the table grows with. */
  comb?: Comb
}

/** Contexts, tables and the order of work: which products run side by side. */
class Engine {
  readonly #machine: Machine
  /** For what has no partner to share a run with. */
  readonly #lone: Machine | undefined
  readonly #workspaces = new Map<string, Workspace>()
  readonly #inverses = new Inverses()

  readonly #mostBytes: number

  constructor(kernel: Kernel, mostBytes: number) {
    this.#mostBytes = mostBytes
    this.#machine = new Machine(kernel)
    this.#lone = kernel.name === 'relaxed-simd' ? new Machine(kernel, true) : undefined
  }

  products({ value, root, factors }: Modulus, batch: readonly Product[]): bigint[] {
    if (this.#machine.used + (this.#lone?.used ?? 0) > this.#mostBytes) this.erase()
    if (factors === undefined) return this.#plain(value, root, batch)
    const pairwise: Pairwise = (roots, sides, squared) => this.#pairwise(roots, sides, squared)
    return productsByFactors(factors, batch, pairwise, this.#inverses)
  }

  erase(): void {
    this.#workspaces.clear()
    this.#inverses.forget()
    this.#machine.erase()
    this.#lone?.erase()
  }

  /** The same modulus in every lane: entries of like length share a run. */
  #plain(modulus: bigint, root: bigint | undefined, batch: readonly Product[]): bigint[] {
    const { lanes } = this.#machine
    const squared = root !== undefined
    const inEveryLane = Array.from({ length: lanes }, () => root ?? modulus)
    const workspace = this.#workspace(inEveryLane, squared)
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
        results[first.index] = this.#single(workspace, first.powers, squared)
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
  #pairwise(roots: Pair, batch: readonly Sides[], squared: boolean): Pair[] {
    if (this.#machine.lanes === 2) {
      const workspace = this.#workspace(roots, squared)
      this.#makeTables(workspace, batch.flat(2))
      return batch.map((sides) => {
        const [x = 0n, y = 0n] = this.#compute(workspace, sides)
        return [x, y]
      })
    }
    const [left, right] = ([0, 1] as const).map((side) => {
      const workspace = this.#workspace([roots[side]], squared)
      const powers = batch.map((sides) => sides[side])
      this.#makeTables(workspace, powers.flat())
      return powers.map((product) => this.#compute(workspace, [product])[0] ?? 0n)
    })
    return batch.map((_, index) => [left?.[index] ?? 0n, right?.[index] ?? 0n])
  }

  /** One product without a partner: over both lanes if it has tables or terms to deal out, else by itself. */
  #single(workspace: Workspace, powers: Powers, squared: boolean): bigint {
    const [root = 1n] = workspace.roots
    const [modulus = 1n] = workspace.context.moduli
    const isDealt =
      powers.length > 1 || powers.some((power) => workspace.bases[kindOf(power)].get(power.base)?.table !== undefined)
    if (this.#lone === undefined || isDealt) {
      return this.#compute(workspace, dealt(powers, this.#machine.lanes)).reduce((x, y) => (x * y) % modulus)
    }
    return this.#compute(this.#workspace([root], squared, this.#lone), [powers])[0] ?? 0n
  }

  #workspace(roots: readonly bigint[], squared: boolean, machine = this.#machine): Workspace {
    const key = [squared, ...roots.map((root) => root.toString(36))].join()
    const known = this.#workspaces.get(key)
    if (known !== undefined) return known
    const made: Workspace = {
      machine,
      roots,
      context: machine.context(roots, squared),
      bases: { secret: new Map(), open: new Map() },
    }
    this.#workspaces.set(key, made)
    return made
  }

  /** Builds or extends the table of every base that has come, or is about to come, often enough. */
  #makeTables({ machine, context, bases }: Workspace, powers: Powers): void {
    // Lanes of one modulus build two tables at once, and later take two products; others one, of two halves.
    const together = new Set(context.moduli).size === 1 ? machine.lanes : 1
    for (const kind of ['secret', 'open'] as const) {
      const fixed = powers.filter((power) => power.uses !== undefined && kindOf(power) === kind)
      const without: {
        readonly base: bigint
        readonly bits: number
        readonly expected: number
        readonly seen: Remembered
      }[] = []
      for (const [base, now] of Map.groupBy(fixed, (power) => power.base)) {
        const seen = bases[kind].get(base) ?? { uses: 0 }
        bases[kind].set(base, seen)
        seen.uses += now.length
        const bits = Math.max(...now.map((power) => power.bits))
        const expected = Math.max(seen.uses, ...now.map((power) => power.uses ?? 0))
        if (seen.comb === undefined) without.push({ base, bits, seen, expected })
        else extend(machine, context, seen.comb, bits)
      }
      for (let at = 0; at < without.length; at += together) {
        const group = without.slice(at, at + together)
        const uses = group.map(({ bits, expected }) => ({ bits, runs: Math.ceil(expected / together) }))
        const shape = bestShape(uses, { secret: kind === 'secret', limbs: context.limbs })
        if (shape === undefined) continue
        const comb = combOf(
          machine,
          context,
          group.map(({ base }) => base),
          shape,
        )
        extend(machine, context, comb, Math.max(...group.map(({ bits }) => bits)))
        group.forEach(({ seen }, index) => Object.assign(seen, { comb, table: comb.tables[index] }))
      }
    }
  }

  #compute({ machine, context, bases }: Workspace, products: readonly Powers[]): bigint[] {
    const withTables = products.map((powers) =>
      powers.map((power, index): Power => {
        // Of two powers of one base in a product the table can serve one.
        const isFirst = powers.findIndex(({ base, uses }) => uses !== undefined && base === power.base) === index
        const table = power.uses !== undefined && isFirst ? bases[kindOf(power)].get(power.base)?.table : undefined
        return table === undefined ? power : { ...power, table }
      }),
    )
    return machine.scoped(() => machine.read(context, multiplyPowers(machine, context, withTables)))
  }
}

function asPower({ base, exponent, secretBits, uses }: Term): Power {
  return {
    base,
    exponent,
    bits: secretBits ?? bitLength(exponent),
    secret: secretBits !== undefined,
    ...(uses !== undefined && { uses }),
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
