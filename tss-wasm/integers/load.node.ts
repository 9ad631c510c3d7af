import { readFile } from 'node:fs/promises'
import type { Kernel, KernelName } from './kernel.ts'
import { selectKernel } from './selectKernel.ts'

const files: Record<KernelName, URL> = {
  'relaxed-simd': new URL('../build/fma.wasm', import.meta.url),
  portable: new URL('../build/portable.wasm', import.meta.url),
}

/** The best kernel this process can run. `force`, and QUORATE_KERNEL for its threads too, are for tests and benchmarks. */
export function loadKernel(force = forcedByEnvironment()): Promise<Kernel> {
  return selectKernel(async (name) => new Uint8Array(await readFile(files[name])), force)
}

function forcedByEnvironment(): KernelName | undefined {
  const { QUORATE_KERNEL: name } = process.env
  if (name === undefined || name === 'portable' || name === 'relaxed-simd') return name
  throw new Error('QUORATE_KERNEL is portable or relaxed-simd')
}
