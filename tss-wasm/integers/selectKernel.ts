import type { Product } from './arithmetic.ts'
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
  if (!(await computesRight(portable))) throw new Error('this engine computes wrong powers')
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

/** One batch with full and with sparse limbs against BigInt, about a millisecond. */
async function computesRight(kernel: Kernel): Promise<boolean> {
  const modulus = { value: (1n << 521n) - 1n }
  const exponent = 0xfedcba9876543210n
  const batch: Product[] = [
    [{ base: modulus.value / 3n, exponent, secretBits: 64 }],
    [{ base: modulus.value - 2n, exponent }],
    [{ base: (1n << 255n) + 1n, exponent }],
  ]
  const arithmetic = wasmArithmetic(kernel)
  const [ours, expected] = await Promise.all([
    arithmetic.products(modulus, batch),
    referenceArithmetic.products(modulus, batch),
  ])
  arithmetic.erase()
  return ours.every((value, index) => value === expected[index])
}
