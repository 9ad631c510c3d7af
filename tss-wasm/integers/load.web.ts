import type { Kernel, KernelName } from './kernel.ts'
import { selectKernel } from './selectKernel.ts'

// Written out, because the bundler looks for exactly this form.
const files: Record<KernelName, URL> = {
  'relaxed-simd': new URL('../build/fma.wasm', import.meta.url),
  portable: new URL('../build/portable.wasm', import.meta.url),
}

/** The best kernel this browser can run. `force` is for tests and benchmarks. */
export function loadKernel(force?: KernelName): Promise<Kernel> {
  return selectKernel(async (name) => {
    const response = await fetch(files[name])
    if (!response.ok) throw new Error(`${name} kernel: HTTP ${response.status}`)
    return response.arrayBuffer()
  }, force)
}
