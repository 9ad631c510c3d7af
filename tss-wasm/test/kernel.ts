import type { Kernel, KernelName } from '../integers/kernel.ts'
import { loadKernel } from '../integers/load.node.ts'

/** The kernel that tests compute with: the one the product would choose, or the one that QUORATE_KERNEL names. */
export function testKernel(): Promise<Kernel> {
  const forced = process.env['QUORATE_KERNEL']
  if (forced !== undefined && forced !== 'portable' && forced !== 'relaxed-simd') {
    throw new Error('QUORATE_KERNEL is portable or relaxed-simd')
  }
  return loadKernel(forced satisfies KernelName | undefined)
}
