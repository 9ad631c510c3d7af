import { init } from 'gmp-wasm'
import type { Arithmetic } from '../tss-wasm/integers/arithmetic.ts'
import type { Kernel, KernelName } from '../tss-wasm/integers/kernel.ts'
import { randomBelow } from '../tss-wasm/integers/sampling.ts'
import { wasmArithmetic } from '../tss-wasm/integers/wasm.ts'
import { systemRandom } from '../tss-wasm/random.ts'

/** Lengths in bits of modulus and exponent. The protocols' long moduli are squares, which `Arithmetic` makes use of. */
const sizes = [
  { name: '1024/1024', modulusBits: 1024, exponentBits: 1024 },
  { name: '2048/2048', modulusBits: 2048, exponentBits: 2048 },
  { name: '4096/2048', modulusBits: 4096, exponentBits: 2048 },
  { name: '4096/2048 square', modulusBits: 4096, exponentBits: 2048, isSquare: true },
]

/** The proofs come in batches of 13 to 128 exponentiations; `alone` is one by itself. */
const batchLength = 8
const kernelNames: readonly KernelName[] = ['relaxed-simd', 'portable']

/** One exponentiation to be timed: `result` is checked against the others once. */
export interface Task {
  readonly modulus: bigint
  readonly root?: bigint
  readonly bases: readonly bigint[]
  readonly exponent: bigint
}

export type Contender = (task: Task) => readonly bigint[] | Promise<readonly bigint[]>

/** Milliseconds per exponentiation of every run, by size and contender. */
export interface Measured {
  readonly size: string
  readonly contender: string
  readonly runs: readonly number[]
}

/** Everything that runs in a browser as well. `more` adds what only one runtime has. */
export async function measureModexp(
  runs: number,
  loadKernel: (force?: KernelName) => Promise<Kernel>,
  more: Readonly<Record<string, Contender>> = {},
): Promise<Measured[]> {
  const contenders: Record<string, Contender> = { BigInt: byBigInt, 'gmp-wasm': await byGmp(), ...more }
  for (const name of kernelNames) {
    const arithmetic = wasmArithmetic(await loadKernel(name))
    contenders[name] = byArithmetic(arithmetic)
    if (name === 'relaxed-simd') contenders['relaxed-simd alone'] = alone(byArithmetic(arithmetic))
  }
  const measured: Measured[] = []
  await warmUp(Object.values(contenders))
  for (const size of sizes) {
    const times = new Map(Object.keys(contenders).map((contender) => [contender, [] as number[]]))
    // Contenders take turns so that a slow moment meets all of them.
    for (let run = 0; run < runs; run++) {
      const task = drawTask(size)
      const answers = new Set<string>()
      for (const [contender, compute] of Object.entries(contenders)) {
        const begun = performance.now()
        const results = await compute(task)
        const ms = (performance.now() - begun) / results.length
        answers.add(String(results[0]))
        times.get(contender)?.push(ms)
      }
      if (answers.size !== 1) throw new Error('contenders disagree')
    }
    for (const [contender, ms] of times) {
      measured.push({ size: size.name, contender, runs: ms })
    }
  }
  return measured
}

/** Engines compile anew what has run for a while; a ceremony is longer than that, so it is not what is measured. */
async function warmUp(contenders: readonly Contender[]): Promise<void> {
  for (const compute of contenders) {
    const begun = performance.now()
    while (performance.now() - begun < 300) {
      for (const size of sizes) await compute(drawTask({ ...size, exponentBits: 64 }))
    }
  }
}

type Size = (typeof sizes)[number]

function drawTask({ modulusBits, exponentBits, isSquare = false }: Size): Task {
  const top = (bits: number): bigint => 1n << BigInt(bits - 1)
  const rootBits = isSquare ? modulusBits / 2 : modulusBits
  // A root with its two top bits set has a square of twice the length.
  const root = randomBelow(systemRandom, top(rootBits)) | top(rootBits) | top(rootBits - 1) | 1n
  const modulus = isSquare ? root * root : root
  return {
    modulus,
    ...(isSquare && { root }),
    bases: Array.from({ length: batchLength }, () => 2n + randomBelow(systemRandom, modulus - 3n)),
    exponent: randomBelow(systemRandom, top(exponentBits)) | top(exponentBits),
  }
}

function byArithmetic(arithmetic: Arithmetic): Contender {
  return ({ modulus, root, bases, exponent }) =>
    arithmetic.products(
      { value: modulus, ...(root !== undefined && { root }) },
      bases.map((base) => [{ base, exponent }]),
    )
}

function alone(contender: Contender): Contender {
  return ({ bases, ...task }) => contender({ ...task, bases: bases.slice(0, 1) })
}

/** The best that plain JavaScript does: a window of five bits. */
const byBigInt: Contender = ({ modulus, bases, exponent }) => {
  return bases.slice(0, 2).map((base) => {
    const table = [1n]
    for (let i = 1; i < 32; i++) table.push(((table[i - 1] ?? 1n) * base) % modulus)
    let result = 1n
    for (let at = Math.ceil(exponent.toString(2).length / 5) - 1; at >= 0; at--) {
      for (let i = 0; i < 5; i++) result = (result * result) % modulus
      result = (result * (table[Number((exponent >> BigInt(5 * at)) & 31n)] ?? 1n)) % modulus
    }
    return result
  })
}

async function byGmp(): Promise<Contender> {
  const { binding } = await init()
  const [result, base, exponent, modulus] = [0, 0, 0, 0].map(() => {
    const integer = binding.mpz_t()
    binding.mpz_init(integer)
    return integer
  }) as [number, number, number, number]
  return (task) => {
    binding.mpz_set_string(exponent, task.exponent.toString(16), 16)
    binding.mpz_set_string(modulus, task.modulus.toString(16), 16)
    return task.bases.slice(0, 2).map((value) => {
      binding.mpz_set_string(base, value.toString(16), 16)
      binding.mpz_powm(result, base, exponent, modulus)
      return BigInt(`0x${binding.mpz_to_string(result, 16)}`)
    })
  }
}
