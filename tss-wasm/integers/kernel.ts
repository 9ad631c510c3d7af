import type { KernelExports } from './machine.ts'

export type KernelName = 'relaxed-simd' | 'portable'

/** A compiled kernel. Plain data, so that it can be sent to a worker, which makes its own memory for it. */
export interface Kernel {
  readonly name: KernelName
  readonly module: WebAssembly.Module
}

/** The bytes of both modules, as the platform's loader finds them. */
export type KernelBytes = (name: KernelName) => Promise<BufferSource>

/**
 * Compiles the fast kernel where the engine knows its instructions and they do what we need, else the portable one.
 * @throws if `force` asks for a kernel this machine cannot run, or the bytes are not a module at all
 */
export async function selectKernel(bytes: KernelBytes, force?: KernelName): Promise<Kernel> {
  if (force !== 'portable') {
    const fast = await fastKernel(await bytes('relaxed-simd'))
    if (fast !== undefined) return fast
    if (force === 'relaxed-simd') throw new Error('this engine has no fused relaxed SIMD')
  }
  return { name: 'portable', module: await WebAssembly.compile(await bytes('portable')) }
}

async function fastKernel(bytes: BufferSource): Promise<Kernel | undefined> {
  if (!WebAssembly.validate(bytes)) return undefined
  const kernel: Kernel = { name: 'relaxed-simd', module: await WebAssembly.compile(bytes) }
  return multipliesFused(kernel.module) ? kernel : undefined
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
