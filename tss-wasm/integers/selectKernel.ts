import type { Arithmetic, Product } from './arithmetic.ts'
import type { Kernel, KernelName } from './kernel.ts'
import type { KernelExports } from './machine.ts'
import { referenceArithmetic } from './reference.ts'
import { wasmArithmetic } from './wasm.ts'

/** The bytes of both modules, as the platform's loader finds them. */
export type KernelBytes = (name: KernelName) => Promise<BufferSource>

/**
 * Compiles the fast kernel where the engine knows its instructions and computes what we need, else the portable one.
 * @throws if `force` asks for a kernel this machine cannot run, or the portable one fails its test, too
 */
export async function selectKernel(bytes: KernelBytes, force?: KernelName): Promise<Kernel> {
  if (force !== 'portable') {
    const fast = await fastKernel(await bytes('relaxed-simd'))
    if (fast !== undefined) return fast
    if (force === 'relaxed-simd') throw new Error('this engine has no fused relaxed SIMD')
  }
  const portable: Kernel = { name: 'portable', module: await WebAssembly.compile(await bytes('portable')) }
  if (!(await computesRight(portable))) {
    throw new Error('this engine computes wrong powers, or tss-wasm/build is older than its source: npm run build:wasm')
  }
  return portable
}

async function fastKernel(bytes: BufferSource): Promise<Kernel | undefined> {
  if (!WebAssembly.validate(bytes)) return undefined
  const kernel: Kernel = { name: 'relaxed-simd', module: await WebAssembly.compile(bytes) }
  return multipliesFused(kernel.module) && (await computesRight(kernel)) ? kernel : undefined
}

/**
 * `relaxed_madd` may round once or twice, as the engine likes, and the kernel is right only if it rounds once.
 * (1 + u)^2 = 1 + 2u + u^2 with u = 2^-30: twice rounded the u^2 is lost.
 */
function multipliesFused(module: WebAssembly.Module): boolean {
  const { fused } = new WebAssembly.Instance(module).exports as unknown as KernelExports
  const u = 2 ** -30
  return fused?.(1 + u, 1 + u, -(1 + 2 * u)) === u * u
}

/** Full and sparse limbs, modulo a number and modulo its square, against BigInt: about a millisecond. */
async function computesRight(kernel: Kernel): Promise<boolean> {
  const root = (1n << 521n) - 1n
  const modulus = { value: root }
  const square = { value: root * root, root }
  const exponent = 0xfedcba9876543210n
  const batch: Product[] = [
    [{ base: modulus.value / 3n, exponent, secretBits: 64 }],
    [{ base: modulus.value - 2n, exponent }],
    [{ base: (1n << 255n) + 1n, exponent }],
  ]
  const arithmetic = wasmArithmetic(kernel)
  const computed = async (by: Arithmetic) =>
    (await Promise.all([modulus, square].map((m) => by.products(m, batch)))).flat()
  const [ours, expected] = await Promise.all([computed(arithmetic), computed(referenceArithmetic)])
  arithmetic.erase()
  return ours.every((value, index) => value === expected[index])
}
