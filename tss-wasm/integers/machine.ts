import type { Kernel } from './kernel.ts'
import { bitLength, mod } from './numberTheory.ts'

/** What both kernels export; assembly/fma.ts describes each. Pointers are byte offsets into `memory`. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory
  readonly lanes: WebAssembly.Global<'i32'>
  readonly limbBits: WebAssembly.Global<'i32'>
  readonly limbBytes: WebAssembly.Global<'i32'>
  /** Numbers have a multiple of so many limbs: as many columns as a kernel works on at a time. */
  readonly limbsAtOnce: WebAssembly.Global<'i32'>
  readonly fused?: (a: number, b: number, c: number) => number
  readonly enter: (limbs: number, m: number, scratch: number, pair: boolean) => void
  readonly unpack: (out: number, bytes: number, lane: number) => void
  readonly pack: (bytes: number, x: number, lane: number) => void
  readonly multiply: (out: number, x: number, y: number) => void
  readonly square: (x: number, times: number) => void
  readonly run: (x: number, steps: number, count: number, picked: number, secret: boolean) => void
  /** Of kernels with more than one lane. */
  readonly spread?: (out: number, x: number, lane: number, limbs: number) => void
  readonly powerOfTwo: (x: number, bits: number, count: number) => void
}

/** Where an element lies: one residue per lane, in Montgomery form; modulo a square that is a pair (assembly/fma.ts). */
export type Element = number

/** One modulus per lane, and the constants that belong to them. */
export interface Context {
  readonly moduli: readonly bigint[]
  /** For squares as moduli: N' of each lane, a multiple of the modulus' root. */
  readonly pairOf?: readonly bigint[]
  readonly elementBytes: number
  /** Of the modulus or its root. */
  readonly limbs: number
  readonly m: number
  readonly radixSquared: Element
  /** 1 as a plain integer: a factor that takes a residue out of Montgomery form. */
  readonly unit: Element
  /** 1 in Montgomery form. */
  readonly one: Element
}

/** One step of a schedule: square so often, then multiply by one entry of a table, which may differ per lane. */
export interface Step {
  readonly squarings: number
  readonly table: Element
  readonly entries: number
  readonly digits: readonly number[]
}

const pageBytes = 65_536
/** The first page is left to the compiler. Then columns and quotient digits, sized for the longest modulus ... */
const scratchAt = pageBytes
/** ... an integer as bytes on its way in or out ... */
const bytesAt = scratchAt + 8_192
/** ... and what is given out. */
const firstFree = bytesAt + 2_048
const stepWords = 5
const alignment = 16

/** A kernel with its memory, given out like a stack. One caller at a time. */
export class Machine {
  readonly lanes: number
  readonly #limbBits: number
  readonly #limbBytes: number
  readonly #limbsAtOnce: number
  readonly #exports: KernelExports
  /** As the compiler made it: constants, and scratch of a few bytes among them. */
  readonly #firstPage: Uint8Array
  #top = firstFree
  #entered: Context | undefined

  /** @param lone one residue at a time, by a kernel that otherwise wants two; others have no such form */
  constructor({ module }: Kernel, lone = false) {
    const exports = new WebAssembly.Instance(module).exports
    this.#exports = (lone ? loneForm(exports) : exports) as unknown as KernelExports
    this.#firstPage = new Uint8Array(this.#exports.memory.buffer, 0, pageBytes).slice()
    this.lanes = this.#exports.lanes.value
    this.#limbBits = this.#exports.limbBits.value
    this.#limbBytes = this.#exports.limbBytes.value
    this.#limbsAtOnce = this.#exports.limbsAtOnce.value
  }

  /** Bytes in use. */
  get used(): number {
    return this.#top - firstFree
  }

  /** Runs `work` and gives back whatever memory it took. */
  scoped<T>(work: () => T): T {
    const top = this.#top
    try {
      return work()
    } finally {
      this.#top = top
    }
  }

  /** Zeroes all memory but the compiler's constants, and forgets every element and context: it can be used again. */
  erase(): void {
    const memory = new Uint8Array(this.#exports.memory.buffer)
    memory.fill(0)
    memory.set(this.#firstPage)
    this.#top = firstFree
    this.#entered = undefined
  }

  /**
   * @param roots odd, at least 3, one per lane
   * @param squared computes modulo their squares, for five eighths of what any modulus of that length takes
   */
  context(roots: readonly bigint[], squared = false): Context {
    const widest = Math.max(...roots.map(bitLength))
    // 2^(limbBits * limbs) >= 16 N'
    const limbs = this.#limbsAtOnce * Math.ceil((widest + this.#limbBits + 4) / this.#limbBits / this.#limbsAtOnce)
    const elementBytes = limbs * this.#limbBytes * (squared ? 2 : 1)
    const digit = 1n << BigInt(this.#limbBits)
    const ms = roots.map((root) => (root * minusInverse(root, this.#limbBits) + 1n) / digit)
    const element = (): Element => this.#allocateBytes(elementBytes)
    const context: Context = {
      moduli: squared ? roots.map((root) => root * root) : roots,
      ...(squared && { pairOf: ms.map((m) => m * digit - 1n) }),
      elementBytes,
      limbs,
      m: this.#allocateBytes(limbs * this.#limbBytes),
      radixSquared: element(),
      unit: element(),
      one: element(),
    }
    const radix = 1n << BigInt(this.#limbBits * limbs)
    this.#enter(context)
    this.#unpack(context.m, ms)
    for (const [at, value] of [
      [context.radixSquared, radix ** 2n],
      [context.unit, 1n],
      [context.one, radix],
    ] as const) {
      this.#write(
        context,
        at,
        roots.map(() => value),
      )
    }
    return context
  }

  /** Room for `count` elements in a row. */
  allocate(context: Context, count = 1): Element {
    return this.#allocateBytes(context.elementBytes * count)
  }

  /** Writes one residue per lane, unreduced ones too, into Montgomery form. */
  load(context: Context, out: Element, values: readonly bigint[]): void {
    this.#enter(context)
    this.#write(context, out, values)
    this.#exports.multiply(out, out, context.radixSquared)
  }

  /** The residues of all lanes, each in [0, modulus). */
  read(context: Context, x: Element): bigint[] {
    return this.scoped(() => {
      this.#enter(context)
      const plain = this.allocate(context)
      this.#exports.multiply(plain, x, context.unit)
      return context.moduli.map((modulus, lane) => {
        const a = this.#packed(plain, lane)
        const root = context.pairOf?.[lane]
        return root === undefined ? a % modulus : mod(a - this.#packed(secondOf(context, plain), lane) * root, modulus)
      })
    })
  }

  multiply(context: Context, out: Element, x: Element, y: Element): void {
    this.#enter(context)
    this.#exports.multiply(out, x, y)
  }

  square(context: Context, x: Element, times: number): void {
    this.#enter(context)
    this.#exports.square(x, times)
  }

  copy(context: Context, to: Element, from: Element): void {
    new Uint8Array(this.#exports.memory.buffer).copyWithin(to, from, from + context.elementBytes)
  }

  /** What one lane holds of `count` elements in a row into both lanes, whose moduli are equal. `to` may be `from` for lane 0. */
  spread(context: Context, to: Element, from: Element, lane: number, count: number): void {
    this.#exports.spread?.(to, from, lane, (context.elementBytes / this.#limbBytes) * count)
  }

  /**
   * Follows a schedule from left to right; the first step sets x. With `secret` its time and memory accesses depend on
   * everything but the digits.
   */
  run(context: Context, x: Element, steps: readonly Step[], secret: boolean): void {
    this.scoped(() => {
      this.#enter(context)
      const picked = this.allocate(context)
      const at = this.#allocateBytes(steps.length * stepWords * 4)
      const words = new Uint32Array(this.#exports.memory.buffer, at, steps.length * stepWords)
      let word = 0
      for (const { squarings, table, entries, digits } of steps) {
        words[word] = squarings
        words[word + 1] = table
        words[word + 2] = entries
        words[word + 3] = digits[0] ?? 0
        words[word + 4] = digits[1] ?? 0
        word += stepWords
      }
      this.#exports.run(x, at, steps.length, picked, secret)
      words.fill(0)
    })
  }

  /** 2^exponent in every lane, by doublings instead of products. Time and accesses depend on `bits` only. */
  powerOfTwo(context: Context, exponents: readonly bigint[], bits: number): bigint[] {
    return this.scoped(() => {
      this.#enter(context)
      const x = this.allocate(context)
      this.copy(context, x, context.one)
      const at = this.#allocateBytes(bits)
      const digits = new Uint8Array(this.#exports.memory.buffer, at, bits).fill(0)
      exponents.forEach((exponent, lane) => {
        const text = exponent.toString(2).padStart(bits, '0')
        for (let i = 0; i < bits; i++) digits[i] = (digits[i] ?? 0) | ((text.charCodeAt(i) & 1) << lane)
      })
      this.#exports.powerOfTwo(x, at, bits)
      digits.fill(0)
      return this.read(context, x)
    })
  }

  #enter(context: Context): void {
    if (this.#entered === context) return
    this.#exports.enter(context.limbs, context.m, scratchAt, context.pairOf !== undefined)
    this.#entered = context
  }

  #allocateBytes(bytes: number): number {
    const at = this.#top
    this.#top = Math.ceil((at + bytes) / alignment) * alignment
    const { memory } = this.#exports
    const missing = this.#top - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes))
    return at
  }

  /** One residue per lane, reduced but not in Montgomery form. */
  #write(context: Context, out: Element, values: readonly bigint[]): void {
    const residues = values.map((value, lane) => mod(value, modulusOf(context, lane)))
    const { pairOf } = context
    this.#unpack(out, pairOf ? residues.map((x, lane) => x % (pairOf[lane] ?? 1n)) : residues)
    if (pairOf === undefined) return
    this.#unpack(
      secondOf(context, out),
      residues.map((x, lane) => mod(-(x / (pairOf[lane] ?? 1n)), pairOf[lane] ?? 1n)),
    )
  }

  /** Plain integers into the lanes of an element, as they are. */
  #unpack(out: Element, values: readonly bigint[]): void {
    const words = this.#words()
    values.forEach((value, lane) => {
      let rest = value
      for (let i = 0; i < words.length; i++, rest >>= 64n) words[i] = rest
      this.#exports.unpack(out, bytesAt, lane)
    })
    words.fill(0n)
  }

  #packed(x: Element, lane: number): bigint {
    this.#exports.pack(bytesAt, x, lane)
    const words = this.#words()
    const value = words.reduceRight((sum, word) => (sum << 64n) | word, 0n)
    words.fill(0n)
    return value
  }

  /** The bytes of one element of the context in use, and a little more. */
  #words(): BigUint64Array {
    const bits = this.#limbBits * (this.#entered?.limbs ?? 0)
    return new BigUint64Array(this.#exports.memory.buffer, bytesAt, Math.ceil(bits / 64) + 1)
  }
}

/** What is exported as `loneMultiply`, `loneRun` .. under the names of `KernelExports`. */
function loneForm(exports: WebAssembly.Exports): WebAssembly.Exports {
  const renamed = Object.entries(exports)
    .filter(([name]) => name.startsWith('lone'))
    .map(([name, value]) => [name.charAt(4).toLowerCase() + name.slice(5), value] as const)
  return { ...exports, ...Object.fromEntries(renamed) }
}

/** Where b of a pair lies. */
function secondOf({ elementBytes }: Context, x: Element): Element {
  return x + elementBytes / 2
}

function modulusOf(context: Context, lane: number): bigint {
  const modulus = context.moduli[lane]
  if (modulus === undefined) throw new RangeError('more values than lanes')
  return modulus
}

/** -1 / x modulo 2^bits for odd x: each step of Newton's iteration doubles the number of right bits. */
function minusInverse(x: bigint, bits: number): bigint {
  const low = BigInt.asUintN(bits, x)
  let result = low // right in the lowest 3 bits
  for (let right = 3; right < bits; right *= 2) result = BigInt.asUintN(bits, result * (2n - low * result))
  return BigInt.asUintN(bits, -result)
}
