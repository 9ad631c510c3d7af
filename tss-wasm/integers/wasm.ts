import type { Arithmetic, Modulus, Product } from './arithmetic.ts'
import type { Kernel } from './kernel.ts'
import { checkModulus, checkProduct } from './limits.ts'
import { type Context, type Element, Machine, type Step } from './machine.ts'
import { bitLength, inverse, mod } from './numberTheory.ts'

/** A term ready for a kernel: `bits` is the public length that decides the schedule. */
interface Power {
  readonly base: bigint
  readonly exponent: bigint
  readonly bits: number
  readonly secret: boolean
}

/** `Arithmetic` on one kernel, one thread. */
export function wasmArithmetic(kernel: Kernel): Arithmetic {
  const machine = new Machine(kernel)
  const contexts = new Map<string, Context>()
  let erased = false

  function contextFor(moduli: readonly bigint[]): Context {
    const key = moduli.map((modulus) => modulus.toString(36)).join()
    const known = contexts.get(key)
    if (known !== undefined) return known
    if (machine.used > mostKeptBytes) {
      machine.erase()
      contexts.clear()
    }
    const context = machine.context(moduli)
    contexts.set(key, context)
    return context
  }

  /** One product per lane. */
  function compute(context: Context, products: readonly (readonly Power[])[]): bigint[] {
    return machine.scoped(() => machine.read(context, productsOfPowers(machine, context, products)))
  }

  /** The same modulus in every lane: neighbours of equal shape share a run. */
  function plain(modulus: bigint, batch: readonly (readonly Power[])[]): bigint[] {
    const context = contextFor(Array.from({ length: machine.lanes }, () => modulus))
    const order = batch.map((_, index) => index).sort((i, j) => work(batch[j]) - work(batch[i]))
    const results = new Array<bigint>(batch.length)
    for (let at = 0; at < order.length; at += machine.lanes) {
      const members = order.slice(at, at + machine.lanes)
      const values = compute(
        context,
        members.map((member) => batch[member] ?? []),
      )
      members.forEach((member, lane) => {
        results[member] = values[lane] ?? 0n
      })
    }
    return results
  }

  /** Modulo p^e and q^e, side by side where the kernel has two lanes, then joined. */
  function byFactors({ primes, power }: NonNullable<Modulus['factors']>, batch: readonly Product[]): bigint[] {
    const [p, q] = primes.map((prime) => prime ** BigInt(power)) as [bigint, bigint]
    const [phiP, phiQ] = primes.map((prime) => (prime - 1n) * prime ** BigInt(power - 1)) as [bigint, bigint]
    const inP = (terms: Product): Power[] => terms.map((term) => reduced(term, primes[0], p, phiP))
    const inQ = (terms: Product): Power[] => terms.map((term) => reduced(term, primes[1], q, phiQ))
    const pairs = machine.lanes === 2 ? [contextFor([p, q])] : [contextFor([p]), contextFor([q])]
    const [first, second] = pairs
    const inverseOfP = inverse(p, q)
    return batch.map((terms) => {
      const [x = 0n, y = 0n] =
        second === undefined || first === undefined
          ? compute(contextFor([p, q]), [inP(terms), inQ(terms)])
          : [...compute(first, [inP(terms)]), ...compute(second, [inQ(terms)])]
      return x + p * mod((y - x) * inverseOfP, q)
    })
  }

  return {
    products(modulus, batch) {
      return new Promise((resolve) => {
        if (erased) throw new Error('arithmetic used after it was erased')
        checkModulus(modulus)
        batch.forEach(checkProduct)
        resolve(
          modulus.factors === undefined ? plain(modulus.value, batch.map(asPowers)) : byFactors(modulus.factors, batch),
        )
      })
    },
    erase() {
      erased = true
      contexts.clear()
      machine.erase()
    },
  }
}

/** Contexts and tables beyond this are dropped all at once before the next one is made. */
const mostKeptBytes = 64 * 2 ** 20

function asPowers(terms: Product): Power[] {
  return terms.map(({ base, exponent, secretBits }) => ({
    base,
    exponent,
    bits: secretBits ?? bitLength(exponent),
    secret: secretBits !== undefined,
  }))
}

/**
 * The term modulo p^e: by Euler exponents count modulo phi, but only for bases that are units. Others, which no honest
 * party meets, keep their exponent whole.
 */
function reduced({ base, exponent, secretBits }: Product[number], prime: bigint, modulus: bigint, phi: bigint): Power {
  const unit = base % prime !== 0n
  const whole = secretBits ?? bitLength(exponent)
  return {
    base: mod(base, modulus),
    exponent: unit ? exponent % phi : exponent,
    bits: unit ? Math.min(whole, bitLength(phi)) : whole,
    secret: secretBits !== undefined,
  }
}

function work(terms: readonly Power[] | undefined): number {
  return terms === undefined ? 0 : terms.reduce((sum, { bits }) => sum + bits, 0)
}

/** Simultaneous exponentiation with fixed windows: the terms share the squarings, the lanes share the schedule. */
function productsOfPowers(machine: Machine, context: Context, products: readonly (readonly Power[])[]): Element {
  const lanes = Array.from({ length: machine.lanes }, (_, lane) => products[lane] ?? [])
  const terms = Array.from({ length: Math.max(...lanes.map((powers) => powers.length)) }, (_, term) => {
    const powers = lanes.map((lane) => lane[term] ?? absent)
    return { powers, bits: Math.max(...powers.map(({ bits }) => bits)) }
  }).filter(({ bits }) => bits > 0)
  const result = machine.allocate(context)
  const width = bestWidth(terms.map(({ bits }) => bits))
  const tables = terms.map(({ powers, bits }) => ({
    at: windowTable(
      machine,
      context,
      powers.map(({ base }) => base),
      width,
    ),
    digits: powers.map(({ exponent }) => digitsOf(exponent, width, Math.ceil(bits / width))),
    windows: Math.ceil(bits / width),
  }))
  const steps: Step[] = [{ squarings: 0, table: context.one, entries: 1, digits: lanes.map(() => 0) }]
  for (let window = Math.max(0, ...tables.map(({ windows }) => windows)) - 1; window >= 0; window--) {
    let squarings = steps.length === 1 ? 0 : width
    for (const { at, digits, windows } of tables) {
      if (window >= windows) continue
      steps.push({ squarings, table: at, entries: 1 << width, digits: digits.map((lane) => lane[window] ?? 0) })
      squarings = 0
    }
  }
  machine.run(
    context,
    result,
    steps,
    lanes.some((powers) => powers.some(({ secret }) => secret)),
  )
  return result
}

const absent: Power = { base: 1n, exponent: 0n, bits: 0, secret: false }

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
  const mask = BigInt((1 << width) - 1)
  let rest = exponent
  for (let i = 0; i < count; i++, rest >>= BigInt(width)) digits[i] = Number(rest & mask)
  return digits
}
